//! The program itself, run over files of its own.

mod support;

mod archives;
mod batches;
mod config;
mod convert;
mod detect;
mod examples;
mod explain;
mod files;
mod fix;
mod hard;
mod help;
mod html;
mod in_place;
mod kill;
mod members;
mod packed;
mod recipes;
mod records;
mod rename;
mod report;
mod report_contract;
mod subtitles;
mod trust;
