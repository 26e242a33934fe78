//! What is wrong with what was typed, and what to type instead.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::batch::problem::Problem;

/// A usage error: nothing has been done.
#[derive(Debug)]
pub(crate) enum Usage {
    /// An option's value that names no encoding.
    Encoding(&'static str, String),
    /// A value that the library refuses.
    Library(&'static str, hanmend::error::Error),
    /// Phrases of one's own without a conversion that they go over.
    NoScript,
    /// An option that is about records, and a format that has none.
    NoRecords(&'static str),
    /// A file that an option names cannot be opened.
    Open(&'static str, PathBuf, io::Error),
    /// The report cannot be written.
    Report(PathBuf, Problem),
    /// The page cannot be written.
    Page(PathBuf, Problem),
    /// A glob that is none.
    Glob(String, ignore::Error),
    /// Standard input named twice.
    StdinTwice,
    /// `-o` with several inputs.
    OneOutput,
    /// The result and the report would both go to standard output.
    StdoutTwice,
    /// `-O` names something that is no directory, or cannot be made.
    OutputDir(PathBuf, io::Error),
    /// A suffix with a folder in it.
    Suffix(String),
    /// The manifest cannot be made there.
    Manifest(PathBuf, io::Error),
    /// The file of options is not as it has to be.
    Config(PathBuf, String),
    /// `-O` names the directory that is read.
    SameDir(PathBuf),
    /// An input, and the directory that it is in and that the results go to.
    InsideOutput(PathBuf, PathBuf),
    /// `-o` names the file that is read.
    SameFile(PathBuf),
    /// `--report` names a file that is read.
    ReportIsInput(PathBuf),
    /// `--report` names a file that is no report.
    NoReport(PathBuf),
    /// The page would replace the report that it is made of.
    PageIsReport(PathBuf),
    /// `--report` names the file that the result goes to.
    SameReport(PathBuf),
    /// A suffix and a folder for backups.
    TwoBackups,
    /// Nothing by which the run is found that is to go on.
    Resume,
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Usage::Encoding(option, label) => write!(
                f,
                "{option} {label}: no such encoding; try utf-8, gb18030, gbk, big5, euc-tw, hz, utf-16le \
                 or another label of the WHATWG standard"
            ),
            Usage::Library(option, error) => write!(f, "{option}: {error}"),
            Usage::NoScript => write!(
                f,
                "--dict and --protect go over a conversion: say which, as -s tw or -s s2twp"
            ),
            Usage::NoRecords("--delimiter") => write!(f, "--delimiter is for --format csv"),
            Usage::NoRecords(option) => {
                write!(f, "{option} chooses among the fields of --format jsonl, csv or tsv")
            }
            Usage::Open(option, path, error) => {
                write!(f, "{option} {}: cannot open: {error}", path.display())
            }
            Usage::Report(path, problem) => {
                write!(f, "--report {}: {problem}", path.display())
            }
            Usage::Page(path, problem) => write!(f, "-o {}: {problem}", path.display()),
            Usage::Glob(glob, error) => write!(f, "-g {glob}: {error}"),
            Usage::StdinTwice => write!(f, "standard input can be read only once; name - once"),
            Usage::OneOutput => {
                write!(f, "-o takes one input; use -O DIR for several, or no option to join them")
            }
            Usage::StdoutTwice => write!(
                f,
                "the result and the report would both go to standard output; \
                 use --report FILE, or -o FILE for the result, or --check"
            ),
            Usage::OutputDir(path, error) => {
                write!(f, "-O {}: cannot be the output directory: {error}", path.display())
            }
            Usage::Suffix(suffix) => {
                write!(f, "-i={suffix}: a suffix has no folder in it; try -i=.bak")
            }
            Usage::Manifest(path, error) => {
                write!(f, "--manifest {}: {error}", path.display())
            }
            Usage::Config(path, reason) => write!(f, "{}: {reason}", path.display()),
            Usage::SameDir(path) => {
                write!(f, "-O {}: is the input itself; name another directory", path.display())
            }
            Usage::InsideOutput(path, out) => write!(
                f,
                "{}: is in the output directory {}, where a result could replace it; name another directory",
                path.display(),
                out.display()
            ),
            Usage::SameFile(path) => write!(
                f,
                "-o {}: is the input itself; name another file, or use -i, which hanmend undo takes back",
                path.display()
            ),
            Usage::ReportIsInput(path) => {
                write!(f, "--report {}: is an input; name another file", path.display())
            }
            Usage::NoReport(path) => write!(
                f,
                "--report {}: there is a file that is no report of an earlier run; name another, or remove it",
                path.display()
            ),
            Usage::PageIsReport(path) => write!(
                f,
                "-o {}: is the report that the page is made of; name another file",
                path.display()
            ),
            Usage::SameReport(path) => {
                write!(f, "--report {}: the result goes there; name another file", path.display())
            }
            Usage::TwoBackups => {
                write!(f, "-i=SUFFIX and --backup-dir both say where backups go; give one of them")
            }
            Usage::Resume => write!(
                f,
                "--resume goes on with -i and --manifest DIR (or --backup-dir DIR), or with -O DIR"
            ),
        }
    }
}
