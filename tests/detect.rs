//! What detection finds, on text of our own.

mod decode_support;

use decode_support::{HANS, HANT, encode, same_family};
use hanmend::decode::{Detector, Encoding, detect, detect_among};

/// Starts and ends of short pieces of a text, by characters.
fn pieces(text: &str, size: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    chars.chunks_exact(size).map(|piece| piece.iter().collect()).collect()
}

const ROWS: [(&str, &str); 9] = [
    (HANS, "utf-8"),
    (HANS, "gbk"),
    (HANT, "gbk"),
    (HANT, "big5"),
    (HANT, "euc-tw"),
    (HANS, "utf-16le"),
    (HANT, "utf-16be"),
    (HANS, "hz-gb-2312"),
    (HANT, "iso-2022-cn"),
];

#[test]
fn eight_characters_are_enough() {
    for (text, name) in ROWS {
        for piece in pieces(text, 8) {
            let found = detect(&encode(&piece, name));
            assert!(same_family(found.encoding.name(), name), "{piece} in {name}: {found:?}");
            assert!(found.confidence > 0.9, "{piece} in {name}: {found:?}");
        }
    }
}

#[test]
fn a_cut_at_the_head_or_tail_is_stepped_over() {
    for (text, name) in &ROWS[..7] {
        for piece in pieces(text, 12) {
            let bytes = encode(&piece, name);
            for bytes in [&bytes[1..], &bytes[..bytes.len() - 1], &bytes[1..bytes.len() - 1]] {
                let found = detect(bytes).encoding.name();
                assert!(same_family(found, name), "{piece} in {name}: {found}");
            }
        }
    }
}

#[test]
fn markup_does_not_dilute_and_a_wrong_declaration_does_not_mislead() {
    let markup = "<li class=\"item\"><a href=\"/2008/05/index.html\">next</a></li>\n".repeat(60);
    for (text, name) in [(HANS, "gbk"), (HANT, "big5"), (HANT, "utf-8"), (HANT, "euc-tw")] {
        for piece in pieces(text, 10) {
            for said in ["utf-8", "gb2312", "big5", "shift_jis", "windows-1252"] {
                let page = format!("<meta charset={said}>{markup}<p>{piece}</p>{markup}");
                let found = detect(&encode(&page, name));
                assert!(same_family(found.encoding.name(), name), "{piece} in {name} as {said}");
                assert_eq!(found.declared.as_deref(), Some(said));
            }
        }
    }
}

#[test]
fn a_declaration_settles_what_bytes_leave_open() {
    // Two characters that are frequent in both encodings.
    let bytes = encode("一", "big5");
    let said =
        |label: &str| detect(&[format!("<meta charset={label}>").as_bytes(), &bytes].concat());
    assert!(same_family(said("big5").encoding.name(), "big5"));
    assert!(said("big5").confidence > said("gbk").confidence);
}

#[test]
fn the_variant_is_told_where_it_shows() {
    for (text, name) in [("香港人講嘅嘢，佢哋都識", "big5-hkscs"), ("中文㐂䶮字很少见", "gb18030")]
    {
        let found = detect(&encode(text, name));
        assert_eq!(found.encoding.name(), name);
    }
    assert_eq!(detect(&encode("中文很常见", "gb18030")).encoding.name(), "gbk");
    assert_eq!(detect(&encode("這个国家说的话很多们", "big5-uao")).encoding.name(), "big5-uao");
}

#[test]
fn candidates_restrict() {
    let bytes = encode("巷口那間麵店", "big5");
    let found = detect_among(&bytes, &[Encoding::GB18030, Encoding::UTF_8]);
    assert!(same_family(found.encoding.name(), "gb18030"), "{found:?}");
    let found = detect_among(&bytes, &[Encoding::BIG5_HKSCS]);
    assert!(same_family(found.encoding.name(), "big5"), "{found:?}");
    assert_eq!(detect_among(b"plain", &[Encoding::BIG5]).encoding, Encoding::ASCII);
}

#[test]
fn what_is_no_text() {
    let mut random = 0x2545_F491_4F6C_DD1Du64;
    let noise: Vec<u8> = (0..4096)
        .map(|_| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random as u8
        })
        .collect();
    assert_eq!(detect(&noise).encoding, Encoding::BINARY);
    assert_eq!(detect(&[0; 64]).encoding, Encoding::BINARY);
    // ASCII with bytes between it is no UTF-16, whatever the parity.
    let names = "_PyLong_AsTime_t\u{8}PyUnicode_Check\u{3}append\0join\u{1}strip\0\0\0".repeat(40);
    for start in 0..2 {
        let bytes = [&names.as_bytes()[start..], b"\xE3\0\0\0\xFA\x0E\xA9"].concat();
        let name = detect(&bytes).encoding.name();
        assert!(!name.starts_with("utf-16"), "{name}");
    }
    // Numbers that rise slowly, as sound has them.
    let numbers: Vec<u8> = (0..800i16).flat_map(|i| (i * 2 % 61 - 30).to_be_bytes()).collect();
    assert_eq!(detect(&numbers).encoding, Encoding::BINARY);
}

/// What is read into noise is not said with certainty.
#[test]
fn short_noise_is_doubted() {
    let mut random = 0x9E37_79B9_7F4A_7C15u64;
    for _ in 0..200 {
        let noise = std::iter::repeat_with(|| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random as u8 | 1
        });
        let found = detect(&noise.take(40).collect::<Vec<u8>>());
        let doubted = found.encoding == Encoding::BINARY || found.confidence < 0.5;
        assert!(doubted, "{found:?}");
    }
}

/// Я and ю next to each other are FF FE in windows-1251, and FE FF the other way around.
#[test]
fn a_mark_that_is_a_word_is_none() {
    for start in ["яю", "юя"] {
        let text = format!("{start}щий снег лежит на крышах, дети катаются с горы на санках");
        let found = detect(&encode(&text, "windows-1251"));
        assert_eq!((found.encoding.name(), found.bom), ("windows-1251", false), "{text}");
    }
    let texts = [
        HANS,
        "\u{E000}\u{F0FF}\u{E8EE}\u{F3F2}".repeat(20).as_str(),
        "오늘은 눈이 온다",
        "ภาษาไทย",
        "x",
    ]
    .map(str::to_owned);
    for text in texts {
        for name in ["utf-16le", "utf-16be"] {
            let found = detect(&encode(&format!("\u{FEFF}{text}"), name));
            assert_eq!((found.encoding.name(), found.bom), (name, true), "{text}");
        }
    }
}

/// Big5 has no character for some of the codes of Unicode-At-On.
#[test]
fn one_character_of_big5_uao_is_enough() {
    for text in ["買燈的时候跟这檯商量", "他们說好下週再来"] {
        let found = detect(&encode(text, "big5-uao"));
        assert_eq!(found.encoding, Encoding::BIG5_UAO, "{text}: {found:?}");
    }
}

#[test]
fn other_scripts_are_not_chinese() {
    for (name, text) in [
        ("shift_jis", "昨日の会議で決まったことを、みなさんにお知らせします。"),
        ("euc-jp", "東京駅から新幹線に乗って、京都まで行きました。"),
        ("euc-kr", "어제 회의에서 결정된 내용을 여러분께 알려 드립니다."),
        ("windows-1251", "Вчера вечером мы долго гуляли по набережной."),
        ("koi8-r", "Вчера вечером мы долго гуляли по набережной."),
        ("windows-1252", "Die Schüler müssen für die Prüfung üben; schöne Grüße an alle."),
        ("windows-1252", "La niña volvió mañana con su pequeño perro español."),
        ("windows-1253", "Χθες το βράδυ περπατήσαμε στην παραλία."),
        // The tones stand behind their letters.
        (
            "windows-1258",
            "Buô\u{309}i sa\u{301}ng tôi uô\u{301}ng ca\u{300} phê rô\u{300}i đi la\u{300}m bă\u{300}ng xe đa\u{323}p.",
        ),
    ] {
        for piece in pieces_of(text, 20) {
            let Some(bytes) = decode_support::try_encode(&piece, name) else { continue };
            if bytes.is_ascii() {
                continue;
            }
            let found = detect(&bytes).encoding.name();
            for chinese in ["gb", "big5", "euc-tw", "utf-16", "hz"] {
                assert!(!found.starts_with(chinese), "{piece} in {name}: {found}");
            }
        }
    }
}

fn pieces_of(text: &str, size: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(size).step_by(3).map(|piece| piece.iter().collect()).collect()
}

/// What was said with a confidence came true about as often: pieces of one to four characters, of
/// which the shortest leave much open, gathered by the confidence that was said.
#[test]
fn confidence_means_something() {
    const EDGES: [f32; 5] = [0.0, 0.6, 0.8, 0.95, 1.0];
    let mut bins = [(0usize, 0usize, 0f64); 4];
    for size in 1..=4 {
        for (text, name) in &ROWS[..8] {
            for start in 0..size {
                let chars: String = text.chars().filter(|c| *c != '\n').skip(start).collect();
                for piece in pieces(&chars, size) {
                    let bytes = encode(&piece, name);
                    // `-N` is ASCII, not 中 in UTF-16.
                    if name.starts_with("utf-16") && bytes.is_ascii() {
                        continue;
                    }
                    let found = detect(&bytes);
                    let bin = EDGES[1..].iter().position(|e| found.confidence <= *e).unwrap();
                    bins[bin].0 += 1;
                    bins[bin].1 += usize::from(same_family(found.encoding.name(), name));
                    bins[bin].2 += f64::from(found.confidence);
                }
            }
        }
    }
    println!("said, came true, pieces");
    for (all, right, said) in bins {
        let (said, came) = (said / all as f64, right as f64 / all as f64);
        println!("{said:.3} {came:.3} {all}");
        let most = if said > 0.95 { 0.01 } else { 0.08 };
        assert!(all > 100 && (said - came).abs() < most, "{bins:?}");
    }
}

/// The table is what the pinned packages make. Needs Python with opencc, and the
/// packages in the folder that HANMEND_PACKAGES names.
#[test]
fn the_table_is_what_the_packages_make() {
    let Ok(packages) = std::env::var("HANMEND_PACKAGES") else {
        println!("skipped: HANMEND_PACKAGES names no folder of packages");
        return;
    };
    let status = std::process::Command::new("python3")
        .args(["data/tables/train_detect.py", "--check", "--packages", &packages])
        .status()
        .expect("python3 runs");
    assert!(status.success());
}

#[test]
fn one_character_of_utf_8_is_utf_8() {
    for text in ["\u{FFFD}", "实", "é実", "，", "€"] {
        let found = hanmend::decode::detect(text.as_bytes());
        assert_eq!(found.encoding, hanmend::decode::Encoding::UTF_8, "{text}");
    }
    // Words and signs that are Chinese or Korean in other encodings.
    for text in ["Äther", "Ätna", "SÍ", "pašů", "ODSMAŻŻE", "góóóóól", "Σ", "§", "°", "½"]
    {
        for text in [text, &format!("{text}\n")] {
            let found = detect(text.as_bytes());
            assert_eq!(found.encoding, Encoding::UTF_8, "{text}");
        }
    }
    // Mojibake of a title of two characters.
    for text in ["´ò»ù´¡", "´òÓ¡"] {
        assert_eq!(detect(text.as_bytes()).encoding, Encoding::UTF_8, "{text}");
    }
    // Rare Han.
    for text in ["墢墣\n", "㖍\n㖎\n㖏\n"] {
        assert_eq!(detect(text.as_bytes()).encoding, Encoding::UTF_8, "{text}");
    }
}

#[test]
fn utf_16_that_was_read_byte_by_byte_is_the_utf_8_that_it_was_written_in() {
    for text in ["外面下着小雨，他忘了带伞。", "孩子们听完故事就睡了。", "下班后去喝酒"]
    {
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let wide: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
            let read: String = wide.iter().copied().map(char::from).collect();
            assert_eq!(detect(read.as_bytes()).encoding, Encoding::UTF_8, "{text}");
            assert!(detect(&wide).encoding.name().starts_with("utf-16"), "{text}");
        }
    }
}

/// A sign or two in English text are words of Chinese in other encodings.
#[test]
fn a_sign_of_utf_8_in_english_is_utf_8() {
    let rest = "and nothing else in it that is not plain ASCII\n";
    for sign in ["§", "©", "\u{a0}", "é", "š", "—", "「", "的"] {
        for text in [format!("see {sign}6.3.1 {rest}"), format!("{rest}{sign}")] {
            let found = detect(text.as_bytes());
            assert_eq!(found.encoding, Encoding::UTF_8, "{text}");
        }
        let long = format!("{}{sign}", rest.repeat(2000));
        assert_eq!(detect(long.as_bytes()).encoding, Encoding::UTF_8);
    }
    let declared = "<meta charset=utf-8>©©";
    assert_eq!(detect(declared.as_bytes()).encoding, Encoding::UTF_8);
    // Bytes of another encoding that are valid UTF-8, and said not to be.
    let said =
        [b"<meta charset=gbk><p>", &encode("模隆", "gbk")[..], b"</p></body></html>"].concat();
    assert!(std::str::from_utf8(&said).is_ok());
    assert_eq!(detect(&said).encoding.name(), "gbk");
}

#[test]
fn of_encodings_of_one_byte_the_declared_is_it() {
    let mut page = b"# -*- coding: iso-8859-1 -*-\nwordchars = 'abc".to_vec();
    page.extend(0xDF..=0xF6);
    page.extend(b"'\n");
    assert_eq!(detect(&page).encoding.name(), "windows-1252");
}

#[test]
fn valid_utf_8_stays_utf_8_when_it_reads_as_nonsense() {
    // UTF-8 read as Latin-1 and written as UTF-8 again: its bytes would be words of EUC-KR.
    let text: String = "河边的柳树发了新芽".bytes().map(char::from).collect();
    let found = hanmend::decode::detect(text.as_bytes());
    assert_eq!(found.encoding, hanmend::decode::Encoding::UTF_8);
    let fixed = hanmend::Fixer::default().fix_bytes(text.as_bytes());
    assert_eq!(fixed.text, "河边的柳树发了新芽");
}

#[test]
fn utf_16_of_any_length_is_no_data() {
    for (text, _) in ROWS.iter().chain(&[("天气，人民日报。一二三上下不了也乎五丁", "")])
    {
        let long: String = text.chars().cycle().take(300).collect();
        for big in [false, true] {
            let bytes: Vec<u8> = long
                .encode_utf16()
                .flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect();
            let name = if big { "utf-16be" } else { "utf-16le" };
            for size in (64..600).step_by(2) {
                assert_eq!(detect(&bytes[..size]).encoding.name(), name, "{size} of {text}");
                // The start of a character cut off, and a byte lost on the way.
                assert_eq!(detect(&bytes[1..size]).encoding.name(), name, "{size} of {text}");
            }
            let lost = [&bytes[..301], &bytes[302..]].concat();
            assert_eq!(detect(&lost).encoding.name(), name, "{text}");
        }
    }
}

/// However the input is cut, the detector in pieces finds what the whole shows.
#[test]
fn in_pieces_the_same_is_found() {
    let markup = "<li><a href=\"/2008/05/\">~{next}</a></li>\n".repeat(60);
    let mut inputs: Vec<Vec<u8>> = ROWS.iter().map(|(text, name)| encode(text, name)).collect();
    inputs.extend(ROWS.iter().map(|(text, name)| encode(&format!("{markup}{text}"), name)));
    inputs.extend(["", "a", "plain", "\u{feff}實", "\0\0\0\0", "~"].map(|s| s.as_bytes().to_vec()));
    inputs.extend([b"\xFF\xFE\x2D\x4E".to_vec(), b"\xD6".to_vec(), (0..=255).collect()]);
    inputs.push(encode(&HANT.repeat(200), "big5"));
    for input in inputs {
        let whole = detect(&input);
        let mut detector = Detector::new();
        for size in [1, 2, 3, 7, 1000, 100_000] {
            // A detector serves one input after the other.
            let mut early = None;
            for piece in input.chunks(size) {
                early = early.or(detector.push(piece).cloned());
            }
            let found = detector.finish();
            assert_eq!(found, whole, "in pieces of {size}");
            assert!(early.is_none_or(|early| early == whole), "early, in pieces of {size}");
        }
    }
}

#[test]
fn what_was_once_mistaken() {
    // Latin text whose accents or marks stand together, before a capital, or at the end.
    for text in [
        "Die Schaltfläche ist standardmäßig aus",
        "von der Größe",
        "Se rediseñó para",
        "(véase el menú).\n¡Debes guardar",
        "\n¿Desea seguir",
        "siehe Kapitel 3, „",
        "dans le menu «",
        // Accents where the bytes end, beside marks, in headings; dashes between numbers.
        "Der Regen hält an, die Mü",
        "on le servira vers minuit ég",
        "bitte umrühren und etwa 25–4",
        "ULTIMA SESIÓN DE LA TARDE",
        "el lunes ya no. ¡Habrá que",
        // A sign or two between much ASCII.
        "MsgBox statement [: …] ] [{REM|'} text] and more of it",
        "The function returns #¡NUM! where one of the records has",
    ] {
        let found = detect(&encode(text, "windows-1252")).encoding.name();
        assert!(found.starts_with("windows-125"), "{text}: {found}");
    }
    // Accents of Vietnamese that take the letter behind them along.
    for text in [
        "xe na\u{300}y la\u{300}m cho to",
        "ti\u{300}m sa\u{301}ch",
        "chu\u{301}ng tôi vê\u{300} nha\u{300}",
    ] {
        let found = detect(&encode(text, "windows-1258")).encoding.name();
        assert!(found.starts_with("windows-125"), "{text}: {found}");
    }
    // Czech letters of which the second is below C0.
    let found = detect(&encode("od rána prší a snad i celý den", "windows-1250")).encoding.name();
    assert!(found.starts_with("windows-125"), "{found}");
    // Japanese in China's encoding.
    let japanese = "東京駅から新幹線に乗って、京都まで行きました。";
    assert!(same_family(detect(&encode(japanese, "gb18030")).encoding.name(), "gb18030"));
    // Quotation marks that are rare in Taiwan.
    let quoted = "他說“明天”再說“後天”，到了“大後天”也沒有來";
    assert!(same_family(detect(&encode(quoted, "big5")).encoding.name(), "big5"));
    // A table drawn with lines.
    for name in ["gbk", "big5"] {
        let found = detect(&encode("───────────────┼", name)).encoding.name();
        assert!(same_family(found, name), "{name}: {found}");
    }
}

#[test]
fn cut_or_damaged_utf_32() {
    for name in ["utf-32le", "utf-32be"] {
        let bytes = encode(HANS, name);
        for cut in 0..4 {
            let found = detect(&bytes[cut..bytes.len() - cut]);
            assert_eq!(found.encoding.name(), name, "cut by {cut}");
        }
        for at in [1, 50, 301] {
            let damaged = [&bytes[..at], b"\xFF", &bytes[at..]].concat();
            assert_eq!(detect(&damaged).encoding.name(), name, "FF at {at}");
            let damaged = [&bytes[..at], &bytes[at + 1..]].concat();
            assert_eq!(detect(&damaged).encoding.name(), name, "without byte {at}");
        }
    }
}

/// Lines in another encoding do not hide that the file is in seven bits.
#[test]
fn seven_bits_with_foreign_lines() {
    let foreign = encode("夹在中间的两行\n是用别的编码写的\n", "gbk");
    for name in ["hz-gb-2312", "iso-2022-cn"] {
        let bytes = [encode(HANS, name), foreign.clone(), encode(HANS, name)].concat();
        assert_eq!(detect(&bytes).encoding.name(), name);
        // A page in another encoding that quotes some of it is not in it.
        let quoted = encode("一个例子，在下一行：\n", name);
        let bytes = [encode(HANS, "gbk"), quoted, encode(HANS, "gbk")].concat();
        assert_eq!(detect(&bytes).encoding.name(), "gbk", "{name} quoted");
    }
}

/// Strict: what is found right is to be taken off this list.
#[test]
fn known_failures() {
    for (text, name, found) in [
        // Kana have the same codes in GB 2312 and in EUC-JP, which is much the likelier.
        ("春の桜がとてもきれいだ", "gb18030", "euc-jp"),
        // Two characters of a name.
        ("陈刚", "gbk", "big5"),
        // A row of middle dots is a word of Chinese.
        ("Tippen Sie auf ····· neben dem Namen, der sich öffnen soll.", "windows-1252", "gbk"),
    ] {
        let got = detect(&encode(text, name)).encoding.name();
        assert_eq!(got, found, "{text} in {name}");
    }
}

#[test]
fn the_runner_up_is_another() {
    // Read with the additions of Unicode-At-On, of which it has none, this is Big5 all the same.
    let bytes =
        b"\xBDX\xC0\xA9\xA9\xA9\xA9\xA9\xA9\xA9\xA9\xA9\xA9\xA9\xA3\xAA\xBE\xB9D\xA1v\xA1C\n";
    let found = detect(bytes);
    assert_eq!(found.encoding, Encoding::BIG5);
    assert!(found.runner_up.is_none_or(|(next, _)| next != Encoding::BIG5), "{found:?}");
}
