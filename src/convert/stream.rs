//! Conversion as a stage of the pipeline.

use std::sync::Arc;

use super::converter::Converter;
use super::plan::Plan;
use super::walk::{Pieces, Walk};
use crate::event::{Event, Outcome, Repair, Sink};
use crate::stage::{Stage, TextStage};

/// Converts a stream: what comes out is what the whole text would give.
///
/// Changes are reported where the sink [asks for them](Sink::wants_conversions), a piece at a
/// time: what one dictionary entry replaced, without what is the same at both its ends.
///
/// ```
/// use hanmend::convert::Converter;
/// use hanmend::event::Silent;
/// use hanmend::stage::Stage;
///
/// let mut stage = Converter::new("s2t")?.stage();
/// let mut out = String::new();
/// for piece in ["皇", "后在后", "面"] {
///     stage.push(piece, &mut out, &mut Silent);
/// }
/// stage.finish(&mut out, &mut Silent);
/// assert_eq!(out, "皇后在後面");
/// # Ok::<(), hanmend::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Conversion {
    plan: Arc<Plan>,
    walk: Walk,
    /// Input that nothing has come out for yet, from `source_at` on.
    source: Vec<u8>,
    source_at: usize,
    /// Where `source_at` and the end of the output lie in the stream.
    input: u64,
    output: u64,
    out: Vec<u8>,
    /// Pieces that belong together, so far.
    group: Group,
}

/// Pieces of output whose sources cannot be told apart.
#[derive(Clone, Debug, Default)]
struct Group {
    source: usize,
    text: Vec<u8>,
}

/// Groups of more source than this are reported in parts. No dictionary of OpenCC's makes one so
/// long; dictionaries can be made that join pieces without end.
const MAX_GROUP: usize = 256;

impl Conversion {
    pub(super) fn new(converter: &Converter) -> Conversion {
        let plan = Arc::clone(&converter.plan);
        Conversion {
            walk: Walk::new(&plan),
            plan,
            source: Vec::new(),
            source_at: 0,
            input: 0,
            output: 0,
            out: Vec::new(),
            group: Group::default(),
        }
    }

    /// Lets `step` walk, and gives what came of it to `out` and `sink`.
    fn walk(
        &mut self,
        out: &mut String,
        sink: &mut dyn Sink,
        step: impl FnOnce(&Plan, &mut Walk, &mut Report<'_>),
    ) {
        let wanted = sink.wants_conversions();
        let mut report = Report {
            plan: &self.plan,
            sink: wanted.then_some(sink),
            source: &self.source,
            source_at: &mut self.source_at,
            input: &mut self.input,
            output: &mut self.output,
            out: &mut self.out,
            group: &mut self.group,
        };
        step(&self.plan, &mut self.walk, &mut report);
        out.push_str(&String::from_utf8_lossy(&self.out));
        self.out.clear();
        // Moved to the front when half of it is gone: a byte is moved once at most on average.
        if self.source_at > self.source.len() / 2 {
            self.source.drain(..self.source_at);
            self.source_at = 0;
        }
    }
}

impl Stage for Conversion {
    type Input = str;
    type Output = String;

    fn push(&mut self, input: &str, out: &mut String, sink: &mut dyn Sink) {
        self.source.extend_from_slice(input.as_bytes());
        self.walk(out, sink, |plan, walk, report| walk.push(plan, input.as_bytes(), report));
    }

    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        self.walk(out, sink, |plan, walk, report| walk.finish(plan, report));
        self.source.clear();
        (self.source_at, self.input, self.output) = (0, 0, 0);
        self.group.clear();
    }

    fn held(&self) -> usize {
        self.source.len() - self.source_at
    }

    fn max_held(&self) -> usize {
        Walk::max_held(&self.plan) + 2 * MAX_GROUP
    }
}

impl TextStage for Conversion {}

struct Report<'r> {
    plan: &'r Plan,
    sink: Option<&'r mut dyn Sink>,
    source: &'r [u8],
    source_at: &'r mut usize,
    input: &'r mut u64,
    output: &'r mut u64,
    out: &'r mut Vec<u8>,
    group: &'r mut Group,
}

impl Pieces for Report<'_> {
    fn piece(&mut self, source: usize, text: &[u8], joined: bool) {
        self.out.extend_from_slice(text);
        self.group.source += source;
        self.group.text.extend_from_slice(text);
        if joined && self.group.source < MAX_GROUP {
            return;
        }
        let end = (*self.source_at + self.group.source).min(self.source.len());
        let before = &self.source[*self.source_at..end];
        let text = &*self.group.text;
        if let Some(sink) = self.sink.as_deref_mut().filter(|_| before != text) {
            let before = String::from_utf8_lossy(before);
            let after = String::from_utf8_lossy(text);
            let (head, before, after) = trim(&before, &after);
            sink.event(Event::change(
                Repair::Convert,
                self.plan.name.clone(),
                Outcome::Sure,
                *self.input + head as u64,
                *self.output + head as u64,
                before,
                after,
            ));
        }
        *self.source_at = end;
        *self.input += before.len() as u64;
        *self.output += text.len() as u64;
        self.group.clear();
    }
}

impl Group {
    fn clear(&mut self) {
        self.source = 0;
        self.text.clear();
    }
}

/// Takes off what both texts begin and end with; returns the bytes taken off the front, too.
fn trim<'t>(before: &'t str, after: &'t str) -> (usize, &'t str, &'t str) {
    let same = |a: (char, char)| (a.0 == a.1).then_some(a.0.len_utf8());
    let head: usize = before.chars().zip(after.chars()).map_while(same).sum();
    let (before, after) = (&before[head..], &after[head..]);
    let tail: usize = before.chars().rev().zip(after.chars().rev()).map_while(same).sum();
    (head, &before[..before.len() - tail], &after[..after.len() - tail])
}
