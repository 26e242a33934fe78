//! hanmend mends scraped Chinese text: it finds the encoding of the bytes, undoes the damage that
//! crawling, decoding and anti-scraping did to the text, and settles its script.
//!
//! ```
//! use hanmend::{Fixer, ToScript};
//!
//! // Build one, keep it: it is immutable, `Send + Sync`, and cheap to clone.
//! let fixer = Fixer::builder().script(ToScript::parse("hans")?).build();
//!
//! // Text that needs nothing is borrowed.
//! assert_eq!(fixer.fix_str("这里没有什么要改"), "这里没有什么要改");
//!
//! // Bytes of unknown encoding, with a report.
//! let fixed = fixer.fix_bytes(
//!     b"\xa7\xda\xad\xcc\xa6\x62\xb9\xcf\xae\xd1\xc0\x5d\xac\xdd\xae\xd1\xa1\x41\xac\
//!       \xdd\xa7\xb9\xa4\x46\xb4\x4e\xa6\x5e\xae\x61\xa6\x59\xb6\xba\xa1\x43",
//! );
//! assert_eq!((fixed.encoding.name(), &*fixed.text), ("big5", "我们在图书馆看书，看完了就回家吃饭。"));
//! assert!(fixed.events.is_empty());
//! # Ok::<(), hanmend::Error>(())
//! ```
//!
//! | to do | call |
//! |---|---|
//! | text in memory | [`Fixer::fix_str`] |
//! | bytes in memory | [`Fixer::fix_bytes`], [`Fixer::fix_bytes_into`] |
//! | a stream of any length | [`Fixer::stream`], [`Fixer::reader`], [`Fixer::writer`] |
//! | what encoding is this | [`detect`], piece by piece [`Detector`] |
//! | JSON lines, tables, HTML, subtitles, WARC, tar | `formats::Stream`, with the feature `formats` |
//! | OpenCC conversion alone | [`convert::Converter`] |
//! | a report of every change | the `_with` methods and [`event::Sink`] |
//!
//! The modules stand in the order of the pipeline: [`decode`], [`repair`], [`convert`],
//! [`encode`], put together by [`pipeline`] under the contract of [`stage`].

pub mod chain;
pub mod convert;
pub mod decode;
pub mod dict;
pub mod encode;
pub mod error;
pub mod event;
#[cfg(feature = "formats")]
pub mod formats;
pub mod guide;
mod options;
pub mod pipeline;
pub mod repair;
pub mod stage;

pub use decode::{Detection, Detector, Encoding, detect};
pub use error::Error;
pub use options::{Format, Repairs, ToScript};
pub use pipeline::{End, Fixed, Fixer, FixerBuilder, OutputEncoding, Reader, Stream, Writer};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
