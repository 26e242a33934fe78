//! `convert`

use crate::support::{CLEAN, Place};

#[test]
fn any_config_from_a_stream() {
    let place = Place::new();
    for (config, from, to) in [
        ("s2t", "汉语里面", "漢語裏面"),
        ("t2s", "漢語裡面", "汉语里面"),
        ("s2twp", "鼠标和软件", "滑鼠和軟體"),
        ("t2jp", "國學", "国学"),
    ] {
        let ran = place.feed(&["convert", "-c", config], from.as_bytes()).status(0);
        assert_eq!(ran.text(), to, "{config}");
    }
}

#[test]
fn what_is_no_utf_8_is_refused_with_its_place() {
    let place = Place::new();
    let mut bytes = CLEAN.repeat(20_000).into_bytes();
    let at = bytes.len();
    bytes.extend_from_slice(b"\xff\xfe");
    let ran = place.feed(&["convert", "-c", "t2s"], &bytes).status(2);
    assert!(ran.stderr.contains(&format!("byte {at}: not UTF-8")), "{}", ran.stderr);
    assert!(ran.stderr.contains("hanmend fix"), "{}", ran.stderr);
    assert!(!ran.stdout.is_empty());
}

#[test]
fn a_config_of_ones_own() {
    let place = Place::with(&[
        ("my.txt", "春天\t夏日\n柳樹\t楊樹\n".as_bytes()),
        (
            "my.json",
            br#"{"name":"mine","conversion_chain":[{"dict":{"type":"text","file":"my.txt"}}]}"#,
        ),
    ]);
    let ran = place.feed(&["convert", "-c", "my.json"], CLEAN.as_bytes()).status(0);
    assert_eq!(ran.text(), "夏日來了,河邊的楊樹發了新芽。\n");
}

#[test]
fn phrases_of_ones_own() {
    let place = Place::with(&[
        ("words.txt", "云盘\t雲端硬碟\n".as_bytes()),
        ("names.txt", "# 人名\n鼠标先生\n".as_bytes()),
        ("bad.txt", "云盘\n".as_bytes()),
    ]);
    let text = "鼠标先生的云盘和鼠标";
    let phrases = ["--dict", "words.txt", "--protect", "names.txt"];
    for command in [&["convert", "-c", "s2twp"][..], &["fix", "-s", "s2twp"]] {
        let ran = place.feed(&[command, &phrases].concat(), text.as_bytes()).status(0);
        assert_eq!(ran.text(), "鼠标先生的雲端硬碟和滑鼠");
    }
    let ran = place.run(&["convert", "-c", "s2twp", "--dict", "bad.txt"]).status(2);
    assert!(ran.stderr.contains("bad.txt: line 1: no TAB"), "{}", ran.stderr);
}

#[test]
fn an_unknown_config_names_the_known() {
    let ran = Place::new().run(&["convert", "-c", "s2x"]).status(2);
    assert!(ran.stderr.contains("--config") && ran.stderr.contains("s2twp"), "{}", ran.stderr);
}
