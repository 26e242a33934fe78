//! `mojibake`: bytes of one encoding that were read as another.
//!
//! `浣犲ソ` is 你好, written in UTF-8 and read as GBK; `ÖÐÎÄ` is 中文, written in GBK and read as
//! windows-1252. [`Mojibake`] finds such passages, whole documents or a few words inside good
//! text, and reads them back:
//!
//! | written in | read as |
//! |---|---|
//! | UTF-8 | windows-1252 and Latin-1, windows-1250, windows-1251, code page 437, Macintosh, GBK, Shift_JIS; nested |
//! | GBK | the same single-byte ones, Big5, EUC-KR, EUC-JP, Shift_JIS |
//! | Big5 | windows-1252 and Latin-1, GBK |
//! | UTF-16, of both orders | windows-1252 and Latin-1, GBK, UTF-16 of the other order |
//!
//! Where a decoder lost bytes, what was lost is chosen among the bytes it can have lost, by a
//! model of Chinese, in context; such an event is a `guess`. So is what another way of reading,
//! hardly less likely, has differently, and what could as well stand as it is (without guesses it
//! is left). Runs of U+FFFD, 锟斤拷 and 烫烫烫, and UTF-8 that was read as Big5, EUC-JP or EUC-KR hold
//! nothing, or too little, that could be read back: they are reported and left.
//!
//! Mojibake that a text about encodings quotes (`“浣犲ソ”就是乱码`) is reported and left, too.
//!
//! Clean text is not touched. A passage is taken when its bytes are valid in the other encoding
//! and what they read as is far likelier than what stands there (by a factor of e¹² at the very
//! least); text of other languages is likelier as it stands.
//!
//! ```
//! use hanmend::event::Collect;
//! use hanmend::repair::Mojibake;
//! use hanmend::stage::Stage;
//!
//! let (mut out, mut events) = (String::new(), Collect::default());
//! let mut stage = Mojibake::default();
//! stage.push("他说：浣犲ソ锛屼笘鐣\n", &mut out, &mut events);
//! stage.finish(&mut out, &mut events);
//! assert_eq!(out, "他说：你好，世界\n");
//! assert_eq!(events.events[0].rule(), "utf-8 read as gbk");
//! ```
//!
//! # Windows
//!
//! Text is looked at by lines (what only looks like a line's end in the bytes of UTF-16 is none: `lines.rs`); a line
//! longer than [`WINDOW`] bytes by windows of it, cut after
//! punctuation in their second half. So at most [`WINDOW`] bytes are held, and where pushes fall
//! changes nothing.

mod codepage;
mod edges;
pub(in crate::repair) mod example;
mod kinds;
mod lattice;
mod lines;
mod marks;
mod passage;
mod promising;
mod quick;
mod rank;
mod scan;
mod score;
mod search;
mod stretches;
mod utf16;
mod window;
mod worth;
mod writing;

use std::ops::Range;

use self::codepage::CodePage;
use self::lattice::{Certainty, Piece};
use self::passage::{Chain, Passage};
use self::scan::{is_worth_searching, trigger};
use self::search::Search;
use self::writing::Writing;
use crate::event::{Event, Outcome, Repair, Sink};
use crate::stage::{Next, Stage, TextStage};

/// The longest stretch that is looked at as one, in bytes.
pub const WINDOW: usize = 8192;
/// A character's most bytes, less one: how far a window may pass [`WINDOW`] to end with one.
const SLACK: usize = 3;
/// A passage that ends this many characters before a cut, or fewer, goes on after it.
const CUT_SHORT: usize = 4;
/// Damage of one kind within this many bytes after the last of its kind needs less evidence.
const NEARBY: u64 = 2048;

/// How [`Mojibake`] works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MojibakeOptions {
    /// Whether characters whose bytes were lost are restored by likelihood. If not, U+FFFD stands
    /// in their place, and an `unrepaired` event tells of each.
    pub guess: bool,
}

impl Default for MojibakeOptions {
    fn default() -> Self {
        MojibakeOptions { guess: true }
    }
}

/// The repair; the [module](self) says what it does.
pub struct Mojibake {
    options: MojibakeOptions,
    /// The window that is not whole yet.
    held: String,
    /// Bytes taken and given so far, held ones not counted.
    input: u64,
    output: u64,
    /// How the last passage was damaged, and where in the input it ended.
    last: Option<(Chain, u64)>,
    quick: quick::Quick,
    /// Built when damage is first suspected.
    search: Option<Box<Search>>,
    /// How many ways a search that is built then may try in vain.
    in_vain: usize,
}

/// The work space is not copied.
impl Clone for Mojibake {
    fn clone(&self) -> Mojibake {
        Mojibake {
            options: self.options,
            held: self.held.clone(),
            input: self.input,
            output: self.output,
            last: self.last.clone(),
            quick: quick::Quick::default(),
            search: None,
            in_vain: self.search.as_ref().map_or(self.in_vain, |search| search.in_vain()),
        }
    }
}

impl std::fmt::Debug for Mojibake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mojibake").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Default for Mojibake {
    fn default() -> Self {
        Mojibake::new(MojibakeOptions::default())
    }
}

impl Mojibake {
    /// The repair with its options.
    pub fn new(options: MojibakeOptions) -> Mojibake {
        let quick = quick::Quick::default();
        let (held, last, search) = (String::new(), None, None);
        let in_vain = search::WAYS_IN_VAIN;
        Mojibake { options, held, input: 0, output: 0, last, quick, search, in_vain }
    }

    /// Takes whole lines (or what ends the input).
    fn lines(&mut self, text: &str, out: &mut String, sink: &mut dyn Sink) {
        let mut from = 0;
        let mut at = 0;
        while let Some(hit) = trigger().find(text, at) {
            // The window of the hit: windows count from the start of the line.
            let mut start = from + lines::start(&text.as_bytes()[from..], hit - from);
            let (end, cut) = loop {
                let window = Window::first(&text[start..]);
                if start + window.len > hit {
                    break (start + window.len, window.cut);
                }
                start += window.len;
            };
            self.keep(&text[from..start], out);
            let end = start + self.window(&text[start..end], cut, out, sink);
            (from, at) = (end, end);
        }
        self.keep(&text[from..], out);
    }

    /// Gives text as it is.
    fn keep(&mut self, text: &str, out: &mut String) {
        out.push_str(text);
        self.input += text.len() as u64;
        self.output += text.len() as u64;
    }

    /// Mends one window, and returns how much of it is done: all, but where the window was `cut`
    /// inside a passage the next has to start with a whole character of it.
    fn window(&mut self, text: &str, cut: bool, out: &mut String, sink: &mut dyn Sink) -> usize {
        if trigger().find(text, 0).is_none() {
            self.keep(text, out);
            return text.len();
        }
        if let Some(done) = self.throughout(text, out, sink) {
            return done;
        }
        let chars: Vec<char> = text.chars().collect();
        if let Some(done) = self.throughout_but_lost(&chars, text, cut, out, sink) {
            return done;
        }
        if !is_worth_searching(&chars) {
            self.marked(text, out, sink);
            return text.len();
        }
        let starts = starts(text);
        let near = self.input;
        let last = self.last.as_ref().filter(|(_, end)| near - end <= NEARBY).map(|(c, _)| c);
        let search = self.search.get_or_insert_with(|| Box::new(Search::new(self.in_vain)));
        let mut passages = Vec::new();
        for stretch in stretches::stretches(&chars, last.is_some()) {
            if marks::is_scattered(&text[starts[stretch.start]..starts[stretch.end]]) {
                continue;
            }
            let found = search.passages(&chars, stretch.clone(), last);
            passages.extend(found);
        }
        let mut done = text.len();
        if let Some(passage) = passages.last_mut()
            && cut
            && chars.len() - passage.to <= CUT_SHORT
            && passage.cut_sure()
        {
            done = starts[passage.to];
        }
        // A window of a long line may end with half a character of UTF-16.
        if let Some(passage) = passages.last()
            && passage.is_of_bytes_of_utf16()
            && passage.to + 1 == chars.len()
            && !text.ends_with('\n')
        {
            done = starts[passage.to];
        }
        let text = &text[..done];
        let about_it = !passages.is_empty() && example::speaks_of_it(text);
        let why_shown =
            |passage: &Passage| match example::is_quoted(&chars, passage.from..passage.to) {
                true if about_it => Some("it is quoted in a text about encodings"),
                true if example::has_both(
                    text,
                    starts[passage.from]..starts[passage.to],
                    &passage.text,
                ) =>
                {
                    Some("it is quoted beside what it was")
                }
                _ => None,
            };
        let mut from = 0;
        for passage in passages {
            let (start, end) = (starts[passage.from], starts[passage.to]);
            self.marked(&text[from..start], out, sink);
            if let Some(reason) = why_shown(&passage) {
                self.leave(&passage.rule(), reason, &text[start..end], out, sink);
            } else {
                self.passage(&passage, text, &starts, out, sink);
                self.last = Some((passage.chain, self.input));
            }
            from = end;
        }
        self.marked(&text[from..], out, sink);
        done
    }

    /// Mends a window that is damaged throughout, as the passage shortly before was, or as nothing but damage is; how
    /// much of it is done, none where it is not so.
    fn throughout(&mut self, whole: &str, out: &mut String, sink: &mut dyn Sink) -> Option<usize> {
        let near = |end: u64| self.input - end <= NEARBY;
        let last = self.last.take_if(|(_, end)| near(*end));
        let again = last.and_then(|(chain, end)| {
            let wide = chain.iter().any(|(writing, _)| writing.is_wide());
            let ways = if wide { in_step(whole) } else { [0..whole.len(), 0..0] };
            let mut ways = ways.into_iter().filter(|way| !way.is_empty());
            let mut read = |way: Range<usize>| {
                let text = self.quick.read(&whole[way.clone()], &chain, true)?;
                Some((text, way))
            };
            match ways.find_map(&mut read) {
                Some((read, way)) => Some((chain, read, way)),
                None => {
                    self.last = Some((chain, end));
                    None
                }
            }
        });
        let at_first_sight = || {
            let mut pairs = quick::FIRST_SIGHT.into_iter();
            let read =
                |pair| Some((vec![pair], self.quick.read(whole, &[pair], false)?, 0..whole.len()));
            pairs.find_map(read).filter(|_| !example::speaks_of_it(whole))
        };
        let (chain, read, way) = again.or_else(at_first_sight)?;
        let text = &whole[way.clone()];
        self.keep(&whole[..way.start], out);
        // What ASCII both begin and end with is no part of it, but where it is damaged, too.
        let wide = chain.iter().any(|(writing, _)| writing.is_wide());
        let is_same = |byte: &u8| byte.is_ascii() && !wide;
        let ascii = |text: &str| text.bytes().take_while(is_same).count();
        let ascii_end = |text: &str| text.bytes().rev().take_while(is_same).count();
        let start = ascii(text).min(ascii(&read));
        let ends = ascii_end(text).min(ascii_end(&read));
        let (to, read_to) = (text.len() - ends, read.len() - ends);
        self.keep(&text[..start], out);
        let rule = passage::rule(&chain);
        let (before, after) = (&text[start..to], &read[start..read_to]);
        let joints = match sink.wants_joints() {
            true => self.quick.joints(before, &chain, after),
            false => Vec::new(),
        };
        self.change(&rule, Outcome::Sure, before, after, joints, out, sink);
        self.last = Some((chain, self.input));
        self.keep(&text[to..], out);
        // Half a character is for the next window, if it is none of a line end.
        let behind = if whole[way.end..] == *"\n" { "\n" } else { "" };
        self.keep(behind, out);
        Some(way.end + behind.len())
    }

    /// The same where the decoder lost bytes; how much of the window is done, none where it is not so. Of one
    /// that was cut within a character, this is left to the next.
    fn throughout_but_lost(
        &mut self,
        chars: &[char],
        text: &str,
        cut: bool,
        out: &mut String,
        sink: &mut dyn Sink,
    ) -> Option<usize> {
        let again = self.last.as_ref().filter(|(_, end)| self.input - end <= NEARBY);
        let again = again.and_then(|(chain, _)| match chain[..] {
            // Decoders of other pairs put one mark for two bytes.
            [(Writing::Utf8, page)] if page.is_single() || page == CodePage::Gbk => Some(chain[0]),
            // Of Shift_JIS it is not known how many bytes a mark is for.
            [(Writing::Gbk, CodePage::Big5 | CodePage::EucKr | CodePage::EucJp)] => Some(chain[0]),
            _ => None,
        });
        let found = again.and_then(|pair| self.quick.read_lost(chars, pair, true, !cut));
        let at_first_sight = || {
            let mut pairs = quick::FIRST_SIGHT_LOST.into_iter();
            let found = pairs.find_map(|pair| self.quick.read_lost(chars, pair, false, !cut));
            found.filter(|_| !example::speaks_of_it(text))
        };
        let (passage, read) = found.or_else(at_first_sight)?;
        let starts = starts(text);
        self.keep(&text[..starts[passage.from]], out);
        self.passage(&passage, text, &starts, out, sink);
        let done = if cut { starts[read] } else { text.len() };
        self.keep(&text[starts[passage.to]..done], out);
        self.last = Some((passage.chain, self.input));
        Some(done)
    }

    /// Gives a passage as it is, and says why.
    fn leave(
        &mut self,
        rule: &str,
        reason: &'static str,
        text: &str,
        out: &mut String,
        sink: &mut dyn Sink,
    ) {
        sink.tell(|| {
            let rule = rule.to_owned();
            Event::unrepaired(Repair::Mojibake, rule, reason, self.input, self.output, text)
        });
        self.keep(text, out);
    }

    /// Gives text as it is, and reports what in it is lost.
    fn marked(&mut self, text: &str, out: &mut String, sink: &mut dyn Sink) {
        // Only to be told.
        let mut at = if sink.wants_events() { 0 } else { text.len() };
        while let Some((range, kind)) = marks::find(text, at) {
            let (i, o) = (self.input + range.start as u64, self.output + range.start as u64);
            sink.event(Event::unrepaired(
                Repair::Mojibake,
                kind.rule,
                kind.reason,
                i,
                o,
                &text[range.clone()],
            ));
            at = range.end;
        }
        self.keep(text, out);
    }

    /// Gives what a passage reads as: stretches whose bytes are all there as one event each, be they
    /// sure or not, and each stretch with a lost character as one of its own.
    fn passage(
        &mut self,
        passage: &Passage,
        text: &str,
        starts: &[usize],
        out: &mut String,
        sink: &mut dyn Sink,
    ) {
        let rule = passage.rule();
        let (mut from, mut text_from) = (0, 0);
        let mut pieces = passage.pieces.iter().peekable();
        while let Some(first) = pieces.next() {
            let mut last: &Piece = first;
            let mut joints = Vec::new();
            if first.is_complete() {
                let alike = |p: &&Piece| p.certainty == first.certainty && p.is_complete();
                while let Some(more) = pieces.next_if(alike) {
                    if sink.wants_joints() {
                        let start = starts[passage.from + from];
                        joints.push((
                            starts[passage.from + last.end] - start,
                            last.text_end - text_from,
                        ));
                    }
                    last = more;
                }
            }
            let before = &text[starts[passage.from + from]..starts[passage.from + last.end]];
            if first.certainty == Certainty::Guess && first.is_complete() && !self.options.guess {
                let after = &passage.text[text_from..last.text_end];
                (from, text_from) = (last.end, last.text_end);
                match passage.chain.len() {
                    _ if before == after => self.keep(before, out),
                    1 => self.leave(&rule, "it may stand as it is", before, out, sink),
                    _ => self.leave(&rule, "not sure, and not guessed", before, out, sink),
                }
                continue;
            }
            let mut after = passage.text[text_from..last.text_end].to_owned();
            (from, text_from) = (last.end, last.text_end);
            let mut lost = first.certainty == Certainty::Unknown;
            if let Some((a, b)) = first.chosen
                && !self.options.guess
                && !lost
            {
                let count = after[a..b].chars().count();
                after.replace_range(a..b, &"\u{FFFD}".repeat(count));
                lost = true;
            }
            let outcome = match first.certainty {
                Certainty::Guess if self.options.guess => Outcome::Guess,
                _ => Outcome::Sure,
            };
            // What was damaged more than once is one piece.
            if passage.chain.len() > 1 && sink.wants_joints() {
                joints = self.quick.joints(before, &passage.chain, &after);
            }
            self.change(&rule, outcome, before, &after, joints, out, sink);
            if lost {
                sink.tell(|| {
                    let (input, output) =
                        (self.input - before.len() as u64, self.output - after.len() as u64);
                    let (rule, reason) = (rule.clone(), "a character lacks bytes");
                    let mut mark =
                        Event::unrepaired(Repair::Mojibake, rule, reason, input, output, before);
                    mark.output.end = self.output;
                    mark.after = after;
                    mark
                });
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn change(
        &mut self,
        rule: &str,
        outcome: Outcome,
        before: &str,
        after: &str,
        joints: Vec<(usize, usize)>,
        out: &mut String,
        sink: &mut dyn Sink,
    ) {
        if before != after {
            sink.tell(|| {
                let (rule, input, output) = (rule.to_owned(), self.input, self.output);
                Event::change(Repair::Mojibake, rule, outcome, input, output, before, after)
                    .divisible(joints)
            });
        }
        out.push_str(after);
        self.input += before.len() as u64;
        self.output += after.len() as u64;
    }
}

/// The two ways in which the characters of `window` may be the bytes of UTF-16, two and two: it may begin with the second half
/// of a character, and end with the first of one.
fn in_step(window: &str) -> [Range<usize>; 2] {
    let mut chars = window.char_indices();
    let last = chars.next_back().map_or(0, |(at, _)| at);
    let second = window.chars().next().map_or(0, char::len_utf8);
    match chars.count() % 2 {
        1 => [0..window.len(), second..last.max(second)],
        _ => [0..last, second..window.len()],
    }
}

/// Where each character starts, and where the last ends.
fn starts(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}

/// What is looked at as one.
struct Window {
    len: usize,
    /// Whether it was cut where there was no place to cut.
    cut: bool,
    /// Whether it is the same with more text behind it.
    whole: bool,
}

impl Window {
    /// The window at the start of `text`, a line's or a window's start: the line with its end, or what of a long line is
    /// looked at as one.
    fn first(text: &str) -> Window {
        let full = full_len(text);
        let head = &text.as_bytes()[..full.unwrap_or(text.len())];
        if let Some((len, whole)) = lines::first(head) {
            return Window { len, cut: false, whole: whole || full.is_some() };
        }
        let Some(full) = full else {
            return Window { len: text.len(), cut: false, whole: false };
        };
        let second_half = text.floor_char_boundary(full / 2);
        let is_break =
            |c: char| matches!(c, '。' | '！' | '？' | '；' | '，' | '、' | ' ' | '>' | '"');
        match text[second_half..full].rfind(is_break) {
            None => Window { len: full, cut: true, whole: true },
            Some(i) => {
                let i = second_half + i;
                let len = i + text[i..].chars().next().map_or(0, char::len_utf8);
                Window { len, cut: false, whole: true }
            }
        }
    }
}

/// Where the first [`WINDOW`] bytes end, with the character they end in; none when there are not so many.
fn full_len(text: &str) -> Option<usize> {
    (text.len() >= WINDOW).then(|| text.ceil_char_boundary(WINDOW))
}

impl Stage for Mojibake {
    type Input = str;
    type Output = String;

    fn push(&mut self, input: &str, out: &mut String, sink: &mut dyn Sink) {
        let mut input = input;
        while !self.held.is_empty() && !input.is_empty() {
            // Fill the window that is held up, no further than its end, where that is known.
            let room = WINDOW - self.held.len().min(WINDOW);
            let most = input.ceil_char_boundary(room.min(input.len()));
            let open = self.held.ends_with('\n');
            let line = memchr::memchr(b'\n', &input.as_bytes()[..most]).filter(|_| !open);
            let take = line.map_or(most, |i| i + 1);
            self.held.push_str(&input[..take]);
            let rest = self.release(out, sink);
            let back = if rest <= take { rest } else { 0 };
            if back == rest {
                // What is left is no part of the window, and need not be copied.
                self.held.clear();
            }
            input = &input[take - back..];
        }
        if input.is_empty() {
            return;
        }
        // Whole lines need no copy.
        let whole = lines::whole(input.as_bytes());
        self.lines(&input[..whole], out, sink);
        let rest = self.windows(&input[whole..], out, sink);
        self.held.push_str(rest);
    }

    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        let held = std::mem::take(&mut self.held);
        self.lines(&held, out, sink);
        self.held = held;
        self.held.clear();
        (self.input, self.output, self.last) = (0, 0, None);
        self.in_vain = search::WAYS_IN_VAIN;
        if let Some(search) = &mut self.search {
            search.reset();
        }
    }

    fn held(&self) -> usize {
        self.held.len()
    }

    fn max_held(&self) -> usize {
        WINDOW + SLACK
    }
}

impl Mojibake {
    /// Gives the windows of `text` that are whole, and returns the rest.
    fn windows<'t>(&mut self, text: &'t str, out: &mut String, sink: &mut dyn Sink) -> &'t str {
        let mut rest = text;
        while !rest.is_empty() {
            let window = Window::first(rest);
            if !window.whole {
                break;
            }
            rest = &rest[self.window(&rest[..window.len], window.cut, out, sink)..];
        }
        rest
    }

    /// Gives the windows of what is held that are whole, and returns how many bytes are left.
    fn release(&mut self, out: &mut String, sink: &mut dyn Sink) -> usize {
        let held = std::mem::take(&mut self.held);
        let rest = self.windows(&held, out, sink);
        let keep = held.len() - rest.len();
        self.held = held;
        self.held.drain(..keep);
        self.held.len()
    }
}

impl TextStage for Mojibake {
    fn skim(&mut self, text: &str) -> Next {
        // Up to where a line ends whatever comes behind it, so that what does may pass again; if there is no such end near, all.
        let closed = |from: usize| {
            let near = &text.as_bytes()[..text.len().min(from + WINDOW)];
            lines::closed(near, from).unwrap_or(text.len())
        };
        if !self.held.is_empty() {
            return Next::Push(closed(0));
        }
        let whole = &text[..lines::whole(text.as_bytes())];
        let (passed, last) = match trigger().find(whole, 0) {
            None => (whole.len(), whole.len()),
            // The line of the hit is for the search, and what follows may pass again.
            Some(hit) => (lines::start(whole.as_bytes(), hit), hit),
        };
        if passed == 0 {
            return Next::Push(closed(last));
        }
        self.input += passed as u64;
        self.output += passed as u64;
        Next::Passed(passed)
    }

    fn pass(&mut self, text: &str) -> bool {
        let idle = self.held.is_empty();
        if idle {
            self.input += text.len() as u64;
            self.output += text.len() as u64;
        }
        idle
    }

    fn passes(&self, whole: &str) -> bool {
        trigger().find(whole, 0).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::in_step;

    #[test]
    fn a_window_of_pairs_may_begin_and_end_with_half_a_one() {
        let ways = |window: &str| in_step(window).map(|way| window[way].to_owned());
        assert_eq!(ways("ÊN)Y"), ["ÊN)Y", "N)"]);
        assert_eq!(ways("ÊN)"), ["ÊN", "N)"]);
        assert_eq!(ways("N"), ["", ""]);
    }
}
