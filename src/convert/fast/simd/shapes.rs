//! How four characters of up to three bytes lie in memory, and how they come into lanes.
//!
//! As in simdutf's transcoding (Keiser and Lemire, 2021): the bits that say where characters end
//! are an index into a table, which has the shuffle for these lengths.

/// Four characters that stand one after the other.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Shuffles the bytes so that each character has a lane of four bytes to itself.
    pub(super) spread: [u8; 16],
    /// Undoes it.
    pub(super) pack: [u8; 16],
}

/// Bits of the index: as many bytes as four characters have at most.
const BITS: u32 = 12;
/// The shape of four characters of three bytes.
pub(super) const THREES: Found = Found { shape: 80, len: 12 };

/// Each shape: four lengths from one to three, the first counts most.
pub(super) static SHAPES: [Shape; 81] = shapes();
/// The shape that begins where characters end at the bytes whose bits are set.
static BY_ENDS: [Found; 1 << BITS] = by_ends();

/// A shape, and how many bytes it has.
#[derive(Clone, Copy)]
pub(super) struct Found {
    shape: u8,
    len: u8,
}

impl Found {
    /// What four characters begin at the lowest bit of `starts`, which has a bit for each byte
    /// that begins a character.
    #[inline]
    pub(super) fn at(starts: u32) -> Found {
        BY_ENDS[(starts >> 1) as usize % (1 << BITS)]
    }

    /// Bytes; at most twelve.
    #[inline]
    pub(super) fn len(self) -> usize {
        // The compiler should know that a register loaded there is in its block.
        usize::from(self.len & 15)
    }

    #[inline]
    pub(super) fn shape(self) -> &'static Shape {
        &SHAPES[usize::from(self.shape)]
    }
}

const fn shapes() -> [Shape; 81] {
    let mut all = [Shape { spread: [0x80; 16], pack: [0x80; 16] }; 81];
    let mut i = 0;
    while i < 81 {
        let lengths = [1 + i / 27, 1 + i / 9 % 3, 1 + i / 3 % 3, 1 + i % 3];
        let (mut lane, mut at) = (0, 0);
        while lane < 4 {
            let mut byte = 0;
            while byte < lengths[lane] {
                all[i].spread[4 * lane + byte] = at as u8;
                all[i].pack[at] = (4 * lane + byte) as u8;
                at += 1;
                byte += 1;
            }
            lane += 1;
        }
        i += 1;
    }
    all
}

const fn by_ends() -> [Found; 1 << BITS] {
    let mut all = [THREES; 1 << BITS];
    let mut ends = 0;
    while ends < 1 << BITS {
        let (mut shape, mut at, mut character) = (0, 0, 0);
        while character < 4 {
            // In no text is a character longer here.
            let mut len = 1;
            while len < 3 && ends >> (at + len - 1) & 1 == 0 {
                len += 1;
            }
            shape = 3 * shape + len - 1;
            at += len;
            character += 1;
        }
        all[ends] = Found { shape: shape as u8, len: at as u8 };
        ends += 1;
    }
    all
}
