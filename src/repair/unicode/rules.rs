//! The rules, one function each.

use super::around::{
    AROUND, Passage, head, is_cjk, is_han, is_invisible, is_mark, is_plain, is_radical, is_shared,
    tail,
};
use super::{description, private, small, tables};
use crate::event::Outcome;
use crate::repair::local::{Candidate, Verdict};

/// How long a run of characters of one kind is looked at, in bytes.
const RUN: usize = AROUND;

/// So many bytes behind a NUL another divides fields, or names of files. The view has as many, and the NUL.
const BETWEEN: usize = RUN + AROUND - 1;

/// Radicals in a row that, if they are also neighbours in the code chart, are a list of them.
const LIST: usize = 3;

/// So much Han around, without radicals, and a radical stands in text.
const IN_TEXT: u32 = 6;

/// So many quotation marks, dashes and ellipses stand in a row: `……”——“`.
const MARKS: usize = 6;

/// Words after which radicals are spoken of.
const SPOKEN_OF: [&str; 6] = ["部首", "偏旁", "部件", "字根", "字旁", "Radical"];

/// What follows a radical that is named: `⽊部`, `⼈字旁`.
const NAMED: [&str; 5] = ["字旁", "字底", "字头", "字頭", "旁"];

/// What one decision leaves for the next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Carried {
    /// Where a run of invisible characters was left off, what came before it, and whether it is so long that it has no
    /// meaning.
    run: Option<(u64, Option<char>, bool)>,
}

/// Decides about the character that the view starts with.
pub(super) fn decide(candidate: &Candidate<'_>, carried: &mut Carried) -> Verdict {
    // Everything is decided with the whole passage at hand: that is one condition for all rules.
    if !candidate.closed && candidate.view.len() < RUN + AROUND {
        return Verdict::More;
    }
    let Some(c) = candidate.view.chars().next() else { return Verdict::Stay(0) };
    let spot = Spot { before: candidate.before, c, view: candidate.view };
    let change = match c {
        '\0' => spot.nul(),
        '\u{80}'..='\u{9F}' => spot.control(),
        '\u{2E80}'..='\u{2FD5}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}'
            if description::goes_on(spot.before) =>
        {
            None
        }
        '\u{2E80}'..='\u{2FD5}' => spot.radical(),
        '\u{E000}'..='\u{F8FF}' => spot.private_use(),
        '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => spot.compatibility(),
        '\u{FE50}'..='\u{FE6F}' => spot.small_form(),
        c if is_invisible(c) => {
            let (previous, long) = match carried.run {
                Some((end, previous, long)) if end == candidate.position => (previous, long),
                _ => (spot.previous(), false),
            };
            let verdict = spot.invisible(candidate.position, previous, long);
            if let Verdict::Stay(len) | Verdict::Change { len, .. } = verdict {
                let long = long || fills_the_look(len);
                carried.run = Some((candidate.position + len as u64, previous, long));
            }
            return verdict;
        }
        _ => None,
    };
    match change {
        Some((after, rule, outcome)) => Verdict::Change { len: c.len_utf8(), after, rule, outcome },
        None => Verdict::Stay(c.len_utf8()),
    }
}

type Change = Option<(String, &'static str, Outcome)>;

/// A character and what stands around it.
#[derive(Clone, Copy)]
struct Spot<'a> {
    before: &'a str,
    c: char,
    view: &'a str,
}

impl<'a> Spot<'a> {
    /// What comes before, but for what cannot be seen.
    fn previous(&self) -> Option<char> {
        last_seen(self.before)
    }

    fn after(&self) -> &'a str {
        &self.view[self.c.len_utf8()..]
    }

    /// What comes next, but for what cannot be seen.
    fn next(&self) -> Option<char> {
        first_seen(self.after())
    }

    fn passage(&self) -> Passage {
        Passage::of(self.before, self.after())
    }

    fn nul(&self) -> Change {
        let sides = [self.previous(), self.next()];
        let some = sides.into_iter().flatten().any(is_cjk);
        let alone = sides.into_iter().flatten().all(is_plain);
        // Where there are more, they stand between names.
        let more = [tail(self.before, BETWEEN), head(self.after(), BETWEEN)]
            .into_iter()
            .any(|text| text.contains('\0'));
        (some && alone && !more).then(|| (String::new(), "nul", Outcome::Sure))
    }

    fn control(&self) -> Change {
        let mapped = tables::cp1252(self.c)?;
        // A dash or an ellipsis is two of the same. Quotation marks stand beside these, which is as likely a piece of text
        // that was read as another encoding, unless the row is short and in Chinese.
        let sides_of = |run: fn(char) -> bool, own: char| {
            let (near, here) = (tail(self.before, RUN), head(self.after(), RUN));
            let left = near.trim_end_matches(|c| c == own || run(c));
            let right = here.trim_start_matches(|c| c == own || run(c));
            let len = near.len() - left.len() + here.len() - right.len() + own.len_utf8();
            ([last_seen(left), first_seen(right)], len)
        };
        let (mut sides, _) = sides_of(|_| false, self.c);
        let ends_line = sides[1].is_none_or(char::is_whitespace);
        if is_marks(self.c) {
            let (around, len) = sides_of(is_marks, self.c);
            let chinese = around.into_iter().flatten().any(is_cjk);
            if chinese && len <= MARKS * self.c.len_utf8() {
                sides = around;
            }
        }
        // Beside Latin-1 it is a byte of text that was read as another encoding; that is not
        // undone by the character.
        let latin =
            |c: char| matches!(c, '\u{80}'..='\u{9F}' | '\u{A1}'..='\u{B6}' | '\u{B8}'..='\u{FF}');
        if sides.into_iter().flatten().any(latin) {
            return None;
        }
        match self.c {
            // NEL ends a line in text from mainframes.
            '\u{85}' if ends_line => None,
            // Commands to a terminal.
            '\u{90}' | '\u{9B}' | '\u{9D}' if self.next().is_some_and(|c| c.is_ascii()) => None,
            _ => {
                let sure = self.c != '\u{85}' && sides.into_iter().flatten().any(is_cjk);
                let outcome = if sure { Outcome::Sure } else { Outcome::Guess };
                Some((mapped.to_string(), "control", outcome))
            }
        }
    }

    fn radical(&self) -> Change {
        let whole = tables::radical(self.c)?;
        let skip = |c: &char| is_radical(*c) || is_invisible(*c);
        let near = tail(self.before, RUN);
        let before = near.trim_end_matches(|c| skip(&c));
        let after = self.after().trim_start_matches(|c| skip(&c));
        let row: Vec<char> = near[before.len()..]
            .chars()
            .chain(head(self.view, RUN).chars().take_while(skip))
            .filter(|&c| is_radical(c))
            .collect();
        let chart = row.windows(2).all(|w| w[1] as u32 == w[0] as u32 + 1);
        if row.len() >= LIST && chart {
            return None;
        }
        let spoken = |text: &str| SPOKEN_OF.iter().any(|word| text.contains(word));
        if spoken(tail(before, RUN / 2)) || spoken(head(after, RUN / 4)) {
            return None;
        }
        let named = NAMED.iter().any(|name| after.starts_with(name))
            || after.strip_prefix('部').is_some_and(|rest| !rest.starts_with(is_han));
        let (previous, next) = (before.chars().next_back(), after.chars().next());
        if named && !previous.is_some_and(is_han) {
            return None;
        }
        // `水部⽔`, `⼀ 一`: the character stands beside it, and it is the radical that is meant.
        let beside = [before.chars().nth_back(1), after.chars().nth(1)];
        if row.len() == 1 && beside.contains(&Some(whole)) {
            return None;
        }
        // In text, the run touches other characters; in a table or list it does not.
        let touches = [previous, next].into_iter().flatten().any(is_han);
        // `7⽉20⽇`, with Chinese around.
        let numbered = previous.is_some_and(|c| c.is_ascii_digit());
        let passage = self.passage();
        // `⼈、⼝、⼿` is a list; `⼀、他说` is not.
        let divides = |c: char| is_mark(c) || c.is_whitespace() || c.is_ascii_punctuation();
        let list = before.trim_end_matches(divides).ends_with(is_radical)
            || after.trim_start_matches(divides).starts_with(is_radical);
        let text = row.len() > 1 && passage.marks > 0
            || numbered && passage.han > 0
            || passage.han >= IN_TEXT && !list;
        if !touches && !text {
            return None;
        }
        Some((whole.to_string(), "radical", Outcome::Sure))
    }

    fn compatibility(&self) -> Change {
        let unified = tables::unified(self.c)?;
        let beside = [self.previous(), self.next()].into_iter().flatten().any(is_cjk);
        (beside && self.passage().other == 0)
            .then(|| (unified.to_string(), "compatibility", Outcome::Sure))
    }

    fn private_use(&self) -> Change {
        let (previous, next) = (self.previous(), self.next());
        // A3A0, of which old mappings made U+E5E5: a full-width space, often two at the start of a
        // paragraph.
        if self.c == '\u{E5E5}' {
            let two =
                previous == Some(self.c) || next == Some(self.c) || previous == Some('\u{3000}');
            let between = previous.is_some_and(is_cjk) && next.is_some_and(is_cjk);
            let han = head(self.after(), 12).chars().any(is_cjk) || previous.is_some_and(is_cjk);
            return (han && (two || between))
                .then(|| ("\u{3000}".to_owned(), "private-gbk", Outcome::Guess));
        }
        let gbk = private::gbk(self.c);
        let hkscs = private::hkscs(self.c);
        if gbk.is_none() && hkscs.is_none() {
            return None;
        }
        // Icon fonts use the same points: a character of the text stands within a sentence.
        let inside = previous.is_some_and(is_cjk)
            && next.is_some_and(is_cjk)
            && [previous, next].into_iter().flatten().any(is_han);
        let passage = self.passage();
        if !inside || passage.marks == 0 || passage.other > 0 {
            return None;
        }
        let (mapped, rule) = if passage.simplified > passage.traditional {
            (gbk?, "private-gbk")
        } else if passage.traditional > passage.simplified {
            (hkscs?, "private-hkscs")
        } else {
            return None;
        };
        Some((mapped.to_string(), rule, Outcome::Guess))
    }

    fn small_form(&self) -> Change {
        let full = tables::full_width(self.c)?;
        if small::is_listed(self.before, self.view) {
            return None;
        }
        let opens = matches!(self.c, '﹙' | '﹛' | '﹝');
        let fits = if let Some(pair) = small::pair(self.before, self.view) {
            // Both of a pair go, or none.
            pair.inside.into_iter().flatten().any(is_cjk)
                || pair.outside.into_iter().flatten().any(is_han)
        } else if opens {
            self.next().is_some_and(is_cjk)
        } else {
            // `﹗﹗` counts by what comes before both.
            let small = |c| tables::full_width(c).is_some() || is_invisible(c);
            let previous = last_seen(tail(self.before, RUN).trim_end_matches(small));
            previous.is_some_and(is_cjk)
                || previous.is_some_and(|c| c.is_ascii_alphanumeric())
                    && self.next().is_some_and(is_han)
        };
        fits.then(|| (full.to_string(), "small-form", Outcome::Sure))
    }

    /// A run of characters that cannot be seen, taken out as one.
    /// `long` says that it is the rest of one that was longer than what is looked at.
    fn invisible(&self, position: u64, previous: Option<char>, long: bool) -> Verdict {
        let run: String = head(self.view, RUN).chars().take_while(|&c| is_invisible(c)).collect();
        let stay = Verdict::Stay(run.len());
        let after = &self.view[run.len()..];
        let next = first_seen(after);
        // The start of the text is where a byte order mark belongs.
        if position == 0 && self.c == '\u{FEFF}' {
            return Verdict::Stay(self.c.len_utf8());
        }
        let plain = |c: Option<char>| c.is_none_or(is_plain);
        if !plain(previous) || !plain(next) {
            return stay;
        }
        let beside = [previous, next].into_iter().flatten().any(is_cjk);
        let rule = match self.c {
            '\u{FEFF}' if !beside => "bom",
            '\u{AD}' => "soft-hyphen",
            '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => "bidi",
            _ => "zero-width",
        };
        let evidence = match rule {
            "bom" => true,
            // So many in a row are a mark that somebody hid, whatever stands behind them.
            _ if long || fills_the_look(run.len()) => Passage::of(self.before, after).rtl == 0,
            // `2019 年 5 月`, with a mark before each number.
            "bidi" => {
                (beside || number_in_han(self.before, after))
                    && Passage::of(self.before, after).rtl == 0
            }
            _ if run.contains('\u{200D}') => {
                previous.is_some_and(is_han) && next.is_some_and(is_han)
            }
            // Quotation marks, dashes and dots are those of other languages, too.
            _ => [previous, next].into_iter().flatten().any(|c| is_cjk(c) && !is_shared(c)),
        };
        if !evidence {
            return stay;
        }
        Verdict::Change { len: run.len(), after: String::new(), rule, outcome: Outcome::Sure }
    }
}

/// The controls that are quotation marks, dashes and the ellipsis in windows-1252.
fn is_marks(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{91}'..='\u{94}' | '\u{96}' | '\u{97}')
}

/// Whether a run of so many bytes may go on behind what is looked at.
fn fills_the_look(len: usize) -> bool {
    len + '\u{200B}'.len_utf8() > RUN
}

fn last_seen(text: &str) -> Option<char> {
    tail(text, RUN).chars().rev().find(|&c| !is_invisible(c))
}

fn first_seen(text: &str) -> Option<char> {
    head(text, RUN).chars().find(|&c| !is_invisible(c))
}

/// Whether a number, with what cannot be seen in it, leads from here to Han.
fn number_in_han(before: &str, after: &str) -> bool {
    let passes = |c: &char| c.is_ascii_digit() || is_invisible(*c) || " :-/.".contains(*c);
    let han = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_mark(c));
    han(head(after, RUN / 2).chars().find(|c| !passes(c)))
        || han(tail(before, RUN / 2).chars().rev().find(|c| !passes(c)))
}
