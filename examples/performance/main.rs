//! Prints the tables of `docs/PERFORMANCE.md`: `scripts/performance` gathers the texts and runs it.
//!
//! `performance REVIEWS PROGRAM [PYTHON] [--long] [--only TABLE...]`: sound, damaged, documents, threads, detection,
//! peers, program. The text is `HANMEND_BENCH_TEXT` (see benches/support),
//! REVIEWS a file of text with some damage, PROGRAM hanmend, PYTHON one that has ftfy and plsfix. `--long` pipes
//! 10 GB through the program, in place of half a GB. Everything that is compared takes turns, medians of seven
//! rounds or more, in processor time where a row does not say otherwise.

mod clock;
mod library;
mod peers;
mod program;
#[path = "../../benches/support/mod.rs"]
mod support;
mod turns;

use std::path::Path;

/// Bytes of the sound texts, and of what the damaged ones are made of.
const SIZE: usize = 3_000_000;
const DAMAGED: usize = 64 << 10;

fn main() -> std::io::Result<()> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let long = words.iter().position(|word| word == "--long").map(|at| words.remove(at)).is_some();
    let only = words.iter().position(|word| word == "--only").map(|at| words.split_off(at));
    let wanted =
        |table: &str| only.as_ref().is_none_or(|only| only[1..].iter().any(|word| word == table));
    let [reviews, program, python @ ..] = &words[..] else {
        panic!("scripts/performance runs this")
    };
    let reviews = std::fs::read_to_string(reviews)?;
    let texts = support::Texts::new(SIZE, DAMAGED);
    let tables: [(&str, &dyn Fn()); 5] = [
        ("sound", &|| library::sound(&texts, &reviews)),
        ("damaged", &|| library::damaged(&texts)),
        ("documents", &|| library::small(&texts)),
        ("threads", &|| library::threads(&texts)),
        ("detection", &|| library::detection(&texts)),
    ];
    tables.iter().filter(|(name, _)| wanted(name)).for_each(|(_, print)| print());
    if let Some(python) = python.first().filter(|_| wanted("peers")) {
        peers::all(python, &texts)?;
    }
    if wanted("program") {
        program::all(Path::new(program), &texts.simplified, long)?;
    }
    Ok(())
}
