//! Readings inserted after characters by scripts that are to annoy scrapers:
//! `貫實(shí)三保政法工作報(bào)告`.
//!
//! The script put them in at the level of GBK bytes, without regard to where characters begin. So
//! some stand in the middle of two characters, and the decoder that read the page afterwards made
//! something else of all that followed: `要?jiǎng)?wù)的` was 要務的. [`Gloss`] undoes both: the
//! glosses that stand after their own character are taken out, and damaged lines are searched for
//! the clean bytes that, with the glosses put in and the decoder run over them, give the line.
//!
//! Only passages with enough evidence are touched. A dictionary's single 龟(jūn), a learner's text
//! with a reading on every character, names and terms in parentheses stay.
//!
//! ```
//! use hanmend::event::Silent;
//! use hanmend::repair::Gloss;
//! use hanmend::stage::Stage;
//!
//! let (mut gloss, mut out) = (Gloss::default(), String::new());
//! let page = "發(fā)展是第一要?jiǎng)?wù)的戰(zhàn)略,要學(xué)習(xí)。\n";
//! gloss.push(page, &mut out, &mut Silent);
//! gloss.finish(&mut out, &mut Silent);
//! assert_eq!(out, "發展是第一要務的戰略,要學習。\n");
//! ```
//!
//! # How a stream is cut
//!
//! Lines without anything that looks like a gloss pass at the speed of a byte search. A line with
//! something begins a window, which takes `WINDOW` bytes and then ends with the next line, or
//! after `HARD` bytes. The window is divided into passages, each is judged by its own evidence,
//! and the last goes on into the next window unless more than `FORGET` bytes lie between.

use crate::event::Sink;
use crate::stage::{Next, Stage, TextStage};

mod active;
mod cut;
mod fluency;
pub(in crate::repair) mod gbk;
mod habits;
mod lattice;
mod list;
mod mend;
mod passage;
mod scan;
pub(in crate::repair) mod spelling;
mod swallowed;
mod syllable;
mod tag;
mod words;

use mend::{Mender, Offsets, Writer};
use passage::Carried;

/// Whether a character can be read so, with the tone or, where the reading has none, with any.
pub(in crate::repair) fn agrees(character: char, reading: &str) -> bool {
    let toned = reading.contains(super::is_toned);
    !reading.is_empty() && list::agrees(character, reading, toned)
}

/// Bytes after which a window ends at the next line end. Large enough for the evidence of a page.
const WINDOW: usize = 32 * 1024;
/// Bytes after which it ends in mid-line.
const HARD: usize = 96 * 1024;
/// What a decoder puts for bytes that it cannot read, and what stands where a lost character is not to be guessed.
const LOST: char = '\u{FFFD}';
/// A line without a gloss is let go after so many bytes.
const LONG_LINE: usize = 64 * 1024;
/// What has to be seen of it before, so that no gloss is cut.
const MOST_OF_LINE: usize = LONG_LINE + scan::REACH;
/// So many bytes without a gloss part two texts.
const FORGET: u64 = 16 * 1024;

/// What [`Gloss`] may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlossOptions {
    /// Whether bytes that the damage ate without a trace are restored by likelihood. Otherwise
    /// U+FFFD stands in their place.
    pub guess: bool,
}

impl Default for GlossOptions {
    fn default() -> GlossOptions {
        GlossOptions { guess: true }
    }
}

/// The repair; see the [module](self).
pub struct Gloss {
    held: String,
    /// Whether what is held is a window, and not only the begin of a line.
    in_window: bool,
    /// Bytes of the held line in which no gloss was found.
    searched: usize,
    at: Offsets,
    carried: Carried,
    /// Bytes since the last window.
    since: u64,
    options: GlossOptions,
    /// Built when there is a first window.
    mender: Option<Box<Mender>>,
}

/// The work space is not copied.
impl Clone for Gloss {
    fn clone(&self) -> Gloss {
        Gloss {
            held: self.held.clone(),
            in_window: self.in_window,
            searched: self.searched,
            at: self.at,
            carried: self.carried.clone(),
            since: self.since,
            options: self.options,
            mender: None,
        }
    }
}

impl Default for Gloss {
    fn default() -> Gloss {
        Gloss::new(GlossOptions::default())
    }
}

impl Gloss {
    /// A stage that does what `options` allow.
    pub fn new(options: GlossOptions) -> Gloss {
        Gloss {
            held: String::new(),
            in_window: false,
            searched: 0,
            at: Offsets::default(),
            carried: Carried::default(),
            since: 0,
            options,
            mender: None,
        }
    }

    /// Takes text while no window is open. Returns how many bytes were taken.
    fn idle(&mut self, input: &str, out: &mut String, sink: &mut dyn Sink) -> usize {
        let take = ceil(input, MOST_OF_LINE.saturating_sub(self.held.len()));
        let block = &input[..take];
        if self.held.is_empty() {
            // The common case: whole lines go from input to output.
            match scan::first(block, false) {
                Some(found) => {
                    let line = scan::last_line_end(&block[..found]).unwrap_or(0);
                    self.let_go(&block[..line], out);
                    self.held.push_str(&block[line..found]);
                    self.in_window = true;
                    found
                }
                None => {
                    let lines = scan::last_line_end(block).unwrap_or(0);
                    self.let_go(&block[..lines], out);
                    self.held.push_str(&block[lines..]);
                    self.searched = self.held.len();
                    self.cut_long(out);
                    take
                }
            }
        } else {
            // Only until the line ends: then the common case comes again.
            let end = memchr::memchr(b'\n', block.as_bytes()).map_or(take, |at| at + 1);
            self.held.push_str(&block[..end]);
            let from = ceil(&self.held, self.searched.saturating_sub(2 * scan::REACH));
            // Whether one mark or two stand before a comma makes a difference.
            let from = from - if self.held[..from].ends_with(LOST) { LOST.len_utf8() } else { 0 };
            if scan::first(&self.held[from..], false).is_some() {
                self.in_window = true;
                if self.held.ends_with('\n') && self.held.len() > WINDOW {
                    self.close(false, out, sink);
                }
            } else if self.held.ends_with('\n') {
                self.let_go_held(self.held.len(), out);
            } else {
                self.searched = self.held.len();
                self.cut_long(out);
            }
            end
        }
    }

    /// Lets go of a line that is too long and has shown nothing.
    fn cut_long(&mut self, out: &mut String) {
        if self.held.len() >= MOST_OF_LINE {
            self.let_go_held(floor(&self.held, LONG_LINE), out);
        }
    }

    fn let_go_held(&mut self, to: usize, out: &mut String) {
        let held = std::mem::take(&mut self.held);
        self.let_go(&held[..to], out);
        self.held = held;
        self.held.drain(..to);
        self.searched = self.held.len();
    }

    fn let_go(&mut self, text: &str, out: &mut String) {
        out.push_str(text);
        self.count(text.len());
    }

    /// Counts text that goes through.
    fn count(&mut self, len: usize) {
        self.at.input += len as u64;
        self.at.output += len as u64;
        self.since += len as u64;
        if self.since > FORGET {
            self.carried.clear();
        }
    }

    /// Takes text into the open window. Returns how many bytes were taken.
    fn window(&mut self, input: &str, out: &mut String, sink: &mut dyn Sink) -> usize {
        let until_soft = WINDOW.saturating_sub(self.held.len());
        let soft = ceil(input, until_soft);
        let hard = ceil(input, HARD.saturating_sub(self.held.len())).max(soft);
        let end = memchr::memchr(b'\n', &input.as_bytes()[soft..hard]).map(|at| soft + at + 1);
        let take = end.unwrap_or(hard);
        self.held.push_str(&input[..take]);
        if end.is_some() || self.held.len() >= HARD {
            self.close(false, out, sink);
        }
        take
    }

    /// Decides about the window.
    fn close(&mut self, end: bool, out: &mut String, sink: &mut dyn Sink) {
        let mut held = std::mem::take(&mut self.held);
        let lines: Vec<&str> = held.split_inclusive('\n').collect();
        let mut spots: Vec<Vec<_>> = lines.iter().map(|l| scan::spots(l).collect()).collect();
        for (lines, spots) in lines.windows(2).zip(spots[1..].iter_mut()) {
            scan::join(lines[0], spots);
        }
        let guess = self.options.guess;
        let mender = self.mender.get_or_insert_with(|| Box::new(Mender::new(guess)));
        let mut writer = Writer { at: &mut self.at, out, sink };
        for passage in passage::divide(&lines, &spots, &mut self.carried, &mut mender.index) {
            let (lines, spots) = (&lines[passage.lines.clone()], &spots[passage.lines.clone()]);
            if passage.rule.is_some() {
                mender.passage(&passage, lines, spots, end, &mut writer);
            } else {
                mender.unglossed(lines, spots, end, passage.doubtful, &mut writer);
            }
        }
        held.clear();
        self.held = held;
        self.in_window = false;
        self.searched = 0;
        self.since = 0;
    }
}

impl Stage for Gloss {
    type Input = str;
    type Output = String;

    fn push(&mut self, mut input: &str, out: &mut String, sink: &mut dyn Sink) {
        while !input.is_empty() {
            let taken = if self.in_window {
                self.window(input, out, sink)
            } else {
                self.idle(input, out, sink)
            };
            input = &input[taken..];
        }
    }

    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        if self.in_window || cut::first(&self.held, true).is_some() {
            self.close(true, out, sink);
        } else {
            out.push_str(&self.held);
            self.held.clear();
        }
        self.searched = 0;
        self.since = 0;
        self.at = Offsets::default();
        self.carried.clear();
    }

    fn held(&self) -> usize {
        self.held.len()
    }

    fn max_held(&self) -> usize {
        HARD + 4
    }
}

impl TextStage for Gloss {
    fn skim(&mut self, text: &str) -> Next {
        if self.in_window || !self.held.is_empty() {
            // What comes after the line, or the window, may pass.
            let from = if self.in_window { WINDOW.saturating_sub(self.held.len()) } else { 0 };
            let from = ceil(text, from);
            let end = memchr::memchr(b'\n', &text.as_bytes()[from..]);
            return Next::Push(end.map_or(text.len(), |end| from + end + 1));
        }
        let found = scan::first(text, false).unwrap_or(text.len());
        match scan::last_line_end(&text[..found]) {
            None | Some(0) => Next::Push(text.len()),
            Some(lines) => {
                self.count(lines);
                Next::Passed(lines)
            }
        }
    }

    fn pass(&mut self, text: &str) -> bool {
        let idle = !self.in_window && self.held.is_empty();
        if idle {
            self.count(text.len());
        }
        idle
    }

    fn passes(&self, whole: &str) -> bool {
        scan::first(whole, true).is_none()
    }
}

/// The last place at or before byte `at` where `text` can be cut.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

/// The first place at or after byte `at` where `text` can be cut.
fn ceil(text: &str, at: usize) -> usize {
    text.ceil_char_boundary(at.min(text.len()))
}
