//! Conversion, function by function, for a change that has to show its gain: `cargo bench`.
//!
//! The text is the keys of OpenCC's phrase dictionary in random order, with punctuation and some
//! ASCII between: more phrases than prose has, so that the exact rules weigh more. With
//! `HANMEND_BENCH_TEXT=FILE` it is a text of one's own, Simplified, UTF-8. Beside OpenCC and
//! others: `scripts/rivals`.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hanmend::convert::script::Counts;
use hanmend::convert::target::Target;
use hanmend::convert::{CONFIGS, Converter};
use hanmend::event::Silent;
use hanmend::stage::Stage;

#[path = "support/run.rs"]
mod run;
mod support;

/// Bytes of the text that is made up.
const SIZE: usize = 1 << 20;

fn text() -> String {
    support::text::own().unwrap_or_else(|| support::text::phrases(SIZE))
}

/// What of the sixteen configs a text of one script goes through, and what makes it.
fn source(config: &str) -> Option<&'static str> {
    match config {
        "t2s" | "t2tw" | "t2hk" | "t2jp" => Some("s2t"),
        "tw2s" | "tw2t" => Some("s2tw"),
        "tw2sp" => Some("s2twp"),
        "hk2s" | "hk2t" => Some("s2hk"),
        "hk2sp" => Some("s2hkp"),
        _ => None,
    }
}

fn convert(c: &mut Criterion) {
    let text = text();
    let converter = |config: &str| Converter::new(config).expect("the name of a config");
    let mut group = c.benchmark_group("convert");
    for config in CONFIGS {
        let mut input = match source(config) {
            Some(from) => converter(from).convert(&text),
            None => text.clone(),
        };
        if config == "jp2t" {
            input = converter("t2jp").convert(&converter("s2t").convert(&text));
        }
        let (converter, mut out) = (converter(config), String::new());
        group.throughput(Throughput::Bytes(input.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(config), &input, |b, input| {
            b.iter(|| {
                out.clear();
                converter.convert_into(black_box(input), &mut out);
            });
        });
    }
    group.finish();

    let mut group = c.benchmark_group("load");
    for config in ["s2t", "s2twp", "t2jp"] {
        group.bench_function(config, |b| b.iter(|| converter(black_box(config))));
    }
    group.finish();
}

fn target(c: &mut Criterion) {
    let text = text();
    let mut group = c.benchmark_group("target");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("script", |b| b.iter(|| Counts::of(black_box(&text))));
    for (name, target) in Target::NAMES {
        let (mut stage, mut out) = (target.stage(), String::new());
        group.bench_function(name, |b| {
            b.iter(|| {
                out.clear();
                stage.push(black_box(&text), &mut out, &mut Silent);
                stage.finish(&mut out, &mut Silent);
            });
        });
    }
    group.finish();
}

criterion_group!(name = benches; config = run::quick(); targets = convert, target);
criterion_main!(benches);
