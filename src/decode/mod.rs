//! Bytes to text: which encoding, and the decoding.
//!
//! [`Decoder`] is the stage; [`detect`] and, piece by piece, [`Detector`] say only what it would
//! decide. The way of the bytes:
//!
//! - `look` keeps a bounded look at them while ASCII passes.
//! - `judge` decides on it: `seven` by escapes, `fluent` at once where it is plain, else every
//!   `candidate` reads the look (`units`, `score`) and the one to which it is likeliest text wins,
//!   by the frequencies in `model`. A bad byte costs and does not disqualify; a declared charset
//!   (`declared`) is a vote.
//!   Where that is UTF-16, `by_bytes` sees whether it is UTF-16 no longer, but was read byte by byte and written as UTF-8.
//! - `sound` sees at once that a whole input is UTF-8 without fault, and has nothing to decide.
//! - `line` decodes line by line: a line in another encoding than the rest is decoded as what it
//!   is.
//! - `cesu` joins surrogates that were written as UTF-8.
//! - `transcode` is the one face of all decoders: encoding_rs's, and our `own` with the tables of
//!   `taiwan`.

pub(crate) mod by_bytes;
mod candidate;
mod cesu;
mod declared;
mod decoder;
mod detection;
mod detector;
mod encoding;
mod fluent;
mod judge;
mod line;
mod look;
mod model;
mod own;
pub(crate) mod pairs;
mod score;
mod seven;
mod sound;
pub(crate) mod taiwan;
mod transcode;
mod units;

pub use declared::declared_charset;
pub use decoder::Decoder;
pub(crate) use decoder::Skimmed;
pub use detection::{Detection, detect, detect_among};
pub use detector::Detector;
pub use encoding::Encoding;
pub(crate) use encoding::Kind;
pub(crate) use sound::{Sound, sound};
pub(crate) use transcode::SETTLED;

/// Whether the bytes can be opened as the table of frequencies of detection.
#[cfg(fuzzing)]
#[doc(hidden)]
pub fn detection_model(bytes: &[u8]) -> bool {
    model::Model::open(bytes).is_some()
}
