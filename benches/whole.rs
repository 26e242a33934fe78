//! The whole pipeline: sound text of all kinds, each kind of damage, small documents, threads:
//! `cargo bench --bench whole [GROUP]`. Beside others, and with what limits it: `scripts/performance`.

#[path = "support/run.rs"]
mod run;
mod support;

use criterion::{Criterion, criterion_group, criterion_main};

fn whole(c: &mut Criterion) {
    let texts = support::Texts::new(1 << 20, 1 << 16);
    run::all(c, support::whole(&texts).into_iter().chain(support::threads(&texts)));
}

criterion_group!(name = benches; config = run::quick(); targets = whole);
criterion_main!(benches);
