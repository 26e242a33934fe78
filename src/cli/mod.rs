//! The command line: one module a command, one file an option.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

mod completions;
mod config;
mod convert;
mod detect;
mod explain;
mod fix;
mod flags;
mod man;
mod mender;
mod names;
mod print;
mod rename;
mod report;
mod session;
mod status;
mod undo;
mod unzip;
mod usage;

use status::Status;

/// Mends scraped Chinese text: finds the encoding, undoes the damage, settles the script.
#[derive(Parser, Debug)]
#[command(
    name = "hanmend",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    long_about = LONG_ABOUT,
    after_long_help = AFTER,
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    config: config::ConfigArgs,
}

const LONG_ABOUT: &str = "\
Mends scraped Chinese text: finds the encoding, undoes the damage, settles the script.

Bytes go through four steps: decode (which encoding), repair (undo the damage), convert (script,
as OpenCC does) and encode (UTF-8, or what is asked). Text without damage comes out byte for byte.";

const AFTER: &str = "\
Examples:
  hanmend fix page.html > mended.html           mend one file
  hanmend fix -s hans -O mended/ pages/         mend a tree, into Simplified
  hanmend fix -i pages/                         mend a tree in its place; hanmend undo takes it back
  hanmend explain page.html                     see what would be changed, and why
  hanmend detect pages/                         see what the files are
  hanmend convert -c s2twp < in.txt > out.txt   OpenCC conversion alone
  rg --pre hanmend PATTERN                      search what files say when they are mended

A file hanmend.toml above the current directory has options for all runs there, but for which inputs are
read and where results go; hanmend PATH, and
nothing else, is hanmend fix -q PATH.
hanmend COMMAND --help says more about each.";

#[derive(Subcommand, Debug)]
enum Command {
    Fix(fix::FixArgs),
    Detect(detect::DetectArgs),
    Explain(explain::ExplainArgs),
    Convert(convert::ConvertArgs),
    Report(report::ReportArgs),
    Rename(rename::RenameArgs),
    Unzip(unzip::UnzipArgs),
    Undo(undo::UndoArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Runs the program with the arguments `words`.
pub(crate) fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let (words, bare) = preprocessor(words.into_iter().collect());
    let configured = match config::configured(&command(), words, bare) {
        Ok(configured) => configured,
        Err(usage) => {
            crate::batch::progress::say(&format!("hanmend: {usage}"));
            return Status::Failed.into();
        }
    };
    let from_file = || {
        if let Some(file) = &configured.file {
            crate::batch::progress::say(&format!(
                "hanmend: some options are those of {}",
                file.display()
            ));
        }
    };
    let cli = match Cli::try_parse_from(&configured.words) {
        Ok(cli) => cli,
        Err(error) => {
            // Help goes to standard output; that nobody reads it is no failure.
            let _ = error.print();
            if !error.use_stderr() {
                return Status::Done.into();
            }
            from_file();
            return Status::Failed.into();
        }
    };
    let done = match cli.command {
        Command::Fix(args) => fix::run(&args),
        Command::Detect(args) => detect::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Rename(args) => rename::run(&args),
        Command::Unzip(args) => unzip::run(&args),
        Command::Undo(args) => undo::run(&args),
        Command::Completions(args) => Ok(completions::run(args)),
        Command::Man(args) => man::run(&args),
    };
    let status = done.unwrap_or_else(|usage| {
        crate::batch::progress::say(&format!("hanmend: {usage}"));
        from_file();
        Status::Failed
    });
    status.into()
}

/// `hanmend PATH`, as `rg --pre` calls it, is `hanmend fix -q PATH`; whether it is that.
fn preprocessor(words: Vec<OsString>) -> (Vec<OsString>, bool) {
    let [program, path] = &words[..] else { return (words, false) };
    let named = command().get_subcommands().any(|sub| path == sub.get_name());
    if named || path.as_encoded_bytes().starts_with(b"-") || !Path::new(path).is_file() {
        return (words, false);
    }
    let fix = ["fix", "-q", "--"].map(OsString::from);
    ([program.clone()].into_iter().chain(fix).chain([path.clone()]).collect(), true)
}

/// The whole command line, for completions and manual pages.
fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn every_command_teaches_by_examples() {
        for sub in command().get_subcommands_mut().filter(|s| s.get_name() != "help") {
            let help = sub.render_long_help().to_string();
            assert!(help.contains("Examples:"), "{}", sub.get_name());
        }
    }

    #[test]
    fn every_option_is_explained() {
        for sub in command().get_subcommands() {
            for arg in sub.get_arguments() {
                assert!(arg.get_help().is_some(), "{} {}", sub.get_name(), arg.get_id());
            }
        }
    }
}
