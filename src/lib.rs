//! hanmend mends scraped Chinese text.

pub mod chain;
pub mod convert;
pub mod decode;
pub mod dict;
pub mod encode;
pub mod error;
pub mod event;
pub mod repair;
pub mod stage;
