//! The decoder as a stage, over whole inputs of our own.

mod decode_support;

use decode_support::*;
use hanmend::decode::{Decoder, Encoding, detect};
use hanmend::event::Collect;
use hanmend::stage::{Stage, harness::prove};

/// Decodes through the harness.
fn auto(bytes: &[u8]) -> (String, Collect) {
    prove(Decoder::auto, bytes)
}

#[test]
fn prose_in_every_encoding_comes_back() {
    for (text, names) in [
        (HANS, ["gbk", "gb18030", "utf-8", "utf-16le", "utf-16be"].as_slice()),
        (
            HANT,
            ["gbk", "gb18030", "big5", "big5-hkscs", "utf-8", "utf-16le", "utf-16be"].as_slice(),
        ),
    ] {
        for name in names {
            let bytes = encode(text, name);
            let (got, report) = auto(&bytes);
            assert_eq!(got, text, "{name}");
            assert!(report.events.is_empty(), "{name}: {:?}", report.events);
            assert_eq!(report.encodings.len(), 1, "{name}: {:?}", report.encodings);
            assert!(same_family(&report.encodings[0].1, name), "{name}: {:?}", report.encodings);
        }
    }
}

#[test]
fn marks_are_taken_off_and_remembered() {
    for (name, mark) in [
        ("utf-8", b"\xEF\xBB\xBF".as_slice()),
        ("utf-16le", b"\xFF\xFE"),
        ("utf-16be", b"\xFE\xFF"),
        ("gb18030", b"\x84\x31\x95\x33"),
    ] {
        let bytes = [mark, &encode("有標記的文本。", name)].concat();
        let (got, _) = auto(&bytes);
        assert_eq!(got, "有標記的文本。", "{name}");
        assert!(detect(&bytes).bom, "{name}");
        let encoding = Encoding::for_label(name).unwrap();
        let (got, _) = prove(|| Decoder::with_encoding(encoding), &bytes[..]);
        assert_eq!(got, "有標記的文本。", "{name}, said");
    }
}

#[test]
fn only_a_mark() {
    for mark in [b"\xEF\xBB\xBF".as_slice(), b"\xFF\xFE", b"\xFE\xFF"] {
        assert_eq!(auto(mark).0, "");
    }
}

#[test]
fn a_hundred_kilobytes_of_markup_come_first() {
    let markup = "<div class=\"x\"><a href=\"/index.html\">~{home}</a></div>\n".repeat(2000);
    for (name, text) in [("gbk", HANS), ("big5", HANT), ("utf-8", HANT)] {
        let bytes = [markup.as_bytes(), &encode(text, name)].concat();
        let mut decoder = Decoder::auto();
        let (got, report) = run(&mut decoder, &bytes, 997);
        assert!(got == format!("{markup}{text}"), "{name}");
        assert!(same_family(&report.encodings[0].1, name), "{name}: {:?}", report.encodings);
    }
}

#[test]
fn a_wrong_byte_is_one_mark_and_no_other_encoding() {
    for (name, text) in [("gbk", HANS), ("gb18030", HANT), ("big5", HANT), ("utf-8", HANS)] {
        let mut bytes = encode(text, name);
        let at = bytes.iter().position(|b| *b == b'\n').unwrap();
        bytes.insert(at, 0xFF);
        let (got, report) = auto(&bytes);
        assert_eq!(got, text.replacen('\n', "\u{FFFD}\n", 1), "{name}");
        assert_eq!(report.events.len(), 1, "{name}: {:?}", report.events);
        let event = &report.events[0];
        let source = event.source.as_ref().unwrap();
        assert_eq!(
            (source.range.clone(), &source.bytes[..]),
            (at as u64..at as u64 + 1, &[0xFF][..])
        );
        assert_eq!(&got[event.input.start as usize..event.input.end as usize], "\u{FFFD}");
        assert_eq!(event.input, event.output);
    }
}

#[test]
fn cut_at_the_end() {
    for (name, text) in [("gbk", HANS), ("gb18030", HANS), ("big5", HANT), ("utf-8", HANT)] {
        let mut bytes = encode(text.trim_end_matches(['\n', '。']), name);
        bytes.pop();
        let (got, report) = auto(&bytes);
        assert!(got.ends_with('\u{FFFD}'), "{name}: {}", &got[got.len() - 30..]);
        assert_eq!(report.events.len(), 1, "{name}: {:?}", report.events);
        let source = report.events[0].source.as_ref().unwrap();
        assert_eq!(source.range.end, bytes.len() as u64, "{name}");
        assert_eq!(source.bytes, bytes[source.range.start as usize..]);
    }
}

/// A rare character at the head is none that was cut: what is valid from the first byte on is read so.
#[test]
fn a_text_that_begins_with_rare_characters() {
    for (name, text) in [
        ("gbk", "鸬鹚鸬鹚，河上捉鱼。\n"),
        ("gbk", "喳喳喳，树上的喜鹊叫了。\n今天会有客人来。\n"),
        ("gbk", "δεζ三个字母怎么读\n"),
        ("gbk", "肆、伍、陸、柒\n"),
        ("gbk", "〖璸〗玉也，見於古書，今人不用。\n"),
        ("big5", "璸：玉也，見於古書，今人不用。\n"),
    ] {
        let (got, report) = auto(&encode(text, name));
        assert_eq!(got, text, "{name}");
        assert!(report.events.is_empty(), "{name}: {:?}", report.events);
    }
}

/// In Big5, where half of the second bytes are ASCII, what is left is a character with the next, and all is valid.
#[test]
fn a_cut_within_the_first_character() {
    let (got, report) = auto(&encode(HANS, "gbk")[1..]);
    assert!(got.starts_with('\u{FFFD}'));
    assert!(got.chars().skip(1).eq(HANS.chars().skip(1)));
    assert_eq!(report.events[0].source.as_ref().unwrap().range, 0..1);
}

#[test]
fn lines_in_another_encoding() {
    let foreign = "這一行是用另一種編碼寫的，夾在中間。\n";
    let other = "这一行是用另一种编码写的，夹在中间。\n";
    for (base, text, inner, line) in [
        ("utf-8", HANS, "gbk", other),
        ("utf-8", HANT, "big5", foreign),
        ("gbk", HANS, "utf-8", other),
        ("big5", HANT, "utf-8", foreign),
    ] {
        let cut = text.char_indices().filter(|(_, c)| *c == '\n').nth(3).unwrap().0 + 1;
        let bytes =
            [encode(&text[..cut], base), encode(line, inner), encode(&text[cut..], base)].concat();
        let (got, report) = auto(&bytes);
        assert_eq!(got, [&text[..cut], line, &text[cut..]].concat(), "{inner} in {base}");
        let names: Vec<&str> = report.encodings.iter().map(|e| e.1.as_str()).collect();
        assert_eq!(names.len(), 3, "{inner} in {base}: {names:?}");
        let start = encode(&text[..cut], base).len() as u64;
        assert_eq!(report.encodings[1].0, start, "{inner} in {base}");
    }
}

/// Nearly any two bytes are a character in each of these, and what names and dictionaries have is no prose in any.
#[test]
fn lines_of_japanese_and_korean_that_are_sound_stay_what_they_are() {
    let japanese = "漢字をひらがなに直す仕事は、思ったより時間がかかりました。\n\
        かんじ /漢字/感じ/幹事/\nわめk /喚/叫/\n氏名：石川県鳳珠郡\n秋田県男鹿市船越\n\
        両親、両町、仏徒\n畠山,浜畑,久利\nこの表は来月もう一度見直します。\n";
    let korean = "한자를 한글로 옮기는 일은 생각보다 오래 걸렸습니다.\n\
        가감:加減\n가격:價格\n가객:歌客,佳客\n가경:佳景,佳境,嘉慶\n진경:鎭痙\n다음 달에 다시 봅니다.\n";
    for (text, name) in [(japanese, "euc-jp"), (japanese, "shift_jis"), (korean, "euc-kr")] {
        for text in [text.to_owned(), text.repeat(40)] {
            let (got, report) = auto(&encode(&text, name));
            assert_eq!(got, text, "{name}");
            assert_eq!(report.encodings.len(), 1, "{name}: {:?}", report.encodings);
        }
    }
    // A line that is none in the encoding of the rest is what it is.
    let other = "这一行是用另一种编码写的，夹在中间。\n";
    for inner in ["utf-8", "gbk"] {
        let long = japanese.repeat(10);
        let bytes = [encode(&long, "euc-jp"), encode(other, inner)].concat();
        assert_eq!(auto(&bytes).0, [long.as_str(), other].concat(), "{inner}");
    }
}

/// What Chinese hardly has, or not in sentences, is little evidence of another encoding.
#[test]
fn lines_of_signs_letters_and_rare_characters_stay_in_the_encoding_of_the_file() {
    let hans = [
        "＝＝＝＝＝＝＝＝＝＝＝＝",
        "★☆★☆★☆",
        "－－－－－－－－",
        "Онегин, добрый мой приятель",
        "Ёлка",
        "ㄅㄆㄇㄈ ㄉㄊㄋㄌ",
        "āáǎà ōóǒò ēéěè",
        "αβγδε",
        "①②③④⑤",
        "崔颢",
        "癸亥",
        "搂钱",
        "穨",
        "乇",
        "侃侃訚訚",
        "囉囉囌囌",
        "濚\n濛\n濜",
        "喂喂",
    ];
    let hant = [
        "＝＝＝＝＝＝＝＝＝＝＝＝",
        "★☆★☆★☆",
        "－－－－－－－－",
        "※※※※※※",
        "①②③④⑤",
        "卜窀穸",
        "咭噹噹",
        "咳嗽藥",
        "傖\n傘\n備\n傢",
        "ㄅㄆㄇㄈ",
    ];
    for (prose, lines, name) in [(HANS, &hans[..], "gbk"), (HANT, &hant[..], "big5")] {
        for line in lines {
            for text in [format!("{prose}{line}\n{prose}"), format!("{line}\n{prose}")] {
                let (got, report) = auto(&encode(&text, name));
                assert_eq!(got, text, "{name}: {line}");
                assert_eq!(report.encodings.len(), 1, "{name}: {line}: {:?}", report.encodings);
            }
        }
    }
    // A short sentence is evidence enough, and so is UTF-8.
    for (prose, base, line, inner) in [
        (HANS, "gbk", "我們明天見\n", "big5"),
        (HANT, "big5", "我们明天见\n", "gbk"),
        (HANS, "gbk", "清水\n", "utf-8"),
        (HANS, "gbk", "Grüße aus Köln\n", "utf-8"),
        (
            "Grüße aus Köln, schöne Straßen und Bäume\n",
            "windows-1252",
            "Straßen, Fußgänger, Gemüse, Öl, Ärzte und Bücher\n",
            "utf-8",
        ),
    ] {
        let bytes = [encode(prose, base), encode(line, inner), encode(prose, base)].concat();
        assert_eq!(auto(&bytes).0, [prose, line, prose].concat(), "{inner} in {base}");
    }
}

/// Files in seven bits have no byte beyond ASCII: what has such is decoded as what it is, and said.
#[test]
fn other_lines_in_files_of_seven_bits() {
    let other = "这一行是用另一种编码写的，夹在中间。\n";
    for base in ["hz-gb-2312", "iso-2022-cn"] {
        for inner in ["gbk", "utf-8"] {
            let (before, after) = (encode(HANS, base), encode(HANS, base));
            let bytes = [before.clone(), encode(other, inner), b"plain\n".to_vec(), after].concat();
            let (got, report) = auto(&bytes);
            assert_eq!(got, [HANS, other, "plain\n", HANS].concat(), "{inner} in {base}");
            assert!(report.events.is_empty(), "{inner} in {base}: {:?}", report.events);
            let told: Vec<(u64, &str)> =
                report.encodings.iter().map(|e| (e.0, e.1.as_str())).collect();
            let [(0, first), (there, second), (back, third)] = told[..] else {
                panic!("{inner} in {base}: {told:?}")
            };
            assert!(first == base && same_family(second, inner) && third == base, "{told:?}");
            assert_eq!(there, before.len() as u64, "{inner} in {base}");
            let plain = before.len() + encode(other, inner).len() + "plain\n".len();
            assert_eq!(back, plain as u64, "{inner} in {base}");
        }
    }
    // Within a line, up to the next escape.
    let bytes =
        [b"~{VPND~} ".as_slice(), &encode("中文里的", "gbk"), b"~{VPND~}\n~{VPND~}\n"].concat();
    assert_eq!(auto(&bytes).0, "中文 中文里的中文\n中文\n");
    // Damage stays damage, and what follows it stays in step.
    let mut bytes = encode(HANS, "hz-gb-2312");
    let third = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(2).unwrap().0;
    // Between characters: within one, the rest of the run would be out of step by a byte.
    bytes.insert(third + 7, 0xD0);
    bytes.insert(4, 0x80);
    let (got, report) = auto(&bytes);
    assert_eq!(report.encodings.len(), 1, "{:?}", report.encodings);
    assert_eq!(report.events.len(), 2, "{:?}", report.events);
    assert_eq!(got.replace('\u{FFFD}', ""), HANS);
}

/// A line longer than what is judged goes on as it began.
#[test]
fn a_long_line_in_a_file_of_seven_bits() {
    let long = "这一行是用另一种编码写的，夹在中间。".repeat(700);
    let text = [HANS, &long, "\n", HANS].concat();
    let bytes =
        [encode(HANS, "hz"), encode(&long, "gbk"), b"\n".to_vec(), encode(HANS, "hz")].concat();
    for size in [1 << 20, 4096, 333] {
        let (got, report) = run(&mut Decoder::auto(), &bytes, size);
        assert!(got == text, "in pieces of {size}");
        assert_eq!(report.encodings.len(), 3, "{:?}", report.encodings);
    }
    let whole = encode(&long.repeat(3), "iso-2022-cn");
    let (got, report) =
        run(&mut Decoder::auto(), &[whole.clone(), b"\n".to_vec(), whole].concat(), 777);
    assert!(got == [&long.repeat(3), "\n", &long.repeat(3)].concat());
    assert!(report.events.is_empty());
}

#[test]
fn a_declared_charset_is_a_vote() {
    for (label, text) in [("gb2312", HANS), ("Big5", HANT), ("big5", HANS), ("utf-8", HANS)] {
        for name in ["gbk", "utf-8"] {
            let page = format!("<html><meta charset={label}><p>{text}</p></html>");
            let (got, _) = auto(&encode(&page, name));
            assert_eq!(got, page, "{name} declared {label}");
        }
        let found = detect(format!("<meta charset={label}>{text}").as_bytes());
        assert_eq!(found.declared.as_deref(), Some(label));
    }
}

#[test]
fn odd_inputs_lose_nothing() {
    let all: Vec<u8> = (0..=255).collect();
    let nul = vec![0; 5000];
    for bytes in
        [b"".as_slice(), b"a", b"\xB0", b"\0", b"\x1B", b"~", b"~{", &all, &nul, b"\xFF\xFE\xFF"]
    {
        let (text, report) = auto(bytes);
        assert!(!report.encodings.is_empty());
        assert_eq!(text.is_empty(), bytes.is_empty());
    }
    assert_eq!(auto(&nul).0.len(), nul.len());
}

#[test]
fn text_that_is_not_chinese() {
    for (name, text) in [
        ("utf-8", "日本語の文章です。漢字とかなが混ざっています。\n"),
        ("shift_jis", "これは日本語の文章です。漢字とかなが混ざっています。\n"),
        ("euc-jp", "これは日本語の文章です。漢字とかなが混ざっています。\n"),
        ("euc-kr", "이것은 한국어로 쓴 글입니다. 여러 문장이 이어집니다.\n"),
        ("windows-1251", "Это обычный русский текст, написанный кириллицей.\n"),
        ("koi8-r", "Это обычный русский текст, написанный кириллицей.\n"),
        ("windows-1252", "L’été dernier, nous étions déjà à la plage près de la forêt.\n"),
    ] {
        let (got, report) = auto(&encode(text, name));
        assert_eq!(got, text, "{name}: {:?}", report.encodings);
    }
}

#[test]
fn a_long_line_and_controls_are_kept() {
    let long = "没有换行的一行。\u{0}\u{85}\u{E000}".repeat(6000);
    for name in ["utf-8", "gb18030"] {
        let bytes = encode(&long, name);
        let mut decoder = Decoder::auto();
        let (got, report) = run(&mut decoder, &bytes, 1000);
        assert!(got == long, "{name}: {:?}", report.encodings);
        assert!(report.events.is_empty(), "{name}");
    }
}

/// What comes in much is decoded in another way than what comes in little: pieces of both sizes that cut
/// characters, in a line that is longer than a look at it.
#[test]
fn small_and_large_pieces_of_a_long_line() {
    for (name, text) in [("gbk", "河边的柳树发了新芽"), ("big5", "河邊的柳樹發了新芽")]
    {
        let encoding = Encoding::for_label(name).unwrap();
        let text = text.repeat(20_000);
        let bytes = encode(&text, name);
        for sizes in [[1, 20_001], [20_001, 3], [16_385, 9_999], [100, 9_001]] {
            let mut decoder = Decoder::with_encoding(encoding);
            let (mut out, mut events) = (String::new(), Collect::default());
            let mut rest = &bytes[..];
            for size in sizes.into_iter().cycle() {
                let (piece, more) = rest.split_at(rest.len().min(size));
                decoder.push(piece, &mut out, &mut events);
                rest = more;
                if rest.is_empty() {
                    break;
                }
            }
            decoder.finish(&mut out, &mut events);
            assert!(out == text && events.events.is_empty(), "{name} in pieces of {sizes:?}");
        }
    }
}

/// Decodes in pieces of `size`.
fn in_pieces(bytes: &[u8], size: usize) -> (String, Collect) {
    let (mut decoder, mut text, mut report) = (Decoder::auto(), String::new(), Collect::default());
    bytes.chunks(size).for_each(|piece| decoder.push(piece, &mut text, &mut report));
    decoder.finish(&mut text, &mut report);
    (text, report)
}

/// A line longer than what is judged of one is in what its start says, however it comes.
#[test]
fn a_long_line_that_is_cut_within_a_character() {
    let head = "我們在圖書館看書寫字的時候\n".repeat(300);
    // Two bytes of GBK that are UTF-8, too.
    let line = encode(&"一为说时要也之然么去学同没小".repeat(900), "gbk");
    assert!(std::str::from_utf8(&line).is_ok());
    for pad in 0..4 {
        let pad = "a".repeat(pad);
        let bytes = [head.as_bytes(), b"bad\xff line\n", pad.as_bytes(), &line, b"\n"].concat();
        let whole = in_pieces(&bytes, bytes.len());
        for size in [1000, 16_384, 70_000] {
            assert_eq!(in_pieces(&bytes, size), whole, "{} before, by {size}", pad.len());
        }
    }
}

/// A long line counts among those that move a file to another encoding, however it comes.
#[test]
fn a_long_line_is_the_last_before_the_file_goes_on_in_another_encoding() {
    let head = "我們在圖書館看書寫字的時候\n".repeat(300);
    let line = "他们在图书馆里看书，看了三个小时才回家。";
    let moved = encode(&format!("{}{}\n", format!("{line}\n").repeat(7), line.repeat(500)), "gbk");
    for short in ["café\n", "§ 5\n", "什么\n"] {
        let bytes = [head.as_bytes(), &moved, short.repeat(3).as_bytes()].concat();
        let whole = in_pieces(&bytes, bytes.len());
        for size in [1000, 16_384] {
            assert_eq!(in_pieces(&bytes, size), whole, "{short} by {size}");
        }
    }
}

#[test]
fn the_encoding_is_told_until_the_next_input() {
    let mut decoder = Decoder::auto();
    assert_eq!(decoder.encoding(), None);
    run(&mut decoder, &encode(HANT, "big5"), 100);
    assert_eq!(decoder.encoding(), Some(Encoding::BIG5));
    run(&mut decoder, b"plain", 100);
    assert_eq!(decoder.encoding(), Some(Encoding::ASCII));
}

#[test]
fn the_seeds_in_every_encoding() {
    let Ok(folder) = std::fs::read_dir("../shared/seeds") else {
        println!("skipped: no ../shared/seeds here");
        return;
    };
    for entry in folder {
        let text = String::from_utf8(std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
        for name in ["utf-8", "gb18030", "gbk", "utf-16le", "utf-16be"] {
            let Some(bytes) = try_encode(&text, name) else { continue };
            let mut decoder = Decoder::auto();
            let (got, report) = run(&mut decoder, &bytes, 4096);
            let head: String = text.chars().take(30).collect();
            assert!(got == text, "{head} as {name}: {:?}", report.encodings);
            assert!(report.events.is_empty());
        }
    }
}

#[test]
fn bytes_that_make_no_character_in_what_the_web_left() {
    for (label, bytes, text) in [
        (
            "euc-tw",
            b"\xC4\xA1a\xC4a\x8E\xA2\xA1\xA1\x8E\xA2a\x80\xA1".as_slice(),
            "一a\u{FFFD}a乂\u{FFFD}a\u{FFFD}\u{FFFD}",
        ),
        ("big5-uao", b"\xA4\x40\xFFa\xA4\x20\xA4", "一\u{FFFD}a\u{FFFD} \u{FFFD}"),
        ("hz", b"~{VP~}~a\xFF~{V\nx~{V", "中~a\u{FFFD}\u{FFFD}\nx\u{FFFD}"),
        ("iso-2022-cn", b"\x0EVP\x0F\x1B$)A\x0EVP\x0Fa\x1B[1m\nVP", "\u{E}VP\u{F}中a\u{1B}[1m\nVP"),
        ("utf-32le", b"a\0\0\0\0\xD8\0\0b\0\0\0a\0", "a\u{FFFD}b\u{FFFD}"),
    ] {
        let encoding = Encoding::for_label(label).unwrap();
        let (got, report) = prove(|| Decoder::with_encoding(encoding), bytes);
        assert_eq!(got, text, "{label}");
        assert_eq!(report.events.len(), text.matches('\u{FFFD}').count(), "{label}");
        for event in &report.events {
            let source = event.source.as_ref().unwrap();
            let range = source.range.start as usize..source.range.end as usize;
            assert_eq!(source.bytes, bytes[range], "{label}");
        }
    }
}

#[test]
fn a_body_in_another_encoding_than_the_head() {
    let head = "題目：一封信\n作者：佚名\n".repeat(3);
    let body = HANT.repeat(40);
    let bytes = [encode(&head, "utf-8"), encode(&body, "big5")].concat();
    let (got, report) = run(&mut Decoder::auto(), &bytes, 1000);
    assert!(got == format!("{head}{body}"), "{:?}", report.encodings);
    let bytes = [encode(&body, "utf-8"), encode(&body, "big5")].concat();
    let (got, report) = run(&mut Decoder::auto(), &bytes, 1000);
    assert!(got == format!("{body}{body}"), "{:?}", report.encodings);
    assert_eq!(report.encodings.len(), 2, "{:?}", report.encodings);
    assert_eq!(report.encodings[1].0, encode(&body, "utf-8").len() as u64);
}

/// `text` with its characters beyond U+FFFF as two surrogates of three bytes each (CESU-8).
fn cesu_8(text: &str) -> Vec<u8> {
    let unit = |unit: u16| [0xE0 | unit >> 12, 0x80 | unit >> 6 & 0x3F, 0x80 | unit & 0x3F];
    let one = |c: char| match c {
        '\u{1_0000}'.. => {
            c.encode_utf16(&mut [0; 2]).iter().flat_map(|u| unit(*u)).map(|b| b as u8).collect()
        }
        c => c.encode_utf8(&mut [0; 4]).as_bytes().to_vec(),
    };
    text.chars().flat_map(one).collect()
}

/// A pair of surrogates is its character, wherever it stands, and nothing else is in its bytes.
#[test]
fn surrogates_written_as_utf_8() {
    for text in [
        "第一行中文很长的句子在这里\n😀\n很好笑\n",
        "hello 😀 world\n",
        "他说😀很好笑。\n",
        "他说😀😂👍🏽很好笑。\n",
        "😀",
        "古书里有𠄀字，今人不用。\n",
        "𠄀𠄁𠄂",
        "plain\nplain 🎉\nplain\n",
    ] {
        let bytes = cesu_8(text);
        let pairs = text.chars().filter(|c| *c > '\u{FFFF}').count();
        for (got, report) in
            [auto(&bytes), prove(|| Decoder::with_encoding(Encoding::UTF_8), &bytes[..])]
        {
            assert_eq!(got, text);
            let names: Vec<&str> = report.encodings.iter().map(|e| e.1.as_str()).collect();
            assert_eq!(names, ["utf-8"], "{text}");
            assert_eq!(report.events.len(), pairs, "{text}: {:?}", report.events);
            for event in &report.events {
                assert_eq!((event.name(), event.rule()), ("decode".into(), "cesu-8".into()));
                assert!(!event.is_mark() && event.before == event.after, "{event:?}");
                let there = event.input.start as usize..event.input.end as usize;
                assert_eq!(&got[there], event.before);
                let source = event.source.as_ref().unwrap();
                let raw = source.range.start as usize..source.range.end as usize;
                assert_eq!(source.bytes, bytes[raw]);
                assert_eq!(source.bytes, cesu_8(&event.before));
            }
        }
        assert_eq!(detect(&bytes).encoding, Encoding::UTF_8, "{text}");
    }
    // Sound UTF-8 has nothing to report.
    assert!(auto("hello 😀 world，他说😀很好笑。\n".as_bytes()).1.events.is_empty());
}

/// In pieces of any size, over the ends of blocks, and in lines longer than what is judged.
#[test]
fn surrogates_where_a_block_ends() {
    for pad in 0..8 {
        let text = format!("{}{}", "a".repeat(pad), "他说😀😂，𠄀。".repeat(9000));
        let bytes = cesu_8(&text);
        assert!(bytes.len() > 3 << 16);
        for (size, mut decoder) in [
            (bytes.len(), Decoder::with_encoding(Encoding::UTF_8)),
            (bytes.len(), Decoder::auto()),
            (65_536, Decoder::auto()),
            (997, Decoder::auto()),
        ] {
            let (got, report) = run(&mut decoder, &bytes, size);
            assert!(got == text, "{pad} in pieces of {size}");
            assert_eq!(report.events.len(), 27_000, "{pad} in pieces of {size}");
            assert_eq!(report.encodings.len(), 1, "{pad} in pieces of {size}");
        }
    }
}

/// Half a pair stands for nothing: three bytes, none of which begins a character.
#[test]
fn half_a_pair_of_surrogates_is_lost() {
    let prose = "第一行中文很长的句子在这里\n";
    for half in [
        &b"\xED\xA0\xBD"[..],
        b"\xED\xB8\x80",
        b"\xED\xB8\x80\xED\xA0\xBD",
        b"\xED\xA0\xBD\xED\xA0\xBD",
        b"\xED\xA0\xBD \xED\xB8\x80",
    ] {
        for behind in ["", "很好笑。\n"] {
            let bytes = [prose.as_bytes(), "他说".as_bytes(), half, behind.as_bytes()].concat();
            let utf_8 = prove(|| Decoder::with_encoding(Encoding::UTF_8), &bytes[..]);
            assert_eq!(auto(&bytes).0, utf_8.0, "{half:x?}");
            let lost: String =
                half.iter().map(|b| if *b == b' ' { ' ' } else { '\u{FFFD}' }).collect();
            assert_eq!(utf_8.0, format!("{prose}他说{lost}{behind}"), "{half:x?}");
            assert!(utf_8.1.events.iter().all(hanmend::event::Event::is_mark));
        }
    }
    // Of two first halves and a second one, the last two are a pair.
    let bytes =
        ["他说".as_bytes(), b"\xED\xA0\xBD\xED\xA0\xBD\xED\xB8\x80", "很好笑。\n".as_bytes()];
    assert_eq!(auto(&bytes.concat()).0, "他说\u{FFFD}\u{FFFD}\u{FFFD}😀很好笑。\n");
}

/// Bytes like those of a pair in other encodings are what they are there.
#[test]
fn characters_of_two_bytes_like_surrogates() {
    for (text, name) in
        [("恚恝恧懋聿肀，都是不常用的字。\n", "gbk"), ("溘溘縲縲簉轎，都是不常用的字。\n", "big5")]
    {
        let Some(bytes) = try_encode(text, name) else { panic!("{name}") };
        assert_eq!(auto(&bytes).0, text, "{name}");
    }
    // A line of CESU-8 in a file of GBK is decoded as what it is, and the lines around it stay.
    let line = "这一行是用另一种编码写的😀，夹在中间。\n";
    let bytes = [encode(HANS, "gbk"), cesu_8(line), encode(HANS, "gbk")].concat();
    let (got, report) = auto(&bytes);
    assert_eq!(got, [HANS, line, HANS].concat());
    assert_eq!(report.encodings.len(), 3, "{:?}", report.encodings);
}
