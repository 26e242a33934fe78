//! Script targets that look before they convert: `hans`, `hant`, `tw`, `twp`, `hk`, `hkp`, `jp`.
//!
//! OpenCC's configs convert whatever they are given: Simplified text run through `t2s` changes
//! (著书 becomes 着书), Traditional text run through `s2t` too. A target says what the text should
//! be in the end, and each passage is converted by what it is now:
//!
//! | the passage is | `hans` | `hant`, `tw`, `hk` … | `jp` |
//! |---|---|---|---|
//! | Simplified | stays | `s2t`, `s2tw`, `s2hk` … | `s2t`, then `t2jp` |
//! | Traditional | `tw2s`, `hk2s` | stays; `t2tw`, `t2hk` | `t2jp` |
//! | naive Traditional (來源于) | `tw2s` | `tw2s`, then as Simplified | likewise |
//! | both in one clause | its Traditional characters | its Simplified characters | likewise |
//! | Japanese, Korean, none | stays | stays | stays |
//!
//! A window of text says whether Traditional is naive and whether a page is Japanese; inside it
//! every line is looked at, and a line with both scripts by clauses, so that a quotation in the
//! other script is converted and the text around it is not.
//!
//! ```
//! use hanmend::convert::target::Target;
//! use hanmend::event::Silent;
//! use hanmend::stage::Stage;
//!
//! let mut stage = Target::Hans.stage();
//! let mut out = String::new();
//! stage.push("著书立说的人說：「讀書」。", &mut out, &mut Silent);
//! stage.finish(&mut out, &mut Silent);
//! assert_eq!(out, "著书立说的人说：「读书」。");
//! ```

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::script::{Counts, Script, TRADITIONAL, kind};
use super::{Converter, Overlay, report};
use crate::chain::Chain;
use crate::error::Error;
use crate::event::{Event, Outcome, Repair, Sink};
use crate::stage::{Next, Stage, TextStage};

/// A window is at least this long and goes on to the end of its line: some pages of text, enough
/// to tell naive Traditional, in bytes.
const WINDOW: usize = 16 * 1024;
/// A line longer than this is cut, behind a punctuation mark where there is one, in bytes.
const LONGEST: usize = 48 * 1024;

/// What a text is to become.
///
/// ```
/// use hanmend::convert::target::Target;
///
/// assert_eq!(Target::from_name("twp"), Some(Target::Twp));
/// assert_eq!(Target::from_name("s2twp"), None, "that is a config, which converts everything");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// Simplified.
    Hans,
    /// Traditional, OpenCC's standard.
    Hant,
    /// Traditional, Taiwan's characters.
    Tw,
    /// Traditional, Taiwan's characters and words.
    Twp,
    /// Traditional, Hong Kong's characters.
    Hk,
    /// Traditional, Hong Kong's characters and words.
    Hkp,
    /// Japanese shinjitai.
    Jp,
}

impl Target {
    /// All targets, as named in options.
    pub const NAMES: [(&'static str, Target); 7] = [
        ("hans", Target::Hans),
        ("hant", Target::Hant),
        ("tw", Target::Tw),
        ("twp", Target::Twp),
        ("hk", Target::Hk),
        ("hkp", Target::Hkp),
        ("jp", Target::Jp),
    ];

    /// The target of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Target> {
        Target::NAMES.iter().find(|(n, _)| *n == name).map(|(_, target)| *target)
    }

    /// A stage that brings text to this target. Tables are compiled in, so this cannot fail.
    pub fn stage(self) -> ToTarget {
        ToTarget::new(self)
    }

    /// A stage that brings text to this target, with phrases of one's own, which are looked for
    /// before anything else, wherever they stand. One that lies across the place where a line of more
    /// than 48 KiB is cut is not found.
    pub fn stage_with(self, phrases: Arc<Overlay>) -> ToTarget {
        let phrases = Some(phrases).filter(|phrases| !phrases.is_empty());
        ToTarget { phrases, ..ToTarget::new(self) }
    }

    /// The configs that bring Simplified, and genuine Traditional text to the target.
    fn configs(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            // Taiwan's variants have to go too (看著 becomes 看着); Hong Kong's have a way of their own.
            Target::Hans => (&[], &["tw2s"]),
            Target::Hant => (&["s2t"], &[]),
            Target::Tw => (&["s2tw"], &["t2tw"]),
            Target::Twp => (&["s2twp"], &["t2tw"]),
            Target::Hk => (&["s2hk"], &["t2hk"]),
            Target::Hkp => (&["s2hkp"], &["t2hk"]),
            Target::Jp => (&["s2t", "t2jp"], &["t2jp"]),
        }
    }
}

/// How a span is converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Keep,
    FromHans,
    FromHant,
    FromHongKong,
    FromNaive,
    Mixed,
}

/// The stage of a [`Target`]; [`Target::stage`] makes one. The [module](self) has an example.
#[derive(Clone)]
pub struct ToTarget {
    target: Target,
    phrases: Option<Arc<Overlay>>,
    held: String,
    /// Up to here what is held has been searched for the end of the window.
    searched: usize,
    from_hans: Route,
    from_hant: Route,
    from_hong_kong: Route,
    from_naive: Route,
    spans: Vec<(Range<usize>, Way)>,
    /// The lines of the window, and what each has.
    lines: Vec<(Range<usize>, Counts)>,
    /// All of them together, of a window of so many bytes that was looked at before it was pushed.
    known: Option<(usize, Counts)>,
    input: u64,
    output: u64,
}

impl ToTarget {
    fn new(target: Target) -> ToTarget {
        let (hans, hant) = target.configs();
        let naive: &[&str] = if target == Target::Hans { hant } else { &["tw2s"] };
        let then = if target == Target::Hans { &[][..] } else { hans };
        ToTarget {
            target,
            phrases: None,
            held: String::new(),
            searched: WINDOW,
            from_hans: Route::new(hans, &[]),
            from_hant: Route::new(hant, &[]),
            from_hong_kong: Route::new(if target == Target::Hans { &["hk2s"] } else { hant }, &[]),
            from_naive: Route::new(naive, then),
            spans: Vec::new(),
            lines: Vec::new(),
            known: None,
            input: 0,
            output: 0,
        }
    }

    /// Gives out the first `len` held bytes, which are one window.
    fn held_window(&mut self, len: usize, out: &mut String, sink: &mut dyn Sink) {
        let mut held = std::mem::take(&mut self.held);
        self.window(&held[..len], out, sink);
        held.drain(..len);
        self.held = held;
    }

    /// Gives out `text`, which is one window.
    fn window(&mut self, text: &str, out: &mut String, sink: &mut dyn Sink) {
        self.divide(text);
        let overlay = self.phrases.clone();
        let phrases = overlay.as_ref().map_or_else(Vec::new, |overlay| overlay.all(text));
        let mut phrases = phrases.into_iter().peekable();
        let (mut at, mut done) = (0, 0);
        while let Some((range, way)) = self.spans.get(at).cloned() {
            // Neighbours that go one way go together: a phrase may stand across them.
            let same = self.spans[at..].iter().take_while(|(_, other)| *other == way).count();
            let range = range.start..self.spans[at + same - 1].0.end;
            at += same;
            done = done.max(range.start);
            while let Some((phrase, value)) = phrases.next_if(|(p, _)| p.start < range.end) {
                self.convert(&text[done..phrase.start], way, out, sink);
                self.phrase(&text[phrase.clone()], value, out, sink);
                done = phrase.end;
            }
            // A phrase may end in a later span.
            if done < range.end {
                self.convert(&text[done..range.end], way, out, sink);
            }
        }
        self.spans.clear();
        self.searched = WINDOW;
    }

    /// Counts what the lines of a window have, and the whole.
    fn look(&mut self, text: &str) -> Counts {
        if let Some((len, whole)) = self.known.take()
            && len == text.len()
        {
            return whole;
        }
        self.lines.clear();
        let (mut whole, mut start) = (Counts::default(), 0);
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        let last = (!text.ends_with('\n') && !text.is_empty()).then_some(text.len());
        for end in ends.chain(last) {
            let counts = Counts::of(&text[start..end]);
            whole.join(&counts);
            self.lines.push((start..end, counts));
            start = end;
        }
        whole
    }

    /// Divides a window into spans and says how each is converted.
    fn divide(&mut self, text: &str) {
        let window = self.look(text);
        if self.stays(&window) {
            self.spans.push((0..text.len(), Way::Keep));
            return;
        }
        let foreign_page = is_foreign(&window) && self.is_foreign_page(&window);
        let lines = std::mem::take(&mut self.lines);
        for (range, counts) in &lines {
            let way = if is_foreign(counts) || foreign_page {
                Way::Keep
            } else if counts.simplified > 0 && counts.traditional > 0 {
                self.divide_line(&text[range.clone()], range.start, counts, &window);
                continue;
            } else {
                self.way(counts, &window)
            };
            self.spans.push((range.clone(), way));
        }
        self.lines = lines;
    }

    /// Whether a window with these counts certainly stays as it is.
    fn stays(&self, window: &Counts) -> bool {
        window.simplified + window.traditional == 0 || self.leaves(window)
    }

    /// Whether most of a window's Han characters stand in Japanese or Korean lines: a heading
    /// among them without kana (経済学部) is then not Chinese either.
    fn is_foreign_page(&self, window: &Counts) -> bool {
        let foreign = self.lines.iter().filter(|(_, counts)| is_foreign(counts));
        foreign.map(|(_, counts)| counts.han).sum::<u64>() * 2 > window.han
    }

    /// Divides a line that has both scripts into clauses.
    fn divide_line(&mut self, line: &str, from: usize, whole: &Counts, window: &Counts) {
        let mut start = 0;
        for clause in line.split_inclusive(ends_clause) {
            let counts = Counts::of(clause);
            let way = if counts.simplified > 0 && counts.traditional > 0 {
                Way::Mixed
            } else if counts.simplified + counts.traditional > 0 {
                self.way(&counts, window)
            } else {
                self.way(whole, window)
            };
            self.spans.push((from + start..from + start + clause.len(), way));
            start += clause.len();
        }
    }

    /// How a passage is converted that has one script, or none and takes the window's.
    fn way(&self, counts: &Counts, window: &Counts) -> Way {
        let (s, t) = match counts.simplified + counts.traditional {
            0 => (window.simplified, window.traditional),
            _ => (counts.simplified, counts.traditional),
        };
        if s > t {
            Way::FromHans
        } else if window.script() == Script::NaiveHant {
            Way::FromNaive
        } else if window.hong_kong > 0 {
            Way::FromHongKong
        } else {
            Way::FromHant
        }
    }

    /// Whether a window that has one script or both needs no conversion all the same.
    fn leaves(&self, window: &Counts) -> bool {
        match self.target {
            Target::Hans => window.traditional == 0,
            Target::Hant => window.simplified == 0 && window.script() != Script::NaiveHant,
            _ => false,
        }
    }

    fn convert(&mut self, text: &str, way: Way, out: &mut String, sink: &mut dyn Sink) {
        let start = out.len();
        let route = match way {
            Way::Keep => None,
            Way::FromHans => Some(&mut self.from_hans),
            Way::FromHant => Some(&mut self.from_hant),
            Way::FromHongKong => Some(&mut self.from_hong_kong),
            Way::FromNaive => Some(&mut self.from_naive),
            Way::Mixed => {
                self.mixed(text, out, sink);
                self.count(text.len(), out.len() - start);
                return;
            }
        };
        match route {
            Some(route) => route.run(text, out, self.input, self.output, sink),
            None => out.push_str(text),
        }
        self.count(text.len(), out.len() - start);
    }

    /// Gives out what a phrase of one's own becomes.
    fn phrase(&mut self, before: &str, after: &str, out: &mut String, sink: &mut dyn Sink) {
        if sink.wants_conversions() {
            report::phrase(before, after, self.input, self.output, sink);
        }
        out.push_str(after);
        self.count(before.len(), after.len());
    }

    fn count(&mut self, input: usize, output: usize) {
        self.input += input as u64;
        self.output += output as u64;
    }

    /// Converts the characters that are of the other script for certain, in the light of their
    /// neighbours, and no other character.
    fn mixed(&mut self, text: &str, out: &mut String, sink: &mut dyn Sink) {
        let mut whole = String::with_capacity(text.len());
        self.from_naive.run(text, &mut whole, 0, 0, &mut crate::event::Silent);
        if text.chars().count() != whole.chars().count() {
            // Words changed in length: the characters cannot be matched up. Certain is certain.
            self.from_naive.run(text, out, self.input, self.output, sink);
            return;
        }
        let (mut input, mut output) = (self.input, self.output);
        for (old, new) in text.chars().zip(whole.chars()) {
            // Towards Simplified only what is Traditional for certain changes; towards
            // Traditional that is just what stays.
            let stays = (kind(old) == TRADITIONAL) == (self.target != Target::Hans);
            let new = if stays { old } else { new };
            out.push(new);
            if new != old && sink.wants_conversions() {
                sink.event(Event::change(
                    Repair::Convert,
                    "mixed",
                    Outcome::Sure,
                    input,
                    output,
                    old,
                    new,
                ));
            }
            input += old.len_utf8() as u64;
            output += new.len_utf8() as u64;
        }
    }
}

/// The length of the first window of `text`, if it is whole. `searched` is how far its end has
/// been looked for, and moves on.
fn whole_window(text: &str, searched: &mut usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let most = bytes.len().min(LONGEST);
    if most <= *searched && bytes.len() <= LONGEST {
        return None;
    }
    if let Some(line) = memchr::memchr(b'\n', &bytes[*searched..most]) {
        return Some(*searched + line + 1);
    }
    *searched = most;
    if bytes.len() <= LONGEST {
        return None;
    }
    let longest = text.floor_char_boundary(LONGEST);
    let end = text[..longest].char_indices().rev().take_while(|(at, _)| *at > WINDOW);
    let end = end.into_iter().find(|(_, c)| ends_clause(*c)).map(|(at, c)| at + c.len_utf8());
    Some(end.unwrap_or(longest))
}

fn is_foreign(counts: &Counts) -> bool {
    counts.is_japanese() || counts.is_korean()
}

/// Whether a clause ends with this character.
fn ends_clause(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '「'
            | '」'
            | '『'
            | '』'
            | '《'
            | '》'
            | '〈'
            | '〉'
            | '（'
            | '）'
            | '【'
            | '】'
            | '…'
            | '—'
            | ' '
            | '\u{3000}'
            | '\t'
            | '\n'
            | ','
            | '.'
            | ';'
            | ':'
            | '!'
            | '?'
            | '"'
            | '\''
            | '('
            | ')'
            | '<'
            | '>'
            | '['
            | ']'
            | '|'
            | '/'
    )
}

impl Stage for ToTarget {
    type Input = str;
    type Output = String;

    fn push(&mut self, mut input: &str, out: &mut String, sink: &mut dyn Sink) {
        while !input.is_empty() {
            if self.held.is_empty()
                && let Some(len) = whole_window(input, &mut { WINDOW })
            {
                // A whole window need not be copied.
                self.window(&input[..len], out, sink);
                input = &input[len..];
                continue;
            }
            // No more than one window's worth is held, however large the push.
            let room = (LONGEST + 4).saturating_sub(self.held.len()).min(input.len());
            let room = input.ceil_char_boundary(room.max(1));
            self.held.push_str(&input[..room]);
            input = &input[room..];
            while let Some(len) = whole_window(&self.held, &mut self.searched) {
                self.held_window(len, out, sink);
            }
        }
    }

    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        self.held_window(self.held.len(), out, sink);
        self.known = None;
        (self.input, self.output) = (0, 0);
    }

    fn held(&self) -> usize {
        self.held.len()
    }

    fn max_held(&self) -> usize {
        LONGEST + 8
    }
}

impl TextStage for ToTarget {
    fn skim(&mut self, text: &str) -> Next {
        if self.phrases.is_some() {
            return Next::Push(text.len());
        }
        if !self.held.is_empty() {
            // Until the window is whole; what follows may pass.
            let from = text.ceil_char_boundary(WINDOW.saturating_sub(self.held.len()));
            let end = memchr::memchr(b'\n', &text.as_bytes()[from..]);
            return Next::Push(end.map_or(text.len(), |end| from + end + 1));
        }
        let Some(len) = whole_window(text, &mut { WINDOW }) else {
            return Next::Push(text.len());
        };
        let whole = self.look(&text[..len]);
        if self.stays(&whole) {
            self.count(len, len);
            return Next::Passed(len);
        }
        self.known = Some((len, whole));
        Next::Push(len)
    }

    fn passes(&self, whole: &str) -> bool {
        self.phrases.is_none() && whole.len() <= WINDOW && {
            let counts = Counts::of(whole);
            counts.simplified + counts.traditional == 0 || self.leaves(&counts)
        }
    }
}

/// Conversions one behind the other, run over one span at a time.
#[derive(Clone)]
struct Route {
    chain: Chain,
    rule: Cow<'static, str>,
}

impl Route {
    fn new(first: &'static [&'static str], then: &'static [&'static str]) -> Route {
        let names: Vec<&str> = first.iter().chain(then).copied().collect();
        let stage = |name: &&str| -> Result<Box<dyn TextStage + Send + Sync>, Error> {
            Ok(Box::new(Converter::new(name)?.stage()))
        };
        // The names are those of the built-in configs.
        let stages = names.iter().map(stage).collect::<Result<Vec<_>, _>>().unwrap_or_default();
        Route { chain: Chain::new(stages), rule: Cow::Owned(names.join("+")) }
    }

    fn run(&mut self, text: &str, out: &mut String, input: u64, output: u64, sink: &mut dyn Sink) {
        let mut shifted = Shifted { rule: &self.rule, input, output, sink };
        self.chain.push(text, out, &mut shifted);
        self.chain.finish(out, &mut shifted);
    }
}

/// Gives events of a span their place in the whole.
struct Shifted<'s> {
    rule: &'s Cow<'static, str>,
    input: u64,
    output: u64,
    sink: &'s mut dyn Sink,
}

impl Sink for Shifted<'_> {
    fn event(&mut self, mut event: Event) {
        event.input = event.input.start + self.input..event.input.end + self.input;
        event.output = event.output.start + self.output..event.output.end + self.output;
        // A joined event of two conversions is one step of this route.
        event.steps.truncate(1);
        event.steps[0].rule = self.rule.clone();
        self.sink.event(event);
    }
    fn wants_conversions(&self) -> bool {
        self.sink.wants_conversions()
    }
}

#[cfg(test)]
mod tests;
