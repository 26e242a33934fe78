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

use std::time::Instant;

use hanmend::event::{Collect, Silent};
use hanmend::repair::{Entity, Noise, Unicode};
use hanmend::stage::Stage;

/// How many clean changes are shown.
const SHOWN: usize = 20;

/// A way to damage a line; `None` where it has nothing to damage.
type Damage = fn(&str) -> Option<String>;

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

fn entity_damage() -> Vec<(&'static str, Damage)> {
    vec![
        ("decimal", |l| each_han(l, |c| format!("&#{};", c as u32))),
        ("hex", |l| each_han(l, |c| format!("&#x{:X};", c as u32))),
        ("decimal without semicolon", |l| {
            no_digits(l).and_then(|l| each_han(l, |c| format!("&#{}", c as u32)))
        }),
        ("escaped twice", |l| each_han(l, |c| format!("&amp;#{};", c as u32))),
        ("escaped three times", |l| each_han(l, |c| format!("&amp;amp;#x{:x};", c as u32))),
        ("full-width marks", |l| each_han(l, |c| format!("＆＃{}；", c as u32))),
        ("ampersand lost", |l| each_han(l, |c| format!("#x{:x};", c as u32))),
        ("\\u escapes, runs of Han", |l| {
            runs(l, |s| s.chars().map(|c| format!("\\u{:04x}", c as u32)).collect())
        }),
        ("%u escapes, runs of Han", |l| {
            runs(l, |s| s.chars().map(|c| format!("%u{:04X}", c as u32)).collect())
        }),
        ("% escapes of UTF-8, runs of Han", |l| {
            runs(l, |s| s.bytes().map(|b| format!("%{b:02X}")).collect())
        }),
        ("% escapes of GBK, runs of Han", |l| gbk_runs(l, "%")),
        ("\\x escapes of UTF-8, runs of Han", |l| {
            runs(l, |s| s.bytes().map(|b| format!("\\x{b:02x}")).collect())
        }),
        ("\\x escapes of GBK, runs of Han", |l| gbk_runs(l, "\\x")),
        ("quoted-printable, runs of Han", |l| {
            runs(l, |s| s.bytes().map(|b| format!("={b:02X}")).collect())
        }),
        ("quotation marks as bytes of cp1252", |l| {
            let damaged = l.replace('“', "&#147;").replace('”', "&#148;");
            (damaged != l).then_some(damaged)
        }),
        ("quotation marks by name", |l| {
            let damaged =
                l.replace('“', "&ldquo;").replace('”', "&rdquo;").replace('…', "&hellip;");
            (damaged != l).then_some(damaged)
        }),
    ]
}

fn unicode_damage() -> Vec<(&'static str, Damage)> {
    vec![
        ("zero-width space after each second character", |l| between(l, '\u{200B}')),
        ("soft hyphen after each second character", |l| between(l, '\u{AD}')),
        ("byte order mark after each second character", |l| between(l, '\u{FEFF}')),
        ("small forms of marks", |l| {
            let damaged =
                l.replace("，", "﹐").replace("；", "﹔").replace("？", "﹖").replace("！", "﹗");
            (damaged != l).then_some(damaged)
        }),
        ("quotation marks as C1 controls", |l| {
            let damaged = l.replace('“', "\u{93}").replace('”', "\u{94}");
            (damaged != l).then_some(damaged)
        }),
        ("Kangxi radicals", |l| {
            let damaged: String = l.chars().map(to_radical).collect();
            (damaged != l).then_some(damaged)
        }),
    ]
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

fn each_han(line: &str, write: impl Fn(char) -> String) -> Option<String> {
    let damaged: String =
        line.chars().map(|c| if is_han(c) { write(c) } else { c.to_string() }).collect();
    (damaged != line).then_some(damaged)
}

/// Digits right after a number without semicolon cannot be told from it.
fn no_digits(line: &str) -> Option<&str> {
    (!line.contains(|c: char| c.is_ascii_digit())).then_some(line)
}

/// Rewrites every second run of at least two Han characters.
fn runs(line: &str, write: impl Fn(&str) -> String) -> Option<String> {
    let mut out = String::new();
    let mut rest = line;
    let mut count = 0;
    while let Some(start) = rest.find(is_han) {
        out.push_str(&rest[..start]);
        let tail = &rest[start..];
        let (run, more) = tail.split_at(tail.find(|c| !is_han(c)).unwrap_or(tail.len()));
        count += 1;
        if count % 2 == 1 && run.chars().count() > 1 {
            out.push_str(&write(run));
        } else {
            out.push_str(run);
        }
        rest = more;
    }
    out.push_str(rest);
    (out != line).then_some(out)
}

fn gbk_runs(line: &str, prefix: &str) -> Option<String> {
    runs(line, |run| {
        let (bytes, _, lost) = encoding_rs::GBK.encode(run);
        let gb2312 = bytes.iter().all(|&b| b >= 0xA1);
        if lost || !gb2312 {
            return run.to_owned();
        }
        bytes.iter().map(|b| format!("{prefix}{b:02X}")).collect()
    })
}

fn between(line: &str, junk: char) -> Option<String> {
    let mut out = String::new();
    let mut count = 0;
    for c in line.chars() {
        out.push(c);
        count += usize::from(is_han(c));
        if is_han(c) && count % 2 == 0 {
            out.push(junk);
        }
    }
    (out != line).then_some(out)
}

fn to_radical(c: char) -> char {
    const PAIRS: [(char, char); 14] = [
        ('人', '⼈'),
        ('大', '⼤'),
        ('一', '⼀'),
        ('小', '⼩'),
        ('心', '⼼'),
        ('日', '⽇'),
        ('月', '⽉'),
        ('水', '⽔'),
        ('生', '⽣'),
        ('用', '⽤'),
        ('长', '⻓'),
        ('民', '⺠'),
        ('西', '⻄'),
        ('马', '⻢'),
    ];
    PAIRS.iter().find(|pair| pair.0 == c).map_or(c, |pair| pair.1)
}
