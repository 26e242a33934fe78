//! `detect`

use crate::support::{CLEAN, DAMAGED, Place, clean_big5};

#[test]
fn json_has_all_keys() {
    let html = format!("<meta charset=\"big5\">{CLEAN}");
    let big5 = encoding_rs::BIG5.encode(&html).0.into_owned();
    let marked = format!("\u{feff}{DAMAGED}");
    let place = Place::with(&[
        ("in/a", &big5),
        ("in/b", marked.as_bytes()),
        ("in/c", b"plain"),
        ("in/d", b""),
    ]);
    let ran = place.run(&["detect", "--json", "in"]).status(0);
    let rows: Vec<serde_json::Value> =
        ran.text().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let keys =
        ["path", "encoding", "confidence", "runner_up", "bom", "declared", "script", "damage"];
    for row in &rows {
        assert_eq!(row.as_object().unwrap().keys().collect::<Vec<_>>(), keys);
    }
    let column = |key: &str| rows.iter().map(|r| r[key].clone()).collect::<Vec<_>>();
    assert_eq!(column("path"), ["in/a", "in/b", "in/c", "in/d"]);
    assert_eq!(column("encoding"), ["big5", "utf-8", "ascii", "ascii"]);
    assert_eq!(column("bom"), [false, true, false, false]);
    assert_eq!(rows[0]["declared"], "big5");
    assert_eq!(rows[0]["script"], "hant");
    assert_eq!(rows[1]["damage"], serde_json::json!({"entity": 1}));
}

#[test]
fn people_get_a_table() {
    let place = Place::new();
    let ran = place.feed(&["detect"], &clean_big5()).status(0);
    let lines: Vec<&str> = ran.text().lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("ENCODING") && lines[1].starts_with("big5 "), "{lines:?}");
}

#[test]
fn candidates_restrict() {
    let place = Place::new();
    let words = ["detect", "--json", "--candidates", "utf-8,gb18030"];
    let ran = place.feed(&words, b"caf\xe9 caf\xe9 caf\xe9").status(0);
    assert!(!ran.text().contains("windows-1252"), "{}", ran.text());
    let ran = place.run(&["detect", "--candidates", "big6"]).status(2);
    assert!(ran.stderr.contains("big6"), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_read_is_said() {
    let place = Place::with(&[("a", CLEAN.as_bytes())]);
    let ran = place.run(&["detect", "--json", "missing", "a"]).status(2);
    assert_eq!(ran.text().lines().count(), 1);
    assert!(ran.stderr.starts_with("hanmend: missing: "), "{}", ran.stderr);
}
