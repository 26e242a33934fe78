//! The decision: which encoding a look, or a line, is in.

use encoding_rs as rs;

use super::declared::declared_charset;
use super::detection::Detection;
use super::encoding::Encoding;

/// What the decision is taken on.
pub(super) struct Evidence<'a> {
    /// ASCII that has passed before.
    pub(super) before: &'a [u8],
    /// The look.
    pub(super) bytes: &'a [u8],
    /// Whether `bytes` begins where the input begins.
    pub(super) from_start: bool,
    /// Whether nothing follows.
    pub(super) over: bool,
    /// What it may be, if not anything.
    pub(super) candidates: Option<&'a [Encoding]>,
}

/// Decides; `None` when there is nothing but ASCII.
pub(super) fn decide(evidence: &Evidence<'_>) -> Option<Detection> {
    let bytes = evidence.bytes;
    let declared = declared_charset(evidence.before).or_else(|| declared_charset(bytes));
    let may = |e: Encoding| evidence.candidates.is_none_or(|c| c.contains(&e));
    let found = |encoding, confidence| {
        Some(Detection { confidence, declared: declared.clone(), ..Detection::certain(encoding) })
    };
    let nul = bytes.contains(&0);
    if evidence.from_start && (nul || !bytes.is_ascii()) {
        for (encoding, big) in [(Encoding::UTF_16LE, false), (Encoding::UTF_16BE, true)] {
            let share = utf16_share(bytes, big);
            if may(encoding) && (share > 0.95 || nul && share > 0.8) && (nul || !is_other(bytes)) {
                return found(encoding, 0.9);
            }
        }
        if bytes.iter().filter(|b| **b == 0).count() * 8 > bytes.len() {
            return found(Encoding::BINARY, 0.9);
        }
    }
    if bytes.is_ascii() {
        return None;
    }
    if may(Encoding::UTF_8) && utf8_share(bytes, evidence.over) > 0.5 {
        return found(Encoding::UTF_8, 0.99);
    }
    let (encoding, confidence) = legacy(bytes, declared.as_deref(), evidence.candidates);
    found(encoding, confidence)
}

/// Whether text without a NUL is in an encoding of Japanese or Korean.
fn is_other(bytes: &[u8]) -> bool {
    let mut other = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    other.feed(bytes, true);
    let guess = other.guess(None, chardetng::Utf8Detection::Allow);
    [rs::SHIFT_JIS, rs::EUC_JP, rs::EUC_KR, rs::UTF_8].contains(&guess)
}

/// The share of the bytes beyond ASCII that are part of good UTF-8.
fn utf8_share(bytes: &[u8], _over: bool) -> f32 {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        // Pairs of GBK are valid two-byte characters now and then; three bytes in a row are not.
        good += chunk.valid().chars().map(|c| [0, 0, 1, 3, 4][c.len_utf8()]).sum::<usize>();
        bad += chunk.invalid().len();
    }
    // What a cut leaves at either end is not held against it.
    let bad = bad.saturating_sub(3);
    good as f32 / (good + bad).max(1) as f32
}

/// The share of units that are common in Chinese text as UTF-16.
fn utf16_share(bytes: &[u8], big: bool) -> f32 {
    let (pairs, _) = bytes.as_chunks::<2>();
    let good = pairs
        .iter()
        .filter(|p| {
            let unit = if big { u16::from_be_bytes(**p) } else { u16::from_le_bytes(**p) };
            matches!(unit, 0x4E00..=0x9FA5 | 0x3000..=0x3002 | 0x20..=0x7E | 9 | 10 | 13 | 0xFF00..=0xFF5E)
        })
        .count();
    good as f32 / pairs.len().max(1) as f32
}

fn legacy(
    bytes: &[u8],
    declared: Option<&str>,
    candidates: Option<&[Encoding]>,
) -> (Encoding, f32) {
    let may = |e: Encoding| candidates.is_none_or(|c| c.contains(&e));
    let voted = declared.and_then(Encoding::for_label);
    let mut best = (Encoding::BINARY, 0.0f32);
    for encoding in [Encoding::GB18030, Encoding::BIG5] {
        let vote = voted.is_some_and(|v| v.to_write() == encoding.to_write());
        let score = share(bytes, encoding) + if vote { 0.15 } else { 0.0 };
        if score > best.1
            && (may(encoding) || (encoding == Encoding::GB18030 && may(Encoding::GBK)))
        {
            best = (encoding, score);
        }
    }
    if candidates.is_none() {
        let mut other = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
        other.feed(bytes, true);
        let guess = other.guess(None, chardetng::Utf8Detection::Deny);
        if best.1 < 0.85 || [rs::EUC_KR, rs::EUC_JP, rs::SHIFT_JIS].contains(&guess) {
            return (Encoding::of_web(guess), 0.5);
        }
    }
    if best.0 == Encoding::GB18030 && !has_four(bytes) {
        best.0 = Encoding::GBK;
    }
    (best.0, best.1.min(0.99))
}

/// The share of the double bytes that are frequent characters in `encoding`.
fn share(bytes: &[u8], encoding: Encoding) -> f32 {
    let (mut common, mut all) = (0.0, 0.0);
    let mut at = 0;
    while at < bytes.len() {
        let lead = bytes[at];
        if lead < 0x80 {
            at += 1;
            continue;
        }
        let trail = bytes.get(at + 1).copied().unwrap_or(0xB0);
        all += 1.0;
        if encoding == Encoding::BIG5 {
            if trail < 0x40 {
                at += 1;
                continue;
            }
            common += match (lead, trail) {
                (0xA1, 0x40..=0x4F) | (0xA4..=0xC6, 0x40..=0x7E | 0xA1..=0xFE) => 1.0,
                (0xA1, _) | (0xC9..=0xF9, 0x40..=0x7E | 0xA1..=0xFE) => 0.2,
                _ => 0.0,
            };
            at += 2;
        } else if (0x30..=0x39).contains(&trail) {
            common += 0.5;
            at += 4;
        } else if trail < 0x40 {
            at += 1;
        } else {
            common += match (lead, trail) {
                (0xA3, 0xA1..=0xFE) | (0xA1, 0xA1..=0xBF) | (0xB0..=0xD7, 0xA1..=0xFE) => 1.0,
                (0xA1..=0xA9 | 0xD8..=0xF7, 0xA1..=0xFE) => 0.5,
                (0x81..=0xFE, _) => 0.4,
                _ => 0.0,
            };
            at += 2;
        }
    }
    common / f32::max(all, 1.0)
}

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

/// Whether a line is certainly in `base`, by a quick look.
pub(super) fn is_plain(line: &[u8], _base: Encoding) -> bool {
    simdutf8::basic::from_utf8(line).is_err()
}

/// The encoding of a line that is not ASCII, in a file in `base`, after a line in `before`.
pub(super) fn line(line: &[u8], base: Encoding, before: Encoding) -> (Encoding, f32) {
    let utf8 = utf8_share(line, false);
    if base == Encoding::UTF_8 {
        if utf8 > 0.5 {
            return (Encoding::UTF_8, utf8);
        }
        if line.iter().filter(|b| **b >= 0x80).count() < 4 {
            return (before, 0.5);
        }
        let (encoding, score) = legacy(line, None, None);
        if score > 0.8 {
            return (encoding, score);
        }
        return (Encoding::UTF_8, 0.5);
    }
    let han = std::str::from_utf8(line)
        .map_or(0, |t| t.chars().filter(|c| ('\u{3000}'..'\u{A000}').contains(c)).count());
    if han >= 2 { (Encoding::UTF_8, 0.95) } else { (base, 0.9) }
}
