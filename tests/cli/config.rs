//! `hanmend.toml`, and what is typed over it.

use std::process::Command;

use crate::support::{DAMAGED, MENDED, Place, Ran};

fn place(config: &str) -> Place {
    Place::with(&[
        ("hanmend.toml", config.as_bytes()),
        ("a.txt", DAMAGED.as_bytes()),
        ("sub/b.txt", DAMAGED.as_bytes()),
    ])
}

fn refused(config: &str) -> String {
    place(config).run(&["fix", "a.txt"]).status(2).stderr
}

#[test]
fn options_come_from_the_nearest_file_above() {
    let place = place("repair = \"none\"\n[detect]\njson = true\n");
    assert_eq!(place.run(&["fix", "a.txt"]).status(0).text(), DAMAGED);
    let mut command = place.command(&["fix", "b.txt"]);
    let output = command.current_dir(place.path("sub")).output().unwrap();
    assert_eq!(output.stdout, DAMAGED.as_bytes());
    assert!(place.run(&["detect", "a.txt"]).status(0).text().starts_with('{'));
    assert!(place.run(&["explain", "a.txt"]).status(0).stderr.contains("nothing to change"));
    place.write("sub/hanmend.toml", "");
    let mut command = place.command(&["fix", "b.txt"]);
    let output = command.current_dir(place.path("sub")).output().unwrap();
    assert_eq!(output.stdout, MENDED.as_bytes());
}

#[test]
fn what_is_typed_counts_more() {
    let place = place("unknown = 1");
    place.write(
        "my.toml",
        "script = \"hans\"\nrepair = \"none\"\n[fix]\nin-place = \".bak\"\nglob = [\"*.txt\"]\n",
    );
    let run = |words: &[&str]| place.run(&[&["fix", "--config", "my.toml"], words].concat());
    let ran = run(&["-r", "entity", "-s", "keep", "-o", "out", "a.txt"]).status(0);
    assert_eq!((ran.stdout.as_slice(), place.read("out")), (&b""[..], MENDED.as_bytes().to_vec()));
    assert_eq!(place.run(&["fix", "--no-config", "a.txt"]).status(0).text(), MENDED);
    assert_eq!(place.run(&["--no-config", "fix", "a.txt"]).status(0).text(), MENDED);
    assert_eq!(place.tree("."), ["a.txt", "hanmend.toml", "my.toml", "out", "sub/b.txt"]);
    run(&["a.txt"]).status(0);
    assert_eq!(place.read("a.txt.bak"), DAMAGED.as_bytes());
    assert!(run(&["--check", "sub"]).status(1).text().contains("b.txt"));
}

#[test]
fn a_file_that_is_named_and_paths_beside_it() {
    let place = place("unknown = 1");
    place.write(
        "conf/my.toml",
        "script = \"s2t\"\nprotect = [\"names.txt\"]\n[convert]\nconfig = \"s2t\"\n",
    );
    place.write("conf/names.txt", "头发\n");
    place.write("c.txt", "头发发现\n");
    let files: [&[&str]; 3] = [
        &["fix", "--config", "conf/my.toml", "c.txt"],
        &["--config", "conf/my.toml", "fix", "c.txt"],
        &["--config=conf/my.toml", "convert", "c.txt"],
    ];
    for words in files {
        assert_eq!(place.run(words).status(0).text(), "头发發現\n", "{words:?}");
    }
    let ran = place.run(&["fix", "--config", "none.toml", "c.txt"]).status(2);
    assert!(ran.stderr.contains("none.toml"), "{}", ran.stderr);
}

#[test]
fn what_is_no_option_is_refused_with_the_likely_one() {
    assert!(refused("scripts = \"hans\"").contains("did you mean \"script\"?"));
    assert!(refused("output_dir = \"x\"").contains("did you mean \"output-dir\"?"));
    assert!(refused("no-config = true").contains("no-config is typed"));
    assert!(refused("[fxi]\n").contains("did you mean \"fix\"?"));
    assert!(refused("[fix]\nhidde = true").contains("[fix] there is no option \"hidde\""));
    assert!(refused("[detect]\nscript = \"hans\"").contains("[detect] there is no option"));
    assert!(refused("zzz = 1").contains("hanmend help fix"));
    assert!(refused("strict = \"yes\"").contains("strict is true or false"));
    assert!(refused("script = [\"hans\"]").contains("script is a string"));
    assert!(refused("fix = 1").contains("write [fix]"));
    let broken = refused("script = \n");
    assert!(broken.contains("hanmend.toml: ") && broken.contains("line 1"), "{broken}");
    let wrong = refused("script = \"hens\"");
    assert!(wrong.contains("hens") && wrong.contains("hanmend.toml"), "{wrong}");
}

/// A folder that somebody else made does not say which files are read and written.
#[test]
fn a_file_that_was_found_does_not_choose_files() {
    for option in [
        "in-place = \".bak\"",
        "output = \"a.txt\"",
        "output-dir = \"x\"",
        "manifest = \"x\"",
        "backup-dir = \"x\"",
        "check = true",
        "diff = true",
        "report = \"a.txt\"",
        "files-from = \"list\"",
        "glob = [\"*\"]",
        "hidden = true",
    ] {
        let place = place(&format!("repair = \"none\"\n{option}\n"));
        for config in ["", "[fix]\n"] {
            place.write("hanmend.toml", format!("{config}repair = \"none\"\n{option}\n"));
            let refused = place.run(&["fix", "sub/b.txt"]).status(2).stderr;
            assert!(refused.contains("name the file with --config"), "{refused}");
            let ran = place.run(&["a.txt"]).status(0);
            assert_eq!((ran.text(), ran.stderr.as_str()), (DAMAGED, ""), "{option}");
        }
        assert_eq!(place.tree("."), ["a.txt", "hanmend.toml", "sub/b.txt"]);
        assert_eq!(place.read("a.txt"), DAMAGED.as_bytes());
    }
}

/// The file that the README shows.
#[test]
fn the_file_of_the_readme_works() {
    let readme = include_str!("../../README.md");
    let config = readme.split("```toml\n").nth(1).and_then(|t| t.split("```").next()).unwrap();
    let place = place(config);
    place.write("names.txt", "誰也\n");
    let ran = place.run(&["fix", "-r", "none", "a.txt"]).status(0);
    assert_eq!(ran.text(), "他们说的都是&#x5B9E;话,誰也不必再问。\n");
}

/// `hanmend undo`, `man` and the like have nothing to do with the file.
#[test]
fn other_commands_do_not_read_it() {
    let place = place("unknown = 1");
    place.run(&["man"]).status(0);
    place.run(&["fix", "--help"]).status(0);
    place.run(&["--version"]).status(0);
}

#[test]
fn a_path_alone_is_mended() {
    let place = Place::with(&[("a.txt", DAMAGED.as_bytes()), ("b", b"\xff\xfe\x00bad\x00")]);
    let ran: Ran = place.run(&["a.txt"]).status(0);
    assert_eq!((ran.text(), ran.stderr.as_str()), (MENDED, ""));
    assert!(place.run(&["b"]).status(0).stderr.is_empty());
    assert!(place.run(&["nothing"]).status(2).stderr.contains("nothing"));
}

/// The recipe of the README, where ripgrep is there.
#[test]
fn ripgrep_searches_what_files_say_when_they_are_mended() {
    let place = Place::with(&[("a.txt", DAMAGED.as_bytes()), ("b.txt", b"&#x5B9E;\n")]);
    let hanmend = env!("CARGO_BIN_EXE_hanmend");
    let mut rg = Command::new("rg");
    rg.args(["--sort", "path", "--pre", hanmend, "实"]).current_dir(place.dir.path());
    match rg.output() {
        Ok(output) => {
            let found = String::from_utf8(output.stdout).unwrap();
            assert_eq!(found, format!("a.txt:{MENDED}b.txt:实\n"));
        }
        Err(e) => eprintln!("skipped: rg is not here ({e})"),
    }
}
