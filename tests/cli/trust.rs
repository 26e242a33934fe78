//! What must not happen to the only copy: inputs that are lost without a word, replaced by something else, or
//! undone halfway.

use std::fs;
use std::process::{Command, Stdio};

use crate::support::{CLEAN, DAMAGED, MENDED, Place};

/// Runs `command` in a shell with bash's ways.
fn bash(place: &Place, command: &str) -> Option<i32> {
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_hanmend")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("bash");
    shell.args(["-c", command]).current_dir(place.dir.path()).env("PATH", path);
    let ran = shell.stderr(Stdio::null()).stdout(Stdio::null()).status();
    if ran.is_err() {
        println!("skipped: bash is not here");
    }
    ran.ok()?.code()
}

#[cfg(unix)]
#[test]
fn a_list_in_a_pipe_is_read_once_and_whole() {
    let place = Place::new();
    for n in 0..500 {
        place.write(&format!("in/{n}"), DAMAGED);
    }
    // Counting for the progress bar must not take from the list.
    let command = "hanmend fix -i --progress always --files-from <(find in -type f)";
    if bash(&place, command).is_some_and(|status| status == 0) {
        let mended = place.tree("in").into_iter();
        let left: Vec<_> =
            mended.filter(|f| place.read(&format!("in/{f}")) != MENDED.as_bytes()).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[cfg(unix)]
#[test]
fn what_a_pipe_gives_is_whole_in_an_output_tree() {
    let place = Place::with(&[("a", DAMAGED.as_bytes())]);
    if bash(&place, "hanmend fix -O out <(cat a); cat out/* > result").is_some() {
        assert_eq!(place.read("result"), MENDED.as_bytes());
    }
}

#[test]
fn folders_of_earlier_runs_are_no_inputs_even_if_named() {
    let place = Place::with(&[("sub/a", DAMAGED.as_bytes()), ("b", DAMAGED.as_bytes())]);
    place.run(&["fix", "-i", "--manifest=m", "sub", "b"]).status(0);
    // As a shell's `*` and `m/*` name them.
    let backups: Vec<String> = place.tree("m").iter().map(|f| format!("m/{f}")).collect();
    let words = ["fix", "-i", "-s", "hans", "--manifest=n", "b", "m", "sub"].map(str::to_owned);
    let words: Vec<String> = words.into_iter().chain(backups).collect();
    place.run(&words).status(0);
    place.run(&["undo", "n"]).status(0);
    place.run(&["undo", "m"]).status(0);
    for file in ["sub/a", "b"] {
        assert_eq!(place.read(file), DAMAGED.as_bytes());
    }
    // Nor are backups beside the files.
    place.run(&["fix", "-i=.bak", "b"]).status(0);
    place.run(&["fix", "-i=.bak", "b", "b.bak"]).status(0);
    assert_eq!(place.read("b.bak"), DAMAGED.as_bytes());
}

#[test]
fn a_manifest_needs_a_folder_of_its_own() {
    let place = Place::with(&[("in/a", DAMAGED.as_bytes())]);
    let ran = place.run(&["fix", "-i", "--manifest=in", "in"]).status(2);
    assert!(ran.stderr.contains("name a new folder"), "{}", ran.stderr);
    assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
}

#[test]
fn a_run_that_wrote_nothing_down_is_undone() {
    let place = Place::with(&[("in/a", DAMAGED.as_bytes())]);
    fs::create_dir(place.path("m")).unwrap();
    place.run(&["undo", "m"]).status(0);
    place.run(&["undo", "in"]).status(2);
    place.run(&["undo", "nothing"]).status(2);
}

#[test]
fn two_files_never_share_a_backup() {
    let place = Place::with(&[("s1/a", DAMAGED.as_bytes()), ("s2/a", DAMAGED.as_bytes())]);
    place.run(&["fix", "-i", "--backup-dir=old", "s1", "s2"]).status(2);
    let manifest = String::from_utf8(place.read("old/hanmend-undo.ndjson")).unwrap();
    assert_eq!(manifest.matches("\"do\":\"intent\"").count(), 1, "{manifest}");
    place.run(&["undo", "old"]).status(0);
    for file in ["s1/a", "s2/a"] {
        assert_eq!(place.read(file), DAMAGED.as_bytes());
    }
}

#[test]
fn a_report_replaces_no_input_and_no_result() {
    let place = Place::with(&[("in/a", DAMAGED.as_bytes()), ("in/b", CLEAN.as_bytes())]);
    place.write("list", "in/b\n");
    let whats = [
        vec!["-o", "out", "--report=in/a", "in/a"],
        vec!["--report=./in/a", "in/a"],
        vec!["-i", "--report=in/a", "in/a"],
        vec!["--check", "--report=in/a", "in/b", "in/a"],
        vec!["--diff", "--report=in/a", "in/b", "in/a"],
        vec!["-O", "out", "--report=in/a", "in"],
        vec!["-O", "out", "--report=in/b", "--files-from", "list"],
        vec!["-o", "out", "--report=out", "in/a"],
    ];
    for what in whats {
        let ran = place.run(&[&["fix"], &*what].concat()).status(2);
        assert!(ran.stderr.contains("--report"), "{what:?}: {}", ran.stderr);
        assert_eq!(place.read("in/a"), DAMAGED.as_bytes(), "{what:?}");
        assert_eq!(place.read("in/b"), CLEAN.as_bytes(), "{what:?}");
        assert!(!place.path("out").exists(), "{what:?}");
    }
    // A report in the tree is none of its texts, and the next replaces it.
    for out in ["out", "out2"] {
        place.run(&["fix", "-O", out, "--report=in/r", "in"]).status(0);
        assert_eq!(place.tree(out), ["a", "b"]);
        assert!(place.read("in/r").starts_with(b"{\"path\":"));
    }
    // Nor is it replaced by what is made of it.
    let report = place.read("in/r");
    place.run(&["fix", "--report=in/r", "in/r"]).status(2);
    place.run(&["report", "in/r", "-o", "in/../in/r"]).status(2);
    assert_eq!(place.read("in/r"), report);
}

#[cfg(unix)]
#[test]
fn a_link_to_an_input_is_no_place_for_a_report() {
    let place = Place::with(&[("in/a", DAMAGED.as_bytes())]);
    std::os::unix::fs::symlink("in/a", place.path("link")).unwrap();
    for input in ["in/a", "in"] {
        place.run(&["fix", "--check", "--report=link", input]).status(2);
        assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
    }
    // Of an earlier report it is one, and that is no input.
    place.run(&["fix", "--check", "--report=in/r", "in"]).status(1);
    std::os::unix::fs::symlink("in/r", place.path("last")).unwrap();
    place.run(&["fix", "-O", "out", "--report=last", "in"]).status(0);
    assert_eq!(place.tree("out"), ["a"]);
}

#[test]
fn results_do_not_replace_inputs_to_come() {
    let place = Place::with(&[("o/sub/a", DAMAGED.as_bytes()), ("o/a", CLEAN.as_bytes())]);
    let ran = place.run(&["fix", "-O", "o", "o/sub", "o/a"]).status(2);
    assert!(ran.stderr.contains("in the output directory"), "{}", ran.stderr);
    assert_eq!(place.read("o/a"), CLEAN.as_bytes());
}

#[test]
fn going_on_hides_no_input_of_the_same_name() {
    let place = Place::with(&[("c1/a", DAMAGED.as_bytes()), ("c2/a", CLEAN.as_bytes())]);
    for _ in 0..2 {
        place.run(&["fix", "-j1", "--resume", "-O", "out", "c1", "c2"]).status(2);
        assert_eq!(place.read("out/a"), MENDED.as_bytes());
    }
    // A folder is no result.
    fs::create_dir_all(place.path("out2/a")).unwrap();
    place.run(&["fix", "--resume", "-O", "out2", "c1"]).status(2);
}

#[cfg(unix)]
#[test]
fn what_is_said_may_be_lost_and_the_work_goes_on() {
    let place = Place::new();
    for n in 0..300 {
        place.write(&format!("in/{n}"), DAMAGED);
    }
    let full = || fs::File::options().write(true).open("/dev/full");
    let Ok(said) = full() else { return println!("skipped: /dev/full is not here") };
    let mut command = place.command(&["fix", "-i", "--manifest=m", "in"]);
    assert_eq!(command.stderr(said).status().unwrap().code(), Some(0));
    assert_eq!(place.read("in/7"), MENDED.as_bytes());
    let mut command = place.command(&["undo", "m"]);
    assert_eq!(command.stderr(full().unwrap()).status().unwrap().code(), Some(0));
    let left = place
        .tree("in")
        .into_iter()
        .filter(|f| place.read(&format!("in/{f}")) != DAMAGED.as_bytes());
    assert_eq!(left.count(), 0);
}

#[cfg(unix)]
#[test]
fn a_run_that_ends_with_its_reader_says_so() {
    let place = Place::new();
    for n in 0..3000 {
        place.write(&format!("in/{n}"), DAMAGED);
    }
    let command = "set -o pipefail; hanmend fix -i --manifest m --report - in | head -1";
    if let Some(status) = bash(&place, command) {
        let mended = place.tree("in").into_iter();
        let left = mended.filter(|f| place.read(&format!("in/{f}")) == DAMAGED.as_bytes()).count();
        assert!(status == 2 || left == 0, "{status}, {left} left");
    }
}
