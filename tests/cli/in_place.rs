//! `fix -i` and `undo`

use std::fs;
use std::time::{Duration, SystemTime};

use crate::support::{CLEAN, DAMAGED, MENDED, Place, clean_big5};

fn tree() -> Place {
    Place::with(&[
        ("in/a", DAMAGED.as_bytes()),
        ("in/b", CLEAN.as_bytes()),
        ("in/c/d", &clean_big5()),
    ])
}

#[test]
fn what_changes_is_replaced_and_undo_puts_it_back() {
    let place = tree();
    let ran = place.run(&["fix", "-i", "--manifest", "m", "in"]).status(0);
    assert_eq!(ran.stdout, b"");
    assert!(ran.stderr.contains("2 files changed; hanmend undo "), "{}", ran.stderr);
    assert_eq!(place.read("in/a"), MENDED.as_bytes());
    assert_eq!(place.read("in/b"), CLEAN.as_bytes());
    assert_eq!(place.read("in/c/d"), CLEAN.as_bytes());
    assert_eq!(place.tree("in"), ["a", "b", "c/d"]);

    let ran = place.run(&["undo", "m"]).status(0);
    assert_eq!(ran.stderr, "hanmend: 2 put back, 0 as they were\n");
    assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
    assert_eq!(place.read("in/c/d"), clean_big5());
    let ran = place.run(&["undo", "m/hanmend-undo.ndjson"]).status(0);
    assert_eq!(ran.stderr, "hanmend: 0 put back, 2 as they were\n");
}

#[test]
fn a_suffix_keeps_the_old_file_beside() {
    let place = tree();
    place.run(&["fix", "-i=.bak", "--manifest=m", "in"]).status(0);
    assert_eq!(place.tree("in"), ["a", "a.bak", "b", "c/d", "c/d.bak"]);
    assert_eq!(place.read("in/a.bak"), DAMAGED.as_bytes());
    // The backups are no inputs.
    let ran = place.run(&["fix", "-i=.bak", "--manifest=m2", "in"]).status(0);
    assert!(!ran.stderr.contains("changed"), "{}", ran.stderr);
    assert!(!place.path("m2").exists());
    place.run(&["undo", "m"]).status(0);
    assert_eq!(place.tree("in"), ["a", "b", "c/d"]);
    assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
}

#[test]
fn the_folder_is_named_by_the_time_and_is_no_input() {
    let place = tree();
    place.run(&["fix", "-i", "."]).status(0);
    let files = place.tree(".");
    let manifest = files.iter().find(|f| f.ends_with("hanmend-undo.ndjson")).unwrap();
    assert!(manifest.starts_with("hanmend-undo-2"), "{manifest}");
    // What the files were lies in it, damaged, and stays so.
    let ran = place.run(&["fix", "-i", "."]).status(0);
    assert!(!ran.stderr.contains("changed"), "{}", ran.stderr);
    assert_eq!(place.run(&["fix", "--check", "."]).status(0).text(), "");
    place.run(&["undo", manifest.split('/').next().unwrap()]).status(0);
    assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
}

#[test]
fn nothing_to_change_leaves_no_trace() {
    let place = Place::with(&[("a", CLEAN.as_bytes())]);
    let before = fs::metadata(place.path("a")).unwrap().modified().unwrap();
    let ran = place.run(&["fix", "-i", "a"]).status(0);
    assert_eq!(ran.stderr, "");
    assert_eq!(place.tree("."), ["a"]);
    assert_eq!(fs::metadata(place.path("a")).unwrap().modified().unwrap(), before);
}

#[test]
fn undo_leaves_what_was_changed_since() {
    let place = tree();
    place.run(&["fix", "-i", "--manifest=m", "in"]).status(0);
    place.write("in/a", "someone else's work");
    let ran = place.run(&["undo", "m"]).status(2);
    assert!(ran.stderr.contains("in/a: was changed by someone else"), "{}", ran.stderr);
    assert_eq!(place.read("in/a"), b"someone else's work");
    assert_eq!(place.read("in/c/d"), clean_big5());
    let ran = place.run(&["undo", "missing"]).status(2);
    assert!(ran.stderr.contains("missing"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn mode_times_and_links_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with(&[("real", DAMAGED.as_bytes())]);
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let file = fs::File::options().write(true).open(place.path("real")).unwrap();
    file.set_modified(old).unwrap();
    file.set_permissions(PermissionsExt::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real", place.path("link")).unwrap();
    place.run(&["fix", "-i", "link"]).status(0);
    assert_eq!(place.read("real"), MENDED.as_bytes());
    assert!(fs::symlink_metadata(place.path("link")).unwrap().is_symlink());
    let now = fs::metadata(place.path("real")).unwrap();
    assert_eq!(now.permissions().mode() & 0o777, 0o640);
    assert_eq!(now.modified().unwrap(), old);
}

#[cfg(unix)]
#[test]
fn hard_links_and_pipes_are_refused() {
    let place = Place::with(&[("a", DAMAGED.as_bytes())]);
    fs::hard_link(place.path("a"), place.path("b")).unwrap();
    let ran = place.run(&["fix", "-i", "a"]).status(2);
    assert!(ran.stderr.contains("has 2 hard links"), "{}", ran.stderr);
    assert_eq!(place.read("b"), DAMAGED.as_bytes());
    let ran = place.feed(&["fix", "-i"], DAMAGED.as_bytes()).status(2);
    assert!(ran.stderr.contains("no name"), "{}", ran.stderr);
}

#[test]
fn a_failure_leaves_the_file() {
    let text = format!("{DAMAGED}表情😀\n");
    let place = Place::with(&[("a", text.as_bytes())]);
    place.run(&["fix", "-i", "-E", "gbk", "a"]).status(2);
    assert_eq!(place.read("a"), text.as_bytes());
    assert_eq!(place.tree("."), ["a"]);
}

#[test]
fn conversion_works_in_place_too() {
    let place = Place::with(&[("a", "汉语\n".as_bytes()), ("b", "plain\n".as_bytes())]);
    let ran = place.run(&["convert", "-c", "s2t", "-i", "--manifest=m", "a", "b"]).status(0);
    assert!(ran.stderr.contains("1 file changed"), "{}", ran.stderr);
    assert_eq!(place.read("a"), "漢語\n".as_bytes());
    place.run(&["undo", "m"]).status(0);
    assert_eq!(place.read("a"), "汉语\n".as_bytes());
}
