//! `-o`, `-O`: where results go

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use clap::Args;

use super::paths::{Directories, PathArgs};
use crate::batch::inputs::{Input, Source};
use crate::batch::problem::Problem;
use crate::batch::target::{Target, same_file};
use crate::cli::usage::Usage;

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct DestinationArgs {
    /// Write the result to FILE, whole or not at all
    ///
    /// FILE may be the input: it is replaced when the whole result is on the disk.
    #[arg(
        short,
        long,
        value_name = "FILE",
        conflicts_with = "output_dir",
        help_heading = "Where it goes"
    )]
    output: Option<PathBuf>,

    /// Write the results below DIR, which mirrors the tree below each PATH
    #[arg(short = 'O', long, value_name = "DIR", help_heading = "Where it goes")]
    output_dir: Option<PathBuf>,
}

/// Where results go.
#[derive(Debug)]
pub(crate) enum Destination {
    Stdout,
    File(PathBuf),
    Tree(Tree),
}

/// An output directory.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    used: Mutex<HashSet<PathBuf>>,
}

impl DestinationArgs {
    /// Whether results go to standard output.
    pub(crate) fn stdout(&self) -> bool {
        self.output_dir.is_none() && self.output.as_deref().is_none_or(|p| p == Path::new("-"))
    }

    /// How directories among the inputs are treated.
    pub(crate) fn directories(&self) -> Directories<'_> {
        match &self.output_dir {
            Some(dir) => Directories::WalkExcept(dir),
            None => Directories::Refuse,
        }
    }

    /// The place, which is made when it is a directory.
    pub(crate) fn ready(&self, paths: &PathArgs) -> Result<Destination, Usage> {
        if let Some(root) = &self.output_dir {
            std::fs::create_dir_all(root).map_err(|e| Usage::OutputDir(root.clone(), e))?;
            if paths.paths().iter().any(|p| p.is_dir() && same_file(p, root)) {
                return Err(Usage::SameDir(root.clone()));
            }
            return Ok(Destination::Tree(Tree { root: root.clone(), used: Mutex::default() }));
        }
        match &self.output {
            Some(path) if path != Path::new("-") => {
                if paths.several() && !paths.paths().iter().any(|p| p.is_dir()) {
                    return Err(Usage::OneOutput);
                }
                Ok(Destination::File(path.clone()))
            }
            _ => Ok(Destination::Stdout),
        }
    }
}

impl Destination {
    /// Begins the result of `input`; none when it goes to standard output.
    pub(crate) fn begin(&self, input: &Input) -> Result<Option<Target>, Problem> {
        match self {
            Destination::Stdout => Ok(None),
            Destination::File(path) => Target::create(path).map(Some),
            Destination::Tree(tree) => tree.begin(input).map(Some),
        }
    }
}

impl Tree {
    fn begin(&self, input: &Input) -> Result<Target, Problem> {
        let below = input.mirror.as_deref().ok_or(Problem::Nameless)?;
        let path = self.root.join(below);
        if let Source::File(source) = &input.source
            && same_file(source, &path)
        {
            return Err(Problem::Clobber(path));
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if !used.insert(below.to_owned()) {
            return Err(Problem::Collision(path));
        }
        drop(used);
        match Target::create(&path) {
            // The folder is made when it turns out to be missing, which is once for each.
            Err(Problem::Write(_, e)) if e.kind() == std::io::ErrorKind::NotFound => {
                let folder = path.parent().unwrap_or(&self.root);
                std::fs::create_dir_all(folder)
                    .map_err(|e| Problem::Write(folder.to_owned(), e))?;
                Target::create(&path)
            }
            other => other,
        }
    }
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
    }

    #[test]
    fn a_tree_is_mirrored_and_nothing_is_written_twice() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let source = dir.path().join("a.txt");
        std::fs::write(&source, "x").unwrap();
        let args = typed::<DestinationArgs>(&["-O", out.to_str().unwrap()]).unwrap();
        let place = args.ready(&PathArgs::default()).unwrap();
        let mut target = place.begin(&input(&source, "b/c/a.txt")).unwrap().unwrap();
        target.write(b"y").unwrap();
        target.finish().unwrap();
        assert_eq!(std::fs::read(out.join("b/c/a.txt")).unwrap(), b"y");
        let again = place.begin(&input(&source, "b/c/a.txt"));
        assert!(matches!(again, Err(Problem::Collision(_))));
        let itself = place.begin(&input(&out.join("b/c/a.txt"), "./b/c/a.txt"));
        assert!(matches!(itself, Err(Problem::Clobber(_))));
    }
}
