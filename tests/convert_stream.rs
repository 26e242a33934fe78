//! Conversion keeps the stage contract, for every config.

mod convert_support;

use convert_support::{Random, in_chunks, mixture, words};
use hanmend::convert::{CONFIGS, Conversion, Converter};
use hanmend::event::{Collect, Outcome, Silent, Sink, replay, undo};
use hanmend::stage::harness::prove;
use hanmend::stage::{Stage, TextStage};

/// Conversion that nobody listens to: the fast engine. With a listener, the exact one runs.
struct Quiet(Conversion);

impl Stage for Quiet {
    type Input = str;
    type Output = String;

    fn push(&mut self, input: &str, out: &mut String, _: &mut dyn Sink) {
        self.0.push(input, out, &mut Silent);
    }
    fn finish(&mut self, out: &mut String, _: &mut dyn Sink) {
        self.0.finish(out, &mut Silent);
    }
    fn held(&self) -> usize {
        self.0.held()
    }
    fn max_held(&self) -> usize {
        self.0.max_held()
    }
}

/// What the exact engine makes of a text.
fn exact(converter: &Converter, text: &str) -> String {
    let mut sink = Collect { conversions: true, ..Collect::default() };
    let mut out = String::new();
    let mut stage = converter.stage();
    stage.push(text, &mut out, &mut sink);
    stage.finish(&mut out, &mut sink);
    out
}

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
            let (quick, _) = prove(|| Quiet(converter.stage()), text);
            assert_eq!(out, quick, "{config} {text}");
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
            // It stays by default only: it could have been 麵.
            (30, "面", "面", "s2twp".to_owned()),
        ]
    );
}

#[test]
fn choices_by_default_are_guesses_with_what_else_it_could_be() {
    let mixture = mixture(&words(), &mut Random(3), 20_000);
    let converter = Converter::new("s2t").unwrap();
    for text in TEXTS.into_iter().chain([&*mixture]) {
        let mut sink = Collect { conversions: true, ..Collect::default() };
        let mut stage = converter.stage();
        stage.push(text, &mut String::new(), &mut sink);
        stage.finish(&mut String::new(), &mut sink);
        let said: Vec<_> = sink
            .events
            .into_iter()
            .filter(|e| e.outcome == Outcome::Guess)
            .map(|e| (e.input.start as usize..e.input.end as usize, e.after, e.alternatives))
            .collect();
        let known: Vec<_> = converter
            .ambiguities(text)
            .into_iter()
            .map(|a| (a.range, a.chosen, a.alternatives))
            .collect();
        assert_eq!(said, known, "{text}");
    }
}

#[test]
fn both_engines_agree_on_mixtures_in_any_chunks() {
    let words = words();
    let mut random = Random(20_261_122);
    for config in CONFIGS {
        let converter = Converter::new(config).unwrap();
        let text = mixture(&words, &mut random, 50_000);
        let want = exact(&converter, &text);
        assert!(converter.convert(&text) == want, "{config}: {}", differs(&converter, &text));
        for size in [1, 2, 3, 7, 64, 997, 65_536] {
            let out = in_chunks(&converter, &text, size);
            assert!(out == want, "{config} in chunks of {size}");
        }
    }
}

/// Four characters around each word, of one to four bytes in every order; outside the BMP those
/// that are in dictionaries and those that are not.
fn all_lengths(words: &[&str]) -> String {
    const OTHERS: [[&str; 4]; 3] =
        [["a", "é", "里", "\u{1F600}"], [".", "я", "发", "𡃉"], ["\n", "ß", "后", "𠮶"]];
    let mut text = String::new();
    for (i, word) in words.iter().enumerate() {
        for order in 0..256 {
            for place in 0..4 {
                text.push_str(if place == order % 5 { word } else { "" });
                text.push_str(OTHERS[(i + order + place) % 3][order >> (2 * place) & 3]);
            }
        }
    }
    text
}

#[test]
fn both_engines_agree_on_characters_of_all_lengths_at_every_place() {
    let words = ["干部", "头发", "里面", "嗰", "𠮶", "軟體", "資訊", "聯絡", "PN结", "⿰后"];
    for config in CONFIGS {
        let converter = Converter::new(config).unwrap();
        for text in [all_lengths(&words[..9]), all_lengths(&words)] {
            for before in 0..8 {
                let text = format!("{}{text}", &"xxxxxxxx"[..before]);
                let want = exact(&converter, &text);
                assert!(
                    converter.convert(&text) == want,
                    "{config}: {}",
                    differs(&converter, &text)
                );
            }
        }
    }
}

#[test]
fn what_is_said_to_pass_stays() {
    let words = words();
    let mut random = Random(7);
    for config in CONFIGS {
        let converter = Converter::new(config).unwrap();
        let stage = converter.stage();
        let mut passed = 0;
        for _ in 0..20_000 {
            let text = format!("{}{}", random.of(&words), random.of(&words));
            if stage.passes(&text) {
                passed += 1;
                assert_eq!(converter.convert(&text), text, "{config}");
            }
        }
        assert!(passed > 100, "{config}: {passed} of 20000 pass");
        assert!(stage.passes("plain\n，。 \u{1F600}é"), "{config}");
    }
}

/// A line on which the engines differ, for people.
fn differs(converter: &Converter, text: &str) -> String {
    let line = text.lines().find(|line| converter.convert(line) != exact(converter, line));
    line.unwrap_or("no single line").to_owned()
}
