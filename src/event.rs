//! What happened to a text: one type of event, and the sink that receives it.
//!
//! Every stage reports each change it makes, and each damage it found and could not undo, as an
//! [`Event`]. All printers (text, NDJSON, diff) print the same events. The default sink,
//! [`Silent`], does not listen, and then none are put together; the text that comes out is the same.
//!
//! ```
//! use hanmend::event::{Collect, Sink};
//!
//! let mut events = Collect::default();
//! let fixed = hanmend::Fixer::default().fix_str_with("&#x5B9E;現", &mut events);
//! assert_eq!(fixed, "实現");
//! assert_eq!(events.events[0].before, "&#x5B9E;");
//! assert_eq!(events.events[0].name(), "entity");
//! ```

use std::borrow::Cow;
use std::ops::Range;

#[cfg(feature = "serde")]
mod line;

/// The part of the pipeline that made a change, named as the module, the option and the report
/// name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Repair {
    /// Bytes to text: malformed bytes are reported here.
    Decode,
    /// Bytes of one encoding that were read as another.
    Mojibake,
    /// Character references and escapes left in the text.
    Entity,
    /// Readings inserted after characters.
    Gloss,
    /// Damage below the level of words: private-use points, radicals, zero-width characters.
    Unicode,
    /// Inserted junk; off by default.
    Noise,
    /// Script conversion.
    Convert,
    /// Text to bytes: characters that the output encoding lacks are reported here.
    Encode,
}

impl Repair {
    /// The repairs that `--repair` switches, in the order of the pipeline.
    pub const SWITCHED: [Repair; 5] =
        [Repair::Mojibake, Repair::Entity, Repair::Gloss, Repair::Unicode, Repair::Noise];

    /// The name used in options and reports.
    pub fn name(self) -> &'static str {
        match self {
            Repair::Decode => "decode",
            Repair::Mojibake => "mojibake",
            Repair::Entity => "entity",
            Repair::Gloss => "gloss",
            Repair::Unicode => "unicode",
            Repair::Noise => "noise",
            Repair::Convert => "convert",
            Repair::Encode => "encode",
        }
    }
}

/// How an event ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The text determines the repair.
    Sure,
    /// The repair is the likeliest of several.
    Guess,
    /// Damage was found and left as it is; the reason is for people.
    Unrepaired(Cow<'static, str>),
}

impl Outcome {
    /// `sure`, `guess` or `unrepaired`.
    pub fn name(&self) -> &'static str {
        match self {
            Outcome::Sure => "sure",
            Outcome::Guess => "guess",
            Outcome::Unrepaired(_) => "unrepaired",
        }
    }
}

/// One step of an event: which repair, by which of its rules.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Step {
    /// The repair.
    pub repair: Repair,
    /// The rule of that repair, for instance `list` of `gloss`; of `convert`, the config.
    pub rule: Cow<'static, str>,
}

/// Bytes of the input that an event of `decode` is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// Where they stand, in bytes from the start of the raw input.
    pub range: Range<u64>,
    /// The bytes (the first sixteen at most).
    pub bytes: Vec<u8>,
}

/// One change, or one damage left.
///
/// `input` and `output` are byte ranges in UTF-8: of the decoded input, and of the text before it
/// is encoded. Events come in the order of `input`, and changes do not overlap, so that putting
/// `after` in place of `before` at every `input` range replays the whole run, and the reverse at
/// every `output` range undoes it ([`replay`], [`undo`]). Where two repairs touched one place (a
/// reference inside a gloss), the event has several [`Step`]s.
///
/// With the feature `serde` an event is written as the object that the program's report has for it,
/// and read from one; the keys are those of `docs/report.md`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Event {
    /// What was done, first step first; never empty.
    pub steps: Vec<Step>,
    /// How it ended.
    pub outcome: Outcome,
    /// Where, in the decoded input.
    pub input: Range<u64>,
    /// Where, in the output.
    pub output: Range<u64>,
    /// The text that stood at `input`.
    pub before: String,
    /// The text that stands at `output`.
    pub after: String,
    /// The raw bytes, where the event is about bytes.
    pub source: Option<Source>,
    /// What `convert` could have written in place of `after`, the likelier first, where it chose
    /// by default and no phrase decided. Such an event is a guess, and there is one where the
    /// choice fell on what stood there, too: `before` and `after` are then the same, as they are
    /// where the decoder joined surrogates.
    pub alternatives: Vec<String>,
    /// Places of `before` and `after`, in bytes, at which the one goes on as the other does; only where
    /// [asked for](Sink::wants_joints), and the ends left out. A change can be divided there.
    pub(crate) joints: Vec<(usize, usize)>,
}

impl Event {
    /// A change by one rule.
    pub fn change(
        repair: Repair,
        rule: impl Into<Cow<'static, str>>,
        outcome: Outcome,
        input_start: u64,
        output_start: u64,
        before: impl Into<String>,
        after: impl Into<String>,
    ) -> Event {
        let (before, after) = (before.into(), after.into());
        Event {
            steps: vec![Step { repair, rule: rule.into() }],
            outcome,
            input: input_start..input_start + before.len() as u64,
            output: output_start..output_start + after.len() as u64,
            before,
            after,
            source: None,
            alternatives: Vec::new(),
            joints: Vec::new(),
        }
    }

    /// The same with places at which it can be divided.
    pub(crate) fn divisible(self, joints: Vec<(usize, usize)>) -> Event {
        Event { joints, ..self }
    }

    /// Damage that was found and left: the text is the same before and after.
    pub fn unrepaired(
        repair: Repair,
        rule: impl Into<Cow<'static, str>>,
        reason: impl Into<Cow<'static, str>>,
        input_start: u64,
        output_start: u64,
        text: impl Into<String>,
    ) -> Event {
        let text = text.into();
        let outcome = Outcome::Unrepaired(reason.into());
        Event::change(repair, rule, outcome, input_start, output_start, text.clone(), text)
    }

    /// Whether this event is about damage that was left.
    pub fn is_mark(&self) -> bool {
        matches!(self.outcome, Outcome::Unrepaired(_))
    }

    /// The repair's name; of an event of several steps, the names joined by `+`.
    pub fn name(&self) -> String {
        self.steps.iter().map(|s| s.repair.name()).collect::<Vec<_>>().join("+")
    }

    /// The rule's name; of an event of several steps, the names joined by `+`.
    pub fn rule(&self) -> String {
        self.steps.iter().map(|s| &*s.rule).collect::<Vec<_>>().join("+")
    }
}

/// Receives what a run finds. Every method has a default that does nothing.
pub trait Sink {
    /// The encoding was decided, at byte `offset` of the raw input. `label` is its name as in the
    /// report, `confidence` between 0 and 1.
    fn encoding(&mut self, offset: u64, label: &str, confidence: f32) {
        let _ = (offset, label, confidence);
    }

    /// Something was changed, or found and left.
    fn event(&mut self, event: Event) {
        let _ = event;
    }

    /// Whether [`Sink::event`] listens; asked at the start of an input. If not, what is found is not put together
    /// to events, which takes longer than most repairs do; what comes out is the same.
    fn wants_events(&self) -> bool {
        true
    }

    /// Whether the changes of script conversion are wanted as events too. They are as many as the
    /// characters of the text, so conversion works them out on request only; the text that comes
    /// out is the same.
    fn wants_conversions(&self) -> bool {
        false
    }

    /// Whether it is to be worked out where a change can be divided. Formats ask for it, whose markup may stand in the
    /// middle of one.
    #[doc(hidden)]
    fn wants_joints(&self) -> bool {
        false
    }
}

impl dyn Sink + '_ {
    /// Gives the event that `make` puts together, where the sink listens.
    pub(crate) fn tell(&mut self, make: impl FnOnce() -> Event) {
        if self.wants_events() {
            self.event(make());
        }
    }
}

/// The sink that listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Sink for Silent {
    fn wants_events(&self) -> bool {
        false
    }
}

/// What is lent listens as well.
impl<S: Sink + ?Sized> Sink for &mut S {
    fn encoding(&mut self, offset: u64, label: &str, confidence: f32) {
        (**self).encoding(offset, label, confidence);
    }

    fn event(&mut self, event: Event) {
        (**self).event(event);
    }

    fn wants_events(&self) -> bool {
        (**self).wants_events()
    }

    fn wants_conversions(&self) -> bool {
        (**self).wants_conversions()
    }

    fn wants_joints(&self) -> bool {
        (**self).wants_joints()
    }
}

/// The sink that keeps everything, for tests and small texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collect {
    /// What [`Sink::encoding`] was told: offset, name, confidence.
    pub encodings: Vec<(u64, String, f32)>,
    /// The events, in order.
    pub events: Vec<Event>,
    /// Whether to ask for the changes of conversion.
    pub conversions: bool,
}

impl Sink for Collect {
    fn encoding(&mut self, offset: u64, label: &str, confidence: f32) {
        self.encodings.push((offset, label.to_owned(), confidence));
    }

    fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    fn wants_conversions(&self) -> bool {
        self.conversions
    }
}

/// Makes the changes of `events` in `input`, the decoded input they speak of.
///
/// ```
/// use hanmend::event::{replay, undo, Collect};
///
/// let mut events = Collect::default();
/// let input = "&#x5B9E;現";
/// let fixed = hanmend::Fixer::default().fix_str_with(input, &mut events).into_owned();
/// assert_eq!(replay(input, &events.events).unwrap(), fixed);
/// assert_eq!(undo(&fixed, &events.events).unwrap(), input);
/// ```
///
/// # Errors
///
/// `None` when a range does not lie in the text or does not hold what the event says.
pub fn replay(input: &str, events: &[Event]) -> Option<String> {
    splice(input, events, |e| (&e.input, &e.before, &e.after))
}

/// Takes the changes of `events` back from `output`.
///
/// # Errors
///
/// `None` when a range does not lie in the text or does not hold what the event says.
pub fn undo(output: &str, events: &[Event]) -> Option<String> {
    splice(output, events, |e| (&e.output, &e.after, &e.before))
}

fn splice<'e>(
    text: &str,
    events: &'e [Event],
    side: impl Fn(&'e Event) -> (&'e Range<u64>, &'e String, &'e String),
) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for event in events.iter().filter(|e| !e.is_mark()) {
        let (range, old, new) = side(event);
        let (start, end) = (usize::try_from(range.start).ok()?, usize::try_from(range.end).ok()?);
        out.push_str(text.get(at..start)?);
        if text.get(start..end)? != old {
            return None;
        }
        out.push_str(new);
        at = end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}
