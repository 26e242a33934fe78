//! `fix`: standard input and output, options, reports, exit statuses.

use crate::support::{CLEAN, DAMAGED, MENDED, Place, clean_big5};

#[test]
fn standard_input_to_standard_output() {
    let place = Place::new();
    assert_eq!(place.feed(&["fix"], DAMAGED.as_bytes()).status(0).text(), MENDED);
    assert_eq!(place.feed(&["fix", "-"], DAMAGED.as_bytes()).status(0).text(), MENDED);
    let clean = place.feed(&["fix"], CLEAN.as_bytes()).status(0);
    assert_eq!((clean.text(), clean.stderr.as_str()), (CLEAN, ""));
}

#[test]
fn files_are_joined_on_standard_output_in_their_order() {
    let place = Place::with(&[("a", DAMAGED.as_bytes()), ("b", CLEAN.as_bytes())]);
    let ran = place.run(&["fix", "b", "a", "b"]).status(0);
    assert_eq!(ran.text(), [CLEAN, MENDED, CLEAN].concat());
}

#[test]
fn any_encoding_in_and_out() {
    let place = Place::new();
    assert_eq!(place.feed(&["fix"], &clean_big5()).status(0).text(), CLEAN);
    assert_eq!(place.feed(&["fix", "-E", "same"], &clean_big5()).status(0).stdout, clean_big5());
    assert_eq!(place.feed(&["fix", "-E", "big5"], CLEAN.as_bytes()).status(0).stdout, clean_big5());
    let read = place.feed(&["fix", "-e", "big5"], &clean_big5()).status(0);
    assert_eq!(read.text(), CLEAN);
}

#[test]
fn byte_order_marks_are_kept_added_and_removed() {
    let (place, marked) = (Place::new(), format!("\u{feff}{CLEAN}"));
    let fix = |bom: &str, text: &str| {
        place.feed(&["fix", "--bom", bom], text.as_bytes()).status(0).text().to_owned()
    };
    assert_eq!(fix("keep", &marked), marked);
    assert_eq!(fix("keep", CLEAN), CLEAN);
    assert_eq!(fix("add", CLEAN), marked);
    assert_eq!(fix("remove", &marked), CLEAN);
}

#[test]
fn a_character_that_the_output_lacks_is_an_error_unless_said_otherwise() {
    let place = Place::new();
    let ran = place.feed(&["fix", "-E", "gbk"], "表情😀\n".as_bytes()).status(2);
    assert!(ran.stderr.starts_with("hanmend: -: "), "{}", ran.stderr);
    assert!(ran.stderr.contains("1F600"), "{}", ran.stderr);
    let words = ["fix", "-E", "gbk", "--unmappable", "reference"];
    let ran = place.feed(&words, "表情😀\n".as_bytes()).status(0);
    assert!(ran.stdout.ends_with(b"&#128512;\n"));
    let words = ["fix", "-E", "gbk", "--unmappable", "question"];
    assert!(place.feed(&words, "表情😀\n".as_bytes()).status(0).stdout.ends_with(b"?\n"));
}

#[test]
fn repairs_are_switched() {
    let place = Place::new();
    for words in [["fix", "-r", "none"], ["fix", "-r", "-entity"], ["fix", "--repair=gloss", "-"]] {
        assert_eq!(place.feed(&words, DAMAGED.as_bytes()).status(0).text(), DAMAGED);
    }
    let ran = place.run(&["fix", "-r", "+glos"]).status(2);
    assert!(ran.stderr.contains("--repair") && ran.stderr.contains("gloss"), "{}", ran.stderr);
}

#[test]
fn script_is_settled() {
    let place = Place::new();
    let ran = place.feed(&["fix", "-s", "s2twp"], "鼠标里面的软件\n".as_bytes()).status(0);
    assert_eq!(ran.text(), "滑鼠裡面的軟體\n");
    let ran = place.feed(&["fix", "-s", "hens"], b"").status(2);
    assert!(ran.stderr.contains("hans"), "{}", ran.stderr);
}

#[test]
fn check_names_what_would_change_and_writes_nothing() {
    let place = Place::with(&[("in/a", DAMAGED.as_bytes()), ("in/b", CLEAN.as_bytes())]);
    let ran = place.run(&["fix", "--check", "in"]).status(1);
    assert_eq!(ran.text(), "in/a\n");
    assert_eq!(place.read("in/a"), DAMAGED.as_bytes());
    assert_eq!(place.run(&["fix", "--check", "in/b"]).status(0).text(), "");
    // Other bytes for the same text are a change too.
    assert_eq!(place.feed(&["fix", "--check"], &clean_big5()).status(1).text(), "-\n");
    assert_eq!(place.feed(&["fix", "--check", "-E", "same"], &clean_big5()).status(0).text(), "");
}

#[test]
fn diff_shows_the_lines() {
    let text = format!("{CLEAN}{CLEAN}{CLEAN}{CLEAN}{DAMAGED}{CLEAN}");
    let place = Place::with(&[("a", text.as_bytes()), ("b", CLEAN.as_bytes())]);
    let ran = place.run(&["fix", "--diff", "a", "b"]).status(1);
    let expected = format!(
        "--- a\t(utf-8)\n+++ a\t(mended)\n@@ -2,5 +2,5 @@\n {CLEAN} {CLEAN} {CLEAN}-{DAMAGED}+{MENDED} {CLEAN}"
    );
    assert_eq!(ran.text(), expected);
    assert_eq!(place.run(&["fix", "--diff", "b"]).status(0).text(), "");
    let big5 = place.feed(&["fix", "--diff"], &clean_big5()).status(1);
    let words = "Only the encoding of - changes, from big5 to utf-8\n";
    assert_eq!(big5.text(), format!("--- -\t(big5)\n+++ -\t(mended)\n{words}"));
}

#[test]
fn a_diff_patches() {
    if std::process::Command::new("patch").arg("--version").output().is_err() {
        println!("skipped: there is no patch here");
        return;
    }
    let lines: String = (0..200)
        .map(|n| if n % 17 == 3 { DAMAGED.to_owned() } else { format!("第{n}行說的話\n") })
        .collect();
    let text = format!("{lines}他們說的都是&#x5B9E;話");
    let place = Place::with(&[("a", text.as_bytes())]);
    let diff = place.run(&["fix", "--diff", "a"]).status(1).stdout;
    place.write("diff", diff);
    let patch = std::process::Command::new("patch")
        .args(["-s", "a", "diff"])
        .current_dir(place.dir.path())
        .output()
        .unwrap();
    assert!(patch.status.success(), "{}", patch.stdout.escape_ascii());
    let mended = place.feed(&["fix"], text.as_bytes()).status(0).stdout;
    assert_eq!(place.read("a"), mended);
}

#[test]
fn the_report_tells_every_change() {
    let place = Place::with(&[("a", DAMAGED.as_bytes()), ("b", DAMAGED.as_bytes())]);
    let ran = place.run(&["fix", "--report", "r", "a", "b"]).status(0);
    assert_eq!(ran.text(), [MENDED, MENDED].concat());
    let report = String::from_utf8(place.read("r")).unwrap();
    let lines: Vec<serde_json::Value> =
        report.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    for (line, path) in lines.iter().zip(["a", "b"]) {
        assert_eq!(line["path"], path);
        assert_eq!(line["repair"], "entity");
        assert_eq!(line["certainty"], "sure");
        let at = DAMAGED.find('&').unwrap();
        assert_eq!(line["input"], serde_json::json!([at, at + 8]));
        assert_eq!(line["output"], serde_json::json!([at, at + 3]));
        assert_eq!((&line["before"], &line["after"]), (&"&#x5B9E;".into(), &"实".into()));
    }
}

#[test]
fn the_report_goes_to_standard_output_where_that_is_free() {
    let place = Place::with(&[("a", DAMAGED.as_bytes())]);
    for words in
        [&["fix", "--check", "--report", "-", "a"][..], &["fix", "-o", "out", "--report=-", "a"]]
    {
        let ran = place.run(words);
        assert_eq!(ran.text().lines().count(), 1, "{ran:?}");
        assert!(ran.text().starts_with(r#"{"path":"a","repair":"entity""#));
    }
    let ran = place.run(&["fix", "--report", "-", "a"]).status(2);
    assert!(ran.stderr.contains("--report FILE"), "{}", ran.stderr);
}

#[test]
fn conversions_are_in_the_report_and_change_no_result() {
    let place = Place::with(&[("a", "里面的软件\n".as_bytes())]);
    let plain = place.run(&["fix", "-s", "s2t", "a"]).status(0);
    let told = place.run(&["fix", "-s", "s2t", "a", "--report", "r"]).status(0);
    assert_eq!(plain.stdout, told.stdout);
    let report = String::from_utf8(place.read("r")).unwrap();
    assert!(report.contains(r#""repair":"convert""#), "{report}");
}

#[test]
fn damage_that_remains_is_said_and_strict_makes_it_a_status() {
    let (place, mut lost) = (Place::new(), CLEAN.repeat(20).into_bytes());
    lost.extend_from_slice(b"\xe6\x98\n");
    lost.extend_from_slice(CLEAN.repeat(20).as_bytes());
    let ran = place.feed(&["fix"], &lost).status(0);
    assert!(ran.text().contains('\u{fffd}'));
    assert!(ran.stderr.contains("remain") && ran.stderr.contains("byte"), "{}", ran.stderr);
    assert_eq!(place.feed(&["fix", "-q"], &lost).status(0).stderr, "");
    place.feed(&["fix", "--strict"], &lost).status(3);
    place.feed(&["fix", "--strict"], DAMAGED.as_bytes()).status(0);
}
