//! Remembers what short regions became: a text says the same words again and again.

/// Bytes of a region that is remembered: five characters.
const MOST: usize = 16;
/// Bytes of what it became.
const MOST_VALUE: usize = 22;
/// Regions that are remembered at a time.
const SLOTS: usize = 1 << 11;
/// Regions before the first is remembered: short texts do not pay for the memory.
const FIRST: usize = 64;

/// A table of regions and what they became, each in the one place that its hash gives.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    slots: Vec<Slot>,
    misses: usize,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    key: [u8; MOST],
    value: [u8; MOST_VALUE],
    key_len: u8,
    value_len: u8,
}

impl Memo {
    /// What `region` became, if that is remembered.
    #[inline]
    pub(super) fn get(&self, region: &[u8]) -> Option<&[u8]> {
        let slot = self.slots.get(place(region)?)?;
        let same = usize::from(slot.key_len) == region.len()
            && slot.key.get(..region.len()) == Some(region);
        if same { slot.value.get(..slot.value_len.into()) } else { None }
    }

    /// Remembers what `region` became.
    pub(super) fn put(&mut self, region: &[u8], value: &[u8]) {
        self.misses += 1;
        let Some(place) = place(region).filter(|_| value.len() <= MOST_VALUE) else { return };
        if self.slots.is_empty() {
            if self.misses < FIRST {
                return;
            }
            let none = Slot { key: [0; MOST], value: [0; MOST_VALUE], key_len: 0, value_len: 0 };
            self.slots = vec![none; SLOTS];
        }
        let slot = &mut self.slots[place];
        slot.key[..region.len()].copy_from_slice(region);
        slot.value[..value.len()].copy_from_slice(value);
        (slot.key_len, slot.value_len) = (region.len() as u8, value.len() as u8);
    }
}

/// The slot of a region.
#[inline]
fn place(region: &[u8]) -> Option<usize> {
    // The first and the last eight bytes, which may overlap.
    let (first, last) = match region.len() {
        8..=MOST => (region.first_chunk(), region.last_chunk()),
        3..8 => {
            let word = |part: Option<&[u8; 3]>| {
                part.map(|p| u64::from(p[0]) | u64::from(p[1]) << 8 | u64::from(p[2]) << 16)
            };
            let (first, last) = (word(region.first_chunk())?, word(region.last_chunk())?);
            return Some(slot(first, last));
        }
        _ => return None,
    };
    Some(slot(u64::from_le_bytes(*first?), u64::from_le_bytes(*last?)))
}

#[inline]
fn slot(first: u64, last: u64) -> usize {
    let hash = (first ^ last.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (hash >> (64 - SLOTS.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_comes_back_or_nothing_does() {
        let mut memo = Memo::default();
        let words =
            ["干部", "皇后", "里面", "发现", "头发", "A", "一二三四五", "一二三四五六", "😀"];
        for round in 0..200 {
            for word in words {
                let value = format!("{word}{}", round % 3);
                memo.put(word.as_bytes(), value.as_bytes());
                if let Some(got) = memo.get(word.as_bytes()) {
                    assert_eq!(got, value.as_bytes());
                }
            }
        }
        assert_eq!(memo.get("干部".as_bytes()), Some("干部1".as_bytes()));
        assert_eq!(memo.get("一二三四五六".as_bytes()), None);
        assert_eq!(memo.get("没有".as_bytes()), None);
    }
}
