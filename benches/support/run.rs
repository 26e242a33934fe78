//! Cases as benchmarks of criterion.

#![allow(dead_code)] // each user takes what it needs

use std::time::Duration;

use criterion::{Criterion, Throughput};

use crate::support::Case;

/// Few samples and short ones: all cases together take some minutes. `cargo bench` takes options for more.
pub(crate) fn quick() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(700))
}

/// Measures the cases, those of a group together.
pub(crate) fn all(c: &mut Criterion, cases: impl IntoIterator<Item = Case>) {
    for mut case in cases {
        let mut group = c.benchmark_group(case.group);
        group.throughput(Throughput::Bytes(case.bytes as u64));
        group.bench_function(case.name, |b| b.iter(&mut case.round));
        group.finish();
    }
}
