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
