//! Many inputs: where they come from, who works on them, and where the results go.

pub(crate) mod attributes;
pub(crate) mod codec;
pub(crate) mod commit;
pub(crate) mod compare;
pub(crate) mod crew;
pub(crate) mod durable;
pub(crate) mod in_place;
pub(crate) mod inputs;
pub(crate) mod interrupt;
pub(crate) mod keeping;
pub(crate) mod landing;
pub(crate) mod lanes;
pub(crate) mod manifest;
pub(crate) mod outlet;
pub(crate) mod problem;
pub(crate) mod progress;
pub(crate) mod pump;
pub(crate) mod repacked;
pub(crate) mod run;
pub(crate) mod shard;
pub(crate) mod target;
pub(crate) mod undo;
