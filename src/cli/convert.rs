//! `hanmend convert`

use clap::Args;
use hanmend::convert::{Conversion, Converter};
use hanmend::event::Silent;
use hanmend::stage::Stage;

use super::flags::destination::{Destination, DestinationArgs};
use super::flags::jobs::JobsArgs;
use super::flags::paths::PathArgs;
use super::flags::phrases::PhraseArgs;
use super::flags::progress::ProgressArgs;
use super::flags::report::Report;
use super::session;
use super::status::{Outcome, Status};
use super::usage::Usage;
use crate::batch::inputs::{Input, Missing};
use crate::batch::lanes::Lanes;
use crate::batch::problem::Problem;
use crate::batch::progress::Progress;
use crate::batch::pump::Pump;
use crate::batch::run::Worker;

mod utf8;

use utf8::Utf8;

/// Convert script as OpenCC does: UTF-8 in, UTF-8 out, nothing repaired
#[derive(Args, Clone, Debug)]
#[command(after_long_help = AFTER)]
pub(crate) struct ConvertArgs {
    /// An OpenCC config, or the path of one (.json)
    ///
    /// s2t Simplified to Traditional, s2tw Taiwan, s2twp Taiwan with its words, s2hk Hong Kong,
    /// s2hkp Hong Kong with its words; t2s, tw2s, tw2sp, hk2s, hk2sp back; t2tw, t2hk, tw2t, hk2t
    /// among Traditional; t2jp, jp2t Japanese.
    #[arg(short, long, value_name = "CONFIG", help_heading = "What is done")]
    config: String,

    #[command(flatten)]
    phrases: PhraseArgs,
    #[command(flatten)]
    paths: PathArgs,
    #[command(flatten)]
    destination: DestinationArgs,
    #[command(flatten)]
    progress: ProgressArgs,
    #[command(flatten)]
    jobs: JobsArgs,
}

const AFTER: &str = "\
Everything is converted, byte for byte as OpenCC 1.4.2 converts the whole text, however the input
arrives. To look first what the text is, or for another encoding, use hanmend fix -s TARGET.

Examples:
  hanmend convert -c s2twp < simplified.txt > taiwan.txt
  hanmend convert -c t2s -O simplified/ traditional/
  hanmend convert -c my-config.json book.txt
  hanmend convert -c s2twp --dict my-words.txt --protect names.txt book.txt

Exit status: 0 done, 2 an error on any input (the others are still done)";

struct Plan {
    converter: Converter,
    place: Destination,
    outcome: Outcome,
}

pub(crate) fn run(args: &ConvertArgs) -> Result<Status, Usage> {
    let options = format!("{} {:?}", args.config, args.phrases);
    let plan = Plan {
        converter: args.phrases.converter("--config", &args.config)?,
        place: args.destination.ready(&args.paths, &options)?,
        outcome: Outcome::default(),
    };
    let inputs = args.paths.ready(args.destination.directories())?;
    session::hint_at_terminal(args.paths.stdin());
    let threads = args.jobs.ready(args.paths.several());
    let shown = args.progress.ready(args.paths.several(), args.destination.stdout());
    let asked = args.clone();
    let progress =
        Progress::start(shown, move || asked.paths.whole(asked.destination.directories()));
    session::batch(inputs, threads, Report::None, &plan.outcome, || ConvertWorker {
        plan: &plan,
        stage: plan.converter.stage(),
        pump: Pump::new(),
        text: String::new(),
    });
    let committed = session::settle(&plan.place, &plan.outcome);
    drop(progress);
    if let Some(committed) = committed {
        session::tell_undo(&plan.place, committed);
    }
    Ok(plan.outcome.status(false))
}

struct ConvertWorker<'p> {
    plan: &'p Plan,
    stage: Conversion,
    pump: Pump,
    text: String,
}

impl ConvertWorker<'_> {
    fn convert(&mut self, input: &Input, lanes: &mut Lanes<'_>) -> Result<(), Problem> {
        let ConvertWorker { plan, stage, pump, text } = self;
        if plan.place.did(input) {
            return Ok(());
        }
        text.clear();
        let mut landing = plan.place.begin(input)?;
        let mut utf8 = Utf8::default();
        pump.run(&input.source, |bytes| {
            let checked = utf8.push(bytes, |piece| stage.push(piece, text, &mut Silent));
            landing.input(bytes)?;
            landing.output(text.as_bytes(), lanes)?;
            text.clear();
            checked.map_err(Problem::NotUtf8)
        })?;
        utf8.finish().map_err(Problem::NotUtf8)?;
        stage.finish(text, &mut Silent);
        landing.output(text.as_bytes(), lanes)?;
        landing.finish().map(drop)
    }
}

impl Worker for ConvertWorker<'_> {
    fn work(&mut self, input: &Input, lanes: &mut Lanes<'_>) {
        if let Err(problem) = self.convert(input, lanes) {
            session::failed(&self.plan.outcome, lanes, &input.source.name(), &problem);
            self.stage = self.plan.converter.stage();
        }
    }

    fn missing(&mut self, missing: &Missing, lanes: &mut Lanes<'_>) {
        session::missing(&self.plan.outcome, lanes, missing);
    }
}
