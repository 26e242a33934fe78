//! `hanmend.toml`: options that a project always wants.
//!
//! The file has the options by their long names, at the top for every command that has them, and in
//! a table for one command. They become words of the command line, before those that were typed:
//! so a value in the file means what it means when it is typed, and what is typed counts more.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command};

mod words;

use super::usage::Usage;

/// The name of the file.
const NAME: &str = "hanmend.toml";

/// The commands whose options the file may have.
const COMMANDS: [&str; 4] = ["fix", "detect", "explain", "convert"];

#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
pub(crate) struct ConfigArgs {
    /// Take options from FILE, in place of the nearest hanmend.toml above the current directory
    ///
    /// It has the options of fix, detect, explain and convert by their long names: script = "hans" at
    /// the top counts for every command that has it, in a table [fix] for that one. Lists are
    /// arrays, paths are relative to the file. What is typed counts more. For convert, --config FILE
    /// stands before the command. What inputs are read and where results go is up to whoever types: a
    /// file may say it where --config names the file, and not where it was found.
    #[arg(
        id = "config_file",
        long = "config",
        value_name = "FILE",
        conflicts_with = "no_config",
        help_heading = "Configuration"
    )]
    file: Option<PathBuf>,

    /// Take no options from any file
    #[arg(long, help_heading = "Configuration")]
    no_config: bool,
}

/// The words of the command line, with those of the file put in.
#[derive(Debug)]
pub(crate) struct Configured {
    pub(crate) words: Vec<OsString>,
    /// The file, if any option came from it.
    pub(crate) file: Option<PathBuf>,
}

/// What a file may say that is found, where nobody named it: nothing of which inputs are read and
/// where results go, lest a search in a folder of somebody else's writes files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// It was named: all.
    Named,
    /// The rest is refused.
    Found,
    /// The rest does not count: a preprocessor reads and writes what its caller says.
    Bare,
}

/// Puts the options of the file into `words`, which `command` is going to parse. They are `bare` where
/// only a path was typed.
pub(crate) fn configured(
    command: &Command,
    words: Vec<OsString>,
    bare: bool,
) -> Result<Configured, Usage> {
    // What is missing here may stand in the file; what is wrong is said by who parses it in the end.
    let typed = command.clone().ignore_errors(true).try_get_matches_from(&words);
    let unchanged = |words| Ok(Configured { words, file: None });
    let Ok(typed) = typed else { return unchanged(words) };
    let Some((name, inner)) = typed.subcommand().filter(|(name, _)| COMMANDS.contains(name)) else {
        return unchanged(words);
    };
    let found = if bare { Trust::Bare } else { Trust::Found };
    let (asked, none) = (asked(inner).or(asked(&typed)), declined(inner) || declined(&typed));
    let (file, trust) = match asked {
        Some(file) => (file, Trust::Named),
        None if none => return unchanged(words),
        None => match nearest() {
            Some(file) => (file, found),
            None => return unchanged(words),
        },
    };
    let text =
        std::fs::read_to_string(&file).map_err(|e| Usage::Open("--config", file.clone(), e))?;
    let said = |reason| Usage::Config(file.clone(), reason);
    let folder = file.parent().unwrap_or(Path::new(""));
    let options = words::of(command, name, inner, &text, folder, trust).map_err(said)?;
    let Some(at) = place(&words, name).filter(|_| !options.is_empty()) else {
        return unchanged(words);
    };
    let mut all = words;
    all.splice(at..at, options);
    Ok(Configured { words: all, file: Some(file) })
}

fn asked(matches: &ArgMatches) -> Option<PathBuf> {
    matches.try_get_one::<PathBuf>("config_file").ok().flatten().cloned()
}

fn declined(matches: &ArgMatches) -> bool {
    matches.try_get_one::<bool>("no_config").ok().flatten().is_some_and(|none| *none)
}

/// The nearest file above the current directory, or in it.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file())
}

/// Behind the command `name` in `words`.
fn place(words: &[OsString], name: &str) -> Option<usize> {
    let mut at = 1;
    while at < words.len() && words[at] != name {
        at += if words[at] == "--config" { 2 } else { 1 };
    }
    (at < words.len()).then_some(at + 1)
}
