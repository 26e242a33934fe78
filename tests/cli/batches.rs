//! Many files: which are taken, where what they were is kept, what is said, who else is there.

use std::fs;
use std::process::Stdio;

use crate::support::{CLEAN, DAMAGED, MENDED, Place};

fn tree() -> Place {
    Place::with(&[
        ("in/a", DAMAGED.as_bytes()),
        ("in/b", CLEAN.as_bytes()),
        ("in/c/d", DAMAGED.as_bytes()),
    ])
}

#[test]
fn machines_share_a_tree() {
    let place = Place::new();
    for n in 0..40 {
        place.write(&format!("in/{}/{n}", n % 3), DAMAGED);
    }
    let mut all = Vec::new();
    for part in ["1/3", "2/3", "3/3"] {
        let ran = place.run(&["fix", "--check", "--shard", part, "in"]).status(1);
        let taken: Vec<String> = ran.text().lines().map(str::to_owned).collect();
        assert!((5..25).contains(&taken.len()), "{part} {taken:?}");
        // From wherever the tree is named, it is the same.
        let here = place.run(&["fix", "--check", "--shard", part, "./in/../in"]).status(1);
        assert_eq!(here.text().replace("./in/../", ""), ran.text());
        all.extend(taken);
    }
    all.sort();
    let files: Vec<String> = place.tree("in").iter().map(|f| format!("in/{f}")).collect();
    assert_eq!(all, files);
    place.run(&["fix", "--check", "--shard", "4/3", "in"]).status(2);
}

#[cfg(unix)]
#[test]
fn links_are_followed_left_or_broken() {
    let place = tree();
    std::os::unix::fs::symlink("in/a", place.path("link")).unwrap();
    std::os::unix::fs::symlink("in", place.path("folder")).unwrap();
    place.run(&["fix", "-i", "--no-follow", "link", "folder"]).status(0);
    assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
    place.run(&["fix", "-i", "link"]).status(0);
    assert_eq!(place.read("in/a"), MENDED.as_bytes());
    assert!(place.path("link").is_symlink());

    fs::hard_link(place.path("in/c/d"), place.path("other")).unwrap();
    place.run(&["fix", "-i", "--manifest=m", "in/c/d"]).status(2);
    place.run(&["fix", "-i", "--manifest=m", "--break-hard-links", "in/c/d"]).status(0);
    assert_eq!(place.read("in/c/d"), MENDED.as_bytes());
    assert_eq!(place.read("other"), DAMAGED.as_bytes());
    place.run(&["undo", "m"]).status(0);
    assert_eq!(place.read("in/c/d"), DAMAGED.as_bytes());
}

#[test]
fn a_folder_of_backups_mirrors_the_tree() {
    let place = tree();
    let words = ["fix", "-i", "--backup-dir", "in/old", "in"];
    place.run(&words).status(0);
    assert_eq!(place.tree("in/old"), ["a", "c/d", "hanmend-undo.ndjson"]);
    assert_eq!(place.read("in/old/c/d"), DAMAGED.as_bytes());
    let ran = place.run(&words).status(2);
    assert!(ran.stderr.contains("--resume"), "{}", ran.stderr);
    let ran = place.run(&[&words[..], &["--resume"]].concat()).status(0);
    assert!(!ran.stderr.contains("puts"), "{}", ran.stderr);
    place.run(&["undo", "in/old"]).status(0);
    assert_eq!(place.read("in/c/d"), DAMAGED.as_bytes());
    place.run(&["fix", "-i=.bak", "--backup-dir", "x", "in"]).status(2);
    // What is there already is not written over.
    place.write("in/a.bak", "mine");
    let ran = place.run(&["fix", "-i=.bak", "in"]).status(2);
    assert!(ran.stderr.contains("in/a.bak is there already"), "{}", ran.stderr);
    assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
    assert_eq!(place.read("in/a.bak"), b"mine");
}

#[test]
fn a_mirror_is_gone_on_with() {
    let place = tree();
    place.run(&["fix", "-O", "out", "in"]).status(0);
    place.write("out/a", "kept, for it is not older");
    fs::remove_file(place.path("out/c/d")).unwrap();
    let ran = place.run(&["fix", "-O", "out", "--resume", "in"]).status(0);
    assert!(ran.stderr.contains("2 done before"), "{}", ran.stderr);
    assert_eq!(place.read("out/a"), b"kept, for it is not older");
    assert_eq!(place.read("out/c/d"), MENDED.as_bytes());
    place.run(&["fix", "--resume", "in/a"]).status(2);
}

#[cfg(unix)]
#[test]
fn standard_output_is_never_the_input() {
    let place = tree();
    let out = fs::File::options().append(true).open(place.path("in/a")).unwrap();
    let ran = place.command(&["fix", "in/a"]).stdout(out).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8(ran.stderr).unwrap().contains("the input itself"));
    assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
}

#[test]
fn a_batch_ends_with_a_summary() {
    let place = tree();
    place.write("in/e", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0");
    let ran = place.run(&["fix", "-i", "--manifest=m", "in", "missing"]).status(2);
    let row = |name: &str| {
        let start = format!("  {name} ");
        let found = ran.stderr.lines().find(|l| l.starts_with(&start));
        found.unwrap_or_else(|| panic!("{name}: {}", ran.stderr)).split_at(14).1
    };
    assert_eq!(row("files"), "5, 2 changed, 1 no text, as it was, 1 error");
    assert_eq!(row("encodings"), "utf-8 3, binary 1");
    assert_eq!(row("repairs"), "entity 2");
    place.run(&["undo", "m"]).status(0);
    let ran = place.run(&["fix", "-q", "-i", "in"]).status(0);
    assert_eq!(ran.stderr, "");
}

#[test]
fn progress_is_lines_where_there_is_no_terminal() {
    let place = tree();
    let ran = place.run(&["fix", "--progress=always", "-O", "out", "in"]).status(0);
    assert!(ran.stderr.contains(" files, ") && ran.stderr.contains("/s"), "{}", ran.stderr);
    assert!(!ran.stderr.contains('\x1b'));
    let ran = place.run(&["fix", "--progress=never", "-q", "-O", "out2", "in"]).status(0);
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_file_may_be_named_twice() {
    let place = tree();
    let ran = place.run(&["fix", "-i", "--manifest=m", "in/a", "in", "in/a"]).status(0);
    assert!(ran.stderr.contains("2 files changed"), "{}", ran.stderr);
    place.run(&["undo", "m"]).status(0);
    assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
}

#[test]
fn two_runs_at_once_do_the_tree_once() {
    let place = Place::new();
    for n in 0..150 {
        place.write(&format!("in/{n}"), DAMAGED.repeat(n % 9 + 1));
    }
    let words = |manifest: &'static str| ["fix", "-i", "--manifest", manifest, "in"];
    let runs: Vec<_> = ["m1", "m2"]
        .map(|manifest| {
            let mut command = place.command(&words(manifest));
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .into_iter()
        .map(|child| child.wait_with_output().unwrap())
        .collect();
    for n in 0..150 {
        assert_eq!(place.read(&format!("in/{n}")), MENDED.repeat(n % 9 + 1).as_bytes());
    }
    assert_eq!(place.tree("in").len(), 150);
    for ran in &runs {
        // One that the other has in hand is left to it, and said.
        let said = String::from_utf8_lossy(&ran.stderr);
        let failed = said.contains("another run") || said.contains("hard links");
        assert_eq!(ran.status.code() == Some(2), failed, "{said}");
    }
    for manifest in ["m1", "m2"].iter().filter(|m| place.path(m).exists()) {
        place.run(&["undo", manifest]).status(0);
    }
    for n in 0..150 {
        assert_eq!(place.read(&format!("in/{n}")), DAMAGED.repeat(n % 9 + 1).as_bytes());
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_in_place_keeps_the_manifest_true() {
    let place = Place::new();
    place.write("in/a", DAMAGED);
    let large = DAMAGED.repeat(400_000);
    place.write("in/large", &large);
    let mut child = place
        .command(&["fix", "-i", "--manifest=m", "-j1", "in"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !place
        .tree(".")
        .iter()
        .any(|f| f.ends_with(".tmp") && f.contains("large") || f.contains(".hanmend-"))
    {
        assert!(child.try_wait().unwrap().is_none());
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let id = child.id().to_string();
    std::process::Command::new("kill").args(["-INT", &id]).status().unwrap();
    let ran = child.wait_with_output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(130), "{said}");
    assert!(said.contains("interrupted; hanmend undo"), "{said}");
    assert_eq!(place.tree("in"), ["a", "large"]);
    place.run(&["undo", "m"]).status(0);
    assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
    assert!(place.read("in/large") == large.as_bytes());
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_loses_nothing() {
    let place = tree();
    let disk = place.path("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=300k", "none"])
        .arg(&disk)
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|s| s.success()) {
        println!("skipped: no file system can be mounted here");
        return;
    }
    let names: Vec<String> = (0..9).map(|n| format!("disk/{n}")).collect();
    for name in &names {
        place.write(name, DAMAGED.repeat(500));
    }
    let ran = place.run(&["fix", "-i", "--manifest=disk/m", "disk"]);
    let whole = names.iter().all(|name| {
        let now = place.read(name);
        now == DAMAGED.repeat(500).as_bytes() || now == MENDED.repeat(500).as_bytes()
    });
    let undone = place.path("disk/m").exists().then(|| place.run(&["undo", "disk/m"]).status);
    let back = names.iter().all(|name| place.read(name) == DAMAGED.repeat(500).as_bytes());
    let left = place.tree("disk");
    let unmounted = std::process::Command::new("umount").arg(&disk).status();
    assert!(unmounted.is_ok_and(|s| s.success()));
    assert!(whole && back && undone.is_none_or(|status| status == 0), "{}", ran.stderr);
    assert!(ran.status == 2 && ran.stderr.contains("no space left"), "{}", ran.stderr);
    assert!(left.iter().all(|name| !name.ends_with(".tmp")), "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_to_is_said_and_the_others_are_done() {
    use std::os::unix::fs::PermissionsExt;
    let place = tree();
    let mode = |name: &str, mode| {
        fs::set_permissions(place.path(name), PermissionsExt::from_mode(mode)).unwrap();
    };
    mode("in", 0o777);
    mode("in/c", 0o555);
    // To be seen as one's own by root, who may write everywhere, it has to be someone else's.
    let probe = ["fix", "-i", "--manifest=m", "in"];
    fs::create_dir(place.path("locked")).unwrap();
    mode("locked", 0o000);
    let ran = crate::support::run_unprivileged(&place, &probe, "locked");
    mode("locked", 0o755);
    mode("in/c", 0o755);
    let Some(ran) = ran else {
        println!("skipped: permission bits mean nothing to this user");
        return;
    };
    let ran = ran.status(2);
    assert!(ran.stderr.contains("in/c/d") && ran.stderr.contains("permission denied"));
    assert_eq!(place.read("in/c/d"), DAMAGED.as_bytes());
    assert_eq!(place.tree("in"), ["a", "b", "c/d"]);
}

#[test]
fn a_run_may_be_undone_and_done_again() {
    let place = tree();
    let words = ["fix", "-i", "--resume", "--manifest=m", "in"];
    for _ in 0..3 {
        let ran = place.run(&words).status(0);
        assert!(ran.stderr.contains("2 files changed"), "{}", ran.stderr);
        assert_eq!(place.read("in/a"), MENDED.as_bytes());
        place.run(&["undo", "m"]).status(0);
        assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
        assert_eq!(place.tree("m"), ["hanmend-undo.ndjson"]);
    }
}
