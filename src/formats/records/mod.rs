//! Records: JSON lines, comma- and tab-separated values. Each field is a text of its own.

mod delimited;
mod json;
mod lift;
mod pointer;
mod splitter;

pub(super) use lift::{Delimited, Jsonl};
