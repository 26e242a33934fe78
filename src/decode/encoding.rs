//! The encodings that hanmend knows, and their labels.

use encoding_rs as rs;

/// A character encoding: those of the WHATWG standard, and the Chinese ones that the web left.
///
/// ```
/// use hanmend::decode::Encoding;
///
/// assert_eq!(Encoding::for_label("GB2312"), Some(Encoding::GBK));
/// assert_eq!(Encoding::for_label(" cp950 ").unwrap().name(), "big5");
/// assert_eq!(Encoding::for_label("x-sjis").unwrap().name(), "shift_jis");
/// assert_eq!(Encoding::for_label("klingon"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Encoding(pub(crate) Kind);

/// Those that hanmend treats in its own way, and the others of the web.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub(crate) enum Kind {
    Utf8,
    Utf16Le,
    Utf16Be,
    Gbk,
    Gb18030,
    Big5,
    /// Big5 with the additions of HKSCS; decoded as WHATWG Big5, which contains them.
    Big5Hkscs,
    Big5Uao,
    EucTw,
    Hz,
    Iso2022Cn,
    Iso2022CnExt,
    Utf32Le,
    Utf32Be,
    /// Pure ASCII: only found, never asked for.
    Ascii,
    /// No text: only found, never asked for. Decoded as UTF-8, so that no byte passes unseen.
    Binary,
    /// What encoding_rs decodes and encodes, and hanmend knows no more of.
    Web(&'static rs::Encoding),
}

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Encoding = Encoding(Kind::Utf8);
    /// UTF-16, low byte first.
    pub const UTF_16LE: Encoding = Encoding(Kind::Utf16Le);
    /// UTF-16, high byte first.
    pub const UTF_16BE: Encoding = Encoding(Kind::Utf16Be);
    /// GB18030, which contains GBK and GB 2312.
    pub const GB18030: Encoding = Encoding(Kind::Gb18030);
    /// GBK (code page 936), which contains GB 2312. Decodes as [`GB18030`](Self::GB18030).
    pub const GBK: Encoding = Encoding(Kind::Gbk);
    /// Big5 as the WHATWG has it: decodes HKSCS, does not write it.
    pub const BIG5: Encoding = Encoding(Kind::Big5);
    /// Big5 with the additions of Hong Kong, both ways.
    pub const BIG5_HKSCS: Encoding = Encoding(Kind::Big5Hkscs);
    /// Big5 with the additions of Unicode-At-On, as on the bulletin boards of Taiwan.
    pub const BIG5_UAO: Encoding = Encoding(Kind::Big5Uao);
    /// EUC-TW: CNS 11643, planes 1 to 7 and 15.
    pub const EUC_TW: Encoding = Encoding(Kind::EucTw);
    /// HZ-GB-2312 (RFC 1843), GB 2312 in seven bits.
    pub const HZ: Encoding = Encoding(Kind::Hz);
    /// ISO-2022-CN (RFC 1922), GB 2312 and CNS 11643 in seven bits.
    pub const ISO_2022_CN: Encoding = Encoding(Kind::Iso2022Cn);
    /// ISO-2022-CN-EXT (RFC 1922), with more planes of CNS 11643.
    pub const ISO_2022_CN_EXT: Encoding = Encoding(Kind::Iso2022CnExt);
    /// UTF-32, low byte first.
    pub const UTF_32LE: Encoding = Encoding(Kind::Utf32Le);
    /// UTF-32, high byte first.
    pub const UTF_32BE: Encoding = Encoding(Kind::Utf32Be);
    /// What detection says of text without any byte beyond ASCII.
    pub const ASCII: Encoding = Encoding(Kind::Ascii);
    /// What detection says of what is no text.
    pub const BINARY: Encoding = Encoding(Kind::Binary);

    /// The encoding that `label` names: the labels of the WHATWG standard, and `cp936`, `euc-cn`,
    /// `cp950`, `big5-eten`, `big5-hkscs`, `big5-uao`, `euc-tw`, `hz`, `iso-2022-cn`, `utf-32` and
    /// their like. Case and surrounding blanks do not
    /// matter. `ascii` is, as on the web, windows-1252.
    pub fn for_label(label: &str) -> Option<Encoding> {
        let label = label.trim_matches(|c: char| c.is_ascii_whitespace()).to_ascii_lowercase();
        let own = match label.as_str() {
            "cp936" | "ms936" | "windows-936" | "x-mswin-936" | "936" | "euc-cn" | "euccn"
            | "x-euc-cn" | "gb_2312" | "eucgb2312-cn" => Self::GBK,
            "cp54936" | "gb18030-2000" | "gb18030-2005" | "gb18030-2022" => Self::GB18030,
            "cp950" | "ms950" | "windows-950" | "950" | "big5-eten" | "big5eten" | "big5-et"
            | "big5-tw" => Self::BIG5,
            "big5-hkscs" | "big5hkscs" | "big5_hkscs" | "big5-hkscs:2008" | "hkscs" | "cp951"
            | "big5-hk" => Self::BIG5_HKSCS,
            "big5-uao" | "big5uao" | "uao" => Self::BIG5_UAO,
            "euc-tw" | "euctw" | "x-euc-tw" | "cns11643" | "cp964" => Self::EUC_TW,
            "hz" | "hz-gb-2312" | "hz-gb2312" | "hzgb" => Self::HZ,
            "iso-2022-cn" | "iso2022cn" | "csiso2022cn" => Self::ISO_2022_CN,
            "iso-2022-cn-ext" | "iso2022cnext" => Self::ISO_2022_CN_EXT,
            "utf-32" | "utf32" | "utf-32le" | "utf32le" | "utf-32-le" | "ucs-4le" => Self::UTF_32LE,
            "utf-32be" | "utf32be" | "utf-32-be" | "ucs-4" | "ucs-4be" => Self::UTF_32BE,
            "cp65001" | "utf-8-sig" | "utf8-sig" | "utf_8" => Self::UTF_8,
            "utf16" | "utf_16" | "utf16le" | "utf-16-le" | "cp1200" => Self::UTF_16LE,
            "utf16be" | "utf-16-be" | "cp1201" => Self::UTF_16BE,
            other => return Self::standard(other),
        };
        Some(own)
    }

    fn standard(label: &str) -> Option<Encoding> {
        rs::Encoding::for_label_no_replacement(label.as_bytes()).map(Encoding::of_web)
    }

    pub(crate) fn of_web(found: &'static rs::Encoding) -> Encoding {
        let own =
            [Self::UTF_8, Self::UTF_16LE, Self::UTF_16BE, Self::GBK, Self::GB18030, Self::BIG5];
        own.into_iter().find(|e| e.web() == Some(found)).unwrap_or(Encoding(Kind::Web(found)))
    }

    /// The encoding of encoding_rs that decodes it, if there is one.
    pub(crate) fn web(self) -> Option<&'static rs::Encoding> {
        Some(match self.0 {
            Kind::Utf8 => rs::UTF_8,
            Kind::Utf16Le => rs::UTF_16LE,
            Kind::Utf16Be => rs::UTF_16BE,
            Kind::Gbk => rs::GBK,
            Kind::Gb18030 => rs::GB18030,
            Kind::Big5 | Kind::Big5Hkscs => rs::BIG5,
            Kind::Web(e) => e,
            _ => return None,
        })
    }

    /// The name used in reports: the WHATWG's in lower case, and `big5-hkscs`, `big5-uao`, `euc-tw`,
    /// `hz-gb-2312`, `iso-2022-cn`, `iso-2022-cn-ext`, `utf-32le`, `utf-32be`, `ascii`, `binary`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Utf8 => "utf-8",
            Kind::Utf16Le => "utf-16le",
            Kind::Utf16Be => "utf-16be",
            Kind::Gbk => "gbk",
            Kind::Gb18030 => "gb18030",
            Kind::Big5 => "big5",
            Kind::Big5Hkscs => "big5-hkscs",
            Kind::Big5Uao => "big5-uao",
            Kind::EucTw => "euc-tw",
            Kind::Hz => "hz-gb-2312",
            Kind::Iso2022Cn => "iso-2022-cn",
            Kind::Iso2022CnExt => "iso-2022-cn-ext",
            Kind::Utf32Le => "utf-32le",
            Kind::Utf32Be => "utf-32be",
            Kind::Web(encoding) => lower_name(encoding.name()),
            Kind::Ascii => "ascii",
            Kind::Binary => "binary",
        }
    }

    /// The encoding that can write what this one can hold when read, and the same bytes for it:
    /// GB18030 for GBK, Big5-HKSCS for Big5, the extension of ISO-2022-CN for ISO-2022-CN, UTF-8 for ASCII and
    /// for no text.
    ///
    /// ```
    /// use hanmend::decode::Encoding;
    ///
    /// assert_eq!(Encoding::BIG5.to_write(), Encoding::BIG5_HKSCS);
    /// ```
    pub fn to_write(self) -> Encoding {
        match self {
            Self::GBK => Self::GB18030,
            Self::BIG5 => Self::BIG5_HKSCS,
            Self::ISO_2022_CN => Self::ISO_2022_CN_EXT,
            Self::ASCII | Self::BINARY => Self::UTF_8,
            other => other,
        }
    }

    /// Whether text in ASCII may go on in it: all but those of wide units.
    ///
    /// ```
    /// use hanmend::decode::Encoding;
    ///
    /// assert!(Encoding::GBK.extends_ascii() && !Encoding::UTF_16LE.extends_ascii());
    /// ```
    pub fn extends_ascii(self) -> bool {
        !matches!(self.0, Kind::Utf16Le | Kind::Utf16Be | Kind::Utf32Le | Kind::Utf32Be)
    }

    /// Whether a line feed byte ends a line in it and finds every decoder without state (but for the
    /// sets that ISO-2022-CN has named, and keeps), so that lines can be decoded one by one.
    pub(crate) fn is_by_line(self) -> bool {
        match self.0 {
            Kind::Utf16Le | Kind::Utf16Be | Kind::Utf32Le | Kind::Utf32Be => false,
            Kind::Web(e) => e != rs::ISO_2022_JP,
            _ => true,
        }
    }

    /// Whether it has bytes below 0x80 only, and escapes.
    pub(crate) fn is_seven(self) -> bool {
        matches!(self.0, Kind::Hz | Kind::Iso2022Cn | Kind::Iso2022CnExt)
    }

    /// The encodings that have a byte order mark, in the order in which to look for it.
    pub(crate) const MARKED: [Encoding; 6] = [
        Self::UTF_8,
        Self::GB18030,
        Self::UTF_32LE,
        Self::UTF_32BE,
        Self::UTF_16LE,
        Self::UTF_16BE,
    ];

    /// The byte order mark that files in this encoding may begin with.
    pub(crate) fn mark(self) -> &'static [u8] {
        match self {
            Self::UTF_8 => b"\xEF\xBB\xBF",
            Self::UTF_16LE => b"\xFF\xFE",
            Self::UTF_16BE => b"\xFE\xFF",
            Self::UTF_32LE => b"\xFF\xFE\0\0",
            Self::UTF_32BE => b"\0\0\xFE\xFF",
            Self::GB18030 | Self::GBK => b"\x84\x31\x95\x33",
            _ => b"",
        }
    }
}

/// encoding_rs writes names as the standard does; reports have them in lower case.
fn lower_name(name: &'static str) -> &'static str {
    match name {
        "EUC-JP" => "euc-jp",
        "ISO-2022-JP" => "iso-2022-jp",
        "Shift_JIS" => "shift_jis",
        "EUC-KR" => "euc-kr",
        "KOI8-R" => "koi8-r",
        "KOI8-U" => "koi8-u",
        "IBM866" => "ibm866",
        "ISO-8859-2" => "iso-8859-2",
        "ISO-8859-3" => "iso-8859-3",
        "ISO-8859-4" => "iso-8859-4",
        "ISO-8859-5" => "iso-8859-5",
        "ISO-8859-6" => "iso-8859-6",
        "ISO-8859-7" => "iso-8859-7",
        "ISO-8859-8" => "iso-8859-8",
        "ISO-8859-8-I" => "iso-8859-8-i",
        "ISO-8859-10" => "iso-8859-10",
        "ISO-8859-13" => "iso-8859-13",
        "ISO-8859-14" => "iso-8859-14",
        "ISO-8859-15" => "iso-8859-15",
        "ISO-8859-16" => "iso-8859-16",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_and_name_themselves() {
        for label in [
            "utf-8",
            "utf-16le",
            "utf-16be",
            "gbk",
            "gb18030",
            "big5",
            "big5-hkscs",
            "euc-jp",
            "iso-2022-jp",
            "shift_jis",
            "euc-kr",
            "koi8-r",
            "koi8-u",
            "ibm866",
            "iso-8859-2",
            "iso-8859-8-i",
            "windows-1252",
            "windows-874",
            "macintosh",
            "x-mac-cyrillic",
        ] {
            let encoding = Encoding::for_label(label).expect(label);
            assert_eq!(encoding.name(), label);
        }
    }

    #[test]
    fn labels_without_a_decoder_name_nothing() {
        for label in ["", "replacement", "iso-2022-kr", "utf-7", "binary"] {
            assert_eq!(Encoding::for_label(label), None, "{label}");
        }
    }
}
