//! A loop over documents allocates nothing for those that need nothing, once the first have gone
//! through.

use allocation_counter::measure;
use hanmend::decode::Encoding;
use hanmend::encode::{Unmappable, encode};
use hanmend::event::Silent;
use hanmend::{Fixer, ToScript};

/// Documents of some 2 kB, as a crawl has them: with and without a last line end, with what might
/// begin damage and does not.
const DOCUMENTS: [(&str, &str, usize); 7] = [
    ("hans", "我们在图书馆里看书（三楼），看了3个小时才回家。第二天又来了，还带着弟弟。\n", 18),
    ("hant", "後來他們在圖書館裡讀書(三樓)，讀了3個小時才回家。第二天又來了，還帶著弟弟！", 20),
    ("english", "They read in the library (third floor) & went home after 3 hours, at last. ", 27),
    (
        "quotes",
        "It is “the same”, with another mark — now & then; nobody minded, at least here.\n",
        25,
    ),
    ("code", "fn main() { println!(\"{}\", a & 0xFF); } // 打印出来的是一个数，不是别的什么\n", 24),
    ("japanese", "図書館（としょかん）で本を読んで、三時間後に家に帰りました。弟も来た。\n", 19),
    ("links", "见 <a href=\"/list?id=3&amp;page=2\">下一页</a>，共 100% 的内容都在里面了。\n", 20),
];

fn documents() -> impl Iterator<Item = (&'static str, String)> {
    DOCUMENTS.iter().map(|(name, line, times)| (*name, line.repeat(*times)))
}

/// Allocations in ten rounds of `round`, after three.
fn allocations(mut round: impl FnMut()) -> u64 {
    (0..3).for_each(|_| round());
    measure(|| (0..10).for_each(|_| round())).count_total
}

#[test]
fn the_measure_measures() {
    let mut texts = Vec::with_capacity(13);
    assert_eq!(allocations(|| texts.push(String::from("text"))), 10);
}

#[test]
fn text_that_needs_nothing() {
    let fixer = Fixer::default();
    for (name, text) in documents() {
        let fix = || assert_eq!(fixer.fix_str(&text), text);
        assert_eq!(allocations(fix), 0, "{name}");
    }
}

#[test]
fn text_in_the_script_that_was_asked_for() {
    for (script, names) in
        [("hans", ["hans", "english", "code"]), ("hant", ["hant", "quotes", "japanese"])]
    {
        let fixer = Fixer::builder().script(ToScript::parse(script).unwrap()).build();
        for (name, text) in documents().filter(|(name, _)| names.contains(name)) {
            let fix = || assert_eq!(fixer.fix_str(&text), text);
            assert_eq!(allocations(fix), 0, "{name} as {script}");
        }
    }
}

#[test]
fn bytes_that_are_their_own_text() {
    let fixer = Fixer::default();
    for (name, text) in documents() {
        let fix = || assert_eq!(fixer.fix_bytes(text.as_bytes()).text, text);
        assert_eq!(allocations(fix), 0, "{name}");
    }
}

#[test]
fn bytes_in_other_encodings_with_a_text_that_is_used_again() {
    let fixer = Fixer::default();
    for (name, encoding) in [
        ("hans", Encoding::GBK),
        ("hant", Encoding::GB18030),
        ("hant", Encoding::BIG5),
        ("hans", Encoding::UTF_16LE),
    ] {
        let (_, text) = documents().find(|(n, _)| *n == name).unwrap();
        let (bytes, mut out) = (encode(&text, encoding, Unmappable::Error).unwrap(), String::new());
        let fix = || {
            out.clear();
            fixer.fix_bytes_into(&bytes, &mut out, &mut Silent);
            assert_eq!(out, text);
        };
        assert_eq!(allocations(fix), 0, "{name} in {}", encoding.name());
    }
}

#[test]
fn a_stream_that_is_used_again() {
    let mut stream = Fixer::default().stream();
    for (name, text) in documents() {
        let mut out = Vec::new();
        let fix = || {
            out.clear();
            for piece in text.as_bytes().chunks(999) {
                stream.push(piece, &mut out, &mut Silent).unwrap();
            }
            stream.finish(&mut out, &mut Silent).unwrap();
            assert_eq!(out, text.as_bytes());
        };
        assert_eq!(allocations(fix), 0, "{name}");
    }
}
