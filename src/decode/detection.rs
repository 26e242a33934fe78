//! What was found out about an encoding.

use super::detector::Detector;
use super::encoding::Encoding;

/// What was found out about the encoding of an input.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Detection {
    /// The encoding; [`Encoding::ASCII`] and [`Encoding::BINARY`] included.
    pub encoding: Encoding,
    /// How probable it is, between 0 and 1.
    pub confidence: f32,
    /// The next best, and how probable that is.
    pub runner_up: Option<(Encoding, f32)>,
    /// Whether a byte order mark said so.
    pub bom: bool,
    /// The charset that the text declares, as it stands there.
    pub declared: Option<String>,
    /// Bytes at the start that are the rest of a character cut off.
    pub(super) skip: u32,
}

impl Detection {
    /// What needs no guessing.
    pub(super) fn certain(encoding: Encoding) -> Detection {
        Detection {
            encoding,
            confidence: 1.0,
            runner_up: None,
            bom: false,
            declared: None,
            skip: 0,
        }
    }

    pub(super) fn marked(encoding: Encoding) -> Detection {
        Detection { bom: true, ..Detection::certain(encoding) }
    }

    pub(super) fn declaring(self, declared: Option<String>) -> Detection {
        Detection { declared, ..self }
    }
}

/// Finds the encoding of `bytes`, a whole input. This is what
/// [`Decoder::auto`](super::Decoder::auto) decides.
///
/// ```
/// use hanmend::decode::{detect, Encoding};
///
/// let found = detect(b"\xA4\xA4\xA4\xE5\xBD\xD2\xA5\xBB\xAA\xBA\xB2\xC4\xA4\x40\xAD\xB6");
/// assert_eq!(found.encoding, Encoding::BIG5);
/// assert!(!found.bom);
/// assert_eq!(detect(b"plain").encoding, Encoding::ASCII);
/// ```
pub fn detect(bytes: &[u8]) -> Detection {
    settle(Detector::new(), bytes)
}

/// Finds the encoding of `bytes` among `candidates` (and ASCII, and what a byte order mark says).
///
/// ```
/// use hanmend::decode::{detect_among, Encoding};
///
/// let found = detect_among(b"caf\xE9", &[Encoding::UTF_8, Encoding::GB18030]);
/// assert_ne!(found.encoding.name(), "windows-1252");
/// ```
pub fn detect_among(bytes: &[u8], candidates: &[Encoding]) -> Detection {
    settle(Detector::among(candidates), bytes)
}

fn settle(mut detector: Detector, bytes: &[u8]) -> Detection {
    match detector.push(bytes) {
        Some(found) => found.clone(),
        None => detector.finish(),
    }
}
