//! Rows to a table.

use std::collections::BTreeMap;

use super::rows::Row;
use super::table::{HEADER, MAGIC, VERSION, bucket_of, char_len, pack};

/// Compiles rows to the bytes of a table; the format is described at the [module](super). The
/// same rows in any order give the same bytes; where a key occurs twice, the first row counts.
pub fn compile(rows: &[Row]) -> Vec<u8> {
    let mut heads: BTreeMap<u64, Vec<(&str, &[String])>> = BTreeMap::new();
    let (mut keys, mut longest_bytes, mut longest_chars, mut shrink) = (0usize, 0, 0, 1);
    let mut shortest_chars = usize::MAX;
    for row in rows {
        let (head, tail) = row.key.split_at(head_len(&row.key));
        let group = heads.entry(pack(head.as_bytes())).or_default();
        if group.iter().any(|(t, _)| *t == tail) {
            continue;
        }
        group.push((tail, &row.values));
        keys += 1;
        longest_bytes = longest_bytes.max(row.key.len());
        longest_chars = longest_chars.max(row.key.chars().count());
        shortest_chars = shortest_chars.min(row.key.chars().count());
        let value = row.values.first().map_or(0, String::len).max(1);
        shrink = shrink.max(row.key.len().div_ceil(value));
    }

    let buckets = heads.len().max(1) as u32;
    let mut placed: Vec<(u32, u64)> =
        heads.keys().map(|&head| (bucket_of(head, buckets), head)).collect();
    placed.sort_unstable();

    let mut records = Vec::new();
    let mut index = Vec::new();
    for (_, head) in &placed {
        index.extend_from_slice(&head.to_le_bytes());
        index.extend_from_slice(&(records.len() as u32).to_le_bytes());
        let Some(group) = heads.get_mut(head) else { continue };
        group.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(b.0)));
        varint(&mut records, group.len());
        for (tail, values) in group {
            text(&mut records, tail);
            text(&mut records, values.first().map_or("", String::as_str));
            text(&mut records, &values.get(1..).unwrap_or_default().join(" "));
        }
    }

    let mut out = Vec::with_capacity(HEADER + index.len() + records.len());
    out.extend_from_slice(MAGIC);
    let numbers = [VERSION, keys as u32, longest_bytes as u32, longest_chars as u32, buckets];
    for number in numbers.into_iter().chain([
        placed.len() as u32,
        records.len() as u32,
        shrink as u32,
        shortest_chars as u32,
    ]) {
        out.extend_from_slice(&number.to_le_bytes());
    }
    let mut next = 0;
    for bucket in 0..=buckets {
        while next < placed.len() && placed[next].0 < bucket {
            next += 1;
        }
        out.extend_from_slice(&(next as u32).to_le_bytes());
    }
    out.extend_from_slice(&index);
    out.extend_from_slice(&records);
    out
}

/// Bytes of the first two characters.
fn head_len(key: &str) -> usize {
    let first = key.as_bytes().first().map_or(0, |&b| char_len(b));
    let second = key.as_bytes().get(first).map_or(0, |&b| char_len(b));
    first + second
}

fn text(out: &mut Vec<u8>, text: &str) {
    varint(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

fn varint(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
