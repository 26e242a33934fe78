//! The tables against the GNU C library's, over the whole code space, both ways.

mod decode_support;

use std::io::Write;
use std::process::{Command, Stdio};

use decode_support::{encode, run, try_encode};
use hanmend::decode::{Decoder, Encoding};

/// Runs iconv; `None` where there is none that knows the encoding.
fn iconv(from: &str, to: &str, input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("iconv")
        .args(["-c", "-f", from, "-t", to])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().ok()?;
    let _ = writer.join();
    (!output.stdout.is_empty()).then_some(output.stdout)
}

fn decode(bytes: &[u8], encoding: Encoding) -> String {
    let (text, report) = run(&mut Decoder::with_encoding(encoding), bytes, 4096);
    assert!(report.events.is_empty(), "{:?}", report.events[0]);
    text
}

/// Every character of Unicode that text may have, one on a line.
fn all_characters() -> Vec<char> {
    let private = |c: &char| matches!(*c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..);
    ('\u{A0}'..='\u{2FFFF}').filter(|c| !private(c)).collect()
}

fn as_lines(chars: impl IntoIterator<Item = char>) -> String {
    chars.into_iter().flat_map(|c| [c, '\n']).collect()
}

/// What iconv can write, we write; and each reads what the other wrote. `ours_only` are characters
/// that we write and iconv does not, `theirs_only` the reverse, `differ` those that the two read
/// from other codes.
fn compare(label: &str, theirs: &str, ours_only: &str, theirs_only: usize, differ: &str) {
    let encoding = Encoding::for_label(label).unwrap();
    let all = all_characters();
    let Some(written) = iconv("UTF-8", theirs, as_lines(all.iter().copied()).as_bytes()) else {
        println!("skipped: no iconv here that knows {theirs}");
        return;
    };
    let mut known = Vec::new();
    let (mut mine, mut yours, mut other) = (String::new(), Vec::new(), String::new());
    for (c, line) in all.iter().zip(written.split(|b| *b == b'\n')) {
        match (try_encode(&c.to_string(), label), line.is_empty()) {
            // ISO-IR-165: read, as far as it is GB 2312, and not written.
            (Some(_), false) if line.starts_with(b"\x1B$)E") => {}
            (Some(bytes), false) => {
                let (back, _) = run(&mut Decoder::with_encoding(encoding), line, 99);
                let escapes = label.starts_with("iso") && !WEB_DASH.contains(*c);
                let alike = bytes == line || escapes && back.chars().eq([*c]);
                if alike { known.push(*c) } else { other.push(*c) }
            }
            (Some(_), true) => mine.push(*c),
            (None, false) => yours.push(*c),
            (None, true) => {}
        }
    }
    assert!(known.len() > 7000, "{label}: {}", known.len());
    assert_eq!(mine, ours_only, "{label}: only ours");
    assert_eq!(other, differ, "{label}: from other codes");
    assert_eq!(
        yours.len(),
        theirs_only,
        "{label}: only theirs: {:?}",
        &yours[..yours.len().min(40)]
    );

    let text = as_lines(known.iter().copied());
    let bytes = encode(&text, label);
    let back = iconv(theirs, "UTF-8", &bytes).expect("it knew the encoding before");
    assert!(
        String::from_utf8(back).is_ok_and(|t| t == text),
        "{label}: iconv reads ours otherwise"
    );
    // In one line, the states of ISO 2022 and the lead bytes meet.
    let line: String = known.iter().collect();
    let bytes = encode(&line, label);
    let back = iconv(theirs, "UTF-8", &bytes).expect("it knew the encoding before");
    let back = String::from_utf8_lossy(&back);
    let same = back.bytes().zip(line.bytes()).take_while(|(a, b)| a == b).count();
    let shown: String =
        line.get(same.saturating_sub(30) / 3 * 3..).unwrap_or("").chars().take(20).collect();
    assert!(
        back == line,
        "{label}: a line of ours, at {same}: {shown}, {:?}",
        back.get(same - 3..same + 9)
    );
    // glibc itself does not always read back a text of ISO-2022-CN in which it changed sets: there,
    // each character was read above.
    if !label.starts_with("iso") {
        let bytes = iconv("UTF-8", theirs, text.as_bytes()).expect("it knew the encoding before");
        assert!(decode(&bytes, encoding) == text, "{label}: we read iconv's otherwise");
        let bytes = iconv("UTF-8", theirs, line.as_bytes()).expect("it knew the encoding before");
        assert!(decode(&bytes, encoding) == line, "{label}: a line of iconv's");
    }
}

/// GB 2312's dash and middle dot are U+2014 and U+00B7 on the web, U+2015 and U+30FB in iconv.
const WEB_DASH: &str = "·—・";

#[test]
fn euc_tw() {
    compare("euc-tw", "EUC-TW", "", 0, "");
}

#[test]
fn iso_2022_cn() {
    compare("iso-2022-cn", "ISO-2022-CN", "", 1, WEB_DASH);
}

#[test]
fn iso_2022_cn_ext() {
    // What iconv writes and we do not is in ISO-IR-165.
    compare("iso-2022-cn-ext", "ISO-2022-CN-EXT", "", 307, "·—・錜");
}

#[test]
fn utf_32() {
    let text = as_lines(all_characters());
    for (label, theirs) in [("utf-32le", "UTF-32LE"), ("utf-32be", "UTF-32BE")] {
        let Some(bytes) = iconv("UTF-8", theirs, text.as_bytes()) else {
            println!("skipped: no iconv here that knows {theirs}");
            continue;
        };
        assert!(encode(&text, label) == bytes, "{label}");
        assert!(decode(&bytes, Encoding::for_label(label).unwrap()) == text, "{label}");
    }
}

#[test]
fn gb18030() {
    compare("gb18030", "GB18030", "", 0, "");
}

#[test]
fn big5_hkscs() {
    // The web reads the marks of ETEN and Microsoft that the standard of Hong Kong leaves out.
    let ours = "¯ˍ‧€∕⊕⊙␀␁␂␃␄␅␆␇␈␉␊␋␌␍␎␏␐␑␒␓␔␕␖␗␘␙␚␛␜␝␞␟␡╴﹑﹨～￠￡￣￥";
    compare("big5-hkscs", "BIG5-HKSCS", ours, 9, "╭╮╯╰仝嘅廐廴悤无瀞猪癶覩鍮隶靝／＼");
}
