//! The quick way: what reads as fluent Chinese in one encoding, and does not in the others, needs
//! no weighing against all that there is.

use encoding_rs as rs;

use super::candidate;
use super::encoding::{Encoding, Kind};
use super::model::NAT;
use super::score::{self, Fluency};

/// Bytes beyond ASCII in each of the parts that are read.
const PART: usize = 48;
/// Of fewer characters the mean says too little.
const FEWEST: u32 = 12;
/// Bytes beyond ASCII in so many.
const ENOUGH: usize = 2 * FEWEST as usize;
/// What a character costs in fluent text at most, in the mean. In the right encoding nine texts of
/// ten cost 4 to 7.5 nats a character; the least that was seen of 12 characters in a wrong one is
/// 8.1, of Japanese in EUC-JP, whose kana are where GB 2312 has them.
const FLUENT: u32 = 15 * NAT / 2;
/// The same where Japanese and Korean were looked at too, whose texts come nearest.
const FLUENT_AMONG_ALL: u32 = 9 * NAT;
/// What it costs in every other encoding more, in the mean.
const APART: u32 = 2 * NAT;

/// The encodings that China, Taiwan and Hong Kong wrote in.
const CHINESE: [Encoding; 3] = [Encoding::GB18030, Encoding::BIG5, Encoding::EUC_TW];
/// Those that have characters of two bytes too.
const NEIGHBOURS: [Encoding; 3] = [
    Encoding(Kind::Web(rs::EUC_JP)),
    Encoding(Kind::Web(rs::SHIFT_JIS)),
    Encoding(Kind::Web(rs::EUC_KR)),
];

/// The encoding in which `bytes` are fluent Chinese, and the one that comes next; `from_start` says
/// that the input begins where `bytes` does.
pub(super) fn decide(
    bytes: &[u8],
    from_start: bool,
    may: impl Fn(Encoding) -> bool,
) -> Option<(Encoding, Encoding)> {
    let parts = parts(bytes);
    // All are compared on the first part that says enough; the rest is read for the best alone.
    let size = |part: &&[u8]| part.iter().filter(|b| **b >= 0x80).count();
    let shown = parts.iter().position(|p| size(p) >= ENOUGH).map_or(&parts[..], |i| &parts[i..=i]);
    let read = |encoding: &Encoding, parts: &[&[u8]]| {
        // The first of a name reads it as the language that it is for.
        let candidate = candidate::all().iter().find(|c| c.encoding == *encoding)?;
        Some((*encoding, candidate.fluency(parts)?)).filter(|_| may(*encoding))
    };
    let mut ranked = CHINESE.map(|e| read(&e, shown));
    ranked.sort_by_key(|r| r.as_ref().map_or(u32::MAX, |(_, f)| f.mean()));
    if let [Some((best, glance)), Some((next, behind)), ..] = ranked
        && is_clear(&glance, FLUENT_AMONG_ALL + APART, &behind)
        && let Some((_, fluent)) = read(&best, &parts)
        && fluent.is_whole()
        && fluent.mean() <= FLUENT_AMONG_ALL
    {
        let ahead = |e: &Encoding| {
            read(e, &parts).is_none_or(|(_, other)| is_clear(&fluent, FLUENT_AMONG_ALL, &other))
        };
        if fluent.mean() <= FLUENT || NEIGHBOURS.iter().all(ahead) {
            return Some((best, next));
        }
    }
    let wide = [(Encoding::UTF_16LE, false), (Encoding::UTF_16BE, true)];
    if !from_start || !wide.iter().all(|(e, _)| may(*e)) {
        return None;
    }
    let units = even_parts(bytes);
    let mut orders = wide.map(|(e, big)| (e, score::fluency_utf16(&units, big)));
    orders.sort_by_key(|(_, f)| f.mean());
    let [(best, fluent), (next, behind)] = orders;
    let chinese = ranked.iter().flatten().all(|(_, other)| is_clear(&fluent, FLUENT, other));
    (chinese && is_clear(&fluent, FLUENT, &behind)).then_some((best, next))
}

fn is_clear(fluent: &Fluency, most: u32, behind: &Fluency) -> bool {
    fluent.is_whole()
        && fluent.characters >= FEWEST
        && fluent.mean() <= most
        && behind.mean() >= fluent.mean() + APART
}

/// The start, the middle and the end, from where no character is cut: bytes below 0x30 are part of
/// none, nor are those from `:` to `?`.
fn parts(bytes: &[u8]) -> [&[u8]; 3] {
    [0, 1, 2].map(|share| {
        let from = bytes.len() * share / 3;
        let begins = |b: &u8| matches!(b, 0..0x30 | b':'..=b'?');
        let at = match share {
            0 => Some(0),
            _ => bytes[from..].iter().position(begins).map(|i| from + i),
        };
        let mut left = PART;
        let part = &bytes[at.unwrap_or(bytes.len())..];
        let until = part.iter().position(|b| {
            left -= usize::from(*b >= 0x80);
            left == 0
        });
        &part[..until.unwrap_or(part.len())]
    })
}

/// The start, the middle and the end, in units of two bytes.
fn even_parts(bytes: &[u8]) -> [&[u8]; 3] {
    [0, 1, 2].map(|share| {
        let part = &bytes[(bytes.len() * share / 3) & !1..];
        &part[..part.len().min(PART)]
    })
}
