//! Bytes to text: which encoding, and the decoding.
//!
//! [`Decoder`] is the stage; [`detect`] says only what it would decide. The way of the bytes:
//! `look` keeps a bounded look at them while ASCII passes, `judge` decides on it, `line` decodes
//! line by line (a line in another encoding than the rest is decoded as what it is), `transcode`
//! is the one face of all decoders.

mod candidate;
mod declared;
mod decoder;
mod detection;
mod encoding;
mod judge;
mod line;
mod look;
mod model;
mod own;
mod score;
mod seven;
pub(crate) mod taiwan;
mod transcode;
mod units;

pub use declared::declared_charset;
pub use decoder::Decoder;
pub use detection::{Detection, detect, detect_among};
pub use encoding::Encoding;
pub(crate) use encoding::Kind;
pub(crate) use transcode::SETTLED;
