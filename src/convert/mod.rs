//! Script conversion: OpenCC's, to the letter, whole or streamed.
//!
//! A config names dictionaries and how they follow each other. Text goes through three steps:
//!
//! 1. *Normalization*: compatibility ideographs become the characters they stand for.
//! 2. *Segmentation*, in the configs that have one: where a dictionary has a key, the longest one
//!    is a segment; what lies between is one segment too.
//! 3. *The chain*: each segment goes through all dictionaries of the chain, one after the other,
//!    by itself. Without segmentation the whole text is one segment.
//!
//! In every step the longest key at a place is replaced by its value, and the next place is the
//! one behind the key. In a group of dictionaries that *short-circuits*, the first dictionary with
//! any key here wins with its longest; in a *union*, the longest key of all wins, the earlier
//! dictionary where two are as long. Where no key stands, an ideographic description sequence
//! (`⿰氵每`) is copied whole, else one character is.
//!
//! ```
//! use hanmend::convert::Converter;
//!
//! let converter = Converter::new("s2twp")?;
//! assert_eq!(converter.convert("皇后的鼠标在里面"), "皇后的滑鼠在裡面");
//! # Ok::<(), hanmend::error::Error>(())
//! ```
//!
//! OpenCC's own stream cuts the text every so many characters and converts differently at the
//! cuts. [`Conversion`] gives what the whole text would give, however it is cut.

mod ambiguity;
mod config;
mod converter;
mod description;
mod fast;
mod lenient;
mod overlay;
mod plan;
mod report;
pub mod script;
mod stream;
pub mod target;
mod walk;

pub use ambiguity::Ambiguity;
pub use converter::{Converter, ConverterBuilder};
pub use overlay::{Overlay, Phrases};
pub use stream::Conversion;

/// The names of OpenCC's configs, all of which [`Converter::new`] takes.
pub const CONFIGS: [&str; 16] = [
    "s2t", "t2s", "s2tw", "tw2s", "s2twp", "tw2sp", "s2hk", "hk2s", "s2hkp", "hk2sp", "t2tw",
    "tw2t", "t2hk", "hk2t", "t2jp", "jp2t",
];

/// The stored facts about a config that comes with the library.
fn builtin_facts(name: &str) -> Option<&'static [u8]> {
    macro_rules! facts {
        ($($name:literal)*) => {
            match name {
                $($name => Some(include_bytes!(
                    concat!("../../data/compiled/opencc/", $name, ".fast")
                )),)*
                _ => None,
            }
        };
    }
    facts!(
        "s2t" "t2s" "s2tw" "tw2s" "s2twp" "tw2sp" "s2hk" "hk2s" "s2hkp" "hk2sp" "t2tw" "tw2t"
        "t2hk" "hk2t" "t2jp" "jp2t"
    )
}
