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
