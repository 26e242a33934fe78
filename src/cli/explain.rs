//! `hanmend explain`

use clap::Args;
use hanmend::event::{Event, Sink};

use super::config::ConfigArgs;
use super::flags::color::ColorArgs;
use super::flags::jobs::JobsArgs;
use super::flags::paths::{Directories, PathArgs};
use super::flags::report::Report;
use super::flags::text::TextArgs;
use super::flags::written::WrittenArgs;
use super::mender::{Mender, Recipe};
use super::print::align::Align;
use super::print::ndjson;
use super::print::people::People;
use super::print::tally::Tally;
use super::session;
use super::status::{Outcome, Status};
use super::usage::Usage;
use crate::batch::inputs::{Input, Missing};
use crate::batch::lanes::{Lane, Lanes};
use crate::batch::problem::Problem;
use crate::batch::pump::Pump;
use crate::batch::run::Worker;
use hanmend::formats::Listener;

/// Show every change that fix would make, with place, rule and certainty
#[derive(Args, Clone, Debug)]
#[command(after_long_help = AFTER)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    paths: PathArgs,
    #[command(flatten)]
    text: TextArgs,

    /// Print one JSON object a line, as fix --report does
    #[arg(long, help_heading = "What is said")]
    json: bool,

    /// Exit with 3 when there is damage that cannot be repaired
    #[arg(long, help_heading = "What is said")]
    strict: bool,

    /// Do not sum up each input on standard error
    #[arg(short, long, help_heading = "What is said")]
    quiet: bool,

    #[command(flatten)]
    jobs: JobsArgs,
    #[command(flatten)]
    color: ColorArgs,
    #[command(flatten)]
    _config: ConfigArgs,
}

const AFTER: &str = "\
Each change is two lines:

  page.txt:1:2: gloss/list sure
      貫實[-(shí)-]三保政法工作報告

First path, line and column (in characters, of the decoded input), the repair and its rule, and the
certainty: sure, guess or unrepaired (found, and left as it is). Then the line as it comes out, with
[-what goes-], {+what comes+} and [!what remains!]; on a terminal they are coloured instead.

Examples:
  hanmend explain page.txt
  hanmend explain -s hans page.txt               the characters that conversion changes, too
  hanmend explain --json pages/ | jq -r .rule | sort | uniq -c
  hanmend explain -r none -e gb18030 page.txt    only what is malformed as GB18030

Exit status: 0 done, 2 an error on any input, 3 with --strict: there is damage beyond repair";

/// What is said of an archive, in which there are no lines to show.
pub(super) const UNOPENED: &str =
    "an archive is not opened here; hanmend fix --check --report FILE tells what would change";

struct Plan {
    recipe: Recipe,
    json: bool,
    quiet: bool,
    colour: bool,
    outcome: Outcome,
}

pub(crate) fn run(args: &ExplainArgs) -> Result<Status, Usage> {
    let plan = Plan {
        recipe: args.text.recipe(&WrittenArgs::for_people())?,
        json: args.json,
        quiet: args.quiet,
        colour: args.color.ready(),
        outcome: Outcome::default(),
    };
    let inputs = args.paths.ready(Directories::Walk)?;
    session::hint_at_terminal(args.paths.stdin());
    let threads = args.jobs.ready(args.paths.several());
    session::batch(inputs, threads, Report::None, &plan.outcome, || ExplainWorker {
        plan: &plan,
        stream: Mender::new(&plan.recipe),
        pump: Pump::new(),
        mended: Vec::new(),
    });
    Ok(plan.outcome.status(args.strict))
}

struct ExplainWorker<'p> {
    plan: &'p Plan,
    stream: Mender<'p>,
    pump: Pump,
    mended: Vec<u8>,
}

impl ExplainWorker<'_> {
    fn explain(
        &mut self,
        input: &Input,
        name: &str,
        lanes: &mut Lanes<'_>,
    ) -> Result<String, Problem> {
        let ExplainWorker { plan, stream, pump, mended } = self;
        mended.clear();
        let printer = if plan.json {
            Printer::Json(name)
        } else {
            let people = People::new(name.to_owned(), plan.colour);
            Printer::People(Align::default(), Box::new(people))
        };
        let mut ears = Ears { printer, tally: Tally::default(), encoding: None, text: Vec::new() };
        stream.begin(input);
        pump.run(&input.source, |bytes| {
            stream.push(bytes, mended, &mut ears).map_err(Problem::Text)?;
            ears.output(mended, stream.complete());
            mended.clear();
            lanes.write(Lane::Data, &ears.text);
            ears.text.clear();
            if lanes.stopped() { Err(Problem::BrokenPipe) } else { Ok(()) }
        })?;
        stream.finish(mended, &mut ears).map_err(Problem::Text)?;
        ears.output(mended, u64::MAX);
        ears.finish();
        lanes.write(Lane::Data, &ears.text);
        if stream.is_closed() {
            return Ok(UNOPENED.to_owned());
        }
        if ears.tally.damaged() {
            plan.outcome.damaged();
        }
        let encoding = match ears.encoding {
            Some((name, confidence)) if confidence < 1.0 => format!("{name} ({confidence:.2})"),
            Some((name, _)) => name,
            None => "ascii".to_owned(),
        };
        Ok(format!("{encoding}: {}", ears.tally.summary()))
    }
}

impl Worker for ExplainWorker<'_> {
    fn work(&mut self, input: &Input, lanes: &mut Lanes<'_>) {
        let name = input.source.name();
        match self.explain(input, &name, lanes) {
            Ok(summary) if !self.plan.quiet => session::note(lanes, &name, &summary),
            Ok(_) => {}
            Err(problem) => {
                session::failed(&self.plan.outcome, lanes, &name, &problem);
                self.stream.reset();
            }
        }
    }

    fn missing(&mut self, missing: &Missing, lanes: &mut Lanes<'_>) {
        session::missing(&self.plan.outcome, lanes, missing);
    }
}

enum Printer<'n> {
    Json(&'n str),
    People(Align, Box<People>),
}

/// Listens to one run.
struct Ears<'n> {
    printer: Printer<'n>,
    tally: Tally,
    encoding: Option<(String, f32)>,
    /// What is printed.
    text: Vec<u8>,
}

impl Ears<'_> {
    fn output(&mut self, mended: &[u8], complete: u64) {
        if let Printer::People(align, people) = &mut self.printer {
            align.output(mended, complete, &mut |piece| people.piece(piece, &mut self.text));
        }
    }

    fn finish(&mut self) {
        if let Printer::People(align, people) = &mut self.printer {
            align.finish(&mut |piece| people.piece(piece, &mut self.text));
            people.finish(&mut self.text);
        }
    }
}

impl Listener for Ears<'_> {}

impl Sink for Ears<'_> {
    fn encoding(&mut self, offset: u64, label: &str, confidence: f32) {
        if self.encoding.is_none() {
            self.encoding = Some((label.to_owned(), confidence));
        } else if let Printer::Json(name) = &self.printer {
            ndjson::switch(&mut self.text, (name, None), offset, label, confidence);
        }
    }

    fn event(&mut self, event: Event) {
        self.tally.count(&event);
        match &mut self.printer {
            Printer::Json(name) => ndjson::write(&mut self.text, (name, None), &event),
            Printer::People(align, _) => align.event(event),
        }
    }

    fn wants_conversions(&self) -> bool {
        true
    }
}
