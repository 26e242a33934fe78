//! Remembers what short regions became: a text says the same words again and again.

/// Bytes of a region that is remembered: five characters.
const MOST: usize = 16;
/// Bytes of what it became.
const MOST_VALUE: usize = 22;
/// How many regions are remembered at a time, from so many misses on: short texts do not pay for
/// the memory, and long ones say more words.
const SLOTS: [(usize, usize); 3] = [(64, 1 << 11), (1 << 13, 1 << 13), (1 << 15, 1 << 14)];

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

const NONE: Slot = Slot { key: [0; MOST], value: [0; MOST_VALUE], key_len: 0, value_len: 0 };

impl Memo {
    /// What `region` became, if that is remembered.
    #[inline]
    pub(super) fn get(&self, region: &[u8]) -> Option<&[u8]> {
        let slot = self.slots.get(self.place(region)?)?;
        let same = usize::from(slot.key_len) == region.len()
            && slot.key.get(..region.len()) == Some(region);
        if same { slot.value.get(..slot.value_len.into()) } else { None }
    }

    /// The slot of a region; none while nothing is remembered.
    #[inline]
    fn place(&self, region: &[u8]) -> Option<usize> {
        // The highest bits, as many as there are slots.
        let bits = self.slots.len().checked_ilog2()?;
        Some((hash(region)? >> (64 - bits)) as usize)
    }

    /// Remembers what `region` became.
    pub(super) fn put(&mut self, region: &[u8], value: &[u8]) {
        self.misses += 1;
        if let Some((_, slots)) = SLOTS.iter().find(|(misses, _)| *misses == self.misses) {
            let old = std::mem::replace(&mut self.slots, vec![NONE; *slots]);
            for slot in old {
                if let Some(place) = self.place(&slot.key[..slot.key_len.into()]) {
                    self.slots[place] = slot;
                }
            }
        }
        let Some(place) = self.place(region).filter(|_| value.len() <= MOST_VALUE) else { return };
        let slot = &mut self.slots[place];
        slot.key[..region.len()].copy_from_slice(region);
        slot.value[..value.len()].copy_from_slice(value);
        (slot.key_len, slot.value_len) = (region.len() as u8, value.len() as u8);
    }
}

/// A number of a region that spreads over all 64 bits; none for one that is not remembered.
#[inline]
fn hash(region: &[u8]) -> Option<u64> {
    // The first and the last bytes, which may overlap.
    let (first, last) = match region.len() {
        8..=MOST => {
            let (first, last) = (region.first_chunk()?, region.last_chunk()?);
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
        }
        3..8 => {
            let word = |p: &[u8; 3]| u64::from(u32::from_le_bytes([p[0], p[1], p[2], 0]));
            (word(region.first_chunk()?), word(region.last_chunk()?))
        }
        _ => return None,
    };
    Some((first ^ last.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15))
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
