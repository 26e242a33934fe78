//! Each stage by itself, on sound and on damaged text: `cargo bench --bench stages [GROUP]`.
//! Conversion has `benches/convert.rs`.

#[path = "support/run.rs"]
mod run;
mod support;

use criterion::{Criterion, criterion_group, criterion_main};

fn stages(c: &mut Criterion) {
    let cases = support::stages(&support::Texts::new(1 << 20, 1 << 16));
    run::all(c, cases.into_iter().filter(|case| case.group != "convert"));
}

criterion_group!(name = benches; config = run::quick(); targets = stages);
criterion_main!(benches);
