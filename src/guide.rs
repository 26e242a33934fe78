#![doc = include_str!("../docs/guide.md")]
//!
//! [`Fixer::fix_str`]: crate::Fixer::fix_str
//! [`Fixer::fix_str_with`]: crate::Fixer::fix_str_with
//! [`Sink`]: crate::event::Sink
//! [`Fixer::fix_bytes`]: crate::Fixer::fix_bytes
//! [`Fixer::stream`]: crate::Fixer::stream
//! [`Fixer::reader`]: crate::Fixer::reader
//! [`Fixer::writer`]: crate::Fixer::writer
//! [`decode::detect`]: crate::decode::detect
//! [`decode::Detector`]: crate::decode::Detector
//! [`convert::script::Counts`]: crate::convert::script::Counts
//! [`convert::Converter`]: crate::convert::Converter
//! [`Format::Html`]: crate::Format::Html
//! [`Fixer`]: crate::Fixer
//! [`Stream`]: crate::pipeline::Stream
//! [`Stream::max_held`]: crate::pipeline::Stream::max_held
//! [`Stage::max_held`]: crate::stage::Stage::max_held
//! [`Fixed::events`]: crate::Fixed::events
//! [`Unmappable`]: crate::error::ErrorKind::Unmappable
//! [`unmappable`]: crate::FixerBuilder::unmappable
//! [`UnknownEncoding`]: crate::error::ErrorKind::UnknownEncoding
//! [`OutputEncoding::Same`]: crate::pipeline::OutputEncoding::Same
//! [`detect`]: crate::decode::detect
//! [`Encoding::BINARY`]: crate::decode::Encoding::BINARY
//! [is a mark]: crate::event::Event::is_mark
//! [`Event`]: crate::event::Event
//! [`wants_conversions`]: crate::event::Sink::wants_conversions
