//! Which script a text is in: Simplified, Traditional, character-by-character Traditional, mixed.
//!
//! The evidence is characters that only one script writes. They come from OpenCC's own tables:
//! a key of `STCharacters.txt` that is none of its values is Simplified only, a key of
//! `TSCharacters.txt` that is none of its values Traditional only, less what the other side
//! writes as well (`ALSO_TRADITIONAL`, and what is in GB 2312). The table in
//! `data/compiled/script.bin` holds two bits for each code point below U+10000.
//!
//! ```
//! use hanmend::convert::script::{Counts, Script};
//!
//! assert_eq!(Counts::of("他们说这里很好").script(), Script::Hans);
//! assert_eq!(Counts::of("他們說這裡很好，之後再說").script(), Script::Hant);
//! assert_eq!(Counts::of("來源于網絡，之后發表，這里說明").script(), Script::NaiveHant);
//! assert_eq!(Counts::of("はじめまして").script(), Script::None);
//! ```

#[cfg(target_arch = "x86_64")]
use super::fast::{Kinds, count};

/// Two bits a code point: what kind of character it is.
static TABLE: &[u8; 0x4000] = include_bytes!("../../data/compiled/script.bin");

/// Characters that OpenCC maps to another for Traditional text, and that Traditional text writes
/// all the same: they say nothing about the script.
#[cfg(test)]
const ALSO_TRADITIONAL: &str = "昵灶痴霉凄并怜秘庄洒肴栖群床粽峰岭晒炖蒏沄苧吨異";

/// Characters that Simplified text has in names at most (於 is a surname), though OpenCC gives them
/// as values of themselves or GB 2312 has them.
#[cfg(test)]
const TRADITIONAL_IN_PRACTICE: &str = "於後裡裏並併";

/// The script of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Script {
    /// Simplified.
    Hans,
    /// Traditional, as people write it.
    Hant,
    /// Traditional made from Simplified character by character: 来源于 became 來源于, not 來源於.
    NaiveHant,
    /// Both, neither being a trifle.
    Mixed,
    /// No evidence: no Han characters, or only such as both scripts share.
    None,
}

impl Script {
    /// The name used in reports: `hans`, `hant`, `naive-hant`, `mixed`, `none`.
    pub fn name(self) -> &'static str {
        match self {
            Script::Hans => "hans",
            Script::Hant => "hant",
            Script::NaiveHant => "naive-hant",
            Script::Mixed => "mixed",
            Script::None => "none",
        }
    }
}

/// How many characters of each kind a text has.
///
/// ```
/// use hanmend::convert::script::{Counts, Script};
///
/// // A text may come in pieces, cut anywhere between two lines.
/// let mut counts = Counts::default();
/// counts.add("他们说这里很好，\n");
/// counts.add("他們說這裡很好。\n");
/// assert_eq!((counts.simplified, counts.traditional), (3, 4));
/// assert_eq!(counts.script(), Script::Mixed);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Han characters in the Basic Multilingual Plane, of any kind.
    pub han: u64,
    /// Written in Simplified text only.
    pub simplified: u64,
    /// Written in Traditional text only.
    pub traditional: u64,
    /// 于 后 里 并 in words that Traditional text writes with 於 後 裡 並 (由于, 后來, 這里, 并且):
    /// what character-by-character conversion leaves. 于是, 皇后 and 公里 are not counted.
    pub naive: u64,
    /// 於 後 裡 裏 並 併: what Traditional text has in their place.
    pub genuine: u64,
    /// 説 衞 脱 …: what Hong Kong writes and Taiwan does not.
    pub hong_kong: u64,
    /// Hiragana and katakana.
    pub kana: u64,
    /// Hangul syllables.
    pub hangul: u64,
}

/// The kinds of [`TABLE`].
pub(super) const SIMPLIFIED: u8 = 1;
pub(super) const TRADITIONAL: u8 = 2;

/// The kind of a character: [`SIMPLIFIED`], [`TRADITIONAL`], or another number for neither.
#[inline]
pub(super) fn kind(c: char) -> u8 {
    let c = c as usize;
    if c < 0x10000 { (TABLE[c >> 2] >> ((c & 3) * 2)) & 3 } else { 0 }
}

/// The code point of three bytes.
#[inline]
fn code(lead: u8, second: u8, third: u8) -> usize {
    usize::from(lead & 0x0F) << 12 | usize::from(second & 0x3F) << 6 | usize::from(third & 0x3F)
}

/// Bytes that are looked at one by one before vectors are tried again.
const NEXT_TRY: usize = 24;

/// A mixed text has at least this share of the lesser script: 1 in 8. Quoted names and titles stay below
/// it (of 2.6 million characters of Simplified reviews 1.4 % of the one-script characters were
/// Traditional).
const MIXED_SHARE: u64 = 8;
/// And at least this many characters of it.
const MIXED_LEAST: u64 = 3;
/// What Traditional text has where naive Traditional has 于 后 里 并.
const GENUINE: [u32; 6] =
    ['於' as u32, '後' as u32, '裡' as u32, '裏' as u32, '並' as u32, '併' as u32];
/// Naive Traditional has this many times as many naive words as it has of 於 後 裡 並, of which
/// Traditional text as people write it has about 15 in 1,000 characters.
const NAIVE_RATIO: u64 = 4;

/// What stands before, and what behind, a character in the words that give naive Traditional away.
const NAIVE_WORDS: [(char, &str, &str); 4] = [
    ('于', "源基關由對位屬處用至等終鑒高低大小多少在過限介忠致勇樂急便利歸適趨富陷始", ""),
    ('后', "之以然最今隨先前背事落", "來面果悔期續方"),
    ('里', "這那哪心家手夜屋城村眼嘴", "面邊頭"),
    ('并', "", "且不非沒無在對將與"),
];

impl Counts {
    /// Counts `text`.
    pub fn of(text: &str) -> Counts {
        let mut counts = Counts::default();
        counts.add(text);
        counts
    }

    /// Adds `text` to the counts.
    pub fn add(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        let (mut han, mut simplified, mut traditional) = (0, 0, 0);
        // Most of a text goes by eights.
        let mut vector = 0;
        while let Some(&[lead, second, third]) = bytes.get(at..).and_then(|s| s.first_chunk()) {
            if at >= vector {
                vector = self.add_blocks(text, at);
                if vector > at {
                    at = vector;
                    continue;
                }
                vector = at + NEXT_TRY;
            }
            if lead < 0x80 {
                at += 1;
                continue;
            }
            let c = code(lead, second, third);
            // U+4000..9FFF: nearly all of a Chinese text.
            if lead.wrapping_sub(0xE4) < 6 {
                let kind = TABLE[c >> 2] >> ((c & 3) * 2) & 3;
                han += 1;
                simplified += u64::from(kind == SIMPLIFIED);
                traditional += u64::from(kind == TRADITIONAL);
                if kind >= TRADITIONAL {
                    self.add_marker(c as u32, text, at);
                }
                at += 3;
            } else if lead & 0xF0 == 0xE0 {
                self.add_one(c as u32, text, at);
                at += 3;
            } else {
                at += 1;
            }
        }
        self.han += han;
        self.simplified += simplified;
        self.traditional += traditional;
    }

    /// Adds characters from a place on with vector instructions; says where they end.
    #[cfg(target_arch = "x86_64")]
    fn add_blocks(&mut self, text: &str, from: usize) -> usize {
        let mut kinds = Kinds::default();
        let bytes = text.as_bytes();
        let end = count(TABLE, &GENUINE, bytes, from, &mut kinds, |at| {
            let c = code(bytes[at], bytes[at + 1], bytes[at + 2]) as u32;
            match c {
                0x4000..=0x9FFF => self.add_marker(c, text, at),
                _ => self.add_one(c, text, at),
            }
        });
        self.han += kinds.han;
        self.simplified += kinds.one;
        self.traditional += kinds.two;
        end
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn add_blocks(&mut self, _: &str, from: usize) -> usize {
        from
    }

    /// Adds what another text was counted to have; `self` stands before it, with a line's end
    /// between.
    pub(super) fn join(&mut self, other: &Counts) {
        self.han += other.han;
        self.simplified += other.simplified;
        self.traditional += other.traditional;
        self.naive += other.naive;
        self.genuine += other.genuine;
        self.hong_kong += other.hong_kong;
        self.kana += other.kana;
        self.hangul += other.hangul;
    }

    #[inline]
    fn add_one(&mut self, c: u32, text: &str, at: usize) {
        match c {
            0x3400..=0x9FFF => {
                let kind = (TABLE[c as usize >> 2] >> ((c & 3) * 2)) & 3;
                self.han += 1;
                self.simplified += u64::from(kind == SIMPLIFIED);
                self.traditional += u64::from(kind == TRADITIONAL);
                if kind >= TRADITIONAL {
                    self.add_marker(c, text, at);
                }
            }
            0x3041..=0x30FA => self.kana += 1,
            0xAC00..=0xD7A3 => self.hangul += 1,
            _ => {}
        }
    }

    fn add_marker(&mut self, c: u32, text: &str, at: usize) {
        let Some(c) = char::from_u32(c) else { return };
        if GENUINE.contains(&c.into()) {
            self.genuine += 1;
        } else if matches!(c, '説' | '衞' | '脱' | '鋭' | '閲' | '悦' | '敍' | '綫' | '鈎')
        {
            self.hong_kong += 1;
        } else if let Some((_, before, behind)) = NAIVE_WORDS.iter().find(|(word, ..)| *word == c) {
            let previous = text[..at].chars().next_back();
            let next = text[at + c.len_utf8()..].chars().next();
            let found = previous.is_some_and(|c| before.contains(c))
                || next.is_some_and(|c| behind.contains(c));
            self.naive += u64::from(found);
        }
    }

    /// The script that the counts tell of.
    pub fn script(&self) -> Script {
        let (s, t) = (self.simplified, self.traditional);
        let lesser = s.min(t);
        if s + t == 0 {
            Script::None
        } else if lesser >= MIXED_LEAST && lesser * MIXED_SHARE >= s + t {
            Script::Mixed
        } else if s > t {
            Script::Hans
        } else if self.naive > NAIVE_RATIO * self.genuine {
            Script::NaiveHant
        } else {
            Script::Hant
        }
    }

    /// Whether the text is Japanese: kana beside its Han characters. A の on a Chinese sign is
    /// not.
    pub fn is_japanese(&self) -> bool {
        self.kana >= 3 && self.kana * 8 >= self.kana + self.han
    }

    /// Whether the text is Korean.
    pub fn is_korean(&self) -> bool {
        self.hangul >= 3 && self.hangul * 4 >= self.hangul + self.han
    }
}

/// Says nothing by itself, but is looked at.
#[cfg(test)]
const MARKER: u8 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys of an OpenCC dictionary that are none of their values.
    fn one_way(dictionary: &str) -> impl Iterator<Item = char> {
        dictionary.lines().filter(|l| !l.starts_with('#')).filter_map(|line| {
            let (key, values) = line.split_once('\t')?;
            let other = values.split(' ').all(|v| v != key);
            key.chars().next().filter(|_| other)
        })
    }

    /// The table, made from `data/opencc`.
    fn compile() -> Vec<u8> {
        let mut table = vec![0u8; 0x4000];
        let mut set = |c: char, kind: u8| {
            if let c @ 0..0x10000 = c as usize {
                table[c >> 2] = table[c >> 2] & !(3 << ((c & 3) * 2)) | kind << ((c & 3) * 2);
            }
        };
        let simplified: Vec<char> =
            one_way(include_str!("../../data/opencc/STCharacters.txt")).collect();
        for c in one_way(include_str!("../../data/opencc/TSCharacters.txt")) {
            let text = c.to_string();
            let (gbk, _, _) = encoding_rs::GBK.encode(&text);
            let gb2312 = gbk.len() == 2 && gbk[0] >= 0xB0 && gbk[0] <= 0xF7 && gbk[1] >= 0xA1;
            if !gb2312 && !simplified.contains(&c) {
                set(c, TRADITIONAL);
            }
        }
        for &c in simplified.iter().filter(|&&c| !ALSO_TRADITIONAL.contains(c)) {
            set(c, SIMPLIFIED);
        }
        for c in "于后里并説衞脱鋭閲悦敍綫鈎".chars() {
            set(c, MARKER);
        }
        for c in TRADITIONAL_IN_PRACTICE.chars() {
            set(c, TRADITIONAL);
        }
        table
    }

    #[test]
    fn the_table_is_made_from_opencc() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/compiled/script.bin");
        let table = compile();
        if std::env::var_os("HANMEND_REGENERATE").is_some() {
            std::fs::write(path, &table).unwrap();
        }
        assert!(table == TABLE, "run the tests with HANMEND_REGENERATE=1 to make {path} anew");
    }

    #[test]
    fn kinds() {
        for c in "们这说发让实专业".chars() {
            assert_eq!(kind(c), SIMPLIFIED, "{c}");
        }
        for c in "們這說發讓實專業於後裡".chars() {
            assert_eq!(kind(c), TRADITIONAL, "{c}");
        }
        for c in "的是我你人台面制著乾干峰群床".chars() {
            assert_eq!(kind(c), 0, "{c}");
        }
    }

    #[test]
    fn a_text_without_evidence_has_no_script() {
        for text in ["", "abc", "山川草木", "ひらがな", "한국어", "\u{20000}"] {
            assert_eq!(Counts::of(text).script(), Script::None, "{text}");
        }
    }

    #[test]
    fn a_quoted_name_does_not_make_a_text_mixed() {
        let text =
            "这本书说的是清朝的旧事，作者问过许多老人，写了“龍門”两个字，让读者记住这个地方。";
        assert_eq!(Counts::of(text).script(), Script::Hans);
        assert_eq!(Counts::of("这们说這們說").script(), Script::Mixed);
    }

    #[test]
    fn ordinary_words_do_not_make_traditional_naive() {
        for text in
            ["皇后走了三里路，于是並沒有回來，之後再說", "這條路長五公里，終點在后里區，於今年開通"]
        {
            assert_eq!(Counts::of(text).script(), Script::Hant, "{text}");
        }
    }

    #[test]
    fn japanese_and_korean() {
        assert!(Counts::of("国語の辞書を読んでいます").is_japanese());
        assert!(!Counts::of("优の良品新店开张，欢迎光临，全场特价").is_japanese());
        assert!(Counts::of("한국어 文章입니다").is_korean());
    }

    #[test]
    fn counts_are_those_of_the_characters_one_by_one() {
        let pieces = [
            "这里说",
            "這裡說",
            "由于",
            "漢",
            "a",
            " <p>",
            "\n",
            "，",
            "。",
            "かな",
            "カ",
            "한국",
            "é",
            "я",
            "😀",
            "𠀀",
            "㐀",
            "\u{F900}",
            "一二三四五六七八九十",
            "plain ASCII, a run of it",
        ];
        let mut state = 1u64;
        for _ in 0..2_000 {
            let mut text = String::new();
            for _ in 0..state % 23 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
            }
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1) >> 3;
            let counts = Counts::of(&text);
            let of = |test: &dyn Fn(char) -> bool| text.chars().filter(|c| test(*c)).count() as u64;
            let han = |c: char| ('\u{3400}'..='\u{9FFF}').contains(&c);
            assert_eq!(counts.han, of(&han), "{text}");
            assert_eq!(counts.simplified, of(&|c| kind(c) == SIMPLIFIED), "{text}");
            assert_eq!(counts.traditional, of(&|c| kind(c) == TRADITIONAL), "{text}");
            assert_eq!(counts.kana, of(&|c| ('ぁ'..='ヺ').contains(&c)), "{text}");
            assert_eq!(counts.hangul, of(&|c| ('가'..='힣').contains(&c)), "{text}");
            assert_eq!(counts.genuine, of(&|c| c == '裡'), "{text}");
            let naive = text.matches("由于").count();
            assert_eq!(counts.naive, naive as u64, "{text}");
        }
    }
}
