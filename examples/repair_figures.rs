//! How much of the damage of `entity` and `unicode` is undone, and how much clean text is changed.
//!
//! Give it files of clean text, one passage a line, that no rule was made from:
//!
//! ```text
//! cargo run --release --example repair_figures -- clean.txt ...
//! ```
//!
//! Every line is damaged in every way, mended and compared; a row says how many came out exact. With
//! `--dump DIR` the lines are written, right and damaged, for `examples/repair_peers.py`.

#[path = "../tests/support/line_damage.rs"]
mod line_damage;

use std::time::Instant;

use hanmend::event::{Collect, Silent};
use hanmend::repair::{Entity, Noise, Unicode};
use hanmend::stage::Stage;
use line_damage::{Damage, entity_damage, unicode_damage};

/// How many clean changes are shown.
const SHOWN: usize = 20;

fn main() {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let dump = (files.len() > 1 && files[0] == "--dump").then(|| files.drain(..2).nth(1)).flatten();
    if let Some(dir) = &dump {
        std::fs::create_dir_all(dir).expect(dir);
    }
    if files.is_empty() {
        eprintln!("usage: repair_figures [--dump DIR] FILE...");
        std::process::exit(2);
    }
    let text: String = files.iter().map(|f| std::fs::read_to_string(f).expect(f) + "\n").collect();
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();

    println!("{:<44}{:>9}{:>9}{:>9}", "damage", "lines", "exact", "%");
    for (name, damage) in entity_damage() {
        row(name, &lines, damage, &mut || Box::new(Entity::plain()), dump.as_deref());
    }
    for (name, damage) in unicode_damage() {
        row(name, &lines, damage, &mut || Box::new(Unicode::default()), dump.as_deref());
    }

    println!("\n{:<44}{:>9}{:>9}", "clean text through", "lines", "changed");
    clean("entity, plain", &lines, &mut Entity::plain());
    clean("entity, auto", &lines, &mut Entity::auto());
    clean("entity, html", &lines, &mut Entity::html());
    clean("unicode", &lines, &mut Unicode::default());
    clean("noise (off by default)", &lines, &mut Noise::default());

    println!("\n{:<44}{:>9}", "clean text, in pieces of 64 KiB", "MB/s");
    speed("entity, plain", &text, &mut Entity::plain());
    speed("entity, auto", &text, &mut Entity::auto());
    speed("unicode", &text, &mut Unicode::default());
}

type Text = dyn Stage<Input = str, Output = String>;

fn mend(stage: &mut Text, input: &str) -> String {
    let mut out = String::new();
    stage.push(input, &mut out, &mut Silent);
    stage.finish(&mut out, &mut Silent);
    out
}

fn row(
    name: &str,
    lines: &[&str],
    damage: Damage,
    make: &mut dyn FnMut() -> Box<Text>,
    dump: Option<&str>,
) {
    let mut stage = make();
    let mut pairs = String::new();
    let (mut all, mut exact) = (0, 0);
    for line in lines {
        // What a repair would change in the clean line is counted below, not here.
        if mend(&mut *stage, line) != *line {
            continue;
        }
        let Some(damaged) = damage(line) else { continue };
        all += 1;
        exact += usize::from(mend(&mut *stage, &damaged) == *line);
        if dump.is_some() && !line.contains('\t') {
            pairs.extend([line, "\t", &damaged, "\n"]);
        }
    }
    if let Some(dir) = dump {
        let path = format!(
            "{dir}/{}.tsv",
            name.replace('%', "percent").replace('\\', "backslash").replace([' ', ','], "-")
        );
        std::fs::write(&path, pairs).expect(&path);
    }
    let percent = 100.0 * f64::from(exact as u32) / f64::from((all as u32).max(1));
    println!("{name:<44}{all:>9}{exact:>9}{percent:>9.2}");
}

fn clean(name: &str, lines: &[&str], stage: &mut Text) {
    let mut changed = Vec::new();
    for line in lines {
        let mut events = Collect::default();
        let mut out = String::new();
        stage.push(line, &mut out, &mut events);
        stage.finish(&mut out, &mut events);
        if out != *line {
            changed.extend(events.events.into_iter().take(1).map(|e| (e, *line)));
        }
    }
    println!("{name:<44}{:>9}{:>9}", lines.len(), changed.len());
    for (event, line) in changed.iter().take(SHOWN) {
        let at = event.input.start as usize;
        let from = line.floor_char_boundary(at.saturating_sub(24));
        let to = line.ceil_char_boundary((event.input.end as usize + 24).min(line.len()));
        println!(
            "    {}: {:?} -> {:?} in {:?}",
            event.rule(),
            event.before,
            event.after,
            &line[from..to]
        );
    }
}

fn speed(name: &str, text: &str, stage: &mut Text) {
    let mut best = f64::MAX;
    let mut out = String::with_capacity(1 << 17);
    for _ in 0..5 {
        let start = Instant::now();
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(rest.floor_char_boundary(1 << 16));
            out.clear();
            stage.push(piece, &mut out, &mut Silent);
            rest = more;
        }
        stage.finish(&mut out, &mut Silent);
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{name:<44}{:>9.0}", text.len() as f64 / best / 1e6);
}
