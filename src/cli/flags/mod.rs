//! The options, a file each: parser, help text, meaning and tests.
//!
//! `...Args` is what was typed. Its method `ready` gives what the program works with, or says
//! what is wrong with it.

pub(crate) mod color;
pub(crate) mod destination;
pub(crate) mod jobs;
pub(crate) mod paths;
pub(crate) mod phrases;
pub(crate) mod progress;
pub(crate) mod report;
pub(crate) mod text;
pub(crate) mod written;

use hanmend::decode::Encoding;

use super::usage::Usage;

/// What `--encoding` says; `None` is to be found.
pub(crate) fn encoding(label: &str) -> Result<Option<Encoding>, Usage> {
    match (label, Encoding::for_label(label)) {
        ("auto", _) => Ok(None),
        (_, None) => Err(Usage::Encoding("--encoding", label.to_owned())),
        (_, found) => Ok(found),
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! Parses one group of options alone.

    use clap::Args;

    /// What `words` give as the options of `A`.
    pub(crate) fn typed<A: Args>(words: &[&str]) -> Result<A, clap::Error> {
        let command = A::augment_args(clap::Command::new("test").no_binary_name(true));
        A::from_arg_matches(&command.try_get_matches_from(words)?)
    }
}
