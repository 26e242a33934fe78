//! Subtitles: what is mended, what stays.

use crate::Repairs;

use super::super::Kind;
use super::super::tests::{proven, settings};

fn converted(kind: Kind, text: &str) -> String {
    proven(&settings("s2t", Repairs::default()), kind, text)
}

#[test]
fn subrip() {
    let text = "\u{feff}1\r\n00:00:01,000 --> 00:00:02,000\r\n{\\an8}<i>头</i>发 &lt;3 <3\r\n2 头\r\n\r\n\
        头后无号\r\n\r\n12\r\n00:00:03,000 --> 00:00:04,000 X1:10\r\n<font color=\"头\">头&#x5B9E;</font>";
    let out = converted(Kind::SubRip, text.strip_prefix('\u{feff}').unwrap());
    let expected = text[3..]
        .replace("<i>头</i>发", "<i>頭</i>髮")
        .replace("2 头", "2 頭")
        .replace("头后无号", "頭後無號")
        .replace(">头&#x5B9E;", ">頭實");
    assert_eq!(out, expected);
}

#[test]
fn webvtt() {
    let text = "WEBVTT - 头\nKind: 头\n\nSTYLE\n::cue(头) {}\n\nNOTE 头\n头\n\n头\n00:01.000 --> 00:02.000 line:0\n\
        <v 头>头<b>发</b> &amp; &lt;头&gt; <ruby>头<rt>头</rt></ruby>\n<00:01.500>头\n\nNOTEpad\n\
        00:03.000 --> 00:04.000\n头\n";
    let expected = text
        .replace(
            "<v 头>头<b>发</b> &amp; &lt;头&gt; <ruby>头<rt>",
            "<v 头>頭<b>髮</b> &amp; &lt;頭&gt; <ruby>頭<rt>",
        )
        .replace("<00:01.500>头", "<00:01.500>頭")
        .replace("04.000\n头", "04.000\n頭");
    assert_eq!(converted(Kind::WebVtt, text), expected);
}

#[test]
fn ass() {
    let head = "[Script Info]\nTitle: 头\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: 头,华文\n\n[Events]\n";
    let events = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n\
        Comment: 0,0:00:01.00,0:00:02.00,头,,0,0,0,,头\n\
        Dialogue: 0,0:00:01.00,0:00:02.00,头,头,0,0,0,,{\\b1}头{\\b0}发,发\\N现\\h头{\\fn华文}\n\
        Dialogue: 0,0:00:01.00,0:00:02.00,头,,0,0,0,,{\\p1}m 0 0 头{\\p0}头\n\
        Dialogue: 0,0:00:01.00\n";
    let expected = events
        .replace("{\\b1}头{\\b0}发,发\\N现\\h头{", "{\\b1}頭{\\b0}髮,發\\N現\\h頭{")
        .replace("{\\p0}头", "{\\p0}頭");
    assert_eq!(converted(Kind::Ass, &format!("{head}{events}")), format!("{head}{expected}"));
    let ssa = "[events]\nFormat: Start, Text\nDialogue: 0:00,头,发\n[Fonts]\nDialogue: 0,头";
    assert_eq!(converted(Kind::Ass, ssa), ssa.replacen("头,发", "頭,發", 1));
}

#[test]
fn malformed_files_stay() {
    for text in [
        "-->",
        "1\n00:00 --> \n<",
        "[Events]",
        "[Events]\nDialogue:",
        "[Events]\nDialogue: {",
        "WEBVTT",
        "<",
    ] {
        for kind in [Kind::SubRip, Kind::WebVtt, Kind::Ass] {
            assert_eq!(converted(kind, text), text);
        }
    }
}

/// What mending takes away or brings makes no markup, and no line of another kind.
#[test]
fn no_markup_is_made() {
    let ass = "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,头,,0,0,0,,中文\\&#78;中\\\u{200b}N文";
    assert_eq!(converted(Kind::Ass, ass), ass);
    let times = "1\n00:00:01,000 --> 00:00:02,000\n";
    for text in [
        "&#123;\\an8&#125;文",
        "{\u{200b}\\an8}文",
        "00:00:01,000 &#45;-> 00:00:02,000",
        "文-\u{200b}->",
        "<\u{200b}b",
    ] {
        let srt = format!("{times}{text}\n");
        let (out, before) = (converted(Kind::SubRip, &srt), srt.as_str());
        for mark in ["{\\", "-->", "<b"] {
            assert_eq!(out.matches(mark).count(), before.matches(mark).count(), "{out}");
        }
    }
    let number = format!("{times}文\n\n&#49;\n文\n");
    assert_eq!(converted(Kind::SubRip, &number), number);
}

#[test]
fn hostile_files_end() {
    for (kind, head) in [
        (Kind::SubRip, "1\n00:00:01,000 --> 00:00:02,000\n"),
        (Kind::Ass, "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,"),
    ] {
        for mark in ["<", "{", "{\\"] {
            let text = format!("{head}{}", mark.repeat(300_000));
            let settings = settings("keep", Repairs::default());
            let (out, _) = super::super::tests::run(&settings, kind, text.as_bytes(), 9000);
            assert!(out == text.as_bytes());
        }
    }
}
