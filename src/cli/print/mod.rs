//! Printers of the events: lines of JSON, text for people, a unified diff.

pub(crate) mod align;
pub(crate) mod diff;
pub(crate) mod ndjson;
pub(crate) mod people;
pub(crate) mod place;
pub(crate) mod summary;
pub(crate) mod tally;
