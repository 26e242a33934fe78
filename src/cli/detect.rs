//! `hanmend detect`

use clap::Args;
use hanmend::Fixer;
use hanmend::convert::script::Counts;
use hanmend::decode::{Detector, Encoding};
use hanmend::event::{Event, Sink};
use hanmend::formats::Nature;
use hanmend::pipeline::Stream;

use super::config::ConfigArgs;
use super::flags::jobs::JobsArgs;
use super::flags::paths::{Directories, PathArgs};
use super::flags::report::Report;
use super::print::tally::Tally;
use super::session;
use super::status::{Outcome, Status};
use super::usage::Usage;
use crate::batch::inputs::{Input, Missing};
use crate::batch::lanes::{Lane, Lanes};
use crate::batch::problem::Problem;
use crate::batch::pump::Pump;
use crate::batch::run::Worker;

mod row;

use row::{Row, Switch};

/// Say what each input is: encoding, confidence, runner-up, script, damage
#[derive(Args, Clone, Debug)]
#[command(after_long_help = AFTER)]
pub(crate) struct DetectArgs {
    #[command(flatten)]
    paths: PathArgs,

    /// Choose among these encodings only
    #[arg(long, value_name = "LABEL,...", value_delimiter = ',', help_heading = "What is done")]
    candidates: Vec<String>,

    /// Print one JSON object a line
    ///
    /// Keys: path, encoding, confidence, runner_up, bom, declared, script, damage; and switches, the
    /// first hundred places (offset in bytes, encoding) where an input goes on in another encoding.
    #[arg(long, help_heading = "What is said")]
    json: bool,

    #[command(flatten)]
    jobs: JobsArgs,
    #[command(flatten)]
    _config: ConfigArgs,
}

const AFTER: &str = "\
Encodings have the names of the WHATWG standard in lower case, and euc-tw, hz-gb-2312, iso-2022-cn,
big5-hkscs; ascii is pure ASCII, and binary is no text. A file of which parts are in
another encoding has both names: utf-8+gbk. Scripts are hans, hant, naive-hant (converted
character by character: 來源于), mixed and none. Damage is counted by repair, as fix would undo it.

Examples:
  hanmend detect page.html
  hanmend detect --json pages/ | jq -r 'select(.encoding != \"utf-8\") | .path'
  hanmend detect --candidates gb18030,big5 old/

Exit status: 0 done, 2 an error on any input (the others are still done)";

struct Plan {
    fixer: Fixer,
    candidates: Option<Vec<Encoding>>,
    json: bool,
    outcome: Outcome,
}

pub(crate) fn run(args: &DetectArgs) -> Result<Status, Usage> {
    let candidates: Vec<Encoding> = args
        .candidates
        .iter()
        .map(|label| {
            Encoding::for_label(label).ok_or_else(|| Usage::Encoding("--candidates", label.clone()))
        })
        .collect::<Result<_, _>>()?;
    let plan = Plan {
        fixer: Fixer::default(),
        candidates: Some(candidates).filter(|c| !c.is_empty()),
        json: args.json,
        outcome: Outcome::default(),
    };
    let inputs = args.paths.ready(Directories::Walk)?;
    session::hint_at_terminal(args.paths.stdin());
    if !plan.json && session::print(row::HEADING.as_bytes()) == Status::Failed {
        return Ok(Status::Failed);
    }
    let threads = args.jobs.ready(args.paths.several());
    session::batch(inputs, threads, Report::None, &plan.outcome, || DetectWorker {
        plan: &plan,
        stream: plan.fixer.stream(),
        pump: Pump::new(),
        mended: Vec::new(),
    });
    Ok(plan.outcome.status(false))
}

struct DetectWorker<'p> {
    plan: &'p Plan,
    stream: Stream,
    pump: Pump,
    mended: Vec<u8>,
}

impl DetectWorker<'_> {
    /// Finds out about `input`. The encoding is settled on the first bytes that tell; script and
    /// damage are counted over all.
    fn detect(&mut self, input: &Input, lanes: &Lanes<'_>) -> Result<Row, Problem> {
        let DetectWorker { plan, stream, pump, mended } = self;
        mended.clear();
        let mut detector = match &plan.candidates {
            Some(candidates) => Detector::among(candidates),
            None => Detector::new(),
        };
        // Among candidates, what lines are in is not looked for.
        let most = if plan.candidates.is_some() { 0 } else { SWITCHES };
        let (mut counts, mut ears) = (Counts::default(), Ears { most, ..Ears::default() });
        let mut nature = Nature::default();
        let mut take = |nature: &Nature, bytes: &[u8]| {
            // What is no text has neither script nor damage.
            if !matches!(nature, Nature::Binary) {
                stream.push(bytes, mended, &mut ears).map_err(Problem::Text)?;
                count(&mut counts, mended);
            }
            Ok(())
        };
        pump.run(&input.source, |bytes| {
            detector.push(bytes);
            if let Some((head, rest)) = nature.settle(bytes, None, false) {
                take(&nature, &head)?;
                take(&nature, rest)?;
            }
            if lanes.stopped() { Err(Problem::BrokenPipe) } else { Ok(()) }
        })?;
        if let Some((head, _)) = nature.settle(b"", None, true) {
            take(&nature, &head)?;
        }
        stream.finish(mended, &mut ears).map_err(Problem::Text)?;
        count(&mut counts, mended);
        let mut found = detector.finish();
        let by_format = matches!(nature, Nature::Binary) && found.encoding != Encoding::BINARY;
        if by_format && plan.candidates.is_none() {
            // What is said here is what `fix` goes by.
            (found.encoding, found.confidence, found.runner_up) = (Encoding::BINARY, 1.0, None);
        }
        if found.encoding == Encoding::BINARY {
            (counts, ears) = (Counts::default(), Ears::default());
        }
        Ok(Row::new(&found, &counts, &ears.tally, ears.switches))
    }
}

fn count(counts: &mut Counts, mended: &mut Vec<u8>) {
    // The output is UTF-8 of whole characters.
    counts.add(simdutf8::basic::from_utf8(mended).unwrap_or_default());
    mended.clear();
}

impl Worker for DetectWorker<'_> {
    fn work(&mut self, input: &Input, lanes: &mut Lanes<'_>) {
        let name = input.source.name();
        match self.detect(input, lanes) {
            Ok(row) => {
                let mut text = Vec::new();
                if self.plan.json {
                    row.json(&name, &mut text)
                } else {
                    row.people(&name, &mut text)
                }
                lanes.write(Lane::Data, &text);
            }
            Err(problem) => {
                session::failed(&self.plan.outcome, lanes, &name, &problem);
                self.stream = self.plan.fixer.stream();
            }
        }
    }

    fn missing(&mut self, missing: &Missing, lanes: &mut Lanes<'_>) {
        session::missing(&self.plan.outcome, lanes, missing);
    }
}

/// So many places are told where the encoding changes.
const SWITCHES: usize = 100;

/// Counts the damage, and keeps where the encoding changes.
#[derive(Default)]
struct Ears {
    tally: Tally,
    begun: bool,
    switches: Vec<Switch>,
    /// So many are kept.
    most: usize,
}

impl Sink for Ears {
    fn encoding(&mut self, offset: u64, label: &str, _confidence: f32) {
        if self.begun && self.switches.len() < self.most {
            self.switches.push(Switch { offset, encoding: label.to_owned() });
        }
        self.begun = true;
    }

    fn event(&mut self, event: Event) {
        self.tally.count(&event);
    }
}
