//! Conversion side by side with the others, in one run: `scripts/rivals` builds and runs it.
//!
//! Speed is MB of UTF-8 input a second of processor time, so that a busy machine tells on all
//! alike; the median of seven rounds that take turns. The libraries get the text in one call and
//! give a new string each time; the programs read a file and write to a pipe, their start included.
//! Unfair: zhconv has MediaWiki's tables and other targets; `unlike` says on how many lines in a
//! thousand each differs from OpenCC.

mod engines;
mod process;

use std::hint::black_box;
use std::path::Path;

use engines::{Engine, engines};
use process::{Program, own_time};

const ROUNDS: usize = 7;
/// Seconds of processor time that a measurement takes at least.
const LEAST: f64 = 0.1;
/// Bytes that a program converts, at least.
const FOR_PROGRAMS: usize = 40_000_000;
/// Config, and the configs that make its input of Simplified text.
const CONFIGS: [(&str, &str); 16] = [
    ("s2t", ""),
    ("t2s", "s2t"),
    ("s2tw", ""),
    ("tw2s", "s2tw"),
    ("s2twp", ""),
    ("tw2sp", "s2twp"),
    ("s2hk", ""),
    ("hk2s", "s2hk"),
    ("s2hkp", ""),
    ("hk2sp", "s2hkp"),
    ("t2tw", "s2t"),
    ("tw2t", "s2tw"),
    ("t2hk", "s2t"),
    ("hk2t", "s2hk"),
    ("t2jp", "s2t"),
    ("jp2t", "s2t t2jp"),
];
/// These are measured on each text by itself, too.
const ON_EACH: [&str; 6] = ["s2t", "t2s", "s2twp", "tw2sp", "s2hk", "tw2s"];

fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let only = words.iter().position(|w| w == "--only").map(|i| words.split_off(i)[1..].to_vec());
    let [folder, program, home] = &words[..] else { panic!("scripts/rivals runs this") };
    let wanted = |config: &str| only.as_ref().is_none_or(|only| only.iter().any(|o| o == config));
    let read = |name: &str| {
        std::fs::read_to_string(Path::new(folder).join(name).with_extension("txt")).expect("UTF-8")
    };
    let (news, reviews) = (read("news"), read("reviews"));
    let mixed = format!("{news}\n{reviews}");

    println!("## news and reviews: MB/s of processor time, ‰ of lines unlike OpenCC's");
    for (config, from) in CONFIGS.into_iter().filter(|(config, _)| wanted(config)) {
        row(config, &made(&mixed, from), program, home);
    }
    for name in ["news", "reviews", "cantonese", "ascii", "converted"] {
        println!("\n## {name}");
        for (config, from) in CONFIGS.into_iter().filter(|(c, _)| ON_EACH.contains(c) && wanted(c))
        {
            let input = match name {
                // Cantonese is Traditional as it comes; what is converted already is given again.
                "cantonese" if from.is_empty() => made(&read(name), "hk2s"),
                "cantonese" => read(name),
                "converted" => made(&news, if from.is_empty() { config } else { "" }),
                _ => made(&read(name), from),
            };
            row(config, &input, program, home);
        }
    }
    if only.is_none() {
        println!("\n## Start, memory");
        start(&mixed, program, home);
    }
}

/// The text through these configs.
fn made(text: &str, configs: &str) -> String {
    configs.split_whitespace().fold(text.to_owned(), |text, config| {
        hanmend::convert::Converter::new(config).expect("a config").convert(&text)
    })
}

fn row(config: &'static str, input: &str, program: &str, home: &str) {
    let engines = engines(config, home);
    let want = engines[1].convert(input);
    let unlike: Vec<f64> = engines.iter().map(|e| unlike(&want, &e.convert(input))).collect();
    let file = process::Text::new(&input.repeat(FOR_PROGRAMS.div_ceil(input.len().max(1))));
    let programs = [Program::hanmend(program, config), Program::opencc(home, config)];
    let mut speeds = vec![Vec::new(); engines.len() + programs.len()];
    for _ in 0..ROUNDS {
        for (speeds, engine) in speeds.iter_mut().zip(&engines) {
            speeds.push(speed(engine, input));
        }
        for (speeds, program) in speeds[engines.len()..].iter_mut().zip(&programs) {
            speeds.push(file.bytes as f64 / program.run(&file).seconds / 1e6);
        }
    }
    let medians: Vec<f64> = speeds.into_iter().map(median).collect();
    let (libraries, [ours, theirs]) = medians.split_at(engines.len()) else { unreachable!() };
    print!(
        "{config:6} library/program {:5.1} x, program/program {:5.1} x; programs: hanmend {ours:.0}, \
         OpenCC {theirs:.1}; libraries:",
        libraries[0] / theirs,
        ours / theirs
    );
    for ((engine, speed), unlike) in engines.iter().zip(libraries).zip(unlike) {
        print!(" {} {speed:.0} ({unlike:.1}\u{2030})", engine.name);
    }
    println!();
}

/// MB/s of one engine.
fn speed(engine: &Engine, input: &str) -> f64 {
    let start = own_time();
    let mut rounds = 0;
    while own_time() - start < LEAST {
        black_box(engine.convert(black_box(input)));
        rounds += 1;
    }
    (rounds * input.len()) as f64 / (own_time() - start) / 1e6
}

/// Lines in a thousand that differ.
fn unlike(want: &str, got: &str) -> f64 {
    let lines = want.lines().count().max(1);
    let same = want.lines().zip(got.lines()).filter(|(a, b)| a == b).count();
    1000.0 * (lines - same) as f64 / lines as f64
}

/// How long it takes to the first character, and how much memory a long text takes.
fn start(text: &str, program: &str, home: &str) {
    let short = process::Text::new("里\n");
    let long = process::Text::new(&text.repeat(52_000_000 / text.len() + 1));
    let programs = [Program::hanmend(program, "s2t"), Program::opencc(home, "s2t")];
    let mut walls = vec![Vec::new(); programs.len()];
    for _ in 0..3 * ROUNDS {
        for (walls, program) in walls.iter_mut().zip(&programs) {
            walls.push(1e3 * program.run(&short).wall);
        }
    }
    for (name, (program, walls)) in ["hanmend", "OpenCC"].iter().zip(programs.iter().zip(walls)) {
        println!(
            "{name}: program from start to end of one character {:.1} ms; peak memory over {} MB \
             in a file: {:.1} MB",
            median(walls),
            long.bytes / 1_000_000,
            program.run(&long).peak as f64 / 1024.0
        );
    }
    for (name, open) in engines::openings(home) {
        let times = (0..ROUNDS).map(|_| {
            let start = own_time();
            open();
            1e3 * (own_time() - start)
        });
        println!(
            "{name}: library, s2t opened and one character converted {:.2} ms",
            median(times.collect())
        );
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
