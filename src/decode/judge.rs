//! The decision: which encoding a look, or a line, is in.

use std::borrow::Cow;

use encoding_rs as rs;
use memchr::memchr_iter;

use super::by_bytes;
use super::candidate::{self, Candidate};
use super::cesu;
use super::declared::declared_charset;
use super::detection::Detection;
use super::encoding::Encoding;
use super::fluent;
use super::look;
use super::model::{Language, NAT};
use super::score;
use super::seven;
use super::units::Table;

/// What the decision is taken on.
pub(super) struct Evidence<'a> {
    /// ASCII that has passed before.
    pub(super) before: &'a [u8],
    /// The look.
    pub(super) bytes: &'a [u8],
    /// Whether `bytes` begins where the input begins.
    pub(super) from_start: bool,
    /// What it may be, if not anything.
    pub(super) candidates: Option<&'a [Encoding]>,
}

/// What a declared charset is worth: four nats, as when one declaration in fifty is wrong. Of the 97
/// Chinese files that chardet and uchardet test with, 49 declare a charset, and none a wrong one.
const DECLARED: u32 = 4 * NAT;
/// Confidence is never certainty where bytes were weighed.
pub(super) const MOST: f32 = 0.9999;

/// How sure escapes are: nobody writes them by accident, and what stands between was looked at.
const SEVEN: f32 = 0.999;

/// Decides; `None` when there is nothing but ASCII.
pub(super) fn decide(evidence: &Evidence<'_>) -> Option<Detection> {
    let bytes = evidence.bytes;
    let declared = declared(evidence);
    if let Some(seven) = seven::decide(bytes).filter(|e| may(evidence, *e)) {
        return Some(Detection { confidence: SEVEN, declared, ..Detection::certain(seven) });
    }
    if bytes.is_ascii() && !bytes.contains(&0) {
        return None;
    }
    let voted = voted(declared.as_deref());
    if is_utf8(evidence, voted) && may(evidence, Encoding::UTF_8) {
        return Some(Detection {
            confidence: MOST,
            declared,
            ..Detection::certain(Encoding::UTF_8)
        });
    }
    let wide = evidence.from_start && may_be_wide(bytes);
    // What may have been read byte by byte is not plain.
    let is_plain = || valid_utf8(bytes).is_none_or(|text| text.is_ascii());
    if let Some((encoding, next)) = fluent::decide(bytes, wide && is_plain(), |e| may(evidence, e))
    {
        return Some(Detection {
            confidence: MOST,
            runner_up: Some((next, 1.0 - MOST)),
            declared,
            ..Detection::certain(name(encoding, bytes))
        });
    }
    // Of the four bytes of a unit of UTF-32 one at least is NUL.
    let nul = memchr_iter(0, bytes).count() * 5 >= bytes.len();
    let proposed = candidate::all().iter().filter(|c| match c.unit() {
        1 => may(evidence, c.encoding),
        unit => {
            let fits = wide && bytes.len() >= unit && (nul || unit < 4);
            fits && may(evidence, c.encoding)
        }
    });
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    let lone = high <= LONE && evidence.before.len() + bytes.len() >= high * DILUTED;
    let is_cut = std::str::from_utf8(bytes).is_err_and(|e| e.error_len().is_none());
    let is_likely_utf8 = valid_utf8(bytes).is_some_and(|text| is_likely_utf8(&text));
    let score = |candidate: &Candidate, parts: &[&[u8]]| {
        let vote = if voted == Some(candidate.encoding.to_write()) { 0 } else { DECLARED };
        let is_lone =
            lone && candidate.is_chinese() && !(is_cut && candidate.encoding == Encoding::UTF_8);
        let mut cost = candidate.prior + vote + if is_lone { ALONE } else { 0 };
        if is_likely_utf8 && candidate.encoding != Encoding::UTF_8 {
            cost += OTHER;
        }
        let mut skip = 0;
        for (i, part) in parts.iter().enumerate() {
            let reading = candidate.read(part);
            cost = cost.saturating_add(reading.cost);
            if i == 0 {
                skip = reading.skipped;
            }
        }
        if candidate.encoding == Encoding::BIG5_UAO
            && let [part] = parts
            && is_whole_only(&part[skip as usize..])
        {
            cost = cost.saturating_sub(WHOLE);
        }
        Scored { encoding: candidate.encoding, cost, skip }
    };
    // Glances leave few of them.
    let mut kept: Vec<&Candidate> = proposed.collect();
    let mut scored = Vec::new();
    let mut size = 0;
    for look in LOOKS {
        let parts = parts(bytes, look);
        size = parts.iter().map(|p| p.len()).sum();
        scored = kept.iter().map(|c| score(c, &parts)).collect();
        if parts.len() == 1 {
            break;
        }
        let mut costs: Vec<u32> = scored.iter().map(|s: &Scored| s.cost).collect();
        costs.sort_unstable();
        // The second stays, to be the runner-up.
        let [best, second, ..] = costs[..] else { break };
        let most = best.saturating_add(BEHIND).max(second);
        let mut scores = scored.iter();
        kept.retain(|_| scores.next().is_some_and(|s| s.cost <= most));
    }
    let noise = parts(bytes, LOOKS[2]).into_iter().map(score::noise).sum();
    // A reading that has none of what its encoding adds is the same as the plain one, which is then
    // no other that might be right.
    if let Some(best) = scored.iter().min_by_key(|s| s.cost) {
        let (read, plain) = (best.encoding, name(best.encoding, &bytes[best.skip as usize..]));
        scored.retain(|s| s.encoding == read || s.encoding != plain);
    }
    let detection = weigh(&mut scored, NO_TEXT.saturating_add(noise));
    let cost = scored.first().map_or(0, |s| s.cost) as usize;
    let detection = match voted.filter(|v| is_single(*v) && is_single(detection.encoding)) {
        // Which of these it is is not what we are good at: they are told from Chinese, no more.
        Some(voted) if may(evidence, voted) => Detection { encoding: voted, ..detection },
        _ => detection,
    };
    let named = || name(detection.encoding, &bytes[detection.skip as usize..]);
    let is_dear = cost > size * DEAREST_BY_BYTES;
    if (is_wide(detection.encoding) && is_dear || named() == Encoding::BINARY)
        && may(evidence, Encoding::UTF_8)
        && let Some(confidence) = by_bytes(bytes, cost as u32)
    {
        return Some(Detection { declared, confidence, ..Detection::certain(Encoding::UTF_8) });
    }
    let is_noise = is_wide(detection.encoding) && size >= SOME && cost > size * NOISE;
    let encoding = if is_noise { Encoding::BINARY } else { named() };
    let confidence = if encoding == Encoding::BINARY {
        // Other noise may be what it is read as, too.
        detection.confidence.max(1.0 - detection.confidence).min(MOST)
    } else {
        detection.confidence
    };
    let runner_up = detection.runner_up.filter(|(next, _)| *next != encoding);
    Some(Detection { declared, encoding, confidence, runner_up, ..detection })
}

/// So many characters beyond ASCII, all valid UTF-8, are UTF-8 whatever they say: a character of two
/// bytes in GBK is valid one time in five, so that this many are one time in a million. What they say
/// may be mojibake, which other encodings would make words of.
const VALID: usize = 8;
/// Fewer are, too, where they are one byte in so many: who writes Chinese does not write so little of it,
/// while a § or a © stands in any English text.
const DILUTED: usize = 8;
/// So many are, if all of them are of Latin-1: in other encodings that is so many bytes C2 or C3, one in twenty characters of GBK,
/// and each before one of 64. What they say may be mojibake of a title of two Han.
const LATIN: usize = 4;
/// So few bytes beyond ASCII are one character of Chinese, or a sign of Latin before another (`…]`, `#¡N`).
const LONE: usize = 2;
/// How much rarer the Chinese is between so much ASCII.
const ALONE: u32 = 8 * NAT;

/// How much rarer other encodings are than UTF-8, where all bytes are characters of it that one meets by themselves.
const OTHER: u32 = 4 * NAT;

fn is_greek(c: char) -> bool {
    matches!(c, 'Α'..='Ρ' | 'Σ'..='Ω' | 'α'..='ω')
}

/// Whether a text has characters beyond ASCII, and all of them are letters of Latin in words, signs, Greek letters, or of three bytes
/// and more: these are likely in UTF-8, and each of the others is as likely a character of Chinese in another encoding. UTF-16
/// has bytes of controls.
fn is_likely_utf8(text: &str) -> bool {
    let is_latin = |c: char| c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{17F}');
    let is_word = |word: &str| word.is_empty() || word.contains(|c: char| c.is_ascii_alphabetic());
    let is_other = |c: char| match c {
        ..'\u{80}' => matches!(c, ' '..='~' | '\t' | '\n' | '\r'),
        c => is_greek(c) || matches!(c, '\u{A0}'..='\u{BF}' | '\u{800}'..),
    };
    !text.is_ascii()
        && text.chars().all(|c| is_latin(c) || is_other(c))
        && text.split(|c| !is_latin(c)).all(is_word)
}

/// Whether a whole input without escapes, in which the look begins behind `before`, is found to be UTF-8.
pub(super) fn is_sound(before: &str, rest: &str) -> bool {
    let enough = |size: usize| {
        let mut beyond = rest.as_bytes()[..rest.len().min(size)].iter().filter(|b| **b >= 0xC0);
        beyond.nth(VALID - 1).is_some()
    };
    // The last one's end is seen, too.
    if enough(256) || enough(look::SEEN - 4) {
        return true;
    }
    let (before, bytes) = (before.as_bytes(), rest.as_bytes());
    if bytes.len() > look::SEEN {
        return false;
    }
    let before = &before[..before.len().min(look::REMEMBERED)];
    let evidence = Evidence { before, bytes, from_start: true, candidates: None };
    is_utf8(&evidence, voted(declared(&evidence).as_deref()))
}

fn declared(evidence: &Evidence<'_>) -> Option<String> {
    declared_charset(evidence.before).or_else(|| declared_charset(evidence.bytes))
}

/// The encoding that a declared charset speaks for.
fn voted(declared: Option<&str>) -> Option<Encoding> {
    declared.and_then(Encoding::for_label).map(Encoding::to_write)
}

/// Whether the bytes, which may end within a character, are UTF-8 beyond chance; `voted` is the
/// encoding that they declare.
fn is_utf8(evidence: &Evidence<'_>, voted: Option<Encoding>) -> bool {
    let bytes = evidence.bytes;
    let Some(text) = valid_utf8(bytes) else { return false };
    let beyond = || text.chars().filter(|c| !c.is_ascii()).take(VALID);
    match beyond().count() {
        VALID => true,
        0 => false,
        _ if voted.is_some() => voted == Some(Encoding::UTF_8),
        // With NUL it may be UTF-16.
        _ if memchr::memchr(0, bytes).is_some() => false,
        // Six bytes, all of them as in a pair of surrogates, are one time in millions what another encoding has.
        _ if matches!(text, Cow::Owned(_)) => true,
        count => {
            let size: usize = beyond().map(char::len_utf8).sum();
            let is_diluted = evidence.before.len() + text.len() >= size * DILUTED;
            is_diluted || count >= LATIN && beyond().all(|c| c <= '\u{FF}')
        }
    }
}

/// The bytes as UTF-8, but for a character that they end within. It is owned where there are pairs of surrogates.
fn valid_utf8(bytes: &[u8]) -> Option<Cow<'_, str>> {
    cesu::joined(bytes)
}

/// How rare it is that UTF-16 was read byte by byte and written as UTF-8, before it is seen, and what a byte costs that was
/// not.
const BY_BYTES: u32 = 8 * NAT;
const NOT_BY_BYTES: usize = 4 * NAT as usize;
/// The most that a byte of text costs as UTF-16 on average: text costs half of [`NOISE`], and the dearest short sentence not as
/// much as this.
const DEAREST_BY_BYTES: usize = 4 * NAT as usize;

/// How sure it is that the bytes, which cost this much as UTF-16, are UTF-8 of UTF-16 that was read byte by byte; none where it
/// is likelier that they are not.
fn by_bytes(bytes: &[u8], cost: u32) -> Option<f32> {
    let text = valid_utf8(bytes).filter(|text| !text.is_ascii())?;
    let run = by_bytes::longest_run(&text);
    let rest = text.chars().count() - run.len();
    let wide = [false, true].map(|big| score::utf16(&run, big, 0).cost).into_iter().min()?;
    if wide as usize > run.len() * DEAREST_BY_BYTES {
        return None;
    }
    let other = wide.saturating_add(BY_BYTES + (rest * NOT_BY_BYTES) as u32);
    let odds = (other as f32 - cost as f32) / NAT as f32;
    (other < cost).then(|| (1.0 / (1.0 + odds.exp())).min(MOST))
}

/// Whether the encoding is among the candidates, which name it or one that is read alike.
fn may(evidence: &Evidence<'_>, encoding: Encoding) -> bool {
    let alike = |a: &Encoding| a.to_write() == encoding.to_write();
    evidence.candidates.is_none_or(|among| among.iter().any(alike))
}

/// How rare it is that somebody wants the encoding of what is no text, before it is seen.
const NO_TEXT: u32 = 15 * NAT;

/// Whether the byte order mark of UTF-16 at the start of `bytes` is none: they are text in an encoding
/// of bytes, such as a word of Russian that begins with яю, and none in UTF-16.
pub(super) fn is_no_mark(encoding: Encoding, bytes: &[u8]) -> bool {
    let big = match encoding {
        Encoding::UTF_16LE => false,
        Encoding::UTF_16BE => true,
        _ => return false,
    };
    if bytes.contains(&0) {
        return false;
    }
    let wide = score::utf16(&bytes[encoding.mark().len()..], big, 0).cost;
    let others = candidate::all().iter().filter(|c| !c.is_wide());
    let other = others.map(|c| c.read(bytes).cost.saturating_add(c.prior)).min();
    // Text costs half of what it costs as UTF-16; random units, such as private characters, four fifths.
    other.is_some_and(|other| other.saturating_add(MARK) < wide / 5 * 3)
}

/// What a byte order mark speaks for UTF-16.
const MARK: u32 = 10 * NAT;

/// What it speaks for Big5-UAO that it has a character for all the bytes, where Big5 has not. Damage may be
/// behind that; in a passage so short that it weighs, a cut is likelier, and a cut was seen already.
const WHOLE: u32 = 12 * NAT;

/// Whether all of `bytes` are characters in Big5-UAO, and not in Big5.
fn is_whole_only(bytes: &[u8]) -> bool {
    let is_whole = |table| score::fluency(table, &[bytes], Language::Chinese).is_whole();
    !is_whole(Table::big5()) && is_whole(Table::big5_uao())
}

struct Scored {
    encoding: Encoding,
    cost: u32,
    skip: u32,
}

/// Probabilities of what was scored. Costs are logarithms of probabilities, and what they say comes
/// true as often (tests/detect.rs, the last but one table of examples/detect_figures.rs). `noise` is
/// what it costs that they are no text at all.
fn weigh(scored: &mut [Scored], noise: u32) -> Detection {
    scored.sort_by_key(|s| s.cost);
    let Some(best) = scored.first() else { return Detection::certain(Encoding::BINARY) };
    let behind = |cost: u32| (-(cost as f32 - best.cost as f32) / NAT as f32).exp();
    let odds = |s: &Scored| behind(s.cost);
    let total: f32 = scored.iter().map(odds).sum::<f32>() + behind(noise).min(1e9);
    let runner_up = scored.iter().find(|s| s.encoding != best.encoding);
    Detection {
        confidence: (1.0 / total).min(MOST),
        runner_up: runner_up.map(|s| (s.encoding, odds(s) / total)),
        skip: best.skip,
        ..Detection::certain(best.encoding)
    }
}

/// Bytes beyond ASCII in each of the parts of a look that are scored: two glances, that leave out
/// what is far behind, and what the decision is taken on.
const LOOKS: [usize; 3] = [16, 48, 400];
/// What is so far behind after a glance does not win: it is ten times what a few bad bytes cost.
const BEHIND: u32 = 100 * NAT;

/// What the mean byte of noise costs as UTF-16, at least; text costs half of it.
const NOISE: usize = 6 * NAT as usize;
/// Of less than so many bytes the mean says nothing.
const SOME: usize = 32;

/// Of UTF-16, half of the bytes are those of printable ASCII: one in two of Latin, and of Han nearly as
/// many by accident. Where nine in ten are, it is ASCII with something between.
fn may_be_wide(bytes: &[u8]) -> bool {
    let printable = bytes.iter().filter(|b| matches!(b, b' '..=b'~' | b'\n')).count();
    bytes.len() < 4 * SOME || printable * 10 <= bytes.len() * 9
}

/// Where one unit of UTF-16 in so many is a control, a lone surrogate or private, it is none. Of text that
/// was put out of step early on, one in eight is.
const ODD_UNITS: usize = 5;

/// Whether `bytes` have too many units that no text has, where they are read as UTF-16.
fn has_odd_units(encoding: Encoding, bytes: &[u8]) -> bool {
    let number: fn([u8; 2]) -> u16 = match encoding {
        Encoding::UTF_16LE => u16::from_le_bytes,
        Encoding::UTF_16BE => u16::from_be_bytes,
        _ => return false,
    };
    let units = bytes.as_chunks::<2>().0;
    let odd = |unit: u16| {
        let is_space = matches!(unit, 9 | 10 | 13);
        matches!(unit, 0..0x20 | 0x7F..0xA0 | 0xD800..0xF900 | 0xFFFE..) && !is_space
    };
    let count = units.iter().filter(|u| odd(number(**u))).count();
    units.len() >= SOME && count * ODD_UNITS > units.len()
}

fn is_single(encoding: Encoding) -> bool {
    encoding.web().is_some_and(rs::Encoding::is_single_byte)
}

fn is_wide(encoding: Encoding) -> bool {
    let wide = [Encoding::UTF_16LE, Encoding::UTF_16BE, Encoding::UTF_32LE, Encoding::UTF_32BE];
    wide.contains(&encoding)
}

/// What of the look is scored: all of it, or parts of `size` from its start, middle and end, so
/// that a page whose head is in another encoding than its body is seen as a whole.
fn parts(bytes: &[u8], size: usize) -> Vec<&[u8]> {
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    if high <= size * 4 {
        return vec![bytes];
    }
    let mut parts = Vec::with_capacity(3);
    for share in 0..3 {
        // Units of two and four bytes stay whole.
        let from = (bytes.len() * share / 3) & !3;
        let mut left = size;
        let until = bytes[from..].iter().position(|b| {
            left -= usize::from(*b >= 0x80);
            left == 0
        });
        parts.push(&bytes[from..from + until.unwrap_or(bytes.len() - from)]);
    }
    parts
}

/// The name by which an encoding goes, of those that are read alike.
fn name(encoding: Encoding, bytes: &[u8]) -> Encoding {
    match encoding {
        Encoding::GB18030 if !has_four(bytes) => Encoding::GBK,
        Encoding::BIG5 if has_hkscs(bytes) => Encoding::BIG5_HKSCS,
        Encoding::BIG5_UAO if !Table::big5_uao().adds(Table::big5(), bytes) => Encoding::BIG5,
        _ if is_binary(encoding, bytes) => Encoding::BINARY,
        other => other,
    }
}

/// Whether there is a character of four bytes, as GBK has none.
fn has_four(bytes: &[u8]) -> bool {
    let mut at = 0;
    while at + 3 < bytes.len() {
        match bytes[at..at + 4] {
            [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39] => return true,
            [0x81..=0xFE, 0x40..=0xFE, ..] => at += 2,
            _ => at += 1,
        }
    }
    false
}

/// Whether there is a character that only the additions of Hong Kong have.
fn has_hkscs(bytes: &[u8]) -> bool {
    let mut at = 0;
    while at + 1 < bytes.len() {
        match bytes[at..at + 2] {
            [0x87..=0xA0 | 0xFA..=0xFE, 0x40..=0x7E | 0xA1..=0xFE] => return true,
            [0x81..=0xFE, 0x40..=0xFE] => at += 2,
            _ => at += 1,
        }
    }
    false
}

/// Of what is no text, more than one byte in so many is a control that no text has.
const CONTROLS: usize = 20;

fn is_binary(encoding: Encoding, bytes: &[u8]) -> bool {
    if is_wide(encoding) {
        return has_odd_units(encoding, bytes);
    }
    let controls = bytes.iter().filter(|b| matches!(b, 0..=8 | 0x0E..=0x1A | 0x1C..=0x1F)).count();
    controls * CONTROLS > bytes.len() && controls > 1
}

/// What it costs a line to be in another encoding than the file, and than the last such line.
const SWITCH: u32 = 8 * NAT;
const SWITCH_AGAIN: u32 = 2 * NAT;
/// What it costs a line beside that is sound in Japanese or Korean, the file's own, to be Chinese, or that is a rule of signs, to be
/// words: what some twenty Han gain.
const SOUND: u32 = 120 * NAT;

/// The same of one that is sound in Chinese: more than the rarest word gains. Less where it would be good Chinese, as nineteen lines
/// of three Han in twenty are, in their encoding, of so much a character, where words that are read in another cost 14 nats; where the
/// line before left for the same; and for UTF-8, which is seldom valid by chance. Of 900,000 lines of words and
/// characters in GBK and Big5, two words change so, and without this 2,700 lines did; of lines of four Han in the other
/// encoding, 19 in 20 are seen.
const LEAVES: u32 = 40 * NAT;
const LEAVES_FLUENTLY: u32 = 6 * NAT;
const LEAVES_AGAIN: u32 = 10 * NAT;
const LEAVES_FOR_UTF_8: u32 = 20 * NAT;
const FLUENT: u32 = 17 * NAT / 2;

/// The encoding of a line that is not ASCII, in a file in `base`, after a line in `before`.
pub(super) fn line(line: &[u8], base: Encoding, before: Encoding) -> (Encoding, f32) {
    let alike = |a: Encoding, b: Encoding| a.to_write() == b.to_write();
    let is = |c: &Candidate, e: Encoding| alike(c.encoding, e);
    let switch = |encoding: Encoding| match (alike(encoding, before), alike(encoding, base)) {
        (true, true) => 0,
        (true, false) => SWITCH_AGAIN / 2,
        (false, true) => SWITCH_AGAIN,
        (false, false) => SWITCH,
    };
    // Nearly any two bytes are a character in each of them, so that the line of a dictionary or of names is little evidence.
    let is_big5 = base.to_write() == Encoding::BIG5;
    let says_nothing = |text: &str| {
        let zhuyin = || text.chars().all(|c| c.is_ascii() || is_zhuyin(c));
        text.contains(is_private) || is_big5 && zhuyin()
    };
    let many = base != Encoding::UTF_8 && !is_single(base);
    let sound = many.then(|| valid(line, base)).flatten().filter(|text| !says_nothing(text));
    let signs = sound.as_deref().is_some_and(is_of_signs);
    let proves_utf_8 =
        std::str::from_utf8(line).map_or_else(|_| cesu::has_pairs(line), is_good_utf8);
    let is_fluent =
        |c: &Candidate| c.fluency(&[line]).is_some_and(|fluency| fluency.mean() <= FLUENT);
    let mut scored: Vec<Scored> = candidate::all()
        .iter()
        .filter(|c| !c.is_wide() && (c.is_chinese() || is(c, base) || is(c, before)))
        .map(|c| {
            let leaves = match sound {
                None => 0,
                _ if is(c, base) => 0,
                _ if signs => SOUND,
                _ if is(c, Encoding::UTF_8) && proves_utf_8 => 0,
                _ if is(c, Encoding::UTF_8) => LEAVES_FOR_UTF_8,
                _ if is_east_asian(base) => SOUND,
                _ => match (is_fluent(c), is(c, before)) {
                    (true, true) => 0,
                    (true, false) => LEAVES_FLUENTLY,
                    (false, true) => LEAVES_AGAIN,
                    (false, false) => LEAVES,
                },
            };
            let cost = c.read(line).cost.saturating_add(switch(c.encoding) + leaves + c.prior);
            let encoding = [base, before].into_iter().find(|e| is(c, *e)).unwrap_or(c.encoding);
            Scored { encoding, cost, skip: 0 }
        })
        .collect();
    if base.is_seven() {
        // None of the bytes beyond ASCII belongs to it.
        let cost = score::damage(line).saturating_add(switch(base));
        scored.push(Scored { encoding: base, cost, skip: 0 });
    }
    if !scored.iter().any(|s| s.encoding == base) {
        return (base, 0.5);
    }
    let found = weigh(&mut scored, u32::MAX);
    let encoding = match name(found.encoding, line) {
        _ if found.encoding == base || found.encoding == before => found.encoding,
        Encoding::BINARY => found.encoding,
        named => named,
    };
    (encoding, found.confidence)
}

/// Whether an encoding is one of Japanese or Korean.
fn is_east_asian(encoding: Encoding) -> bool {
    [rs::SHIFT_JIS, rs::EUC_JP, rs::EUC_KR].into_iter().any(|e| encoding.web() == Some(e))
}

/// `line` in `encoding`, if all of it are characters there.
fn valid(line: &[u8], encoding: Encoding) -> Option<Cow<'_, str>> {
    let decode =
        |e: &'static rs::Encoding| e.decode_without_bom_handling_and_without_replacement(line);
    encoding.web().and_then(decode)
}

/// Fewer letters of another alphabet than these may be Han in another encoding.
const LETTERS: usize = 3;

/// Whether a text is a rule of signs, or words in one other alphabet: what the model knows least, and in another encoding
/// often Han.
fn is_of_signs(text: &str) -> bool {
    let mut letters = 0;
    let mut alphabet = None;
    for c in text.chars().filter(|c| !c.is_ascii()) {
        let own = match c {
            // Pictures of controls.
            '\u{2400}'..='\u{243F}' => return false,
            '\u{A0}'..='\u{BF}' | 'Ø' | 'ø' | '×' | '÷' | '\u{2000}'..='\u{2BFF}' => continue,
            '\u{3000}'..='\u{303F}' | '\u{3200}'..='\u{33FF}' | '\u{FE30}'..='\u{FE6F}' => continue,
            '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFEF}' => continue,
            '\u{C0}'..='\u{2AF}' => 'a',
            '\u{2B0}'..='\u{2FF}' | '\u{3100}'..='\u{312F}' => 'ㄅ',
            '\u{370}'..='\u{3FF}' => 'α',
            '\u{400}'..='\u{4FF}' => 'а',
            _ => return false,
        };
        letters += 1;
        if alphabet.replace(own).is_some_and(|before| before != own) {
            return false;
        }
    }
    letters == 0 || letters >= LETTERS
}

/// What Big5 has where GBK has full-width letters and digits: zhuyin, and pictures of controls.
fn is_zhuyin(c: char) -> bool {
    matches!(c, '\u{3100}'..='\u{312F}' | '\u{2400}'..='\u{243F}')
}

/// Marks, Han, kana and Hangul, and forms of other width.
fn is_east(c: char) -> bool {
    matches!(c as u32, 0x2010..=0x27BF | 0x3000..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3 | 0xFF00..=0xFFEF | 0x1F300..=0x1FAFF)
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}')
}

/// Whether valid UTF-8 is what few lines in another encoding are by accident: characters of three bytes, words with letters
/// beyond ASCII among those of ASCII, or Cyrillic.
fn is_good_utf8(text: &str) -> bool {
    let is_cyrillic = |c: char| matches!(c, '\u{400}'..='\u{45F}');
    let cyrillic = text.chars().filter(|c| is_cyrillic(*c)).count();
    let others: String = text.chars().filter(|c| !is_cyrillic(*c)).collect();
    match cyrillic {
        _ if others.contains(|c| c >= '\u{800}' && !is_east(c)) => false,
        0 => {
            let wide = others.chars().filter(|c| is_east(*c)).count();
            let latin = others.contains(|c| matches!(c, '\u{C0}'..='\u{17F}'));
            is_likely_utf8(&others) && (wide > 1 || latin)
        }
        LETTERS.. => others.is_ascii() || is_likely_utf8(&others),
        _ => false,
    }
}

/// Whether a line is certainly in `base`, by a quick look.
pub(super) fn is_plain(line: &[u8], base: Encoding) -> bool {
    if simdutf8::basic::from_utf8(line).is_ok() {
        return false;
    }
    candidate::all()
        .iter()
        .find(|c| c.encoding.to_write() == base.to_write())
        .is_none_or(|c| c.is_likely(line))
}
