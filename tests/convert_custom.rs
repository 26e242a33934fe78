//! Configs, dictionaries and phrases of one's own.

use std::path::Path;

use hanmend::convert::{CONFIGS, Converter, Phrases};
use hanmend::dict::Row;
use hanmend::event::{replay, undo};
use hanmend::stage::harness::prove;

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

fn row(key: &str, value: &str) -> Row {
    Row { key: key.to_owned(), values: vec![value.to_owned()] }
}

const CONFIG: &str = r#"{
  // As OpenCC reads it: comments, and commas before brackets.
  "name": "mine",
  "segmentation": { "type": "mmseg", "dict": { "type": "text", "file": "words.txt" } },
  "conversion_chain": [
    { "dict": { "type": "group", "match_policy": "union", "dicts": [
        { "type": "inline", "entries": { "云盘": "雲碟", "网": "網" } },
        { "type": "text", "file": "words.txt" },
        { "type": "ocd2", "file": "STCharacters.ocd2" },
    ] } },
  ],
}"#;

#[test]
fn a_config_with_text_inline_and_built_in_dictionaries() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "mine.json", CONFIG);
    write(folder.path(), "words.txt", "# 詞\n云盘网\t雲碟網站\n后面\t后面 後面\n");
    let converter = Converter::from_config_file(folder.path().join("mine.json")).unwrap();
    let text = "云盘网的云盘在后面，网络后";
    let (out, _) = prove(|| converter.stage(), text);
    assert_eq!(out, "雲碟網站的雲碟在后面，網絡後");
    assert_eq!(converter.convert(text), out);
}

#[test]
fn the_library_s_configs_read_from_files_convert_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/opencc");
    let folder = tempfile::tempdir().unwrap();
    // Beside text dictionaries that are the library's, or without any.
    for config in ["t2s", "tw2sp", "jp2t"] {
        let name = format!("{config}.json");
        std::fs::copy(root.join("config").join(&name), folder.path().join(&name)).unwrap();
        let file = Converter::from_config_file(folder.path().join(&name)).unwrap();
        let own = Converter::new(config).unwrap();
        let text = "軟體裡的滑鼠與資訊；A型肝炎，乾燥的頭髮，一獲千金";
        assert_eq!(file.convert(text), own.convert(text), "{config}");
    }
}

#[test]
fn keys_of_two_bytes_are_found_wherever_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let config = r#"{ "name": "short", "conversion_chain": [ { "dict": { "type": "inline",
        "entries": { "é": "e", "ö": "ø", "头": "頭", "干部": "幹部", "😀": "笑" } } } ] }"#;
    write(folder.path(), "short.json", config);
    let converter = Converter::from_config_file(folder.path().join("short.json")).unwrap();
    let all = ["é", "头", "干部", "a", "ö", "里", "я", "😀", "😁", "\n"];
    let mut text = String::new();
    for order in 0..100_000_usize {
        // Five digits, each one of these.
        text.extend((0..5).map(|digit| all[order / 10_usize.pow(digit) % 10]));
    }
    let want = text.replace('é', "e").replace('ö', "ø").replace('头', "頭");
    let want = want.replace("干部", "幹部").replace('😀', "笑");
    assert!(converter.convert(&text) == want);
}

#[test]
fn what_cannot_be_used_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let chain = |dict: &str| format!(r#"{{"conversion_chain": [{{"dict": {dict}}}]}}"#);
    write(dir, "bad.txt", "甲\t乙\n丙丁\n");
    let file = |kind: &str, name: &str| format!(r#"{{"type": "{kind}", "file": "{name}"}}"#);
    for (json, want) in [
        ("{".to_owned(), "EOF while parsing"),
        ("[]".to_owned(), "is not an object"),
        ("{}".to_owned(), "\"conversion_chain\" is missing"),
        (chain("{}"), "\"type\" is missing"),
        (chain(&file("text", "bad.txt")), "line 2: no TAB"),
        (chain(&file("text", "none.txt")), "does not exist"),
        (chain(&file("ocd2", "none.ocd2")), "opencc_dict"),
        (chain(&file("trie", "x")), "\"trie\" is none of"),
        (chain(r#"{"type": "inline", "entries": {"": "x"}}"#), "inline entry"),
        (chain(r#"{"type": "group", "match_policy": "best", "dicts": []}"#), "\"best\" is neither"),
    ] {
        write(dir, "c.json", &json);
        let error = Converter::from_config_file(dir.join("c.json")).unwrap_err().to_string();
        assert!(error.contains(want), "{json}: {error}");
        assert!(error.contains("c.json"), "{error}");
    }
    let bad = Phrases::default().file(dir.join("bad.txt"));
    let error = Converter::builder("s2t").phrases(bad).build().unwrap_err();
    assert!(error.to_string().contains("bad.txt: line 2"), "{error}");
    let error = Converter::new("s2x").unwrap_err().to_string();
    assert!(CONFIGS.iter().all(|config| error.contains(config)), "{error}");
}

#[test]
fn phrases_of_one_s_own_come_first_and_last() {
    let text = "发明家王发发的头发，云盘与U盘；⿰王发后，后里";
    let rows = [row("云盘", "雲端硬碟"), row("发", "發發"), row("王发发", "不用"), row("里", "里")];
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "keep.txt", "# 人名\n王发发\n\n");
    for config in ["s2t", "s2twp"] {
        let phrases =
            Phrases::default().rows(rows.clone()).protect_file(folder.path().join("keep.txt"));
        let converter = Converter::builder(config).phrases(phrases).build().unwrap();
        let (out, report) = prove(|| converter.stage(), text);
        let between = if config == "s2t" { "與U盤" } else { "與隨身碟" };
        let want = format!("發發明家王发发的頭發發，雲端硬碟{between}；⿰王發發後，後里");
        assert_eq!(out, want);
        assert_eq!(converter.convert(text), out);
        assert_eq!(replay(text, &report.events).as_deref(), Some(&*out));
        assert_eq!(undo(&out, &report.events).as_deref(), Some(text));
    }
}

#[test]
fn tofu_can_be_left_out() {
    let text = "㑮與漢字";
    let with = Converter::new("t2s").unwrap();
    let without = Converter::builder("t2s").tofu(false).build().unwrap();
    assert_eq!(with.convert(text), "𫝈与汉字");
    assert_eq!(without.convert(text), "㑮与汉字");
}

#[test]
fn ambiguities_are_where_no_phrase_decided() {
    let converter = Converter::new("s2twp").unwrap();
    let text = "皇后发现了头发，里面只有一只后";
    let found: Vec<_> = converter
        .ambiguities(text)
        .into_iter()
        .map(|a| (text[a.range.clone()].to_owned(), a.chosen, a.alternatives.join(" ")))
        .collect();
    let known = ("后".to_owned(), "後".to_owned(), "后".to_owned());
    assert_eq!(found.last(), Some(&known), "{found:?}");
    assert!(found.iter().all(|(source, _, _)| source != "发"), "{found:?}");
    assert!(Converter::new("s2t").unwrap().ambiguities("没有").is_empty());
}
