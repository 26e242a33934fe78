//! The program itself, run over files of its own.

mod support;

mod archives;
mod config;
mod convert;
mod detect;
mod examples;
mod explain;
mod files;
mod fix;
mod format_recipes;
mod hard;
mod help;
mod html;
mod in_place;
mod packed;
mod records;
mod rename;
mod report;
mod subtitles;
