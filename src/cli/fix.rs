//! `hanmend fix`

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use clap::Args;

use super::config::ConfigArgs;
use super::flags::color::ColorArgs;
use super::flags::destination::{Destination, DestinationArgs};
use super::flags::jobs::JobsArgs;
use super::flags::paths::{Directories, PathArgs};
use super::flags::progress::ProgressArgs;
use super::flags::report::ReportArgs;
use super::flags::text::TextArgs;
use super::flags::written::WrittenArgs;
use super::mender::Recipe;
use super::print::summary::Summary;
use super::session;
use super::status::{Outcome, Status};
use super::usage::Usage;
use crate::batch::progress::{self, Progress};

mod worker;

use worker::FixWorker;

/// Mend: find the encoding, undo the damage, settle the script, write UTF-8
#[derive(Args, Clone, Debug)]
#[command(after_long_help = AFTER)]
pub(crate) struct FixArgs {
    #[command(flatten)]
    paths: PathArgs,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    written: WrittenArgs,
    #[command(flatten)]
    destination: DestinationArgs,

    /// Write nothing; print the paths of what would change, and exit with 1 if there are any
    #[arg(long, conflicts_with_all = ["output", "output_dir", "in_place", "diff"], help_heading = "Where it goes")]
    check: bool,

    /// Write nothing; print the changes as a unified diff, and exit with 1 if there are any
    #[arg(long, conflicts_with_all = ["output", "output_dir", "in_place"], help_heading = "Where it goes")]
    diff: bool,

    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    progress: ProgressArgs,
    #[command(flatten)]
    jobs: JobsArgs,
    #[command(flatten)]
    color: ColorArgs,
    #[command(flatten)]
    _config: ConfigArgs,
}

const AFTER: &str = "\
Without -o, -O and -i the result goes to standard output, and nothing else does. Output files are
written whole or not at all, and text without damage comes out byte for byte.

Examples:
  hanmend fix page.txt > mended.txt
  curl -s https://example.org/page | hanmend fix -s hans
  hanmend fix -O mended/ -g '*.html' pages/      a tree, mirrored below mended/
  hanmend fix -i pages/                          in place; hanmend undo takes it back
  hanmend fix -i --resume --manifest m pages/    the same, and again after a crash
  hanmend fix -e big5 -E same old.txt            stay in the encoding of the input
  hanmend fix --check pages/                     only say which files would change
  hanmend fix --diff page.txt                    see the changes line by line
  hanmend fix --fields text,title -i crawl.jsonl.gz
  hanmend fix --report changes.ndjson -O out/ in/
  hanmend fix -r none -s s2twp in.txt            convert alone, from any encoding

Exit status:
  0  done
  1  --check or --diff found something to change
  2  a usage or I/O error on any input (the others are still done)
  3  with --strict: damage remains that could not be repaired
  130  interrupted (Ctrl-C): files in hand were discarded, those done are whole";

/// What `fix` does with each input.
struct Plan {
    recipe: Recipe,
    action: Action,
    report: bool,
    conversions: bool,
    quiet: bool,
    summary: Mutex<Summary>,
    outcome: Outcome,
}

enum Action {
    Write(Destination),
    /// Say which would change; whether the names are printed.
    Check(bool),
    /// Print a diff, in colour or not.
    Diff(bool),
}

pub(crate) fn run(args: &FixArgs) -> Result<Status, Usage> {
    let result_on_stdout = args.diff || (!args.check && args.destination.stdout());
    if args.report.stdout() && result_on_stdout {
        return Err(Usage::StdoutTwice);
    }
    args.destination.not_the_report(args.report.path())?;
    args.report.replaces_no_text(args.paths.paths())?;
    let recipe = args.text.recipe(&args.written)?;
    let (recipe, directories, action) = if args.check {
        (recipe, Directories::Walk, Action::Check(!args.report.stdout()))
    } else if args.diff {
        // A diff is text: it shows the result before it is encoded.
        let recipe = args.text.recipe(&WrittenArgs::for_people())?;
        (recipe, Directories::Walk, Action::Diff(args.color.ready()))
    } else {
        let options = format!("{:?} {:?}", args.text, args.written);
        let place = args.destination.ready(&args.paths, &options)?;
        (recipe, args.destination.directories(), Action::Write(place))
    };
    let inputs = args.paths.ready(directories)?.without_report(args.report.path());
    let report = args.report.ready()?;
    let plan = Plan {
        recipe,
        report: args.report.asked(),
        conversions: args.diff || args.report.asked(),
        action,
        quiet: args.report.quiet(),
        summary: Mutex::default(),
        outcome: Outcome::default(),
    };
    session::hint_at_terminal(args.paths.stdin());
    let threads = args.jobs.ready(args.paths.several());
    let shown = args.progress.ready(args.paths.several(), result_on_stdout);
    let asked = args.clone();
    let progress = Progress::start(shown, move || {
        asked.paths.whole(if asked.check || asked.diff {
            Directories::Walk
        } else {
            asked.destination.directories()
        })
    });
    let begun = Instant::now();
    session::batch(inputs, threads, report, &plan.outcome, || FixWorker::new(&plan));
    let committed = match &plan.action {
        Action::Write(place) => session::settle(place, &plan.outcome),
        _ => None,
    };
    drop(progress);
    if !plan.quiet && args.paths.several() && !result_on_stdout {
        let summary = plan.summary.into_inner().unwrap_or_else(PoisonError::into_inner);
        progress::print(summary.table(begun.elapsed(), committed).as_bytes());
    }
    if let (Action::Write(place), Some(committed), false) = (&plan.action, committed, plan.quiet) {
        session::tell_undo(place, committed);
    }
    // Of results on standard output nobody wants the rest; files are another matter.
    if plan.outcome.is_unread() && matches!(plan.action, Action::Write(_)) && !result_on_stdout {
        progress::say(
            "hanmend: nobody reads the report any more; the run ended before its inputs did",
        );
        plan.outcome.failed();
    }
    Ok(plan.outcome.status(args.report.strict()))
}
