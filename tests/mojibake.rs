//! The labelled cases of `tests/cases/mojibake`, through the proof of the stage contract.

use hanmend::event::{Collect, Outcome, replay, undo};
use hanmend::repair::{Mojibake, MojibakeOptions, mojibake};
use hanmend::stage::{Stage, harness};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    note: String,
    bad: String,
    good: String,
}

fn cases(name: &str) -> Vec<Case> {
    let path = format!("{}/tests/cases/mojibake/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn mend(text: &str, guess: bool) -> (String, Collect) {
    let mut stage = Mojibake::new(MojibakeOptions { guess });
    let (mut out, mut events) = (String::new(), Collect::default());
    stage.push(text, &mut out, &mut events);
    stage.finish(&mut out, &mut events);
    (out, events)
}

#[track_caller]
fn all_come_out(name: &str) {
    let mut wrong = Vec::new();
    for case in cases(name) {
        let (got, report) = mend(&case.bad, true);
        if got != case.good {
            wrong.push(format!(
                "{}\n  bad  {}\n  good {}\n  got  {got}",
                case.note, case.bad, case.good
            ));
        }
        assert_eq!(
            replay(&case.bad, &report.events).as_deref(),
            Some(got.as_str()),
            "{}",
            case.bad
        );
        assert_eq!(undo(&got, &report.events).as_deref(), Some(case.bad.as_str()), "{}", case.bad);
    }
    assert!(wrong.is_empty(), "{} of {name}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn wild() {
    all_come_out("wild");
}

#[test]
fn synthetic() {
    all_come_out("synthetic");
}

#[test]
fn negative() {
    all_come_out("negative");
    for case in cases("negative") {
        assert!(mend(&case.bad, true).1.events.is_empty(), "{}", case.bad);
    }
}

#[test]
fn what_is_shown_on_purpose_is_reported_and_left() {
    for (text, shown) in [
        ("“你好”存成 UTF-8，再当 GBK 打开，就成了“浣犲ソ”，这就是乱码。", "浣犲ソ"),
        // All that is not ASCII is damage, so that nothing but the words around it tells that it is shown.
        ("mojibake: 'ä»Šå¤©ä¸‹åˆæˆ‘ä»¬'", "ä»Šå¤©ä¸‹åˆæˆ‘ä»¬"),
        // It does not speak of it, but has both.
        ("打开文件一看，“你好”成了“浣犲ソ”。", "浣犲ソ"),
    ] {
        let (got, report) = mend(text, true);
        assert_eq!(got, text);
        assert_eq!(report.events.len(), 1);
        assert!(report.events[0].before.starts_with(shown), "{:?}", report.events);
        assert!(matches!(report.events[0].outcome, Outcome::Unrepaired(_)));
    }
    // Not quoted, it is damage in such a text, too.
    assert_eq!(mend("乱码：浣犲ソ", true).0, "乱码：你好");
}

#[test]
fn known_failures_fail() {
    for case in cases("known-failures") {
        let (got, _) = mend(&case.bad, true);
        assert_ne!(got, case.good, "this passes now: move it to its list ({})", case.note);
    }
}

#[test]
fn chunks_change_nothing() {
    let lines = |name: &str, every: usize| -> String {
        cases(name).iter().step_by(every).map(|c| format!("{}\n", c.bad)).collect()
    };
    harness::prove(Mojibake::default, &lines("wild", 1));
    harness::prove(Mojibake::default, &lines("synthetic", 9));
    harness::prove(Mojibake::default, &lines("negative", 2));
}

#[test]
fn chunks_change_nothing_where_a_line_s_end_may_be_half_a_character() {
    let lines = "这一天早上，码头上已经站满了人。\n\n《海上的风》是他最喜欢的书。\n";
    let read = |bytes: fn(u16) -> [u8; 2]| -> String {
        lines.encode_utf16().flat_map(bytes).map(char::from).collect()
    };
    let (little, big) = (read(u16::to_le_bytes), read(u16::to_be_bytes));
    let text = format!("他写道：\n{little}No. 1\n{big}那\u{1}\n\nN\n0x\n{little}");
    let (out, _) = harness::prove(Mojibake::default, &text);
    assert_eq!(out, format!("他写道：\n{lines}No. 1\n{lines}那\u{1}\n\nN\n0x\n{lines}"));
    // More of such lines than are looked at as one.
    let long = format!("{}{little}", "\u{1}x\n\0y\n".repeat(2000));
    let (whole, report) = mend(&long, true);
    assert!(whole.ends_with(lines));
    for size in [1, 7, 4096, 8191] {
        let (mut out, mut events) = (String::new(), Collect::default());
        let mut stage = Mojibake::default();
        let mut rest = long.as_str();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.ceil_char_boundary(size.min(rest.len())));
            stage.push(now, &mut out, &mut events);
            assert!(stage.held() <= stage.max_held());
            rest = later;
        }
        stage.finish(&mut out, &mut events);
        assert!((out, events) == (whole.clone(), report.clone()), "in pieces of {size} bytes");
    }
}

#[test]
fn chunks_change_nothing_in_long_lines() {
    // A line of two windows, without a place to cut it at, and one with: cut where it matters.
    for line in ["浣犲ソ".repeat(1000), "他说：浣犲ソ，他说。".repeat(320)] {
        assert!(line.len() > mojibake::WINDOW);
        let (whole, report) = mend(&line, true);
        for cut in [1, 4000, 8190, 8193, 8196, 8200, line.len() - 1] {
            let cut = line.floor_char_boundary(cut);
            let mut stage = Mojibake::default();
            let (mut out, mut events) = (String::new(), Collect::default());
            for part in [&line[..cut], "", &line[cut..]] {
                stage.push(part, &mut out, &mut events);
                assert!(stage.held() <= stage.max_held());
            }
            stage.finish(&mut out, &mut events);
            assert_eq!((&out, &events), (&whole, &report), "cut at {cut}");
        }
    }
}

#[test]
fn a_long_line_without_a_break_is_mended_whole() {
    let (got, _) = mend(&"鎴戜滑鏄庡ぉ鍘荤湅鐢靛奖".repeat(600), true);
    let whole = "我们明天去看电影".repeat(600);
    let same = got.chars().zip(whole.chars()).take_while(|(a, b)| a == b).count();
    let rest: String = got.chars().skip(same.saturating_sub(5)).take(20).collect();
    assert_eq!(got, whole, "from character {same}: {rest}");
}

#[test]
fn without_guesses_lost_characters_are_marked() {
    let bad = "鎴戜滑閮藉湪杩欓噷锛?";
    let (got, report) = mend(bad, false);
    assert_eq!(got, "我们都在这里\u{FFFD}");
    assert!(report.events.iter().any(|e| matches!(e.outcome, Outcome::Unrepaired(_))));
    assert!(report.events.iter().all(|e| e.outcome != Outcome::Guess));
    assert_eq!(replay(bad, &report.events).as_deref(), Some(got.as_str()));
    let (got, report) = mend(bad, true);
    assert_eq!(got, "我们都在这里，");
    assert!(report.events.iter().any(|e| e.outcome == Outcome::Guess));
}

#[test]
fn without_guesses_what_is_not_sure_is_left_or_marked() {
    for case in cases("synthetic").iter().chain(&cases("wild")) {
        let (got, report) = mend(&case.bad, false);
        assert!(report.events.iter().all(|e| e.outcome != Outcome::Guess), "{}", case.bad);
        assert_eq!(replay(&case.bad, &report.events).as_deref(), Some(got.as_str()));
        assert_eq!(undo(&got, &report.events).as_deref(), Some(case.bad.as_str()));
    }
}

/// Only what lacks bytes is marked: the markup around it, and the line's end, stand in the text.
#[test]
fn without_guesses_nothing_that_stands_in_the_text_is_marked() {
    let words =
        ["本地消息", "作者王小明", "读者来信三封", "一本旧书", "老李家的猫", "天黑了雨还下"];
    let mut marked = 0;
    for (i, word) in words.iter().flat_map(|a| words.map(|b| format!("{a}{b}"))).enumerate() {
        let lost = encoding_rs::GBK.decode_without_bom_handling(word.as_bytes()).0;
        let line = if i % 2 == 0 { format!("<p>{lost}</p>\n") } else { format!("{lost}\n(1)\n") };
        let (got, report) = mend(&line, false);
        let ascii = |text: &str| text.chars().filter(char::is_ascii).collect::<String>();
        assert_eq!(ascii(&got), ascii(&line), "{line}");
        let marks = got.matches('\u{FFFD}').count();
        assert!(marks <= word.chars().count() / 2, "{got}");
        marked += marks;
        assert_eq!(undo(&got, &report.events).as_deref(), Some(line.as_str()));
    }
    assert!(marked > 0);
    // Where another way to read the end costs hardly more, the tag and the line's end were marked as well.
    let bad = "<p>鏈\u{FFFD}鍫辫\u{FFFD}樿\u{FFFD}呯帇閷﹂禒姣涚\u{FFFD}\u{FFFD}</p>\n";
    assert_eq!(mend(bad, false).0, "<p>\u{FFFD}報\u{FFFD}\u{FFFD}王錦鵠毛\u{FFFD}</p>\n");
}

#[test]
fn utf_8_scattered_by_a_decoder_is_counted_and_left() {
    let text = "店里的灯还亮着，老板在柜台后面算账。";
    let bad = encoding_rs::BIG5.decode_without_bom_handling(text.as_bytes()).0;
    let line = format!("前面是好的。{bad}后面也是。");
    let (got, report) = mend(&line, true);
    assert_eq!(got, line);
    assert_eq!(report.events.len(), 1, "{:?}", report.events);
    assert_eq!(report.events[0].rule(), "utf-8 read as big5");
    assert!(matches!(report.events[0].outcome, Outcome::Unrepaired(_)));
}

#[test]
fn what_is_lost_is_reported_and_left() {
    let text = "前面\u{FFFD}\u{FFFD}后面，锟斤拷锟斤拷，烫烫烫烫。";
    let (got, report) = mend(text, true);
    assert_eq!(got, text);
    let rules: Vec<String> = report.events.iter().map(|e| e.rule()).collect();
    assert_eq!(rules, ["replacement characters", "锟斤拷", "烫烫烫"]);
}
