//! Records: JSON lines, comma- and tab-separated values.

use crate::support::Place;

const JSONL: &str = concat!(
    "{\"id\": 1, \"title\":\"都是&#x5B9E;話\",  \"text\": \"他說:\\\"都是&#x5B9E;話\\\"。\\n&#34;好&#34;\"}\r\n",
    "not json &#x5B9E;\n",
    "\n",
    "{\"id\":2,\"text\":[\"\\u90fd\\u662f&#x5B9E;話\",{\"title\":\"a\"}]}"
);

#[test]
fn fields_are_mended_and_all_else_stays() {
    let place = Place::with(&[("a.jsonl", JSONL.as_bytes())]);
    let ran = place.run(&["fix", "a.jsonl"]).status(0);
    let expected = JSONL
        .replace("都是&#x5B9E;話", "都是实話")
        .replace("\\u662f&#x5B9E;", "\\u662f实")
        .replace("&#34;好&#34;", "\\\"好\\\"");
    assert_eq!(ran.text(), expected);
    assert!(ran.stderr.contains("no JSON"), "{}", ran.stderr);
    for line in ran.text().lines().filter(|l| l.starts_with('{')) {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

#[test]
fn only_the_fields_that_are_named() {
    let place = Place::with(&[("a", JSONL.as_bytes())]);
    let ran = place.run(&["fix", "--format", "jsonl", "--fields", "title", "a"]).status(0);
    assert_eq!(ran.text(), JSONL.replacen("&#x5B9E;", "实", 1));
}

#[test]
fn the_report_of_records_replays() {
    let place = Place::with(&[("a.jsonl", JSONL.as_bytes())]);
    let made = place.run(&["fix", "--report", "r", "a.jsonl"]).status(0).stdout;
    let mut text = JSONL.as_bytes().to_vec();
    let report = String::from_utf8(place.read("r")).unwrap();
    for line in report.lines().rev() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        let at = |side: &str, i: usize| event[side][i].as_u64().unwrap() as usize;
        let (start, end) = (at("input", 0), at("input", 1));
        assert_eq!(&text[start..end], event["before"].as_str().unwrap().as_bytes());
        text.splice(start..end, event["after"].as_str().unwrap().bytes());
    }
    assert_eq!(text, made);
    let diff = place.run(&["fix", "--diff", "a.jsonl"]).status(1);
    assert!(diff.text().contains("-{\"id\":2") && diff.text().contains("+{\"id\":2"));
}

#[test]
fn commas_quotes_and_tabs() {
    let csv =
        "id,text,note\r\n1,\"a, \"\"都是&#x5B9E;話\"\"\nb\",&#x5B9E;話說\r\n2,都是&#44;話,\r\n";
    let tsv = "id\ttext\n1\t都是&#x5B9E;話\n2\t都是&#9;話\n";
    let place = Place::with(&[("a.csv", csv.as_bytes()), ("a.tsv", tsv.as_bytes())]);
    let ran = place.run(&["fix", "a.csv"]).status(0);
    assert_eq!(ran.text(), csv.replace("&#x5B9E;", "实").replace("都是&#44;話", "\"都是,話\""));
    let ran = place.run(&["fix", "--fields", "note", "a.csv"]).status(0);
    assert_eq!(ran.text(), csv.replace("&#x5B9E;話說", "实話說"));
    let ran = place.run(&["fix", "a.tsv"]).status(0);
    assert_eq!(ran.text(), tsv.replace("&#x5B9E;", "实"));
    assert!(ran.stderr.contains("cannot hold"), "{}", ran.stderr);
}

#[test]
fn other_encodings_go_in_and_out() {
    let text = "編號,內容\r\n1,\"春天來了,河邊的柳樹都是&#x5BE6;話\"\r\n".repeat(20);
    let big5 = encoding_rs::BIG5.encode(&text).0.into_owned();
    let place = Place::with(&[("a.csv", &big5)]);
    let mended = text.replace("&#x5BE6;", "實");
    assert_eq!(place.run(&["fix", "a.csv"]).status(0).text(), mended);
    let same = place.run(&["fix", "-E", "same", "a.csv"]).status(0).stdout;
    assert_eq!(same, encoding_rs::BIG5.encode(&mended).0.into_owned());
}

#[test]
fn json_pointers_choose() {
    let place = Place::with(&[("a", JSONL.as_bytes())]);
    let ran = place.run(&["fix", "--format", "jsonl", "--fields", "/text/0", "a"]).status(0);
    assert_eq!(ran.text(), JSONL.replacen("\\u662f&#x5B9E;", "\\u662f实", 1));
}

#[test]
fn columns_by_number_and_a_name_that_is_not_there() {
    let csv = "都是&#x5B9E;話,b\n都是&#x5B9E;話,都是&#x5B9E;話\n";
    let place = Place::with(&[("a.csv", csv.as_bytes())]);
    let ran = place.run(&["fix", "--fields", "1", "a.csv"]).status(0);
    assert_eq!(ran.text(), csv.replacen("&#x5B9E;", "实", 2));
    let ran = place.run(&["fix", "--fields", "text", "a.csv"]).status(0);
    assert_eq!(ran.text(), csv);
    assert!(ran.stderr.contains("no field \"text\""), "{}", ran.stderr);
}

#[test]
fn what_separates_is_found_or_said() {
    let semicolons = "sep=;\r\nid;text\r\n1;\"都是&#x5B9E;話,好\"\r\n";
    let place = Place::with(&[
        ("a.CSV", semicolons.as_bytes()),
        ("b.csv", b"a,b^c\n1,2^&#x5B9E;\xe8\xa9\xb1\n"),
    ]);
    let ran = place.run(&["fix", "--fields", "text", "a.CSV"]).status(0);
    assert_eq!(ran.text(), semicolons.replace("&#x5B9E;", "实"));
    let ran = place.run(&["fix", "--delimiter", "^", "--fields", "c", "b.csv"]).status(0);
    assert_eq!(ran.text(), "a,b^c\n1,2^实話\n");
    place.run(&["fix", "--delimiter", "ab", "b.csv"]).status(2);
}

/// Excel writes GBK without a mark, and UTF-8 with one.
#[test]
fn excel_s_files() {
    let text = "编号,内容\r\n1,\"春天来了,河边的柳树都是&#x5B9E;话\"\r\n".repeat(20);
    let mended = text.replace("&#x5B9E;", "实");
    let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let place = Place::with(&[("gbk.csv", &gbk), ("utf8.csv", &marked)]);
    assert_eq!(place.run(&["fix", "gbk.csv"]).status(0).text(), mended);
    let ran = place.run(&["fix", "--bom", "add", "gbk.csv"]).status(0);
    assert_eq!(ran.text(), format!("\u{feff}{mended}"));
    assert_eq!(place.run(&["fix", "utf8.csv"]).status(0).text(), format!("\u{feff}{mended}"));
    let ran = place.run(&["fix", "--bom", "remove", "--fields", "编号", "utf8.csv"]).status(0);
    assert_eq!(ran.text(), text);
    let same = place.run(&["fix", "-E", "same", "gbk.csv"]).status(0).stdout;
    assert_eq!(same, encoding_rs::GBK.encode(&mended).0.into_owned());
}

#[test]
fn records_in_several_encodings() {
    let record = "{\"text\":\"春天來了,河邊的柳樹發了新芽,他們說的都是&#x5BE6;話。\"}\n".repeat(10);
    let big5 = encoding_rs::BIG5.encode(&record).0.into_owned();
    let place =
        Place::with(&[("a.jsonl", &[record.as_bytes(), &big5, record.as_bytes()].concat())]);
    let ran = place.run(&["fix", "a.jsonl"]).status(0);
    assert_eq!(ran.text(), record.repeat(3).replace("&#x5BE6;", "實"));
}

#[test]
fn a_bad_record_is_said_with_its_place_in_the_file() {
    let line = "{\"text\":\"春天來了,河邊的柳樹發了新芽,他們說的都是真話。\"}\n".repeat(10);
    let good = encoding_rs::BIG5.encode(&line).0.into_owned();
    let input = [&good[..], b"{\"a\":\n", &good].concat();
    let place = Place::with(&[("a.jsonl", &input)]);
    let ran = place.run(&["fix", "-E", "same", "a.jsonl"]).status(0);
    assert_eq!(ran.stdout, input);
    let said = format!("at byte {}: no JSON", good.len());
    assert!(ran.stderr.contains(&said), "{}", ran.stderr);
    place.run(&["fix", "--strict", "a.jsonl"]).status(3);
}

/// An ASCII file says nothing of its encoding, and what comes out of a reference is UTF-8.
#[test]
fn an_ascii_file_becomes_utf_8_where_it_is_to_stay_the_same() {
    let place = Place::with(&[("a.jsonl", b"[\"&#x5B9E;&#x73B0;\"]\n")]);
    assert_eq!(place.run(&["fix", "-E", "same", "a.jsonl"]).status(0).text(), "[\"实现\"]\n");
}

/// `tests/data/formats/README.md` says how the files were made.
#[test]
fn files_of_python_s_json_and_csv() {
    let place = Place::new();
    for name in ["python.jsonl", "python.csv", "python-excel-tab.tsv", "python-semicolon.csv"] {
        let path = format!("{}/tests/data/formats/{name}", env!("CARGO_MANIFEST_DIR"));
        let clean = std::fs::read(&path).unwrap();
        let ran = place.run(&["fix", &path]).status(0);
        assert_eq!(ran.text(), std::str::from_utf8(&clean).unwrap(), "{name}");
        assert_eq!(ran.stderr, "", "{name}");
        let damaged = std::str::from_utf8(&clean).unwrap().replace('实', "&#x5B9E;");
        place.write(name, damaged);
        assert_eq!(place.run(&["fix", name]).status(0).stdout, clean, "{name}");
    }
}

#[test]
fn a_reference_separates_no_fields() {
    let place = Place::new();
    let csv = |text: &str| {
        let ran = place.feed(&["fix", "--format", "csv"], text.as_bytes()).status(0);
        ran.text().to_owned()
    };
    assert_eq!(csv("1,&#x5B9E;&#x73B0;\n"), "1,实现\n");
    assert_eq!(csv("a,b\r1,\"&#x5B9E;\r\"\r2,&#x73B0;\r"), "a,b\r1,\"实\r\"\r2,现\r");
}

#[test]
fn fields_that_are_not_there_are_said() {
    let place = Place::new();
    let jsonl = "{\"a\":\"&#x5B9E;\",\"b\":\"\\ud800&#x5B9E;\"}\n";
    for name in ["nosuch", "/a/0"] {
        let words = ["fix", "--format", "jsonl", "--fields", name];
        let ran = place.feed(&words, jsonl.as_bytes()).status(0);
        assert_eq!(ran.text(), jsonl);
        assert!(ran.stderr.contains("not repaired") || !ran.stderr.is_empty(), "{}", ran.stderr);
        let words = ["explain", "--format", "jsonl", "--fields", name];
        let said = place.feed(&words, jsonl.as_bytes()).status(0);
        assert!(
            said.text().contains(&format!("no record has a field \"{name}\"")),
            "{}",
            said.text()
        );
    }
    let said = place.feed(&["explain", "--format", "jsonl"], jsonl.as_bytes()).status(0);
    assert!(said.text().contains("half of a surrogate pair"), "{}", said.text());
    place.feed(&["fix", "--format", "html", "--fields", "a"], b"").status(2);
    place.feed(&["fix", "--format", "jsonl", "--delimiter", ";"], b"").status(2);
    let rows = b"a,b\n1,2,&#x5B9E;\n";
    let ran = place.feed(&["fix", "--format", "csv", "--fields", "3"], rows).status(0);
    assert_eq!(ran.text(), "a,b\n1,2,实\n");
}

/// One record without an end costs that record, and nothing behind it.
#[test]
fn what_follows_a_record_that_is_too_long_is_mended() {
    let place = Place::new();
    for (format, open) in [("jsonl", "{\"a\":\""), ("csv", "a,\""), ("html", "<img src=\"")] {
        let mut input = format!("{open}{}", "x".repeat(65 << 20));
        input.push_str(if format == "html" { "\">\n" } else { "\"}\n" });
        let behind = if format == "jsonl" { "\"&#x5B9E;\"\n" } else { "&#x5B9E;\n" };
        let ran = place.feed(&["fix", "--format", format], (input.clone() + behind).as_bytes());
        let ran = ran.status(0);
        let expected = input + &behind.replace("&#x5B9E;", "实");
        assert!(ran.stdout == expected.as_bytes(), "{format}");
    }
}

/// More ASCII than is held, in the encoding of the input.
#[test]
fn ascii_needs_no_encoding() {
    let place = Place::new();
    let ascii = "{\"a\":\"plain\"}\n".repeat(150_000);
    let mut input = ascii.clone().into_bytes();
    for words in
        [&["fix", "-E", "same", "--format", "jsonl"], &["fix", "-E", "same", "--format", "text"]]
    {
        assert!(place.feed(words, ascii.as_bytes()).status(0).stdout == ascii.as_bytes());
    }
    input.extend(crate::support::clean_big5());
    for format in ["jsonl", "text"] {
        let words = ["fix", "-E", "same", "--format", format];
        assert!(place.feed(&words, &input).status(0).stdout == input, "{format}");
    }
}

/// A reference that the output encoding lacks is as good as the character.
#[test]
fn a_reference_that_cannot_be_written_stays() {
    let place = Place::new();
    let words = ["fix", "-E", "big5", "--format", "csv"];
    let ran = place.feed(&words, "1,\"&#x5B9E;&#x5BE6;&euro;&copy;\"\n".as_bytes()).status(0);
    assert!(ran.stdout.starts_with(b"1,\"&#x5B9E;\xb9\xea"), "{}", ran.stdout.escape_ascii());
    assert!(ran.stdout.ends_with(b"&copy;\"\n"), "{}", ran.stdout.escape_ascii());
}
