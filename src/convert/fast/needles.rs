//! Few characters in a text: tables in which vector instructions find all of them at once.
//!
//! Configs from one kind of Traditional to another change one character in a hundred, so most of
//! the work is to see that a character is none of those. A *needle* is a character of three bytes
//! that the scan has to look at. Each has its place in one of a few tables of sixteen, at an index
//! that its bytes give; a place holds the last two bytes of its needle. Sixteen bytes are what a
//! vector instruction looks up in, so a text is searched for all needles, at each of its bytes,
//! in as many steps as there are tables.
//!
//! A table can be indexed in two ways, so that a needle finds its place by cuckoo hashing (Pagh
//! and Rodler, 2001). Characters that stand close together in great number, as the compatibility
//! ideographs do, are not needles one by one: wherever a character has the first byte and the
//! upper half of the second of such a *crowd*, the scan looks.

/// Tables; how many are used is a multiple of four, as there are four ways to an index.
pub(super) const MOST_TABLES: usize = 8;
/// Crowds at most; a first byte and the upper half of a second.
pub(super) const CROWDS: usize = 2;
/// More characters than this, with one first byte and one upper half of a second, are a crowd.
const CROWDED: usize = 12;
/// Moves before a needle is given up: with tables that are not too full, few are needed.
const MOVES: usize = 500;

/// Sixteen needles: their second bytes, and their third. Zeros where there is none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sixteen {
    pub(super) second: [u8; 16],
    pub(super) third: [u8; 16],
}

/// The needles of a config, in tables. Finds all of them, and now and then another character.
#[derive(Clone, Debug)]
pub(super) struct Needles {
    /// The table `i` is indexed by [`index`] `i % 4`.
    pub(super) tables: [Sixteen; MOST_TABLES],
    /// How many are used: four or eight.
    pub(super) used: usize,
    /// First byte, and second with its lower half zero.
    pub(super) crowds: [(u8, u8); CROWDS],
}

/// The four ways to an index, of which the lower four bits count.
#[inline(always)]
pub(super) fn index(way: usize, [a, b, c]: [u8; 3]) -> usize {
    let sum = match way % 4 {
        0 => a ^ c,
        1 => a ^ b,
        2 => b.wrapping_add(c),
        _ => a.wrapping_add(b).wrapping_add(c),
    };
    usize::from(sum & 15)
}

impl Needles {
    /// Tables of these characters, each of three bytes; `None` where there are too many.
    pub(super) fn of(characters: &[[u8; 3]]) -> Option<Needles> {
        let group = |n: &[u8; 3]| (n[0], n[1] & 0xF0);
        let mut groups: Vec<_> = characters.iter().map(group).collect();
        groups.sort_unstable();
        let mut crowds: Vec<_> =
            groups.chunk_by(|a, b| a == b).filter(|g| g.len() > CROWDED).map(|g| g[0]).collect();
        let single: Vec<[u8; 3]> =
            characters.iter().copied().filter(|n| !crowds.contains(&group(n))).collect();
        // No character has such a second byte.
        crowds.resize(crowds.len().max(CROWDS), (0, 0xFF));
        let crowds = crowds.try_into().ok()?;
        [4, MOST_TABLES].into_iter().find_map(|used| {
            let tables = place(&single, used)?;
            Some(Needles { tables, used, crowds })
        })
    }
}

/// A place for each needle, if there is one.
fn place(needles: &[[u8; 3]], used: usize) -> Option<[Sixteen; MOST_TABLES]> {
    if needles.len() > 16 * used {
        return None;
    }
    let mut places = [[None; 16]; MOST_TABLES];
    for needle in needles {
        let mut homeless = *needle;
        let mut table = 0;
        for turn in 0.. {
            if turn == MOVES {
                return None;
            }
            let free = (0..used).find(|t| places[*t][index(*t, homeless)].is_none());
            let place = &mut places[free.unwrap_or(table)][index(free.unwrap_or(table), homeless)];
            match place.replace(homeless) {
                None => break,
                Some(other) => homeless = other,
            }
            // Not the table that the other came out of; a step that meets all of them.
            table = (table + 1 + turn % (used - 1)) % used;
        }
    }
    let mut tables = [Sixteen::default(); MOST_TABLES];
    for (table, places) in tables.iter_mut().zip(places) {
        for (at, place) in places.iter().enumerate() {
            if let Some([_, second, third]) = place {
                (table.second[at], table.third[at]) = (*second, *third);
            }
        }
    }
    Some(tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(c: char) -> [u8; 3] {
        let mut bytes = [0; 3];
        c.encode_utf8(&mut bytes);
        bytes
    }

    /// Whether the scan would look at a character.
    fn found(needles: &Needles, c: char) -> bool {
        let n = bytes(c);
        needles.crowds.contains(&(n[0], n[1] & 0xF0))
            || (0..needles.used).any(|t| {
                let at = index(t, n);
                needles.tables[t].second[at] == n[1] && needles.tables[t].third[at] == n[2]
            })
    }

    #[test]
    fn all_needles_are_found_and_few_others() {
        // Spread evenly, and then close together in the code space.
        for (count, step) in [(1u32, 1), (40, 401), (60, 17), (100, 97), (110, 150)] {
            let characters: Vec<char> =
                (0..count).filter_map(|i| char::from_u32(0x4E00 + i * step)).collect();
            let all: Vec<_> = characters.iter().map(|c| bytes(*c)).collect();
            let needles = Needles::of(&all).unwrap_or_else(|| panic!("{count} have no place"));
            assert!(characters.iter().all(|c| found(&needles, *c)), "{count}");
            let others = ('\u{4E00}'..='\u{9FFF}')
                .filter(|c| !characters.contains(c) && found(&needles, *c))
                .count();
            // Of 21,000; a crowd is a thousand.
            let crowd = if step == 17 { 2048 } else { 0 };
            assert!(others <= crowd + 8 * count as usize, "{count}: {others} others");
        }
    }

    #[test]
    fn too_many_have_no_tables() {
        let many: Vec<_> = (0..600).filter_map(|i| char::from_u32(0x4E00 + 30 * i)).collect();
        assert!(Needles::of(&many.iter().map(|c| bytes(*c)).collect::<Vec<_>>()).is_none());
    }
}
