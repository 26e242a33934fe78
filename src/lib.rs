//! hanmend mends scraped Chinese text.

pub mod chain;
pub mod convert;
pub mod decode;
pub mod dict;
pub mod encode;
pub mod error;
pub mod event;
mod options;
pub mod pipeline;
pub mod repair;
pub mod stage;

pub use error::Error;
pub use options::{Format, Repairs, ToScript};
pub use pipeline::{Fixed, Fixer, FixerBuilder, OutputEncoding};
