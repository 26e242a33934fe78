//! Files and directories: what is read, what is written, and what is left alone.

use std::fs;

use crate::support::{CLEAN, DAMAGED, MENDED, Place, run_unprivileged};

#[test]
fn an_output_file_is_written_whole() {
    let place = Place::with(&[("a", DAMAGED.as_bytes()), ("out", b"old")]);
    let ran = place.run(&["fix", "-o", "out", "a"]).status(0);
    assert_eq!(ran.stdout, b"");
    assert_eq!(place.read("out"), MENDED.as_bytes());
    assert_eq!(place.tree("."), ["a", "out"]);
}

#[test]
fn the_output_is_never_the_input() {
    let place = Place::with(&[("a", DAMAGED.as_bytes()), ("b/c", DAMAGED.as_bytes())]);
    for words in [["fix", "-o", "a", "a"], ["fix", "-o", "./b/../a", "a"]] {
        let ran = place.run(&words).status(2);
        assert!(ran.stderr.contains("is the input itself") && ran.stderr.contains("-i"));
    }
    assert_eq!(place.read("a"), DAMAGED.as_bytes());
}

#[test]
fn a_failure_leaves_the_old_output() {
    let place = Place::with(&[("a", "表情😀\n".as_bytes()), ("out", b"old")]);
    place.run(&["fix", "-E", "gbk", "-o", "out", "a"]).status(2);
    assert_eq!(place.read("out"), b"old");
    place.run(&["fix", "-o", "out", "missing"]).status(2);
    assert_eq!(place.read("out"), b"old");
    assert_eq!(place.tree("."), ["a", "out"]);
}

#[test]
fn a_tree_is_mirrored() {
    let place = Place::with(&[
        ("in/a.txt", DAMAGED.as_bytes()),
        ("in/b/c.txt", CLEAN.as_bytes()),
        ("in/b/d.html", CLEAN.as_bytes()),
        ("in/.hidden", CLEAN.as_bytes()),
        ("in/skipped.log", CLEAN.as_bytes()),
        ("in/.ignore", b"*.log\n"),
        ("e.txt", CLEAN.as_bytes()),
    ]);
    place.run(&["fix", "-O", "out", "in", "e.txt"]).status(0);
    assert_eq!(place.tree("out"), ["a.txt", "b/c.txt", "b/d.html", "e.txt"]);
    assert_eq!(place.read("out/a.txt"), MENDED.as_bytes());
    place.run(&["fix", "-O", "all", "in", "--hidden", "--no-ignore"]).status(0);
    assert_eq!(place.tree("all").len(), 6);
    place.run(&["fix", "-O", "txt", "in", "-g", "*.txt"]).status(0);
    assert_eq!(place.tree("txt"), ["a.txt", "b/c.txt"]);
}

#[test]
fn the_output_directory_may_lie_in_the_input() {
    let place = Place::with(&[("a.txt", DAMAGED.as_bytes()), ("b/c.txt", CLEAN.as_bytes())]);
    place.run(&["fix", "-O", "out", "."]).status(0);
    place.run(&["fix", "-O", "out", "."]).status(0);
    assert_eq!(place.tree("out"), ["a.txt", "b/c.txt"]);
    let ran = place.run(&["fix", "-O", ".", "."]).status(2);
    assert!(ran.stderr.contains("is the input itself"), "{}", ran.stderr);
    assert_eq!(place.read("a.txt"), DAMAGED.as_bytes());
}

#[test]
fn two_inputs_never_share_an_output() {
    let place = Place::with(&[("x/a", DAMAGED.as_bytes()), ("y/a", CLEAN.as_bytes())]);
    let ran = place.run(&["fix", "-j1", "-O", "out", "x/a", "y/a"]).status(2);
    assert!(ran.stderr.starts_with("hanmend: y/a: "), "{}", ran.stderr);
    assert_eq!(place.read("out/a"), MENDED.as_bytes());
    let ran = place.run(&["fix", "-O", "x", "x/a"]).status(2);
    assert!(ran.stderr.contains("is in the output directory"), "{}", ran.stderr);
    assert_eq!(place.read("x/a"), DAMAGED.as_bytes());
}

#[test]
fn lists_of_paths_keep_their_folders() {
    let place = Place::with(&[
        ("x/a", DAMAGED.as_bytes()),
        ("y/a b", CLEAN.as_bytes()),
        ("list", b"x/a\ny/a b\n"),
        ("list0", b"x/a\0y/a b\0"),
    ]);
    place.run(&["fix", "-O", "out", "--files-from", "list"]).status(0);
    assert_eq!(place.tree("out"), ["x/a", "y/a b"]);
    place.run(&["fix", "-O", "out0", "-0", "--files-from", "list0"]).status(0);
    assert_eq!(place.tree("out0"), ["x/a", "y/a b"]);
    let ran = place.feed(&["fix", "--files-from", "-"], b"x/a\n").status(0);
    assert_eq!(ran.text(), MENDED);
}

#[test]
fn a_batch_goes_on_past_what_fails() {
    let place = Place::with(&[("a", DAMAGED.as_bytes()), ("b", CLEAN.as_bytes())]);
    let ran = place.run(&["fix", "a", "missing", "b"]).status(2);
    assert_eq!(ran.text(), [MENDED, CLEAN].concat());
    assert_eq!(ran.stderr, "hanmend: missing: cannot read: no such file or directory\n");
}

#[test]
fn a_directory_needs_a_place_for_its_results() {
    let place = Place::with(&[("in/a", DAMAGED.as_bytes())]);
    let ran = place.run(&["fix", "in"]).status(2);
    assert!(ran.stderr.contains("-O DIR"), "{}", ran.stderr);
    place.run(&["fix", "-o", "out", "in"]).status(2);
}

#[test]
fn one_output_file_takes_one_input() {
    let place = Place::with(&[("a", CLEAN.as_bytes()), ("b", CLEAN.as_bytes())]);
    let ran = place.run(&["fix", "-o", "out", "a", "b"]).status(2);
    assert!(ran.stderr.contains("-O DIR"), "{}", ran.stderr);
    assert_eq!(place.tree("."), ["a", "b"]);
}

#[test]
fn options_that_contradict_are_refused() {
    let place = Place::new();
    for words in [
        &["fix", "--check", "-o", "x"][..],
        &["fix", "--diff", "--check"],
        &["fix", "-o", "x", "-O", "y"],
        &["fix", "--no-such-option"],
        &["no-such-command"],
        &[],
    ] {
        let ran = place.run(words).status(2);
        assert!(!ran.stderr.is_empty() && ran.stdout.is_empty());
    }
    assert_eq!(place.tree("."), [""; 0]);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_said() {
    use std::os::unix::fs::PermissionsExt;
    for inputs in [&["locked", "b"][..], &["."]] {
        let place = Place::with(&[("locked/a", CLEAN.as_bytes()), ("b", DAMAGED.as_bytes())]);
        let locked = place.path("locked");
        fs::set_permissions(&locked, PermissionsExt::from_mode(0o000)).unwrap();
        let words = [&["fix", "-O", "out"], inputs].concat();
        let ran = run_unprivileged(&place, &words, "locked");
        fs::set_permissions(&locked, PermissionsExt::from_mode(0o755)).unwrap();
        let Some(ran) = ran else {
            println!("skipped: permission bits mean nothing to this user");
            return;
        };
        let ran = ran.status(2);
        assert!(ran.stderr.contains("locked: cannot read: permission denied"), "{}", ran.stderr);
        assert_eq!(place.tree("out"), ["b"]);
        assert_eq!(place.read("out/b"), MENDED.as_bytes());
    }
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_written_as_they_are() {
    let place = Place::with(&[("a", DAMAGED.as_bytes())]);
    place.run(&["fix", "-o", "/dev/null", "a"]).status(0);
    assert_eq!(place.run(&["fix", "-o", "/dev/stdout", "a"]).status(0).text(), MENDED);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_the_old_file_stands() {
    let place = Place::with(&[("a", DAMAGED.as_bytes())]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let status =
        place.command(&["fix", "a"]).stdout(full).stderr(std::process::Stdio::null()).status();
    assert_eq!(status.unwrap().code(), Some(2));
    let ran = place.run(&["fix", "-o", "/dev/full", "a"]).status(2);
    assert!(ran.stderr.contains("no space left"), "{}", ran.stderr);
}

#[test]
fn the_order_of_results_does_not_depend_on_the_number_of_workers() {
    let place = Place::new();
    for n in 0..300 {
        let size = if n % 50 == 0 { 3000 } else { 1 };
        place.write(&format!("in/{n:03}"), format!("{n}{DAMAGED}").repeat(size));
    }
    place.write("list", (0..300).rev().map(|n| format!("in/{n:03}\n")).collect::<String>());
    let run = |jobs: &str| {
        let words = ["fix", "--report", "r", "--files-from", "list", "-j", jobs];
        (place.run(&words).status(0).stdout, place.read("r"))
    };
    let one = run("1");
    assert!(one.0.starts_with(b"299"));
    assert!(one == run("4"));
}

#[test]
fn conversion_writes_files_too() {
    let place = Place::with(&[("in/a", "汉语".as_bytes()), ("in/b/c", "软件".as_bytes())]);
    place.run(&["convert", "-c", "s2t", "-O", "out", "in"]).status(0);
    assert_eq!(place.read("out/a"), "漢語".as_bytes());
    assert_eq!(place.read("out/b/c"), "軟件".as_bytes());
}
