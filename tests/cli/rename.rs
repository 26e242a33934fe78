//! Names of files: `hanmend rename` and `hanmend unzip`.

use crate::support::Place;

#[cfg(unix)]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::ffi::OsStrExt;

    /// Names in GBK, percent escapes, mojibake, and names that are fine.
    fn place() -> Place {
        let place = Place::with(&[
            ("in/%E5%B9%B4%E5%BA%A6%E6%8A%A5%E5%91%8A.txt", b"escaped"),
            ("in/plain.txt", b"plain"),
            ("in/好.txt", b"good"),
        ]);
        let gbk = encoding_rs::GBK.encode("旧照片").0.into_owned();
        let folder = place.path("in").join(OsStr::from_bytes(&gbk));
        fs::create_dir(&folder).unwrap();
        let inner = encoding_rs::GBK.encode("河边的柳树.txt").0.into_owned();
        fs::write(folder.join(OsStr::from_bytes(&inner)), "gbk").unwrap();
        fs::write(place.path("in").join("å®žçŽ°è‡ªå·±çš„ç�†æƒ³.txt"), "mojibake").unwrap();
        place
    }

    const MENDED: [&str; 4] = ["好.txt", "年度报告.txt", "plain.txt", "旧照片/河边的柳树.txt"];

    fn names(place: &Place) -> Vec<Vec<u8>> {
        let (mut found, mut open) = (Vec::new(), vec![place.path("in")]);
        while let Some(dir) = open.pop() {
            for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
                found.push(entry.path().as_os_str().as_bytes().to_vec());
                if entry.path().is_dir() {
                    open.push(entry.path());
                }
            }
        }
        found.sort();
        found
    }

    #[test]
    fn names_are_mended_and_put_back() {
        let place = place();
        let before = names(&place);
        let ran = place.run(&["rename", "in"]).status(0);
        assert!(ran.text().contains("\\xbe\\xc9"), "{}", ran.text());
        assert!(ran.text().contains("-> in/年度报告.txt\n"), "{}", ran.text());
        assert!(ran.stderr.contains("--apply"), "{}", ran.stderr);
        assert_eq!(names(&place), before, "a dry run");

        place.run(&["rename", "--apply", "--manifest", "undo", "in"]).status(0);
        let tree = place.tree("in");
        for name in MENDED {
            assert!(tree.iter().any(|t| t == name), "{name} {tree:?}");
        }
        assert!(tree.iter().any(|t| t.starts_with("实现自己的")), "{tree:?}");
        assert_eq!(place.read("in/旧照片/河边的柳树.txt"), b"gbk");
        assert_eq!(place.run(&["rename", "in"]).status(0).text(), "");

        assert!(place.run(&["undo", "undo"]).status(0).stderr.contains("4 put back"));
        assert_eq!(names(&place), before);
        assert!(place.run(&["undo", "undo"]).status(0).stderr.contains("4 as they were"));
    }

    #[test]
    fn nothing_is_overwritten() {
        let place = Place::with(&[
            ("in/&#23454;.txt", b"1"),
            ("in/&#x5B9E;.txt", b"2"),
            ("in/%E5%B9%B4%E5%BA%A6.txt", b"3"),
            ("in/年度.txt", b"4"),
        ]);
        let before = names(&place);
        let ran = place.run(&["rename", "--apply", "in"]).status(2);
        assert!(ran.stderr.contains("another would get the same name"), "{}", ran.stderr);
        assert!(ran.stderr.contains("taken already"), "{}", ran.stderr);
        assert_eq!(names(&place), before);
        assert!(place.run(&["rename", "in/nothing"]).status(2).stderr.contains("in/nothing"));
    }

    #[test]
    fn what_is_named_twice_is_renamed_once_and_what_is_hidden_is_left() {
        let escaped = "%E5%B9%B4%E5%BA%A6.txt";
        let [seen, hidden] = [format!("in/a/{escaped}"), format!("in/.git/{escaped}")];
        let place = Place::with(&[(&*seen, b"1"), (&*hidden, b"2")]);
        let words = ["rename", "in", "in/a", "./in/../in"];
        assert_eq!(place.run(&words).status(0).text().lines().count(), 1);
        place.run(&[&words[..], &["--apply", "--manifest", "m"]].concat()).status(0);
        assert_eq!(place.tree("in"), [&*format!(".git/{escaped}"), "a/年度.txt"]);
        place.run(&["rename", "--hidden", "--apply", "--manifest", "n", "in"]).status(0);
        assert_eq!(place.tree("in"), [".git/年度.txt", "a/年度.txt"]);
        // What is typed is not hidden.
        place.write(&hidden, b"3");
        fs::remove_file(place.path("in/.git/年度.txt")).unwrap();
        place.run(&["rename", "--apply", "--manifest", "o", "in/.git"]).status(0);
        assert_eq!(place.tree("in/.git"), ["年度.txt"]);
    }

    #[test]
    fn undo_says_what_was_moved_since_and_does_the_rest() {
        let names = ["%E5%B9%B4%E5%BA%A6.txt", "%E7%85%A7%E7%89%87.txt"];
        let place = Place::with(&[(names[0], b"1"), (names[1], b"2")]);
        place.run(&["rename", "--apply", "--manifest", "m", names[0], names[1]]).status(0);
        fs::rename(place.path("年度.txt"), place.path("elsewhere")).unwrap();
        let ran = place.run(&["undo", "m"]).status(2);
        assert!(ran.stderr.contains("年度.txt: was moved or removed since"), "{}", ran.stderr);
        assert!(ran.stderr.contains("1 put back"), "{}", ran.stderr);
        assert_eq!(place.read(names[1]), b"2");
        assert_eq!(place.read("elsewhere"), b"1");
    }

    #[test]
    fn files_keep_their_time_and_can_be_run() {
        use std::os::unix::fs::PermissionsExt;
        let place = Place::new();
        place.write("a.zip", zip(&[("tool", 0o755), ("text", 0o644)]));
        place.run(&["unzip", "-O", "out", "a.zip"]).status(0);
        let data = |name: &str| fs::metadata(place.path("out").join(name)).unwrap();
        let time = data("tool").modified().unwrap();
        let since = time.duration_since(std::time::UNIX_EPOCH).unwrap();
        // 2024-02-29 12:30:58
        assert_eq!(since.as_secs(), 1_709_209_858);
        let can_be_run = |name| data(name).permissions().mode() & 0o100 != 0;
        assert_eq!([can_be_run("tool"), can_be_run("text")], [true, false]);
    }

    #[test]
    fn a_link_on_the_way_is_not_followed() {
        let place = Place::with(&[("elsewhere/a", b"")]);
        fs::create_dir(place.path("out")).unwrap();
        std::os::unix::fs::symlink(place.path("elsewhere"), place.path("out/照片")).unwrap();
        let ran = place.run(&["unzip", "-O", "out", &archive("windows.zip")]).status(2);
        assert!(ran.stderr.contains("no folder"), "{}", ran.stderr);
        assert_eq!(place.tree("elsewhere"), ["a"]);
    }
}

/// `tests/data/formats/README.md` says how the archives were made.
fn archive(name: &str) -> String {
    format!("{}/tests/data/formats/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn an_archive_of_windows_is_listed_and_taken_out() {
    let place = Place::new();
    let ran = place.run(&["unzip", &archive("windows.zip")]).status(0);
    let expected = "年度报告.txt\n照片/\n照片/河边的柳树.txt\n资料/第一章/说明.txt\nreadme.txt\n";
    assert_eq!(ran.text(), expected);
    place.run(&["unzip", "-O", "out", &archive("windows.zip")]).status(0);
    assert_eq!(
        place.tree("out"),
        ["readme.txt", "年度报告.txt", "照片/河边的柳树.txt", "资料/第一章/说明.txt"]
    );
    assert_eq!(place.read("out/年度报告.txt"), "春天来了。\n".as_bytes());
    let again = place.run(&["unzip", "-O", "out", &archive("windows.zip")]).status(2);
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
}

/// An archive of files that are not packed and hold their names, with these modes.
fn zip(files: &[(&str, u32)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, mode) in files {
        let mut sum = flate2::Crc::new();
        sum.update(name.as_bytes());
        let length = name.len() as u32;
        // Version, flags (UTF-8), method, time and date, sum, lengths, and that there is no extra field.
        let mut said = vec![20, 0, 0, 8, 0, 0, 0xdd, 0x63, 0x5d, 0x58];
        for number in [sum.sum(), length, length, length] {
            said.extend_from_slice(&number.to_le_bytes());
        }
        directory.extend_from_slice(b"PK\x01\x02\x14\x03");
        directory.extend_from_slice(&said);
        directory.extend_from_slice(&[0; 6]);
        directory.extend_from_slice(&((0o100_000 | mode) << 16).to_le_bytes());
        directory.extend_from_slice(&(out.len() as u32).to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&said);
        out.extend_from_slice(name.repeat(2).as_bytes());
    }
    let (start, number) = (out.len() as u32, files.len() as u16);
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&[number.to_le_bytes(), number.to_le_bytes()].concat());
    out.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

#[test]
fn names_that_can_be_are_and_others_are_said() {
    let place = Place::new();
    place.write("a.zip", zip(&[("./dot.txt", 0), ("a//b.txt", 0), ("c\nd", 0), ("e/../f", 0)]));
    let ran = place.run(&["unzip", "-O", "out", "a.zip"]).status(2);
    assert_eq!(place.tree("out"), ["a/b.txt", "dot.txt"]);
    assert!(ran.stderr.contains("c\\nd: the name has a control character"), "{}", ran.stderr);
    assert!(ran.stderr.contains("e/../f: the name leads out"), "{}", ran.stderr);
    assert_eq!(place.read("out/dot.txt"), b"./dot.txt");
}

#[test]
fn files_of_one_name_are_said() {
    let place = Place::new();
    place.write("a.zip", zip(&[("a", 0), ("a", 0), ("b", 0), ("a", 0)]));
    for words in [&["unzip", "a.zip"][..], &["unzip", "-O", "out", "a.zip"]] {
        let ran = place.run(words).status(2);
        assert!(ran.stderr.contains("a: 3 files have this name"), "{}", ran.stderr);
    }
    assert_eq!(place.tree("out"), ["a", "b"]);
}

#[test]
fn nothing_is_written_outside_the_folder() {
    let place = Place::new();
    let ran = place.run(&["unzip", "-e", "gbk", "-O", "in/out", &archive("hostile.zip")]).status(2);
    assert_eq!(place.tree("."), ["in/out/好.txt"]);
    assert_eq!(ran.stderr.matches("leads out of the folder").count(), 5, "{}", ran.stderr);
}

#[test]
fn what_is_no_archive_is_said() {
    let whole = std::fs::read(archive("windows.zip")).unwrap();
    let place = Place::with(&[
        ("a.zip", b"PK\x03\x04 no"),
        ("cut.zip", &whole[..whole.len() / 2]),
        ("empty.zip", b""),
    ]);
    for name in ["a.zip", "cut.zip", "empty.zip", "none.zip"] {
        let ran = place.run(&["unzip", "-O", "out", name]).status(2);
        assert!(ran.stderr.contains(name), "{}", ran.stderr);
        assert!(name == "none.zip" || ran.stderr.contains("fetch it again"), "{}", ran.stderr);
    }
    // Whatever byte is wrong, there is no panic, and nothing lands elsewhere.
    for at in (0..whole.len()).step_by(7) {
        let mut bad = whole.clone();
        bad[at] ^= 0xff;
        place.write("bad.zip", bad);
        let ran = place.run(&["unzip", "-O", "bad", "bad.zip"]);
        assert!(
            matches!(ran.status, 0 | 2) && !ran.stderr.contains("panicked"),
            "{at} {}",
            ran.stderr
        );
        let _ = std::fs::remove_dir_all(place.path("bad"));
    }
}
