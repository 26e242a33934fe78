//! `-o`, `-O`, `-i`: where results go

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use sha2::{Digest, Sha256};

use super::paths::{Directories, PathArgs};
use crate::batch::codec::Codec;
use crate::batch::crew::{Committed, Crew};
use crate::batch::in_place::Replacement;
use crate::batch::inputs::{Input, Source};
use crate::batch::keeping::{Backups, Keeping};
use crate::batch::landing::Landing;
use crate::batch::manifest::{self, Head, Manifest};
use crate::batch::problem::Problem;
use crate::batch::repacked::Repacked;
use crate::batch::target::{Target, Whole, is_stdout, same_file};
use crate::cli::usage::Usage;

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct DestinationArgs {
    /// Write the result to FILE, whole or not at all
    ///
    /// The old FILE stands until the whole result is on the disk. It may not be an input; that is what -i
    /// is for, which hanmend undo takes back.
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["output_dir", "in_place"],
          help_heading = "Where it goes")]
    output: Option<PathBuf>,

    /// Write the results below DIR, which mirrors the tree below each PATH
    #[arg(
        short = 'O',
        long,
        value_name = "DIR",
        conflicts_with = "in_place",
        help_heading = "Where it goes"
    )]
    output_dir: Option<PathBuf>,

    /// Replace the inputs by their results; with =SUFFIX, keep each as it was under its name and SUFFIX
    ///
    /// Files that do not change are not written. Modes and times stay, symbolic links are followed,
    /// files with several hard links are refused. What the files were is kept, and a manifest says
    /// where, so that hanmend undo puts it back, and --resume goes on after a crash.
    #[arg(short, long, value_name = "SUFFIX", num_args = 0..=1, require_equals = true,
          default_missing_value = "", help_heading = "Where it goes")]
    in_place: Option<String>,

    /// With -i, the new folder for the manifest, and without SUFFIX for what the files were
    ///
    /// The default is hanmend-undo-TIME in the current directory; it is made when a file changes.
    #[arg(long, value_name = "DIR", requires = "in_place", help_heading = "Where it goes")]
    manifest: Option<PathBuf>,

    /// With -i, keep what the files were below DIR, which mirrors the tree below each PATH
    ///
    /// The manifest goes there too, unless --manifest says where.
    #[arg(long, value_name = "DIR", requires = "in_place", help_heading = "Where it goes")]
    backup_dir: Option<PathBuf>,

    /// Go on with a run that was cut short: what it did is not done again
    ///
    /// With -i it needs --manifest or --backup-dir, by which the run is found; where there is none yet, it
    /// begins, so the same command may be given until it is done. With -O, results that are there and
    /// not older than their inputs stay.
    #[arg(long, help_heading = "Where it goes")]
    resume: bool,

    /// With -i, replace files that have other names too; those keep the old text
    #[arg(long, requires = "in_place", help_heading = "Where it goes")]
    break_hard_links: bool,
}

/// Where results go.
#[derive(Debug)]
pub(crate) enum Destination {
    Stdout,
    File(PathBuf),
    Tree(Tree),
    InPlace(Box<Keeping>),
}

/// Half of the SHA-256 of a path.
type Claim = [u8; 16];

/// What an input does with a place that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// It asks whether its result is there.
    Asks,
    /// Its result is written, which is done once.
    Writes,
}

/// An output directory.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    resume: bool,
    /// Whether all inputs are of one directory, where no two have the same place.
    one_directory: bool,
    /// Else the places that are taken, and by which input: half of the SHA-256 of each path, so that millions
    /// are no burden.
    used: Mutex<HashMap<Claim, (Claim, Use)>>,
    crew: Crew<Whole>,
}

impl DestinationArgs {
    /// Whether results go to standard output.
    pub(crate) fn stdout(&self) -> bool {
        self.output_dir.is_none()
            && self.in_place.is_none()
            && self.output.as_deref().is_none_or(|p| p == Path::new("-"))
    }

    /// Refuses a report that would replace the result, or be replaced by it.
    pub(crate) fn not_the_report(&self, report: Option<&Path>) -> Result<(), Usage> {
        match (&self.output, report) {
            (Some(output), Some(report)) if output == report || same_file(output, report) => {
                Err(Usage::SameReport(report.to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// How directories among the inputs are treated.
    pub(crate) fn directories(&self) -> Directories<'_> {
        match (&self.output_dir, &self.in_place) {
            (Some(dir), _) => Directories::WalkExcept(dir),
            (_, Some(suffix)) => Directories::InPlace(suffix, self.backup_dir.as_deref()),
            _ => Directories::Refuse,
        }
    }

    /// The place; an output directory is made. `options` are all others that decide what files become.
    pub(crate) fn ready(&self, paths: &PathArgs, options: &str) -> Result<Destination, Usage> {
        if let Some(root) = &self.output_dir {
            std::fs::create_dir_all(root).map_err(|e| Usage::OutputDir(root.clone(), e))?;
            if paths.paths().iter().any(|p| p.is_dir() && same_file(p, root)) {
                return Err(Usage::SameDir(root.clone()));
            }
            let (root, resume) = (root.clone(), self.resume);
            let (used, crew) = (Mutex::default(), Crew::default());
            let one_directory = paths.one_directory();
            return Ok(Destination::Tree(Tree { root, resume, one_directory, used, crew }));
        }
        if let Some(suffix) = &self.in_place {
            return Ok(Destination::InPlace(Box::new(self.in_place(suffix, options)?)));
        }
        if self.resume {
            return Err(Usage::Resume);
        }
        match &self.output {
            Some(path) if path != Path::new("-") => {
                if paths.several() && !paths.paths().iter().any(|p| p.is_dir()) {
                    return Err(Usage::OneOutput);
                }
                if paths.paths().iter().any(|p| p.is_file() && same_file(p, path)) {
                    return Err(Usage::SameFile(path.clone()));
                }
                Ok(Destination::File(path.clone()))
            }
            _ => Ok(Destination::Stdout),
        }
    }
}

impl DestinationArgs {
    fn in_place(&self, suffix: &str, options: &str) -> Result<Keeping, Usage> {
        if suffix.contains(std::path::is_separator) {
            return Err(Usage::Suffix(suffix.to_owned()));
        }
        let backups = match &self.backup_dir {
            Some(_) if !suffix.is_empty() => return Err(Usage::TwoBackups),
            Some(dir) => Backups::Tree(
                std::path::absolute(dir).map_err(|e| Usage::OutputDir(dir.clone(), e))?,
            ),
            None if suffix.is_empty() => Backups::Numbered,
            None => Backups::Suffix(suffix.to_owned()),
        };
        let head = Head::of_this_run(&format!("{options} {backups:?}"));
        let named = self.manifest.as_ref().or(self.backup_dir.as_ref());
        let wrong = |folder: &Path| {
            let folder = folder.to_owned();
            |e| Usage::Manifest(folder, e)
        };
        // What is in the folder would be taken for what files were, and be walked by no command.
        if let Some(folder) =
            named.filter(|folder| backups == Backups::Numbered && is_taken(folder))
        {
            let reason = "there are other files in it; name a new folder";
            let error = std::io::Error::new(std::io::ErrorKind::AlreadyExists, reason);
            return Err(Usage::Manifest(folder.clone(), error));
        }
        match named {
            Some(folder) if self.resume => {
                let kept = Keeping::resume(folder.clone(), head, backups, self.break_hard_links);
                kept.map_err(wrong(folder))
            }
            None if self.resume => Err(Usage::Resume),
            _ => {
                let folder = named.cloned().unwrap_or_else(folder_for_now);
                let manifest = Manifest::new(folder.clone(), named.is_none(), head);
                let manifest = manifest.map_err(wrong(&folder))?;
                Ok(Keeping::new(manifest, backups, self.break_hard_links))
            }
        }
    }
}

impl Destination {
    /// Whether an earlier run did `input`, and this one goes on with that.
    pub(crate) fn did(&self, input: &Input) -> bool {
        match self {
            Destination::InPlace(keeping) => keeping.did(input),
            Destination::Tree(tree) => tree.resume && tree.has(input),
            _ => false,
        }
    }

    /// Ends a run: waits for what is to be done to files in their places.
    pub(crate) fn finish(&self) -> Result<Option<Committed>, Problem> {
        match self {
            Destination::InPlace(keeping) => keeping.finish().map(Some),
            Destination::Tree(tree) => Ok(Some(tree.crew.finish())),
            _ => Ok(None),
        }
    }

    /// Begins the result of `input`.
    pub(crate) fn begin(&self, input: &Input) -> Result<Landing<'_>, Problem> {
        match self {
            Destination::Stdout => match &input.source {
                Source::File(path) if is_stdout(path) => Err(Problem::Clobber("-".into())),
                _ => Ok(Landing::Stdout),
            },
            Destination::File(path) => {
                let codec = match &input.source {
                    Source::File(from) => Codec::of_result(path, from),
                    Source::Stdin => Codec::of(path),
                };
                Target::create_as(path, codec).map(Landing::File)
            }
            Destination::Tree(tree) => tree.begin(input),
            Destination::InPlace(keeping) => {
                Replacement::begin(input, keeping).map(|r| Landing::InPlace(Box::new(r)))
            }
        }
    }

    /// What to say when `changed` files were replaced.
    pub(crate) fn note(&self, changed: u64) -> Option<String> {
        let Destination::InPlace(keeping) = self else { return None };
        let folder = keeping.folder();
        let folder = folder.display();
        match changed {
            0 => None,
            1 => Some(format!("1 file changed; hanmend undo {folder} puts it back")),
            n => Some(format!("{n} files changed; hanmend undo {folder} puts them back")),
        }
    }
}

impl Tree {
    /// Whether the result of `input` is there, and not older.
    fn has(&self, input: &Input) -> bool {
        let (Source::File(source), Some(below)) = (&input.source, &input.mirror) else {
            return false;
        };
        if !self.claim(input, below, Use::Asks) {
            return false;
        }
        let time = |file: std::fs::Metadata| file.modified().ok();
        let result = std::fs::metadata(self.root.join(below)).ok().filter(|m| m.is_file());
        let result = result.and_then(time);
        result.is_some() && result >= std::fs::metadata(source).ok().and_then(time)
    }

    /// Whether the place `below` in the tree is for `input`: the first that comes has it.
    fn claim(&self, input: &Input, below: &Path, now: Use) -> bool {
        let half = |bytes: &[u8]| -> Claim {
            let digest = Sha256::digest(bytes);
            std::array::from_fn(|at| digest[at])
        };
        if self.one_directory {
            return true;
        }
        let own = half(input.source.name().as_bytes());
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let place = used.entry(half(below.as_os_str().as_encoded_bytes()));
        let (owner, used) = place.or_insert((own, Use::Asks));
        let free = *owner == own && *used == Use::Asks;
        if free {
            *used = now;
        }
        free
    }

    fn begin(&self, input: &Input) -> Result<Landing<'_>, Problem> {
        let below = input.mirror.as_deref().ok_or(Problem::Nameless)?;
        let path = self.root.join(below);
        if let Source::File(source) = &input.source
            && same_file(source, &path)
        {
            return Err(Problem::Clobber(path));
        }
        if !self.claim(input, below, Use::Writes) {
            return Err(Problem::Collision(path));
        }
        let codec = match &input.source {
            Source::File(source) => Codec::of_file(source).map_err(|e| Problem::Read(e, 0))?,
            Source::Stdin => Codec::of(&path),
        };
        let target = self.create(&path)?;
        Ok(match &input.source {
            // What comes of a pipe cannot be read twice.
            Source::File(source)
                if codec != Codec::Plain && source.is_file() && !target.is_direct() =>
            {
                let repacked = Repacked::new(source.clone(), codec, target);
                Landing::Packed(Box::new(repacked), &self.crew)
            }
            _ => Landing::OneOfMany(target.pack(codec)?, &self.crew),
        })
    }

    /// Begins the file at `path`, which packs nothing yet.
    fn create(&self, path: &Path) -> Result<Target, Problem> {
        let create = || Target::create_as(path, Codec::Plain);
        match create() {
            // The folder is made when it turns out to be missing, which is once for each.
            Err(Problem::Write(_, e)) if e.kind() == std::io::ErrorKind::NotFound => {
                let folder = path.parent().unwrap_or(&self.root);
                std::fs::create_dir_all(folder)
                    .map_err(|e| Problem::Write(folder.to_owned(), e))?;
                create()
            }
            other => other,
        }
    }
}

/// Whether there is something in the folder, and no manifest.
fn is_taken(folder: &Path) -> bool {
    !folder.join(manifest::NAME).exists()
        && std::fs::read_dir(folder).is_ok_and(|mut there| there.next().is_some())
}

/// A folder's name that says when, in universal time.
pub(crate) fn folder_for_now() -> PathBuf {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    format!("hanmend-undo-{}", date_and_time(now)).into()
}

/// Seconds since 1970 as `20261122T160000Z`. The days become a date as in Howard Hinnant's
/// `civil_from_days`: in years that begin with March, leap days come last.
fn date_and_time(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, year) = match month {
        0..10 => (month + 3, era * 400 + year),
        _ => (month - 9, era * 400 + year + 1),
    };
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::super::testing::typed;
    use super::*;

    fn input(path: &Path, mirror: &str) -> Input {
        Input { source: Source::File(path.to_owned()), mirror: Some(mirror.into()) }
    }

    #[test]
    fn one_place_at_a_time() {
        assert!(typed::<DestinationArgs>(&["-o", "a", "-O", "b"]).is_err());
        assert!(typed::<DestinationArgs>(&["-o", "a", "-i"]).is_err());
        assert!(typed::<DestinationArgs>(&["--manifest", "a"]).is_err());
        assert_eq!(typed::<DestinationArgs>(&["-i"]).unwrap().in_place.unwrap(), "");
        assert_eq!(typed::<DestinationArgs>(&["-i=.bak"]).unwrap().in_place.unwrap(), ".bak");
        let args = typed::<DestinationArgs>(&["--in-place=a/b"]).unwrap();
        assert!(matches!(args.ready(&PathArgs::default(), ""), Err(Usage::Suffix(_))));
    }

    #[test]
    fn a_tree_is_mirrored_and_nothing_is_written_twice() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let source = dir.path().join("a.txt");
        std::fs::write(&source, "x").unwrap();
        let args = typed::<DestinationArgs>(&["-O", out.to_str().unwrap()]).unwrap();
        let place = args.ready(&PathArgs::default(), "").unwrap();
        let Ok(Landing::OneOfMany(mut target, _)) = place.begin(&input(&source, "b/c/a.txt"))
        else {
            panic!("no file");
        };
        target.write(b"y").unwrap();
        target.finish().unwrap();
        assert_eq!(std::fs::read(out.join("b/c/a.txt")).unwrap(), b"y");
        let again = place.begin(&input(&source, "b/c/a.txt"));
        assert!(matches!(again, Err(Problem::Collision(_))));
        let itself = place.begin(&input(&out.join("b/c/a.txt"), "./b/c/a.txt"));
        assert!(matches!(itself, Err(Problem::Clobber(_))));
    }

    #[test]
    fn seconds_become_dates() {
        assert_eq!(date_and_time(0), "19700101T000000Z");
        assert_eq!(date_and_time(951_782_400), "20000229T000000Z");
        assert_eq!(date_and_time(1_795_364_096), "20261122T161456Z");
        assert_eq!(date_and_time(4_102_444_799), "20991231T235959Z");
    }
}
