//! A part of a tree, for one machine of several.

use std::path::Path;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// The part `index` of `count`, which by its path every input belongs to or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    index: u64,
    count: u64,
}

impl Shard {
    /// Whether the input at `path` belongs to this part: the first eight bytes of the path's SHA-256, as a
    /// number with its highest byte first, modulo the number of parts. That is the same everywhere and for ever.
    pub(crate) fn takes(self, path: &Path) -> bool {
        let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
        let number = digest.iter().take(8).fold(0, |all, &byte| all << 8 | u64::from(byte));
        number % self.count == self.index - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers =
            text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match numbers {
            Some((index, count)) if 1 <= index && index <= count => Ok(Shard { index, count }),
            _ => Err("a part is written i/n, from 1/n to n/n".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_belongs_to_one_part_and_always_to_the_same() {
        let shards: Vec<Shard> = (1..=5).map(|i| format!("{i}/5").parse().unwrap()).collect();
        let mut sizes = [0; 5];
        for n in 0..1000 {
            let path = format!("a/{n}.txt");
            let parts: Vec<_> = (0..5).filter(|&i| shards[i].takes(Path::new(&path))).collect();
            assert_eq!(parts.len(), 1, "{path}");
            sizes[parts[0]] += 1;
        }
        assert!(sizes.iter().all(|size| (150..250).contains(size)), "{sizes:?}");
        // printf %s a/b.txt | sha256sum begins with 5550000d3b1cf1ff.
        let number = 0x5550_000d_3b1c_f1ff_u64;
        let shard: Shard = format!("{}/7", number % 7 + 1).parse().unwrap();
        assert!(shard.takes(Path::new("a/b.txt")));
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["0/3", "4/3", "1", "1/0", "a/b", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
