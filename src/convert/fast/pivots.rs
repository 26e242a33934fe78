//! Which characters the scan looks out for, to find the special keys.
//!
//! Each special key has a *pivot*: one of its characters. At a pivot the scan asks whether the pair
//! that it makes with its neighbour is one of a special key. So pivots should be few and rare in
//! Chinese text: to each key the one that costs least, which is the problem of the weighted set
//! cover; the greedy choice, of what covers most keys for its weight, is used.

use std::collections::{BTreeMap, BTreeSet};

use crate::dict::frequency::{Frequencies, NAT};

/// Where the pair of a key begins, and its pivot.
pub(super) type Place = (usize, u16);

/// The place for each key, which is given by its finals; `None` if a key has no place. `seen` says
/// which characters of a text show as a final.
pub(super) fn choose(
    keys: &[Vec<u16>],
    seen: &BTreeMap<u16, BTreeSet<char>>,
) -> Option<Vec<Place>> {
    let mut with: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for (i, finals) in keys.iter().enumerate() {
        let pivots: BTreeSet<u16> = places(finals).map(|place| place.1).collect();
        if pivots.is_empty() {
            return None;
        }
        for pivot in pivots {
            with.entry(pivot).or_default().push(i);
        }
    }
    let weights: BTreeMap<u16, u128> = with.keys().map(|p| (*p, weight(*p, seen))).collect();
    let mut left: BTreeMap<u16, usize> = with.iter().map(|(p, keys)| (*p, keys.len())).collect();
    let mut chosen: Vec<Option<u16>> = vec![None; keys.len()];
    loop {
        let more = |a: u16, b: u16| {
            (left[&a] as u128 * weights[&b], b) > (left[&b] as u128 * weights[&a], a)
        };
        let Some(best) = left.keys().copied().reduce(|a, b| if more(b, a) { b } else { a }) else {
            break;
        };
        if left[&best] == 0 {
            break;
        }
        for &i in &with[&best] {
            if chosen[i].is_some() {
                continue;
            }
            chosen[i] = Some(best);
            for pivot in places(&keys[i]).map(|place| place.1).collect::<BTreeSet<_>>() {
                *left.entry(pivot).or_default() -= 1;
            }
        }
    }
    let place = |(finals, pivot): (&Vec<u16>, Option<u16>)| {
        places(finals).find(|place| Some(place.1) == pivot)
    };
    keys.iter().zip(chosen).map(place).collect()
}

/// The places where a special key could be looked for. The scan stops at characters of three
/// bytes only, so the pivot and the second of the pair are such.
fn places(finals: &[u16]) -> impl Iterator<Item = Place> {
    let three = |at: usize| finals.get(at).is_some_and(|f| *f >= 0x800);
    finals.iter().enumerate().filter(move |(at, _)| three(*at)).filter_map(move |(at, pivot)| {
        match at.checked_sub(1) {
            Some(before) => Some((before, *pivot)),
            None => three(1).then_some((0, *pivot)),
        }
    })
}

/// How often a text shows a final, in 2^-48, whole numbers so that all machines choose the same.
fn weight(label: u16, seen: &BTreeMap<u16, BTreeSet<char>>) -> u128 {
    let model = Frequencies::standard();
    let one = |c: char| {
        // 2^16 times the binary logarithm, of which a straight line stands for the fraction.
        let log = u64::from(model.cost(model.id(c))) * 94_548 / u64::from(NAT);
        let (whole, part) = (log >> 16, log & 0xFFFF);
        u128::from(((1 << 48) - (part << 31)) >> whole.min(47))
    };
    let itself = char::from_u32(label.into());
    let sources = seen.get(&label).into_iter().flatten().copied();
    // A final that is not in the universe shows as itself.
    match seen.contains_key(&label) {
        true => sources.map(one).sum::<u128>().max(1),
        false => itself.map_or(1, one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finals(key: &str) -> Vec<u16> {
        key.encode_utf16().collect()
    }

    fn pivots_of(keys: &[&str]) -> Option<Vec<char>> {
        let keys: Vec<_> = keys.iter().map(|key| finals(key)).collect();
        let places = choose(&keys, &BTreeMap::new())?;
        let pivot = |(key, (at, pivot)): (&Vec<u16>, Place)| {
            assert!(key[at] == pivot || key[at + 1] == pivot, "the pair has the pivot");
            char::from_u32(pivot.into())
        };
        keys.iter().zip(places).map(pivot).collect()
    }

    #[test]
    fn the_rare_character_is_looked_for_and_not_the_common_one() {
        assert_eq!(pivots_of(&["的髻"]), Some(vec!['髻']));
        assert_eq!(pivots_of(&["髻的"]), Some(vec!['髻']));
    }

    #[test]
    fn one_that_many_keys_have_saves_the_others() {
        let keys = ["干的", "干是", "干不", "干一"];
        assert_eq!(pivots_of(&keys), Some(vec!['干'; 4]));
    }

    #[test]
    fn where_a_source_is_common_its_final_is_too() {
        let seen = BTreeMap::from([(finals("髻")[0], BTreeSet::from(['的']))]);
        let places = choose(&[finals("髻榄")], &seen);
        assert_eq!(places, Some(vec![(0, finals("榄")[0])]));
    }

    #[test]
    fn a_key_of_short_characters_has_none() {
        assert_eq!(pivots_of(&["ab", "髻的"]), None);
        assert_eq!(pivots_of(&["髻a"]), None);
    }
}
