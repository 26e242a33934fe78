//! `hanmend undo`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use super::status::Status;
use super::usage::Usage;
use crate::batch::durable::sync_folders;
use crate::batch::interrupt;
use crate::batch::keeping::sweep;
use crate::batch::manifest::Record;
use crate::batch::undo::{Undone, undo};

/// Folders that are put on the disk together.
const FOLDERS: usize = 64;

/// Put back what an in-place run changed
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
    let open = |e| Usage::Open("MANIFEST", args.manifest.clone(), e);
    let mut record = Record::open(&args.manifest).map_err(open)?;
    if let Some(head) = record.head() {
        sweep(head, &record.folders);
    }
    let (mut restored, mut already, mut status) = (0, 0, Status::Done);
    let mut folders = BTreeSet::new();
    while let Some(entry) = record.pop() {
        // An interrupt waits until a file is whole.
        let _gate = interrupt::gate();
        let entry = entry.map_err(open)?;
        let path = entry.path.path();
        match undo(&entry) {
            Ok(Undone::Restored) => {
                restored += 1;
                folders.extend(path.parent().map(Path::to_owned));
            }
            Ok(Undone::Already) => already += 1,
            Err(problem) => {
                eprintln!("hanmend: {}: {problem}", path.display());
                status = Status::Failed;
            }
        }
        if folders.len() >= FOLDERS {
            status = status.worse(synced(&mut folders));
        }
    }
    status = status.worse(synced(&mut folders));
    eprintln!("hanmend: {restored} put back, {already} as they were");
    Ok(status)
}

/// Puts the names in `folders` on the disk.
fn synced(folders: &mut BTreeSet<PathBuf>) -> Status {
    match sync_folders(&std::mem::take(folders)) {
        Ok(()) => Status::Done,
        Err(error) => {
            eprintln!("hanmend: cannot write to the disk: {error}");
            Status::Failed
        }
    }
}
