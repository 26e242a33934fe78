//! Conversion keeps the stage contract, for every config.

use hanmend::convert::{CONFIGS, Converter};
use hanmend::event::{replay, undo};
use hanmend::stage::harness::prove;

/// Overlapping keys, keys cut short by the end, Latin-led keys, description sequences whole, open,
/// nested and too deep, characters outside the BMP, compatibility ideographs, length changes.
const TEXTS: [&str; 12] = [
    "",
    "皇后在后面，干部的干劲很足。康乃狄克州",
    "里面发现了头发，理发师发了发票",
    "PN结与SQL注入攻击，U盘、B超和优盘的鼠标软件",
    "SQL注",
    "⿰后⿱干里后面⿰后",
    "⿰⿰⿰⿰⿰⿰⿰⿰⿰⿰⿰⿰⿰⿰⿰⿰⿰后后后后后后",
    "𠀾𪚥𫠢豈更車 㐷𠮶說明了說明書",
    "一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一",
    "軟體裡的滑鼠與資訊；A型肝炎、BMW集團。記憶體，印表機",
    "丹尼·博伊爾和亞歷杭德羅·岡薩雷斯·伊納裏圖",
    "plain ASCII\r\nand a line\n\u{1F600} 한국어 ひらがな",
];

#[test]
fn any_chunking_equals_the_whole() {
    for config in CONFIGS {
        let converter = Converter::new(config).unwrap();
        for text in TEXTS {
            let (out, report) = prove(|| converter.stage(), text);
            assert_eq!(out, converter.convert(text), "{config} {text}");
            assert_eq!(replay(text, &report.events).as_deref(), Some(&*out), "{config} {text}");
            assert_eq!(undo(&out, &report.events).as_deref(), Some(text), "{config} {text}");
        }
    }
}

#[test]
fn changes_are_reported_without_what_stays() {
    let converter = Converter::new("s2twp").unwrap();
    let (_, report) = prove(|| converter.stage(), "新的软件里，皇后在后面");
    let changes: Vec<_> =
        report.events.iter().map(|e| (e.input.start, &*e.before, &*e.after, e.rule())).collect();
    assert_eq!(
        changes,
        [
            (6, "软件", "軟體", "s2twp".to_owned()),
            (12, "里", "裡", "s2twp".to_owned()),
            (27, "后", "後", "s2twp".to_owned()),
        ]
    );
}
