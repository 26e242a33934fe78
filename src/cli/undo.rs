//! `hanmend undo`

use std::path::PathBuf;

use clap::Args;

use super::rename::record;
use super::status::Status;
use super::usage::Usage;
use crate::batch::in_place::{Undone, undo};
use crate::batch::manifest;

/// Put back what an in-place run changed, or rename renamed
#[derive(Args, Clone, Debug)]
#[command(after_long_help = AFTER)]
pub(crate) struct UndoArgs {
    /// The folder that the run named, or the manifest in it
    #[arg(value_name = "MANIFEST")]
    manifest: PathBuf,
}

const AFTER: &str = "\
A file that was changed again since is left as it is, and said; so is one whose backup is not what
the file was. A run that was cut short is undone as far as it came.

Examples:
  hanmend fix -i pages/
  hanmend undo hanmend-undo-20261122T161456Z

Exit status: 0 done, 2 an error on any file (the others are still done)";

pub(crate) fn run(args: &UndoArgs) -> Result<Status, Usage> {
    if record::is_record(&args.manifest) {
        return renamed(args);
    }
    let entries = manifest::read(&args.manifest)
        .map_err(|e| Usage::Open("MANIFEST", args.manifest.clone(), e))?;
    let (mut restored, mut already, mut status) = (0, 0, Status::Done);
    for entry in entries.iter().rev() {
        match undo(entry) {
            Ok(Undone::Restored) => restored += 1,
            Ok(Undone::Already) => already += 1,
            Err(problem) => {
                eprintln!("hanmend: {}: {problem}", entry.path.path().display());
                status = Status::Failed;
            }
        }
    }
    eprintln!("hanmend: {restored} put back, {already} as they were");
    Ok(status)
}

/// Takes back what `hanmend rename` did.
fn renamed(args: &UndoArgs) -> Result<Status, Usage> {
    let undone = record::undo(&args.manifest)
        .map_err(|e| Usage::Open("MANIFEST", args.manifest.clone(), e))?;
    eprintln!("hanmend: {} put back, {} as they were", undone.restored, undone.already);
    Ok(if undone.failed == 0 { Status::Done } else { Status::Failed })
}
