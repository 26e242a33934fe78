//! Counts instructions, case by case: `scripts/instructions` builds it, runs it under callgrind and compares.
//!
//! Callgrind counts only what happens below [`counted`], and writes a file at each return from it; the
//! names of the cases come out in the same order. A first round before it makes the tables ready.

use std::hint::black_box;

mod support;

/// Bytes of a text: enough that the start of a stream counts for little.
const SIZE: usize = 128 << 10;
/// Bytes of what is damaged, which takes up to a thousand times as long.
const DAMAGED: usize = 8 << 10;

fn main() {
    let texts = support::Texts::new(SIZE, DAMAGED);
    for mut case in support::stages(&texts).into_iter().chain(support::whole(&texts)) {
        (case.round)();
        counted(&mut case.round);
        println!("{}\t{}\t{}", case.group, case.name, case.bytes);
    }
}

#[inline(never)]
fn counted(round: &mut support::Round) {
    black_box(round)();
}
