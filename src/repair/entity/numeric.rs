//! What a number stands for, by the HTML standard ("numeric character reference end state").

/// What the numbers 128 to 159 stand for: the characters of windows-1252 at those bytes. `None`
/// where it has none and the control character stays.
const CP1252: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
    0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
];

/// What a number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// A character.
    Plain(char),
    /// A character of windows-1252, written as its byte.
    Cp1252(char),
    /// Half of a surrogate pair.
    Surrogate(u16),
    /// None: the standard puts U+FFFD.
    Nothing,
}

/// What `value` stands for.
pub(super) fn number(value: u32) -> Number {
    match value {
        0 => Number::Nothing,
        0x80..=0x9F => {
            let point = CP1252[value as usize - 0x80];
            match char::from_u32(u32::from(point)) {
                Some(c) if point != 0 => Number::Cp1252(c),
                _ => char::from_u32(value).map_or(Number::Nothing, Number::Plain),
            }
        }
        0xD800..=0xDFFF => Number::Surrogate(value as u16),
        _ => char::from_u32(value).map_or(Number::Nothing, Number::Plain),
    }
}

/// The character of a pair of surrogates, if it is one.
pub(super) fn pair(high: u16, low: u16) -> Option<char> {
    char::decode_utf16([high, low]).next()?.ok().filter(|_| (0xD800..0xDC00).contains(&high))
}
