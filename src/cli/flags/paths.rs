//! `PATH...`, `-g`, `--hidden`, `--no-ignore`, `--no-follow`, `--files-from`, `-0`, `--shard`

use std::path::{Path, PathBuf};

use clap::Args;
use ignore::overrides::OverrideBuilder;

use crate::batch::inputs::{Input, Inputs, List, Source, WalkRules};
use crate::batch::progress::Whole;
use crate::batch::shard::Shard;
use crate::cli::usage::Usage;

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PathArgs {
    /// Files, directories, or "-" for standard input (the default)
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// In directories, take only what matches GLOB, or with a leading "!" all but that
    ///
    /// May be given several times; the last one that matches decides: -g '*.txt' -g '!draft*'
    #[arg(short, long = "glob", value_name = "GLOB", help_heading = "Which inputs")]
    globs: Vec<String>,

    /// Enter hidden files and directories too
    #[arg(long, help_heading = "Which inputs")]
    hidden: bool,

    /// Do not heed .gitignore, .ignore and the like
    #[arg(long, help_heading = "Which inputs")]
    no_ignore: bool,

    /// Take the paths from FILE as well, a line each; "-" is standard input
    ///
    /// With -O a relative path of the list keeps its folders below DIR.
    #[arg(long, value_name = "FILE", help_heading = "Which inputs")]
    files_from: Option<PathBuf>,

    /// The paths in --files-from end with NUL, as find -print0 writes them
    #[arg(short = '0', long = "null", requires = "files_from", help_heading = "Which inputs")]
    null: bool,

    /// Leave symbolic links alone; else those given are followed (those in directories never are)
    #[arg(long, help_heading = "Which inputs")]
    no_follow: bool,

    /// Take part I of N of the inputs, from 1/N to N/N, so that N machines share a tree
    ///
    /// The path below the directory that was given, or the path as given, says to which part an input
    /// belongs, on every machine and in every version: SHA-256 of its bytes, of that the first eight bytes
    /// as a number, modulo N, plus 1.
    #[arg(long, value_name = "I/N", help_heading = "Which inputs")]
    shard: Option<Shard>,
}

/// How a command treats directories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Directories<'p> {
    /// Walks them.
    Walk,
    /// Walks them, but not the one that the results go to.
    WalkExcept(&'p Path),
    /// Walks them, and leaves out the backups: those that end so, and what is in that folder.
    InPlace(&'p str, Option<&'p Path>),
    /// Refuses them: there is one place for all results.
    Refuse,
}

impl PathArgs {
    /// Whether there may be more than one input.
    pub(crate) fn several(&self) -> bool {
        self.paths.len() > 1 || self.files_from.is_some() || self.paths.iter().any(|p| p.is_dir())
    }

    /// Whether all inputs are below one directory.
    pub(crate) fn one_directory(&self) -> bool {
        self.files_from.is_none() && matches!(&*self.paths, [path] if path.is_dir())
    }

    /// The paths as typed.
    pub(crate) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Whether standard input is among the inputs.
    pub(crate) fn stdin(&self) -> bool {
        (self.paths.is_empty() && self.files_from.is_none())
            || self.paths.iter().any(|p| p == Path::new("-"))
    }

    /// How much there is to do; nothing where what tells it, or is part of it, can be read only once.
    pub(crate) fn whole(&self, directories: Directories<'_>) -> Option<Whole> {
        // A list in a pipe can be read once.
        if self.stdin() || self.files_from.as_deref().is_some_and(|list| !list.is_file()) {
            return None;
        }
        let mut whole = Whole::default();
        for input in self.ready(directories).ok()? {
            whole.files += 1;
            if let Ok(Input { source: Source::File(path), .. }) = input {
                whole.bytes += path.metadata().map_or(0, |m| m.len());
            }
        }
        Some(whole)
    }

    /// The inputs.
    pub(crate) fn ready(&self, directories: Directories<'_>) -> Result<Inputs, Usage> {
        let dashes = self.paths.iter().filter(|p| *p == Path::new("-")).count();
        let listed = self.files_from.as_deref() == Some(Path::new("-"));
        if dashes + usize::from(listed) > 1 {
            return Err(Usage::StdinTwice);
        }
        let list = match &self.files_from {
            Some(path) => List::open(path, self.null)
                .map_err(|e| Usage::Open("--files-from", path.clone(), e))?,
            None => List::None,
        };
        let mut rules = WalkRules {
            refuse_directories: directories == Directories::Refuse,
            hidden: self.hidden,
            no_ignore: self.no_ignore,
            no_follow: self.no_follow,
            shard: self.shard,
            ..WalkRules::default()
        };
        match directories {
            Directories::Walk | Directories::Refuse => {}
            Directories::WalkExcept(path) => {
                let out = real(path);
                let inside = |p: &&PathBuf| real(p) != out && real(p).starts_with(&out);
                if let Some(path) = self.paths.iter().find(inside) {
                    return Err(Usage::InsideOutput(path.clone(), out));
                }
                rules.skip.push(out);
            }
            Directories::InPlace(suffix, backups) => {
                rules.skip_suffix = Some(suffix.to_owned()).filter(|s| !s.is_empty());
                rules.skip.extend(backups.map(real));
            }
        }
        if !self.globs.is_empty() {
            let mut builder = OverrideBuilder::new(".");
            for glob in &self.globs {
                builder.add(glob).map_err(|e| Usage::Glob(glob.clone(), e))?;
            }
            rules.globs = Some(builder.build().map_err(|e| Usage::Glob(String::new(), e))?);
        }
        let mut given = self.paths.clone();
        if given.is_empty() && self.files_from.is_none() {
            given.push("-".into());
        }
        Ok(Inputs::new(given, list, rules))
    }
}

/// The directory itself, where it is there.
fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::testing::typed;
    use super::*;

    fn sources(words: &[&str]) -> Vec<String> {
        let inputs = typed::<PathArgs>(words).unwrap().ready(Directories::Walk).unwrap();
        inputs.map(|i| i.unwrap().source.name()).collect()
    }

    #[test]
    fn no_path_is_standard_input() {
        let args = typed::<PathArgs>(&[]).unwrap();
        assert!(args.stdin());
        let mut inputs = args.ready(Directories::Walk).unwrap();
        assert_eq!(inputs.next().unwrap().unwrap().source, Source::Stdin);
        assert!(inputs.next().is_none());
    }

    #[test]
    fn globs_choose_and_refuse() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a.txt", "b.html", "draft.txt"] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        let path = dir.path().to_str().unwrap();
        let found = sources(&[path, "-g", "*.txt", "-g", "!draft*"]);
        assert_eq!(found, [dir.path().join("a.txt").to_str().unwrap()]);
        let args = typed::<PathArgs>(&[path, "-g", "{"]).unwrap();
        assert!(matches!(args.ready(Directories::Walk), Err(Usage::Glob(..))));
    }

    #[test]
    fn standard_input_can_be_read_once() {
        let args = typed::<PathArgs>(&["-", "-"]).unwrap();
        assert!(matches!(args.ready(Directories::Walk), Err(Usage::StdinTwice)));
        let args = typed::<PathArgs>(&["-", "--files-from", "-"]).unwrap();
        assert!(matches!(args.ready(Directories::Walk), Err(Usage::StdinTwice)));
    }

    #[test]
    fn nul_needs_a_list() {
        assert!(typed::<PathArgs>(&["-0"]).is_err());
    }
}
