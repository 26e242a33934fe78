//! `hanmend undo`

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::rename::record;
use super::status::Status;
use super::usage::Usage;
use crate::batch::durable::{sync_folders, together};
use crate::batch::interrupt;
use crate::batch::keeping::sweep;
use crate::batch::manifest::{Entry, Record};
use crate::batch::progress;
use crate::batch::undo::{Undone, undo};

/// Files that are put back together, as it is the disk that takes time.
const TOGETHER: usize = 128;

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
    // A run that was ended before it wrote anything down has changed nothing.
    if std::fs::read_dir(&args.manifest).is_ok_and(|mut there| there.next().is_none()) {
        progress::say("hanmend: nothing was changed");
        return Ok(Status::Done);
    }
    let open = |e| Usage::Open("MANIFEST", args.manifest.clone(), e);
    let mut record = Record::open(&args.manifest).map_err(open)?;
    if let Some(head) = record.head() {
        sweep(head, &record.folders);
    }
    let (mut restored, mut already, mut status) = (0, 0, Status::Done);
    let mut left = None;
    loop {
        // An interrupt waits until files are whole.
        let _gate = interrupt::gate();
        let entries = several(&mut record, &mut left).map_err(open)?;
        if entries.is_empty() {
            break;
        }
        let mut folders = BTreeSet::new();
        for (entry, undone) in entries.iter().zip(together(&entries, undo)) {
            let path = entry.path.path();
            match undone {
                Ok(Undone::Restored) => {
                    restored += 1;
                    folders.extend(path.parent().map(Path::to_owned));
                }
                Ok(Undone::Already) => already += 1,
                Err(problem) => {
                    progress::say(&format!("hanmend: {}: {problem}", path.display()));
                    status = Status::Failed;
                }
            }
        }
        if let Err(error) = sync_folders(&folders) {
            progress::say(&format!("hanmend: cannot write to the disk: {error}"));
            status = Status::Failed;
        }
    }
    progress::say(&format!("hanmend: {restored} put back, {already} as they were"));
    Ok(status)
}

/// Takes back what `hanmend rename` did.
fn renamed(args: &UndoArgs) -> Result<Status, Usage> {
    let undone = record::undo(&args.manifest)
        .map_err(|e| Usage::Open("MANIFEST", args.manifest.clone(), e))?;
    progress::say(&format!(
        "hanmend: {} put back, {} as they were",
        undone.restored, undone.already
    ));
    Ok(if undone.failed == 0 { Status::Done } else { Status::Failed })
}

/// The last entries that were not given yet, each of another file: where a file was replaced twice, one
/// has to be taken back before the other, which is `left` for the next time.
fn several(record: &mut Record, left: &mut Option<Entry>) -> io::Result<Vec<Entry>> {
    let (mut entries, mut paths) = (Vec::new(), HashSet::new());
    while entries.len() < TOGETHER {
        let next = left.take().map(Ok).or_else(|| record.pop()).transpose()?;
        let Some(entry) = next else { break };
        if !paths.insert(entry.path.path()) {
            *left = Some(entry);
            break;
        }
        entries.push(entry);
    }
    Ok(entries)
}
