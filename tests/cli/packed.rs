//! Compressed files are read and written as what they are.

use std::process::{Command, Stdio};

use crate::support::{DAMAGED, MENDED, Place};

/// The programs that pack and unpack, and how their files end.
const PROGRAMS: [(&str, &str); 4] =
    [("gzip", "gz"), ("bzip2", "bz2"), ("xz", "xz"), ("zstd", "zst")];

/// Runs `program` over `path`; nothing where there is no such program.
fn piped(place: &Place, program: &str, option: &str, path: &str) -> Option<Vec<u8>> {
    let file = std::fs::File::open(place.path(path)).unwrap();
    let ran = Command::new(program).arg(option).stdin(file).stderr(Stdio::null()).output();
    match ran {
        Ok(ran) => Some(ran.stdout),
        Err(_) => {
            println!("skipped: there is no {program} here");
            None
        }
    }
}

#[test]
fn files_of_other_programs_are_read_and_ours_by_them() {
    let text = DAMAGED.repeat(3000);
    let place = Place::with(&[("a", text.as_bytes())]);
    for (program, end) in PROGRAMS {
        let Some(packed) = piped(&place, program, "-c", "a") else { continue };
        place.write(&format!("in/a.{end}"), packed);
        let ran = place.run(&["fix", &format!("in/a.{end}")]).status(0);
        assert!(ran.stdout == MENDED.repeat(3000).as_bytes(), "{program}");

        place.run(&["fix", "-O", "out", "in"]).status(0);
        let back = piped(&place, program, "-dc", &format!("out/a.{end}")).unwrap();
        assert!(back == MENDED.repeat(3000).as_bytes(), "{program}");
    }
}

#[test]
fn the_name_of_the_output_decides() {
    let place = Place::with(&[("a", DAMAGED.as_bytes())]);
    for (_, end) in PROGRAMS {
        place.run(&["fix", "-o", &format!("b.{end}"), "a"]).status(0);
        assert_ne!(place.read(&format!("b.{end}")), MENDED.as_bytes());
        place.run(&["fix", "-o", "c", &format!("b.{end}")]).status(0);
        assert_eq!(place.read("c"), MENDED.as_bytes());
    }
}

#[test]
fn in_place_they_stay_compressed_and_are_put_back() {
    let place = Place::with(&[("a", DAMAGED.as_bytes())]);
    for (_, end) in PROGRAMS {
        let (name, manifest) = (format!("b.{end}"), format!("m.{end}"));
        place.run(&["fix", "-r", "none", "-o", &name, "a"]).status(0);
        let old = place.read(&name);
        place.run(&["fix", "-i", "--manifest", &manifest, &name]).status(0);
        assert_eq!(place.run(&["fix", "-r", "none", &name]).status(0).text(), MENDED);
        assert_eq!(place.run(&["fix", "--check", &name]).status(0).text(), "");
        place.run(&["undo", &manifest]).status(0);
        assert_eq!(place.read(&name), old);
    }
}

#[test]
fn a_file_that_is_cut_or_only_named_so_is_an_error() {
    let place = Place::with(&[("a", DAMAGED.as_bytes()), ("no.gz", b"not compressed at all")]);
    place.run(&["fix", "no.gz"]).status(2);
    for (_, end) in PROGRAMS {
        let name = format!("b.{end}");
        place.run(&["fix", "-o", &name, "a"]).status(0);
        let whole = place.read(&name);
        place.write(&name, &whole[..whole.len() - 9]);
        let ran = place.run(&["fix", "-o", "out", &name]).status(2);
        assert!(ran.stderr.contains("cannot read"), "{}", ran.stderr);
        assert!(!place.path("out").exists());
    }
}

#[test]
fn in_an_output_tree_what_does_not_change_is_not_packed_anew() {
    let place = Place::with(&[("a", MENDED.as_bytes()), ("b", DAMAGED.as_bytes())]);
    for (_, end) in PROGRAMS {
        let [sound, damaged] = ["a", "b"].map(|name| {
            let packed = format!("{name}.{end}");
            place.run(&["fix", "-r", "none", "-o", &packed, name]).status(0);
            place.read(&packed)
        });
        // Two streams, which would become one, and a difference far behind the start.
        std::fs::create_dir_all(place.path("in")).unwrap();
        place.write(&format!("in/same.{end}"), [&sound[..], &sound].concat());
        place.write(&format!("in/other.{end}"), [&sound[..], &damaged].concat());
        place.run(&["fix", "-O", "out", "in"]).status(0);
        let [same, other] = ["same", "other"].map(|name| format!("out/{name}.{end}"));
        assert_eq!(place.read(&same), [&sound[..], &sound].concat(), "{end}");
        assert_eq!(place.run(&["fix", "-r", "none", &other]).status(0).text(), MENDED.repeat(2));
    }
}

#[test]
fn the_first_bytes_tell_whatever_the_name() {
    let place = Place::with(&[("a", DAMAGED.as_bytes())]);
    for (_, end) in PROGRAMS {
        let name = format!("b.{end}");
        place.run(&["fix", "-r", "none", "-o", &name, "a"]).status(0);
        let old = place.read(&name);
        std::fs::create_dir_all(place.path("in")).unwrap();
        std::fs::rename(place.path(&name), place.path("in/b")).unwrap();
        assert_eq!(place.run(&["fix", "in/b"]).status(0).text(), MENDED);
        place.run(&["fix", "-O", "out", "in"]).status(0);
        assert_ne!(place.read("out/b"), MENDED.as_bytes());
        place.run(&["fix", "-i", "--manifest", end, "in"]).status(0);
        assert_eq!(place.read("out/b"), place.read("in/b"));
        place.run(&["undo", end]).status(0);
        assert_eq!(place.read("in/b"), old);
    }
}

#[test]
fn in_place_several_streams_become_one_and_a_cut_one_stays() {
    let place = Place::with(&[("a", DAMAGED.as_bytes())]);
    for (_, end) in PROGRAMS {
        let name = format!("in/b.{end}");
        std::fs::create_dir_all(place.path("in")).unwrap();
        place.run(&["fix", "-r", "none", "-o", &name, "a"]).status(0);
        let one = place.read(&name);
        place.write(&name, [&one[..], &one].concat());
        place.run(&["fix", "-i", "--manifest", end, &name]).status(0);
        assert_eq!(place.run(&["fix", "-r", "none", &name]).status(0).text(), MENDED.repeat(2));
        let cut = &one[..one.len() - 9];
        place.write(&name, cut);
        let ran = place.run(&["fix", "-i", "in"]).status(2);
        assert!(ran.stderr.contains(&name), "{}", ran.stderr);
        assert_eq!(place.read(&name), cut);
        std::fs::remove_file(place.path(&name)).unwrap();
    }
    assert!(place.tree("in").is_empty());
}
