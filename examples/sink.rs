//! Mends standard input of any length in constant memory, with a sink of its own:
//! `cat big.txt | cargo run --release --example sink > mended.txt`
//!
//! The sink counts what was done by repair and rule, and keeps only the guesses, for someone to look
//! at; so what it holds does not grow with what is sure.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use hanmend::Fixer;
use hanmend::event::{Event, Outcome, Sink};

/// So many guesses are kept, so that the sink has a bound too.
const MOST: usize = 1000;

/// Counts events, and keeps the guesses.
#[derive(Default)]
struct Guesses {
    encodings: Vec<(u64, String)>,
    counts: BTreeMap<(String, String), u64>,
    guesses: Vec<Event>,
}

impl Sink for Guesses {
    fn encoding(&mut self, offset: u64, label: &str, _confidence: f32) {
        self.encodings.push((offset, label.to_owned()));
    }

    fn event(&mut self, event: Event) {
        *self.counts.entry((event.name(), event.rule())).or_default() += 1;
        if event.outcome == Outcome::Guess && self.guesses.len() < MOST {
            self.guesses.push(event);
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    mend(&mut io::stdin().lock(), &mut io::stdout().lock(), &mut io::stderr().lock())
}

/// Mends `input` to `output`, and says to `notes` what was done.
pub(crate) fn mend(
    input: &mut dyn Read,
    output: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut stream = Fixer::default().stream();
    let (mut sink, mut mended) = (Guesses::default(), Vec::new());
    let mut piece = vec![0; 256 * 1024];
    loop {
        let n = input.read(&mut piece)?;
        if n == 0 {
            break;
        }
        stream.push(&piece[..n], &mut mended, &mut sink)?;
        output.write_all(&mended)?;
        mended.clear();
    }
    stream.finish(&mut mended, &mut sink)?;
    output.write_all(&mended)?;
    output.flush()?;

    for (offset, encoding) in &sink.encodings {
        writeln!(notes, "{encoding} from byte {offset}")?;
    }
    for ((repair, rule), number) in &sink.counts {
        writeln!(notes, "{repair}/{rule}: {number}")?;
    }
    for guess in &sink.guesses {
        let Event { output, before, after, .. } = guess;
        writeln!(notes, "guess at {}: {before:?} -> {after:?}", output.start)?;
    }
    Ok(())
}
