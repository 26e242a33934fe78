use super::*;

fn entry(n: u64, path: &str) -> Entry {
    let (path, backup) = (PathText::new(Path::new(path)), PathText::new(Path::new("/k")));
    Entry { n, path, before: "b".to_owned(), after: "a".to_owned(), backup }
}

fn begun(dir: &tempfile::TempDir) -> Manifest {
    let manifest =
        Manifest::new(dir.path().join("m"), false, Head::of_this_run("options")).unwrap();
    assert_eq!(manifest.numbers(3).unwrap().0, 1);
    let entries: Vec<Entry> = (1..4).map(|n| entry(n, &format!("/{n}"))).collect();
    manifest.note(Path::new("/")).unwrap();
    manifest.intend(entries.iter()).unwrap();
    manifest.settle(&[(2, true), (3, false)]).unwrap();
    manifest
}

#[test]
fn a_run_that_was_cut_short_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = begun(&dir);
    let folder = manifest.folder();
    let again = || Manifest::resume(folder.clone(), Head::of_this_run("options"));
    assert!(again().unwrap_err().to_string().contains("another run"));
    drop(manifest);
    let path = folder.join(NAME);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(b"{\"do\":\"done\",\"n");
    fs::write(&path, bytes).unwrap();

    let (manifest, past) = again().unwrap();
    assert_eq!(past.unsettled, [entry(1, "/1")]);
    assert_eq!(past.folders, [Path::new("/")]);
    assert!(past.became(Path::new("/2"), "a") && !past.became(Path::new("/2"), "b"));
    assert!(past.touched(Path::new("/2")) && !past.touched(Path::new("/3")));
    assert_eq!(manifest.numbers(1).unwrap().0, 4);
    manifest.settle(&[(1, true)]).unwrap();
    drop(manifest);
    assert!(again().unwrap().1.unsettled.is_empty());
}

#[test]
fn another_command_does_not_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let folder = begun(&dir).folder();
    assert!(Manifest::new(folder.clone(), false, Head::of_this_run("options")).is_err());
    let refused = Manifest::resume(folder, Head::of_this_run("others")).unwrap_err().to_string();
    assert!(refused.contains("other options"), "{refused}");
}

#[test]
fn undo_reads_backwards_what_was_not_left() {
    let dir = tempfile::tempdir().unwrap();
    let path = begun(&dir).folder().join(NAME);
    let mut record = Record::open(&path).unwrap();
    assert_eq!(record.pop().unwrap().unwrap(), entry(2, "/2"));
    assert_eq!(record.pop().unwrap().unwrap(), entry(1, "/1"));
    assert!(record.pop().is_none());
}

#[test]
fn what_is_no_manifest_is_said() {
    let dir = tempfile::tempdir().unwrap();
    for (text, words) in [
        ("{\"do\":\"done\",\"n\":1}\n", "first line"),
        ("some text\n", "byte 0"),
        (
            "{\"do\":\"begin\",\"manifest\":2,\"program\":\"hanmend 9\",\"run\":\"\",\"options\":\"\",\"directory\":\"\",\"command\":[]}\n",
            "use hanmend 9",
        ),
    ] {
        let path = dir.path().join("m");
        fs::write(&path, text).unwrap();
        let refused = Record::open(&path).err().unwrap().to_string();
        assert!(refused.contains(words), "{refused}");
    }
}
