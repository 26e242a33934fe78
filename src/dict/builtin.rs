//! The dictionaries that come with the library: OpenCC's, compiled.

use super::Table;

/// A dictionary that comes with the library.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Its name: the file name in `data/opencc` without `.txt`.
    pub name: &'static str,
    /// The compiled table.
    pub bytes: &'static [u8],
}

macro_rules! dict {
    ($name:literal) => {
        Builtin {
            name: $name,
            bytes: include_bytes!(concat!("../../data/compiled/opencc/", $name, ".dict")),
        }
    };
}

/// All of them, by name.
pub const BUILTIN: [Builtin; 22] = [
    dict!("CJK_Compatibility_Ideographs"),
    dict!("HKPhrases"),
    dict!("HKPhrasesRev"),
    dict!("HKVariants"),
    dict!("HKVariantsPhrases"),
    dict!("HKVariantsRev"),
    dict!("HKVariantsRevPhrases"),
    dict!("JPShinjitaiCharacters"),
    dict!("JPShinjitaiCharactersRev"),
    dict!("JPShinjitaiPhrases"),
    dict!("STCharacters"),
    dict!("STPhrases"),
    dict!("STPhrases_GeneratedFromRegionalPhrases"),
    dict!("TSCharacters"),
    dict!("TSCharactersExt"),
    dict!("TSPhrases"),
    dict!("TWPhrases"),
    dict!("TWPhrasesRev"),
    dict!("TWVariants"),
    dict!("TWVariantsPhrases"),
    dict!("TWVariantsRev"),
    dict!("TWVariantsRevPhrases"),
];

/// The dictionary of that name.
///
/// ```
/// use hanmend::dict::builtin::builtin;
///
/// let phrases = builtin("TWPhrases").unwrap();
/// assert_eq!(phrases.exact("鼠標".as_bytes()).unwrap().value, "滑鼠".as_bytes());
/// assert!(builtin("TWPhrase").is_none());
/// ```
pub fn builtin(name: &str) -> Option<Table> {
    let found = BUILTIN.iter().find(|b| b.name == name)?;
    Table::open(found.bytes).ok()
}
