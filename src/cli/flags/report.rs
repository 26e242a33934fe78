//! `--report`, `--strict`, `--quiet`: what is said beside the result

use std::path::{Path, PathBuf};

use clap::Args;

use crate::batch::target::{Target, same_file};
use crate::cli::report;
use crate::cli::usage::Usage;

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ReportArgs {
    /// Write every change to FILE, one JSON object a line; "-" is standard output
    ///
    /// Keys: path, member (of an archive: its number, from 1, and its name or address), repair, rule, certainty (sure, guess or unrepaired), reason (of what is
    /// unrepaired), input and output (byte ranges in UTF-8), before, after, and bytes where the event
    /// is about bytes. The changes are enough to replay the run and to undo it; the places in a member count
    /// from where its content begins. Where an input goes on in another encoding, and for every member, a line
    /// says so: path, member, encoding, confidence, offset (in bytes of the input). docs/report.md says all.
    #[arg(long, value_name = "FILE", help_heading = "What is said")]
    report: Option<PathBuf>,

    /// Exit with 3 when damage remains that could not be repaired
    #[arg(long, help_heading = "What is said")]
    strict: bool,

    /// Say nothing about damage that remains; errors are still said
    #[arg(short, long, help_heading = "What is said")]
    quiet: bool,
}

/// Where the report goes.
pub(crate) enum Report {
    None,
    Stdout,
    File(Target),
}

impl ReportArgs {
    /// Whether the report goes to standard output.
    pub(crate) fn stdout(&self) -> bool {
        self.report.as_deref() == Some(Path::new("-"))
    }

    /// The file that it goes to.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.report.as_deref().filter(|path| *path != Path::new("-"))
    }

    /// Whether there is to be a report.
    pub(crate) fn asked(&self) -> bool {
        self.report.is_some()
    }

    pub(crate) fn strict(&self) -> bool {
        self.strict
    }

    pub(crate) fn quiet(&self) -> bool {
        self.quiet
    }

    /// Refuses a report in the place of an input, or of anything that is no report of an earlier run. Nothing else
    /// keeps what stands there: inputs below a directory, or in a list, are not known yet.
    pub(crate) fn replaces_no_text(&self, inputs: &[PathBuf]) -> Result<(), Usage> {
        let Some(path) = self.path().filter(|path| path.is_file()) else { return Ok(()) };
        if inputs.iter().any(|input| same_file(input, path)) {
            return Err(Usage::ReportIsInput(path.to_owned()));
        }
        match report::is_report(path) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Usage::NoReport(path.to_owned())),
            Err(e) => Err(Usage::Open("--report", path.to_owned(), e)),
        }
    }

    /// Opens the report.
    pub(crate) fn ready(&self) -> Result<Report, Usage> {
        match &self.report {
            None => Ok(Report::None),
            Some(path) if path == Path::new("-") => Ok(Report::Stdout),
            Some(path) => {
                Target::create(path).map(Report::File).map_err(|e| Usage::Report(path.clone(), e))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::typed;
    use super::*;

    #[test]
    fn a_dash_is_standard_output() {
        let args = typed::<ReportArgs>(&["--report", "-"]).unwrap();
        assert!(args.stdout());
        assert!(matches!(args.ready(), Ok(Report::Stdout)));
        assert!(matches!(ReportArgs::default().ready(), Ok(Report::None)));
    }

    #[test]
    fn a_report_that_cannot_be_written_is_said_before_the_work() {
        let args = typed::<ReportArgs>(&["--report", "/nonexistent/report"]).unwrap();
        let refused = args.ready().err().unwrap().to_string();
        assert!(refused.contains("/nonexistent/report"), "{refused}");
    }
}
