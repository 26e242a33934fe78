//! Measures the gloss repair: corrupts a text by the forward model, mends it, and counts.
//!
//! ```text
//! cargo run --release --example gloss_figures -- FILE [PARAGRAPHS-A-DOCUMENT] [MOST-DOCUMENTS] [--split] [--list N] [--show N] [--speed]
//! ```
//!
//! FILE is clean Simplified text, a paragraph a line. A row for each length of the list and each
//! decoder: documents exact; of the paragraphs that glosses misplaced, how many are exact after;
//! paragraphs that were not hurt and are wrong after; glosses left; repairs called sure that are
//! wrong. With `--speed` nothing is counted: how fast the stage goes over the clean text and the
//! damaged ones (median of seven rounds, in turn).

use std::process::ExitCode;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use hanmend::event::{Collect, Outcome, Silent};
use hanmend::repair::Gloss;
use hanmend::stage::Stage;

#[path = "../tests/support/calibration.rs"]
mod calibration;
#[path = "../tests/support/gloss_model.rs"]
mod gloss_model;
use gloss_model::{READERS, Random, Reader};

#[derive(Default)]
struct Count {
    documents: usize,
    exact: usize,
    hurt: usize,
    mended: usize,
    plain: usize,
    plain_wrong: usize,
    worse: usize,
    sure: calibration::Tally,
    guess: calibration::Tally,
}

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let split =
        arguments.iter().position(|a| a == "--split").map(|i| arguments.remove(i)).is_some();
    let fast = arguments.iter().position(|a| a == "--speed").map(|i| arguments.remove(i)).is_some();
    let show = arguments.iter().position(|a| a == "--show").map_or(0, |i| {
        arguments.remove(i);
        arguments.remove(i).parse().unwrap_or(0)
    });
    let lists = arguments.iter().position(|a| a == "--list").map_or(0, |i| {
        arguments.remove(i);
        arguments.remove(i).parse().unwrap_or(0)
    });
    let Some(Ok(text)) = arguments.first().map(std::fs::read_to_string) else {
        eprintln!(
            "usage: gloss_figures FILE [PARAGRAPHS] [DOCUMENTS] [--split] [--list N] [--show N] [--speed]"
        );
        return ExitCode::from(2);
    };
    let number =
        |i: usize, otherwise| arguments.get(i).and_then(|a| a.parse().ok()).unwrap_or(otherwise);
    let (paragraphs, most) = (number(1, 20), number(2, 200));
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    let documents: Vec<String> = lines
        .chunks(paragraphs)
        .take(most)
        .map(|c| gloss_model::gbk_only(&gloss_model::naive_traditional(&c.join("\n"))) + "\n")
        .collect();

    if fast {
        speed(&documents, split);
        return ExitCode::SUCCESS;
    }
    let changed = documents.iter().filter(|d| mend(d).0 != **d).count();
    println!("clean documents changed: {changed} of {}", documents.len());
    println!(
        "{:>4} {:8} {:>12} {:>18} {:>7} {:>14} {:>6} {:>14} {:>11}",
        "list",
        "decoder",
        "documents",
        "hurt paragraphs",
        "",
        "other wrong",
        "worse",
        "sure, wrong",
        "guess, wrong"
    );
    let counts: Vec<usize> = match lists {
        0 => vec![1, 8, 30, 70, 144],
        count => vec![count],
    };
    let mut shown = 0;
    for count in counts {
        for reader in READERS {
            let mut sum = Count::default();
            for (i, document) in documents.iter().enumerate() {
                one(
                    document,
                    count,
                    reader,
                    split,
                    i as u64,
                    &mut sum,
                    |clean, damaged, mended| {
                        if shown < show {
                            shown += 1;
                            println!(
                                "--- {reader:?} {count}\nclean   {clean}\ndamaged {damaged}\nmended  {mended}"
                            );
                        }
                    },
                );
            }
            println!(
                "{count:>4} {:8} {:>5}/{:<6} {:>8}/{:<8} {:>6.2}% {:>6}/{:<7} {:>6} {:>14} {:>11}",
                format!("{reader:?}").to_lowercase(),
                sum.exact,
                sum.documents,
                sum.mended,
                sum.hurt,
                100.0 * sum.mended as f64 / sum.hurt.max(1) as f64,
                sum.plain_wrong,
                sum.plain,
                sum.worse,
                format!("{}/{}", sum.sure.wrong(), sum.sure.all),
                format!("{}/{}", sum.guess.wrong(), sum.guess.all),
            );
            if show > 0 {
                println!("sure {}\nguess {}", sum.sure, sum.guess);
            }
        }
    }
    ExitCode::SUCCESS
}

fn one(
    clean: &str,
    count: usize,
    reader: Reader,
    split: bool,
    seed: u64,
    sum: &mut Count,
    mut show: impl FnMut(&str, &str, &str),
) {
    let order = gloss_model::order(count, &mut Random::new(seed));
    let bytes = gloss_model::insert(clean, &order);
    let damaged = if split {
        gloss_model::read_split(reader, &bytes)
    } else {
        gloss_model::read(reader, &bytes)
    };
    let (mended, events) = mend(&damaged);
    sum.documents += 1;
    sum.exact += usize::from(mended == clean);
    for (event, right) in calibration::judge(clean, &mended, &events.events) {
        let tally = if event.outcome == Outcome::Guess { &mut sum.guess } else { &mut sum.sure };
        tally.count(right, event);
    }
    // Which clean paragraphs the mended text has, in order.
    let pieces: Vec<&str> = mended.split('\n').collect();
    let (mut at, mut missed) = (0, 0);
    for paragraph in clean.lines() {
        let found = pieces[at..].iter().take(6 + missed).position(|p| *p == paragraph);
        let aligned = order.iter().fold(paragraph.to_owned(), |text, (c, reading)| {
            text.replace(*c, &format!("{c}({reading})"))
        });
        let bytes = gloss_model::insert(&format!("{paragraph}\n"), &order);
        let alone = if split {
            gloss_model::read_split(reader, &bytes)
        } else {
            gloss_model::read(reader, &bytes)
        };
        let hurt = alone.trim_end_matches('\n') != aligned || !alone.ends_with('\n');
        if hurt {
            sum.hurt += 1;
            sum.mended += usize::from(found.is_some());
        } else {
            sum.plain += 1;
            sum.plain_wrong += usize::from(found.is_none());
        }
        // Worse: a paragraph that was right before and is not now.
        sum.worse += usize::from(found.is_none() && damaged.lines().any(|l| l == paragraph));
        match found {
            Some(found) => (at, missed) = (at + found + 1, 0),
            // Two paragraphs may have become one: the place stays.
            None => {
                let near = pieces.get(at + missed).copied().unwrap_or("");
                show(paragraph, alone.trim_end_matches('\n'), near);
                missed += 1;
            }
        }
    }
}

fn mend(text: &str) -> (String, Collect) {
    let (mut stage, mut out, mut sink) = (Gloss::default(), String::new(), Collect::default());
    stage.push(text, &mut out, &mut sink);
    stage.finish(&mut out, &mut sink);
    (out, sink)
}

/// The processor time of this thread where the system tells it, so that other programs disturb
/// less; otherwise the time on the clock.
fn clock() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let thread = || -> Option<u64> {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        stat.split(' ').next()?.parse().ok()
    };
    thread().map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// Megabytes of input a second, for the clean text and for each decoder's.
fn speed(documents: &[String], split: bool) {
    let mut texts = vec![("clean".to_owned(), documents.concat())];
    for reader in READERS {
        let damaged = documents.iter().enumerate().map(|(i, document)| {
            let order = gloss_model::order(144, &mut Random::new(i as u64));
            let bytes = gloss_model::insert(document, &order);
            if split {
                gloss_model::read_split(reader, &bytes)
            } else {
                gloss_model::read(reader, &bytes)
            }
        });
        texts.push((format!("{reader:?}").to_lowercase(), damaged.collect()));
    }
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); texts.len()];
    let (mut stage, mut out) = (Gloss::default(), String::new());
    for _ in 0..7 {
        for ((name, text), times) in texts.iter().zip(&mut times) {
            // The kernel counts no finer than a tick: what is fast is done often.
            let often = if name == "clean" { 64 } else { 1 };
            let start = clock();
            for _ in 0..often {
                out.clear();
                stage.push(text, &mut out, &mut Silent);
                stage.finish(&mut out, &mut Silent);
            }
            times.push((clock() - start) / often);
        }
    }
    for ((name, text), times) in texts.iter().zip(&mut times) {
        times.sort();
        let seconds = times[times.len() / 2].as_secs_f64();
        println!("{name:8} {:>8.1} MB/s", text.len() as f64 / 1e6 / seconds);
    }
}
