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

/// Lines of JSON in GBK in a file that is UTF-8, a header in UTF-8 over a body in Big5, line ends of two
/// bytes: each line is decoded as what it is, and both commands say where.
#[test]
fn parts_in_another_encoding_are_told_with_their_offsets() {
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    let big5 = |text: &str| encoding_rs::BIG5.encode(text).0.into_owned();
    let (mut jsonl, mut there, mut text) = (Vec::new(), Vec::new(), String::new());
    for i in 0..60 {
        let line = format!("{{\"id\":{i},\"text\":\"桥下的水涨了，船家把缆绳又收紧一圈\"}}\r\n");
        if i % 20 == 7 {
            there.push((jsonl.len() as u64, "gbk".to_owned()));
            jsonl.extend(gbk(&line));
            there.push((jsonl.len() as u64, "utf-8".to_owned()));
        } else {
            jsonl.extend_from_slice(line.as_bytes());
        }
        text += &line;
    }
    let head = "Subject: 週末的渡船時刻\r\n--part\r\nContent-Type: text/plain\r\n\r\n";
    let body = "颱風將至，下午三點以後的渡船全部停開，請旅客改搭火車。\r\n".repeat(12);
    let multipart = [head.as_bytes(), &big5(&body)].concat();
    let line_end = head.len() as u64;
    let place = Place::with(&[("a.jsonl", &jsonl), ("a.txt", &jsonl), ("b.eml", &multipart)]);

    let ran = place.run(&["detect", "--json", "a.txt", "b.eml"]).status(0);
    let rows: Vec<serde_json::Value> =
        ran.text().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let told = |switches: &serde_json::Value| -> Vec<(u64, String)> {
        let all = switches.as_array().unwrap();
        let one = |s: &serde_json::Value| {
            (s["offset"].as_u64().unwrap(), s["encoding"].as_str().unwrap().to_owned())
        };
        all.iter().map(one).collect()
    };
    assert_eq!(rows[0]["encoding"], "utf-8");
    assert_eq!(told(&rows[0]["switches"]), there);
    let ran = place.run(&["detect", "a.txt"]).status(0);
    assert!(ran.text().contains("\nutf-8+gbk "), "{}", ran.text());

    for name in ["a.jsonl", "a.txt"] {
        let ran = place.run(&["fix", "--report", "report", name]).status(0);
        assert_eq!(ran.text(), text, "{name}");
        let report = String::from_utf8(place.read("report")).unwrap();
        let lines: Vec<serde_json::Value> =
            report.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert!(lines.iter().all(|l| l["path"] == name), "{report}");
        assert_eq!(told(&serde_json::Value::Array(lines)), there, "{name}");
        let ran = place.run(&["explain", "--json", name]);
        assert_eq!(ran.text().lines().count(), there.len(), "{name}");
    }

    let ran = place.run(&["fix", "--report", "report", "b.eml"]).status(0);
    assert_eq!(ran.text(), format!("{head}{body}"));
    // The body is the most of it: the head is what differs, or the body is where it changes.
    let report = String::from_utf8(place.read("report")).unwrap();
    assert!(report.contains(&format!("\"offset\":{line_end}")), "{report}");
}
