//! Rewriting: the lines of glossed passages, and the events that tell of it.

use crate::event::{Event, Outcome, Repair, Sink};

use super::active::Active;
use super::fluency::{self, Cost, Script, Token};
use super::habits::Habits;
use super::lattice::{self, Decoders, Kind, Lattice, Step};
use super::passage::{self, Passage, Rule};
use super::scan::{Head, Spot};
use super::swallowed::Swallowed;
use super::{LOST, cut, gbk, list};

/// How much cheaper a line has to be with its pieces joined, where no gloss speaks for damage:
/// a `?` before a full-width mark is no rarity, what follows it in sound text is sound.
const LINE_GAIN: Cost = 25 * 8;
/// A run of so many characters or more that cost so much each is no text. Prose of any kind is
/// below 12 bits a character, what comes of reading bytes out of step above 16.
const NONSENSE_LEAST: Cost = 4;
/// See [`NONSENSE_LEAST`].
const NONSENSE: Cost = 14 * 8;
/// One character counts so much at most.
const NONSENSE_MOST: Cost = 24 * 8;
/// The same for all lines of the passage.
const PASSAGE_GAIN: Cost = 40 * 8;

/// Where a stage stands in its streams, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Offsets {
    pub(super) input: u64,
    pub(super) output: u64,
}

/// Copies text and changes it, keeping count.
pub(super) struct Writer<'w> {
    pub(super) at: &'w mut Offsets,
    pub(super) out: &'w mut String,
    pub(super) sink: &'w mut dyn Sink,
}

impl Writer<'_> {
    /// Text that stays.
    pub(super) fn copy(&mut self, text: &str) {
        self.out.push_str(text);
        self.at.input += text.len() as u64;
        self.at.output += text.len() as u64;
    }

    fn change(&mut self, rule: &'static str, outcome: Outcome, before: &str, after: &str) {
        let (input, output) = (self.at.input, self.at.output);
        self.sink
            .tell(|| Event::change(Repair::Gloss, rule, outcome, input, output, before, after));
        self.out.push_str(after);
        self.at.input += before.len() as u64;
        self.at.output += after.len() as u64;
    }

    fn mark(&mut self, rule: &'static str, reason: &'static str, text: &str) {
        let (input, output) = (self.at.input, self.at.output);
        self.sink.tell(|| Event::unrepaired(Repair::Gloss, rule, reason, input, output, text));
    }
}

/// What mending takes, kept for reuse.
pub(super) struct Mender {
    guess: bool,
    /// For [`passage::divide`].
    pub(super) index: passage::Index,
    active: Active,
    swallowed: Swallowed,
    habits: Habits,
    lattice: Lattice,
    steps: Vec<Step>,
}

impl Mender {
    /// A mender that restores lost bytes by likelihood, or leaves U+FFFD in their place.
    pub(super) fn new(guess: bool) -> Mender {
        Mender {
            guess,
            index: passage::Index::new(),
            active: Active::new(),
            swallowed: Swallowed::new(),
            habits: Habits::default(),
            lattice: Lattice::default(),
            steps: Vec::new(),
        }
    }

    /// Writes the lines of a glossed passage, mended. `end` says that nothing follows them.
    pub(super) fn passage(
        &mut self,
        passage: &Passage,
        lines: &[&str],
        spots: &[Vec<Spot<'_>>],
        end: bool,
        writer: &mut Writer<'_>,
    ) {
        if passage.rule == Some(Rule::Toneless) {
            for (line, spots) in lines.iter().zip(spots) {
                remove(
                    line,
                    spots.iter().filter(|s| passage::is_toneless(s)),
                    |_| "toneless",
                    writer,
                );
            }
            return;
        }
        let free = passage.rule == Some(Rule::Free);
        let seen = passage.slots.iter().filter(|s| {
            let all = s.glossed > 9 * s.bare && !s.varies;
            let listed = list::has(s.character, &s.reading);
            s.glossed > 0 && (listed || all) && (listed || free || !gbk::in_gb2312(s.character))
        });
        let script = script(seen.clone().map(|s| (s.character, s.glossed)));
        let bare = |c| {
            passage.slots.iter().any(|s| s.character == c && s.glossed == 0 && s.bare_beside > 0)
        };
        self.active.set(seen.map(|s| (s.character, &*s.reading)), bare);
        let mut decoders = decoders(spots);
        let mut cut: Vec<bool> = lines.iter().map(|l| cut::is_marked(l)).collect();
        if cut.contains(&true) {
            decoders = with_cuts(decoders, lines);
        }
        if decoders.drops {
            for (line, cut) in lines.iter().zip(&mut cut) {
                *cut |= cut::silent(line).next().is_some();
            }
            decoders.splits |= cut.contains(&true);
        }
        let strange = |s: &Spot<'_>| s.toned && !self.aligned(s) && self.is_orphan(s);
        let hurt: Vec<bool> =
            spots.iter().zip(&cut).map(|(s, cut)| *cut || s.iter().any(strange)).collect();
        if hurt.contains(&true) {
            let sound = || without_glosses(lines, spots, &hurt);
            if decoders.swallows {
                self.swallowed.learn(sound(), ends_with_two_bytes(lines));
            }
            self.habits.learn(sound());
        }
        for (i, (line, spots)) in lines.iter().zip(spots).enumerate() {
            if spots.is_empty() && !hurt[i] {
                writer.copy(line);
            } else if !hurt[i] {
                remove(
                    line,
                    spots.iter().filter(|s| self.aligned(s)),
                    |s| rule_of(s.owner),
                    writer,
                );
            } else {
                let passage = lattice::Passage {
                    active: &self.active,
                    swallowed: &self.swallowed,
                    decoders,
                    script,
                    habits: &self.habits,
                };
                let end = end && i + 1 == lines.len();
                // That of the character that the line before ends with.
                let first = spots.first().filter(|s| s.start == 0 && self.aligned(s));
                let line = first.map_or(*line, |gloss| {
                    writer.change(rule_of(gloss.owner), Outcome::Sure, &line[..gloss.end], "");
                    &line[gloss.end..]
                });
                self.lattice.read(line, end, passage, &mut self.steps);
                // A cut that makes no text would take the glosses behind it along: then there was none.
                if decoders.splits && gives_up(&self.steps, self.guess) {
                    let decoders = Decoders { splits: false, ..decoders };
                    let (uncut, mut steps) = (lattice::Passage { decoders, ..passage }, Vec::new());
                    self.lattice.read(line, end, uncut, &mut steps);
                    if !gives_up(&steps, self.guess) {
                        self.steps = steps;
                    }
                }
                self.rewrite(line, writer);
            }
        }
    }

    /// Writes the lines of a passage that is not glossed: what was cut at punctuation is put
    /// together again, if that makes much better text of enough of it.
    pub(super) fn unglossed(
        &mut self,
        lines: &[&str],
        spots: &[Vec<Spot<'_>>],
        end: bool,
        doubtful: bool,
        writer: &mut Writer<'_>,
    ) {
        let cut = cut_lines(lines);
        let mut gains = vec![0; lines.len()];
        if cut.contains(&true) {
            self.active.set(std::iter::empty(), |_| true);
            let sound = || without_glosses(lines, spots, &cut);
            let script = telling(lines);
            let decoders = with_cuts(Decoders::default(), lines);
            if decoders.swallows {
                self.swallowed.learn(sound(), ends_with_two_bytes(lines));
            }
            self.habits.learn(sound());
            let (active, swallowed, habits) = (&self.active, &self.swallowed, &self.habits);
            let joined = lattice::Passage { active, swallowed, decoders, script, habits };
            let as_is = lattice::Passage { decoders: Decoders::default(), ..joined };
            for (i, line) in lines.iter().enumerate().filter(|(i, _)| cut[*i]) {
                let end = end && i + 1 == lines.len();
                let before = self.lattice.cost(line, end, as_is, &mut self.steps);
                let after = self.lattice.cost(line, end, joined, &mut self.steps);
                gains[i] = before.saturating_sub(after);
            }
            let enough = gains.iter().sum::<Cost>() >= PASSAGE_GAIN;
            for (i, line) in lines.iter().enumerate() {
                if enough && gains[i] >= LINE_GAIN {
                    self.lattice.cost(line, end && i + 1 == lines.len(), joined, &mut self.steps);
                    self.rewrite(line, writer);
                } else {
                    writer.copy(line);
                }
            }
        } else if doubtful {
            for (line, spots) in lines.iter().zip(spots) {
                let mut from = 0;
                for spot in spots.iter().filter(|s| is_listed(s)) {
                    writer.copy(&line[from..spot.start]);
                    writer.mark("list", "too few to tell", &line[spot.start..spot.end]);
                    from = spot.start;
                }
                writer.copy(&line[from..]);
            }
        } else {
            lines.iter().for_each(|l| writer.copy(l));
        }
    }

    /// Whether a gloss belongs to a pair that two characters form: one of the list, or one that this
    /// passage glosses.
    fn is_orphan(&self, spot: &Spot<'_>) -> bool {
        let last = spot.owner.filter(|c| !c.is_ascii()).and_then(gbk::encode).map(|p| p[1]);
        passage::is_orphan(spot)
            || last.is_some_and(|last| self.active.seconds(last, spot.reading).next().is_some())
    }

    fn aligned(&self, spot: &Spot<'_>) -> bool {
        spot.head == Head::Whole
            && !spot.chained
            && spot
                .owner
                .and_then(gbk::encode)
                .and_then(|p| self.active.at(p))
                .is_some_and(|e| e.reading == spot.reading)
    }

    /// A line as the lattice read it.
    fn rewrite(&self, line: &str, writer: &mut Writer<'_>) {
        let mut clean = 0;
        let mut last = None;
        let mut run: Option<Run> = None;
        for step in &self.steps {
            if run.is_none() {
                if step.stays() {
                    last = step.chars[0];
                    continue;
                }
                writer.copy(&line[clean..step.from]);
                if step.kind == Kind::Aligned {
                    writer.change(rule_of(last), Outcome::Sure, &line[step.from..step.to], "");
                    clean = step.to;
                    continue;
                }
            }
            let held = run.get_or_insert_with(|| Run::new(step.from));
            held.take(step, self.guess);
            if step.in_step {
                let run = run.take().unwrap_or_else(|| Run::new(step.from));
                let kind = run.verdict();
                let Run { from, text, .. } = run;
                last = text.chars().next_back();
                let before = &line[from..step.to];
                match kind {
                    Kind::GivenUp => {
                        writer.mark("misaligned", "the bytes of the run fit no text", before);
                        writer.copy(before);
                    }
                    Kind::Lost if self.guess => {
                        writer.change("misaligned", Outcome::Guess, before, &text)
                    }
                    Kind::Lost => {
                        writer.mark("misaligned", "a byte was lost and is not guessed", before);
                        writer.change("misaligned", Outcome::Sure, before, &text);
                    }
                    _ => writer.change("misaligned", Outcome::Sure, before, &text),
                }
                clean = step.to;
            }
        }
        writer.copy(&line[clean..]);
    }
}

/// Whether lines end with CR LF, but for those whose CR may be gone.
fn ends_with_two_bytes(lines: &[&str]) -> bool {
    let two = lines.iter().filter(|line| line.ends_with("\r\n")).count();
    two > 0
        && lines
            .iter()
            .all(|line| line.ends_with("\r\n") || !line.ends_with('\n') || line.ends_with("?\n"))
}

/// Whether a gloss gives a character of the list the reading that the list has.
fn is_listed(spot: &Spot<'_>) -> bool {
    spot.head == Head::Whole && spot.owner.is_some_and(|c| list::has(c, spot.reading))
}

/// Whether a run of a line is left because nothing fits it.
fn gives_up(steps: &[Step], guess: bool) -> bool {
    let mut run: Option<Run> = None;
    steps.iter().any(|step| {
        if run.is_none() && (step.stays() || step.kind == Kind::Aligned) {
            return false;
        }
        run.get_or_insert_with(|| Run::new(step.from)).take(step, guess);
        step.in_step && run.take().is_some_and(|run| run.verdict() == Kind::GivenUp)
    })
}

/// Whether the text of a run is none: then what stands there came about otherwise, and stays.
fn is_nonsense(text: &str) -> bool {
    let table = fluency::table();
    let (mut before, mut all, mut count) = (Token::UNKNOWN, 0, 0);
    for c in text.chars() {
        let token = table.token(c);
        // `！！！！` is rare in newspapers, but no nonsense.
        if token != before {
            all += table.cost(before, c, Script::Naive).min(NONSENSE_MOST);
            count += 1;
        }
        before = token;
    }
    count >= NONSENSE_LEAST && all >= NONSENSE * count
}

/// Whether the text of a run has a private character, or is by half of such as no text of the training has: then what
/// was lost is not to be guessed.
fn is_strange(text: &str) -> bool {
    let table = fluency::table();
    let unknown = |c: &char| !c.is_ascii() && *c != LOST && table.token(*c) == Token::UNKNOWN;
    let (unknown, all) = (text.chars().filter(unknown).count(), text.chars().count());
    unknown > 0 && unknown * 2 >= all || text.contains(|c| matches!(c, '\u{E000}'..='\u{F8FF}'))
}

/// Which lines of sound text may show damage by cutting.
fn cut_lines(lines: &[&str]) -> Vec<bool> {
    lines.iter().map(|l| cut::is_told(l)).collect()
}

/// The marks that the cuts show, beside those of the glosses.
fn with_cuts(mut decoders: Decoders, lines: &[&str]) -> Decoders {
    decoders.splits = true;
    let replaced = lines.iter().any(|l| l.contains('\u{FFFD}'));
    decoders.replaces |= replaced && !decoders.swallows;
    decoders.swallows |= !decoders.replaces;
    decoders
}

/// The script of a text by the characters that only one has.
fn telling(lines: &[&str]) -> Script {
    let all = || lines.iter().flat_map(|l| l.chars()).filter_map(|c| fluency::table().telling(c));
    let simplified = all().filter(|&s| s == Script::Simplified).count();
    if simplified * 2 > all().count() { Script::Simplified } else { Script::Naive }
}

/// Writes a line without some of its glosses.
fn remove<'s, 't: 's>(
    line: &str,
    spots: impl Iterator<Item = &'s Spot<'t>>,
    rule: impl Fn(&Spot<'_>) -> &'static str,
    writer: &mut Writer<'_>,
) {
    let mut from = 0;
    for spot in spots {
        writer.copy(&line[from..spot.start]);
        writer.change(rule(spot), Outcome::Sure, &line[spot.start..spot.end], "");
        from = spot.end;
    }
    writer.copy(&line[from..]);
}

/// A stretch of a line in which damaged and clean text are out of step.
struct Run {
    from: usize,
    text: String,
    kind: Kind,
}

impl Run {
    fn new(from: usize) -> Run {
        Run { from, text: String::new(), kind: Kind::Misaligned }
    }

    fn take(&mut self, step: &Step, guess: bool) {
        let lost = step.kind == Kind::Lost;
        match (lost && !guess, step.chars) {
            (true, [Some(_), more]) => {
                self.text.push(LOST);
                self.text.extend(more.map(|_| LOST));
            }
            (_, chars) => self.text.extend(chars.into_iter().flatten()),
        }
        if step.kind == Kind::GivenUp || (lost && self.kind != Kind::GivenUp) {
            self.kind = step.kind;
        }
    }

    /// What its kind comes to, with its text looked at.
    fn verdict(&self) -> Kind {
        match self.kind {
            Kind::Lost if is_strange(&self.text) => Kind::GivenUp,
            _ if is_nonsense(&self.text) => Kind::GivenUp,
            kind => kind,
        }
    }
}

fn rule_of(owner: Option<char>) -> &'static str {
    if owner.is_some_and(|c| list::of(c).is_some()) { "list" } else { "list-free" }
}

/// The script of a passage: that of the characters it glosses.
fn script(glossed: impl Iterator<Item = (char, u32)>) -> Script {
    let (mut simplified, mut other) = (0, 0);
    for (c, count) in glossed {
        *if gbk::in_gb2312(c) { &mut simplified } else { &mut other } += count;
    }
    if simplified > other { Script::Simplified } else { Script::Naive }
}

/// What the passage shows of its decoder.
fn decoders(spots: &[Vec<Spot<'_>>]) -> Decoders {
    let mut found = Decoders::default();
    let mut bare = false;
    for spot in spots.iter().flatten().filter(|s| s.toned) {
        match spot.head {
            Head::Swallowed => found.swallows |= passage::is_orphan(spot),
            Head::Replaced => found.replaces = true,
            Head::Whole => {
                let own = |c| {
                    list::has(c, spot.reading)
                        || list::agrees(c, spot.reading, true)
                        || c.is_ascii()
                };
                bare |= !spot.owner.is_some_and(own) && passage::is_orphan(spot);
            }
        }
    }
    found.drops = bare && !found.swallows && !found.replaces;
    found
}

/// The text of the lines that are not `hurt`, without their glosses.
fn without_glosses<'t>(
    lines: &'t [&'t str],
    spots: &'t [Vec<Spot<'t>>],
    hurt: &'t [bool],
) -> impl Iterator<Item = &'t str> + 't {
    let sound = lines.iter().zip(spots).zip(hurt).filter(|(_, hurt)| !**hurt);
    sound.flat_map(|((line, spots), _)| {
        let starts = std::iter::once(0).chain(spots.iter().map(|s| s.end));
        let ends = spots.iter().map(|s| s.start).chain(std::iter::once(line.len()));
        starts.zip(ends).filter_map(|(from, to)| line.get(from..to))
    })
}
