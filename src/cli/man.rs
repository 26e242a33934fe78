//! `hanmend man`

use std::path::PathBuf;

use clap::Args;

use super::session;
use super::status::Status;
use super::usage::Usage;

/// Print the manual page, or write one for each command
#[derive(Args, Clone, Debug)]
#[command(after_long_help = "\
Examples:
  hanmend man | man -l -
  hanmend man -O ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// Write hanmend.1 and a page for each command (hanmend-fix.1 ...) below DIR
    #[arg(short = 'O', long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
}

pub(crate) fn run(args: &ManArgs) -> Result<Status, Usage> {
    let Some(dir) = &args.output_dir else {
        return Ok(session::print(&page(super::command())));
    };
    std::fs::create_dir_all(dir).map_err(|e| Usage::OutputDir(dir.clone(), e))?;
    clap_mangen::generate_to(super::command(), dir)
        .map_err(|e| Usage::OutputDir(dir.clone(), e))?;
    Ok(Status::Done)
}

fn page(command: clap::Command) -> Vec<u8> {
    let mut page = Vec::new();
    // Writing to a Vec does not fail.
    let _ = clap_mangen::Man::new(command).render(&mut page);
    page
}
