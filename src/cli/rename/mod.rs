//! `hanmend rename`

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

pub(super) mod record;

use super::flags;
use super::names::{Names, shown};
use super::session;
use super::status::Status;
use super::usage::Usage;
use record::Record;

/// Mend the names of files and folders: other encodings, mojibake, percent escapes
#[derive(Args, Clone, Debug)]
#[command(after_long_help = AFTER)]
pub(crate) struct RenameArgs {
    /// Files, and folders with all that is in them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Rename; without it, only say what would be renamed
    #[arg(long)]
    apply: bool,

    /// Rename hidden files and folders, and what is in them, too
    #[arg(long)]
    hidden: bool,

    /// Encoding of the names that are not UTF-8: auto, or a label such as gbk or big5
    ///
    /// auto looks at all these names together.
    #[arg(short, long, value_name = "LABEL", default_value = "auto")]
    encoding: String,

    /// With --apply, the new folder for what hanmend undo needs
    ///
    /// The default is hanmend-undo-TIME in the current directory; it is made when something is renamed.
    #[arg(long, value_name = "DIR", requires = "apply")]
    manifest: Option<PathBuf>,
}

const AFTER: &str = "\
Prints a line for each name, what it is and what it would be. Nothing is overwritten: a name that is
taken already, or that two would get, is refused and said. Symbolic links are renamed, and not
followed; what is hidden (.git, say) is left alone, but for what is typed.

Examples:
  hanmend rename downloads/
  hanmend rename --apply downloads/
  hanmend rename -e big5 --apply old/
  hanmend undo hanmend-undo-20261122T161456Z

Exit status: 0 done, 2 a name was refused, or an error on any path (the others are still done)";

/// A name that is to be another.
struct Renaming {
    from: PathBuf,
    to: PathBuf,
    guess: bool,
}

pub(crate) fn run(args: &RenameArgs) -> Result<Status, Usage> {
    let encoding = flags::encoding(&args.encoding)?;
    let mut status = Status::Done;
    let mut fail = |path: &Path, reason: &dyn std::fmt::Display| {
        eprintln!("hanmend: {}: {reason}", shown(path.as_os_str().as_encoded_bytes()));
        status = Status::Failed;
    };
    // What is in a folder stands before it, so that no path is renamed under what follows.
    let mut walk = Walk { hidden: args.hidden, found: Vec::new(), seen: HashSet::new() };
    args.paths.iter().for_each(|path| walk.begin(path, &mut fail));
    let found = walk.found;
    let names = Names::new(encoding, found.iter().filter_map(|p| name(p)));
    let planned = plan(&names, &found, &mut fail);
    let mut out = String::new();
    let mut record = None;
    for Renaming { from, to, guess } in &planned {
        if args.apply {
            let record = match &mut record {
                Some(record) => record,
                None => {
                    let folder =
                        args.manifest.clone().unwrap_or_else(flags::destination::folder_for_now);
                    let new = Record::new(&folder).map_err(|e| Usage::Manifest(folder, e))?;
                    record.insert(new)
                }
            };
            if let Err(e) = record.rename(from, to) {
                fail(from, &e);
                continue;
            }
        }
        let guess = if *guess { " (guess)" } else { "" };
        let bytes = |path: &Path| shown(path.as_os_str().as_encoded_bytes());
        out.push_str(&format!("{} -> {}{guess}\n", bytes(from), bytes(to)));
    }
    if let Some(record) = &record {
        eprintln!("hanmend: hanmend undo {} takes it back", record.folder().display());
    } else if !planned.is_empty() && !args.apply {
        eprintln!("hanmend: nothing was renamed; --apply does it");
    }
    if session::print(out.as_bytes()) == Status::Failed {
        return Ok(Status::Failed);
    }
    Ok(status)
}

/// What says that a path cannot be done.
type Fail<'f> = dyn FnMut(&Path, &dyn std::fmt::Display) + 'f;

/// Finds what may be renamed.
struct Walk {
    hidden: bool,
    found: Vec<PathBuf>,
    /// Where what was found is, however it was named.
    seen: HashSet<PathBuf>,
}

impl Walk {
    /// All that is at and below `path`, which was typed.
    fn begin(&mut self, path: &Path, fail: &mut Fail<'_>) {
        let place = match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => {
                let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
                fs::canonicalize(parent).map(|parent| parent.join(name))
            }
            _ => fs::canonicalize(path),
        };
        match place {
            Ok(place) => self.walk(path, &place, fail),
            Err(e) => fail(path, &e),
        }
    }

    /// All that is at and below `path`, which is at `place`; what is in a folder before it.
    fn walk(&mut self, path: &Path, place: &Path, fail: &mut Fail<'_>) {
        if !self.seen.insert(place.to_owned()) {
            return;
        }
        let data = match fs::symlink_metadata(path) {
            Ok(data) => data,
            Err(e) => return fail(path, &e),
        };
        if data.is_dir() {
            match fs::read_dir(path) {
                Ok(entries) => {
                    let mut below: Vec<_> = entries.flatten().map(|e| e.file_name()).collect();
                    below.retain(|name| self.hidden || !name.as_encoded_bytes().starts_with(b"."));
                    below.sort();
                    for name in below {
                        self.walk(&path.join(&name), &place.join(&name), fail);
                    }
                }
                Err(e) => fail(path, &e),
            }
        }
        self.found.push(path.to_owned());
    }
}

/// The last part of a path, as bytes; `.` and `/` have none.
fn name(path: &Path) -> Option<&[u8]> {
    path.file_name().map(OsStr::as_encoded_bytes)
}

/// What is to be renamed, and can be.
fn plan(names: &Names, found: &[PathBuf], fail: &mut Fail<'_>) -> Vec<Renaming> {
    let mut planned = Vec::new();
    for path in found {
        match name(path).map(|raw| names.mended(raw)) {
            Some(Ok(Some(mended))) => {
                let to = path.with_file_name(&mended.name);
                planned.push(Renaming { from: path.clone(), to, guess: mended.guess });
            }
            Some(Err(reason)) => fail(path, &reason),
            _ => {}
        }
    }
    let mut wanted: HashMap<PathBuf, usize> = HashMap::new();
    planned.iter().for_each(|r| *wanted.entry(r.to.clone()).or_default() += 1);
    planned.retain(|Renaming { from, to, .. }| {
        let reason = if wanted[to] > 1 {
            "another would get the same name: "
        } else if fs::symlink_metadata(to).is_ok() {
            "the name is taken already: "
        } else {
            return true;
        };
        fail(from, &format!("{reason}{}", to.display()));
        false
    });
    planned
}
