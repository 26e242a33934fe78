//! Which inputs a run has: the paths as given, and the trees below those that are directories.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Component, Path, PathBuf};
use std::vec;

use ignore::overrides::Override;
use ignore::{Walk, WalkBuilder};

use super::manifest;
use super::problem::Problem;
use super::shard::Shard;
use super::target::same_file;

/// Where the bytes of one input come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

impl Source {
    /// The name in messages and reports.
    pub(crate) fn name(&self) -> String {
        match self {
            Source::Stdin => "-".to_owned(),
            Source::File(path) => path.display().to_string(),
        }
    }
}

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) source: Source,
    /// Its place below an output directory; none for standard input.
    pub(crate) mirror: Option<PathBuf>,
}

/// An input that cannot be had, and why.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) name: String,
    pub(crate) problem: Problem,
}

/// How directories are walked.
#[derive(Clone, Debug, Default)]
pub(crate) struct WalkRules {
    /// Directories are refused where there is no place for many results.
    pub(crate) refuse_directories: bool,
    pub(crate) hidden: bool,
    pub(crate) no_ignore: bool,
    pub(crate) globs: Option<Override>,
    /// Directories that are not entered: results or backups go there.
    pub(crate) skip: Vec<PathBuf>,
    /// Files that are not taken: the backups of runs in place end so.
    pub(crate) skip_suffix: Option<String>,
    /// The file that the report goes to: no input.
    pub(crate) report: Option<PathBuf>,
    /// Symbolic links are left alone, also those given. Those in trees always are.
    pub(crate) no_follow: bool,
    /// The part of all inputs that is taken.
    pub(crate) shard: Option<Shard>,
}

/// A list of paths in a file: `-0` separates by NUL, else by line.
pub(crate) enum List {
    None,
    Open(Box<dyn BufRead + Send>, u8, String),
}

impl List {
    /// Opens the list at `path`, `-` for standard input.
    pub(crate) fn open(path: &Path, nul: bool) -> io::Result<List> {
        let reader: Box<dyn BufRead + Send> = if path == Path::new("-") {
            Box::new(BufReader::new(io::stdin()))
        } else {
            Box::new(BufReader::new(File::open(path)?))
        };
        Ok(List::Open(reader, if nul { 0 } else { b'\n' }, path.display().to_string()))
    }

    fn next(&mut self) -> Option<Result<PathBuf, Missing>> {
        let List::Open(reader, separator, name) = self else { return None };
        loop {
            let mut line = Vec::new();
            match reader.read_until(*separator, &mut line) {
                Ok(0) => return None,
                Ok(_) => {
                    if line.last() == Some(separator) {
                        line.pop();
                    }
                    if *separator == b'\n' && line.last() == Some(&b'\r') {
                        line.pop();
                    }
                    if !line.is_empty() {
                        return Some(Ok(path_of(line)));
                    }
                }
                Err(e) => {
                    let name = std::mem::take(name);
                    *self = List::None;
                    return Some(Err(Missing { name, problem: Problem::Read(e, 0) }));
                }
            }
        }
    }
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    OsString::from(String::from_utf8_lossy(&bytes).into_owned()).into()
}

/// All inputs of a run, one after the other, in an order that does not change between runs: as
/// given, and below a directory by name.
pub(crate) struct Inputs {
    given: vec::IntoIter<PathBuf>,
    list: List,
    rules: WalkRules,
    walk: Option<(PathBuf, Walk)>,
}

impl Inputs {
    /// The inputs `given` and those of `list`.
    pub(crate) fn new(given: Vec<PathBuf>, list: List, rules: WalkRules) -> Inputs {
        Inputs { given: given.into_iter(), list, rules, walk: None }
    }

    /// Leaves out the file that the report goes to.
    pub(crate) fn without_report(mut self, report: Option<&Path>) -> Inputs {
        // A link to it is it.
        self.rules.report = report.map(|path| path.canonicalize().unwrap_or(path.to_owned()));
        self
    }

    fn walked(&mut self) -> Option<Result<Input, Missing>> {
        let (root, walk) = self.walk.as_mut()?;
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                Err(e) => return Some(Err(unwalkable(root, e))),
            };
            // A pipe or a device inside a tree would block or never end.
            if entry.file_type().is_some_and(|t| t.is_file()) {
                let mirror = entry.path().strip_prefix(&*root).ok().map(Path::to_owned);
                let place = mirror.as_deref().unwrap_or(entry.path());
                if !self.rules.takes(place) || self.rules.is_report(entry.path()) {
                    continue;
                }
                return Some(Ok(Input { source: Source::File(entry.into_path()), mirror }));
            }
        }
        self.walk = None;
        None
    }

    fn start(&mut self, path: PathBuf, listed: bool) -> Option<Result<Input, Missing>> {
        if path == Path::new("-") {
            return Some(Ok(Input { source: Source::Stdin, mirror: None }));
        }
        if self.rules.no_follow && path.is_symlink() {
            return None;
        }
        // A shell's `*` names the folders of earlier runs, too.
        if is_undo_folder(&path) || path.parent().is_some_and(is_undo_folder) {
            return None;
        }
        if !path.is_dir() {
            if !self.rules.takes(&path) || self.rules.is_backup(path.as_os_str()) {
                return None;
            }
            if self.rules.is_report(&path) {
                let name = path.display().to_string();
                return Some(Err(Missing { name, problem: Problem::Clobber(path) }));
            }
            let mirror = if listed { whole_mirror(&path) } else { name_mirror(&path) };
            return Some(Ok(Input { source: Source::File(path), mirror }));
        }
        if self.rules.refuse_directories {
            let name = path.display().to_string();
            return Some(Err(Missing { name, problem: Problem::Directory }));
        }
        let walk = self.rules.walk(&path);
        self.walk = Some((path, walk));
        None
    }
}

impl Iterator for Inputs {
    type Item = Result<Input, Missing>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(found) = self.walked() {
                return Some(found);
            }
            let started = match self.given.next() {
                Some(path) => self.start(path, false),
                None => match self.list.next()? {
                    Ok(path) => self.start(path, true),
                    Err(missing) => Some(Err(missing)),
                },
            };
            if started.is_some() {
                return started;
            }
        }
    }
}

impl WalkRules {
    /// Whether the input at `path`, as given or below a directory, belongs to the part that is asked for.
    fn takes(&self, path: &Path) -> bool {
        self.shard.is_none_or(|shard| shard.takes(path))
    }

    fn is_backup(&self, name: &OsStr) -> bool {
        self.skip_suffix.as_ref().is_some_and(|s| name.as_encoded_bytes().ends_with(s.as_bytes()))
    }

    fn is_report(&self, path: &Path) -> bool {
        self.report
            .as_ref()
            .is_some_and(|report| path.file_name() == report.file_name() && same_file(path, report))
    }

    fn walk(&self, root: &Path) -> Walk {
        let mut builder = WalkBuilder::new(root);
        builder.hidden(!self.hidden).sort_by_file_name(Ord::cmp);
        if self.no_ignore {
            builder.ignore(false).git_ignore(false).git_global(false).git_exclude(false);
            builder.parents(false);
        }
        if let Some(globs) = &self.globs {
            builder.overrides(globs.clone());
        }
        let (skip, suffix) = (self.skip.clone(), self.skip_suffix.clone());
        builder.filter_entry(move |entry| {
            if entry.depth() == 0 {
                return true;
            }
            if !entry.file_type().is_some_and(|t| t.is_dir()) {
                let name = entry.file_name().as_encoded_bytes();
                // Of another run, or one that was cut short.
                if name.starts_with(b".hanmend-") && name.ends_with(b".tmp") {
                    return false;
                }
                return !suffix.as_ref().is_some_and(|s| name.ends_with(s.as_bytes()));
            }
            let results = skip.iter().any(|skip| {
                entry.path().file_name() == skip.file_name() && same_file(entry.path(), skip)
            });
            !results && !is_undo_folder(entry.path())
        });
        builder.build()
    }
}

/// Whether the folder has the manifest of a run in place, and what the files were.
fn is_undo_folder(path: &Path) -> bool {
    path.join(manifest::NAME).exists()
}

/// A file given by name goes to the top of the output directory.
fn name_mirror(path: &Path) -> Option<PathBuf> {
    path.file_name().map(PathBuf::from)
}

/// A file of a list keeps its folders, unless they lead out of the output directory.
fn whole_mirror(path: &Path) -> Option<PathBuf> {
    let mut below = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => below.push(name),
            Component::CurDir => {}
            _ => return name_mirror(path),
        }
    }
    Some(below)
}

fn unwalkable(root: &Path, error: ignore::Error) -> Missing {
    let mut error = error;
    let mut name = root.display().to_string();
    loop {
        match error {
            ignore::Error::WithPath { path, err } => {
                name = path.display().to_string();
                error = *err;
            }
            ignore::Error::WithDepth { err, .. } => error = *err,
            // The walk's own words name the place a second time.
            ignore::Error::Io(e) if e.kind() == io::ErrorKind::PermissionDenied => {
                return Missing { name, problem: Problem::Read(e.kind().into(), 0) };
            }
            ignore::Error::Io(e) => return Missing { name, problem: Problem::Read(e, 0) },
            other => return Missing { name, problem: Problem::Walk(other) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(inputs: Inputs) -> Vec<String> {
        inputs.map(|i| i.unwrap().mirror.unwrap().display().to_string()).collect()
    }

    #[test]
    fn a_tree_is_walked_in_order_of_names_without_hidden_files() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("b")).unwrap();
        for name in ["b/2.txt", "b/1.txt", "a.txt", ".hidden", "c.txt"] {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        let inputs = Inputs::new(vec![dir.path().into()], List::None, WalkRules::default());
        assert_eq!(names(inputs), ["a.txt", "b/1.txt", "b/2.txt", "c.txt"]);
        let rules = WalkRules { hidden: true, ..WalkRules::default() };
        assert_eq!(names(Inputs::new(vec![dir.path().into()], List::None, rules)).len(), 5);
    }

    #[test]
    fn the_output_directory_is_not_entered() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("out")).unwrap();
        fs::write(dir.path().join("out/a.txt"), "x").unwrap();
        fs::write(dir.path().join("a.txt"), "x").unwrap();
        let rules = WalkRules { skip: vec![dir.path().join("out")], ..WalkRules::default() };
        assert_eq!(names(Inputs::new(vec![dir.path().into()], List::None, rules)), ["a.txt"]);
    }

    #[test]
    fn lists_keep_folders_and_never_lead_out() {
        let list: &[u8] = b"x/y.txt\0/abs/z.txt\0../up.txt\0./d/e\nf\0";
        let list = List::Open(Box::new(list), 0, "list".to_owned());
        let inputs = Inputs::new(Vec::new(), list, WalkRules::default());
        assert_eq!(names(inputs), ["x/y.txt", "z.txt", "up.txt", "d/e\nf"]);
    }
}
