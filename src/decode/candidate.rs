//! The encodings that may be found, and what speaks for each before a byte is seen.

use std::sync::OnceLock;

use encoding_rs as rs;

use super::encoding::Encoding;
use super::model::{Language, NAT};
use super::score::{self, Fluency, Reading};
use super::units::{Single, Table, Utf8};

/// One encoding that may be found.
pub(super) struct Candidate {
    pub(super) encoding: Encoding,
    /// What it costs to propose it, in twelfths of a nat: how rare it is among files that somebody
    /// wants mended. The steps are of one nat and more, far below what a few characters tell; they
    /// only settle what would be a draw.
    pub(super) prior: u32,
    reader: Reader,
}

enum Reader {
    Utf8,
    Utf16 { big: bool, skip: usize },
    Utf32 { big: bool },
    Table(fn() -> &'static Table, Language),
    Single(OnceLock<Box<Single>>),
}

impl Candidate {
    const fn new(encoding: Encoding, nats: u32, reader: Reader) -> Candidate {
        Candidate { encoding, prior: nats * NAT, reader }
    }

    const fn single(encoding: &'static rs::Encoding, nats: u32) -> Candidate {
        let encoding = Encoding(super::encoding::Kind::Web(encoding));
        Candidate::new(encoding, nats, Reader::Single(OnceLock::new()))
    }

    /// Bytes of its smallest unit: fewer are no text in it.
    pub(super) fn unit(&self) -> usize {
        match self.reader {
            Reader::Utf32 { .. } => 4,
            Reader::Utf16 { .. } => 2,
            _ => 1,
        }
    }

    /// Whether the input is Chinese, or any language, in it: what a line may be taken for.
    pub(super) fn is_chinese(&self) -> bool {
        matches!(
            self.reader,
            Reader::Utf8 | Reader::Table(_, Language::Chinese | Language::Traditional)
        )
    }

    /// Whether it is read in units of two or four bytes from the start of the input.
    pub(super) fn is_wide(&self) -> bool {
        matches!(self.reader, Reader::Utf16 { .. } | Reader::Utf32 { .. })
    }

    /// Whether the first characters of `line` are such as text in it has: a quick look, which says
    /// `false` in doubt.
    pub(super) fn is_likely(&self, line: &[u8]) -> bool {
        match &self.reader {
            Reader::Table(table, language) => score::likely(table(), line, *language),
            _ => true,
        }
    }

    /// How fluent `parts` are in it, if it has characters of two bytes.
    pub(super) fn fluency(&self, parts: &[&[u8]]) -> Option<Fluency> {
        match &self.reader {
            Reader::Table(table, language) => Some(score::fluency(table(), parts, *language)),
            _ => None,
        }
    }

    /// What `bytes` cost in it.
    pub(super) fn read(&self, bytes: &[u8]) -> Reading {
        let reading = self.cheapest(bytes);
        match &self.reader {
            Reader::Table(table, language)
                if reading.skipped > 0
                    && !score::is_cut(table(), bytes, reading.skipped as usize, *language) =>
            {
                Reading { skipped: 0, ..reading }
            }
            _ => reading,
        }
    }

    fn cheapest(&self, bytes: &[u8]) -> Reading {
        match &self.reader {
            Reader::Utf8 => score::multi(&Utf8, bytes, Language::Any),
            Reader::Utf16 { big, skip } => score::utf16(bytes, *big, *skip),
            Reader::Utf32 { big } => score::utf32(bytes, *big),
            Reader::Table(table, language) => score::multi(table(), bytes, *language),
            Reader::Single(letters) => {
                let encoding = self.encoding.web().unwrap_or(rs::WINDOWS_1252);
                score::single(letters.get_or_init(|| Box::new(Single::of_web(encoding))), bytes)
            }
        }
    }
}

/// All that may be found by scoring.
pub(super) fn all() -> &'static [Candidate] {
    use Language::{Chinese, Japanese, Korean, Traditional};
    static ALL: OnceLock<Vec<Candidate>> = OnceLock::new();
    ALL.get_or_init(|| {
        let new = Candidate::new;
        let web = |encoding| Encoding(super::encoding::Kind::Web(encoding));
        let wide = |big, skip| Reader::Utf16 { big, skip };
        vec![
            new(Encoding::UTF_8, 0, Reader::Utf8),
            new(Encoding::GB18030, 1, Reader::Table(Table::gb18030, Chinese)),
            new(Encoding::BIG5, 1, Reader::Table(Table::big5, Traditional)),
            new(Encoding::UTF_16LE, 2, wide(false, 0)),
            new(Encoding::UTF_16BE, 3, wide(true, 0)),
            new(Encoding::EUC_TW, 4, Reader::Table(Table::euc_tw, Traditional)),
            new(Encoding::BIG5_UAO, 6, Reader::Table(Table::big5_uao, Chinese)),
            new(Encoding::UTF_32LE, 4, Reader::Utf32 { big: false }),
            new(Encoding::UTF_32BE, 4, Reader::Utf32 { big: true }),
            // An odd number of bytes was cut off at the head.
            new(Encoding::UTF_16LE, 4, wide(false, 1)),
            new(Encoding::UTF_16BE, 5, wide(true, 1)),
            new(web(rs::SHIFT_JIS), 4, Reader::Table(Table::shift_jis, Japanese)),
            new(web(rs::EUC_JP), 3, Reader::Table(Table::euc_jp, Japanese)),
            new(web(rs::EUC_KR), 3, Reader::Table(Table::euc_kr, Korean)),
            // Japanese in China's encoding.
            new(Encoding::GB18030, 9, Reader::Table(Table::gb18030, Japanese)),
            Candidate::single(rs::WINDOWS_1252, 2),
            Candidate::single(rs::WINDOWS_1251, 3),
            Candidate::single(rs::WINDOWS_1250, 4),
            Candidate::single(rs::WINDOWS_1253, 4),
            Candidate::single(rs::WINDOWS_1254, 4),
            Candidate::single(rs::WINDOWS_1255, 4),
            Candidate::single(rs::WINDOWS_1256, 4),
            Candidate::single(rs::WINDOWS_1257, 5),
            Candidate::single(rs::WINDOWS_1258, 10),
            Candidate::single(rs::WINDOWS_874, 4),
            Candidate::single(rs::KOI8_R, 4),
            Candidate::single(rs::IBM866, 5),
            Candidate::single(rs::ISO_8859_5, 6),
            Candidate::single(rs::ISO_8859_6, 6),
            Candidate::single(rs::ISO_8859_2, 5),
            Candidate::single(rs::X_MAC_CYRILLIC, 7),
            Candidate::single(rs::MACINTOSH, 7),
        ]
    })
}
