//! The program itself, run over files of its own.

mod support;

mod batches;
mod convert;
mod detect;
mod examples;
mod explain;
mod files;
mod fix;
mod hard;
mod help;
mod in_place;
mod kill;
mod packed;
mod recipes;
mod records;
