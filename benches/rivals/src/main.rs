//! Conversion side by side with the others, in one run: `scripts/rivals FILE...` builds and runs it.
//!
//! Speed is MB of UTF-8 input a second of processor time, so that a busy machine tells on all
//! alike; the median of rounds that take turns. OpenCC's own program is measured too, reading a
//! file and writing to /dev/null, its start included. Unfair: zhconv has MediaWiki's tables and
//! other targets; `unlike` says on how many lines in a thousand each differs from OpenCC.

use std::hint::black_box;
use std::process::{Command, Stdio};

const ROUNDS: usize = 5;
/// Seconds of processor time that a measurement takes at least.
const LEAST: f64 = 0.12;
/// Config, config that makes its input of Simplified text, zhconv's target.
const ROWS: [(&str, Option<&str>, Option<zhconv::Variant>); 16] = [
    ("s2t", None, Some(zhconv::Variant::ZhHant)),
    ("t2s", Some("s2t"), Some(zhconv::Variant::ZhHans)),
    ("s2tw", None, None),
    ("tw2s", Some("s2tw"), None),
    ("s2twp", None, Some(zhconv::Variant::ZhTW)),
    ("tw2sp", Some("s2twp"), Some(zhconv::Variant::ZhCN)),
    ("s2hk", None, Some(zhconv::Variant::ZhHK)),
    ("hk2s", Some("s2hk"), Some(zhconv::Variant::ZhCN)),
    ("s2hkp", None, None),
    ("hk2sp", Some("s2hkp"), None),
    ("t2tw", Some("s2t"), None),
    ("tw2t", Some("s2tw"), None),
    ("t2hk", Some("s2t"), None),
    ("hk2t", Some("s2hk"), None),
    ("t2jp", Some("s2t"), None),
    ("jp2t", Some("s2t t2jp"), None),
];

type Engine<'e> = (&'static str, Box<dyn Fn(&str) -> String + 'e>);

fn main() {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let only = files.iter().position(|f| f == "--only").map(|i| files.split_off(i)[1..].to_vec());
    let text: String = files.iter().map(|f| std::fs::read_to_string(f).expect("UTF-8")).collect();
    let home = std::env::var("HANMEND_OPENCC").expect("scripts/rivals sets this");
    println!("{} bytes of {files:?}; MB/s of processor time, lines unlike OpenCC", text.len());
    for (config, from, variant) in ROWS {
        if only.as_ref().is_some_and(|only| !only.iter().any(|o| o == config)) {
            continue;
        }
        let mut input = text.clone();
        for from in from.unwrap_or("").split_whitespace() {
            input = hanmend::convert::Converter::new(from).unwrap().convert(&input);
        }
        row(config, variant, &input, &home);
    }
}

fn row(config: &'static str, variant: Option<zhconv::Variant>, input: &str, home: &str) {
    let json = format!("{home}/share/opencc/{config}.json");
    let ours = hanmend::convert::Converter::new(config).unwrap();
    let opencc = opencc_rust::OpenCC::new(&json).unwrap();
    let mut engines: Vec<Engine> = vec![
        ("hanmend", Box::new(|t| ours.convert(t))),
        ("OpenCC library", Box::new(|t| opencc.convert(t).unwrap())),
    ];
    let ferrous = ferrous_opencc::config::BuiltinConfig::from_filename(&format!("{config}.json"))
        .and_then(ferrous_opencc::OpenCC::from_config);
    if let Ok(ferrous) = ferrous {
        engines.push(("ferrous-opencc", Box::new(move |t| ferrous.convert(t))));
    }
    let mut fmmseg = opencc_fmmseg::OpenCC::new();
    // It would use all cores, and only the time of this thread is counted.
    fmmseg.set_parallel(false);
    engines.push(("opencc-fmmseg", Box::new(move |t| fmmseg.convert(t, config, false))));
    if let Ok(converter) = zhhz::Config::parse(config).map(zhhz::Converter::new) {
        engines.push(("zhhz", Box::new(move |t| converter.convert(t).to_string())));
    }
    if let Some(variant) = variant {
        engines.push(("zhconv", Box::new(move |t| zhconv::zhconv(t, variant))));
    }

    let want = opencc.convert(input).unwrap();
    let unlike: Vec<f64> = engines
        .iter()
        .map(|(_, convert)| {
            let got = convert(input);
            let lines = want.lines().count().max(1);
            let same = want.lines().zip(got.lines()).filter(|(a, b)| a == b).count();
            1000.0 * (lines - same) as f64 / lines as f64
        })
        .collect();
    let mut speeds = vec![Vec::new(); engines.len() + 1];
    for _ in 0..ROUNDS {
        for (speeds, (_, convert)) in speeds.iter_mut().zip(&engines) {
            let start = own_time();
            let mut rounds = 0;
            while own_time() - start < LEAST {
                black_box(convert(black_box(input)));
                rounds += 1;
            }
            speeds.push((rounds * input.len()) as f64 / (own_time() - start) / 1e6);
        }
        speeds[engines.len()].push(program(home, &json, input));
    }
    let median = |speeds: &mut Vec<f64>| {
        speeds.sort_by(f64::total_cmp);
        speeds[speeds.len() / 2]
    };
    let medians: Vec<f64> = speeds.iter_mut().map(median).collect();
    let program = medians[engines.len()];
    print!("{config:6} OpenCC program {program:.1}");
    for ((name, _), (speed, unlike)) in engines.iter().zip(medians.iter().zip(unlike)) {
        print!("; {name} {speed:.0} ({unlike:.1}\u{2030})");
    }
    println!("; hanmend : program {:.1}", medians[0] / program);
}

/// Seconds of processor time that this process has used.
fn own_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").expect("Linux");
    stat.split(' ').next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

/// MB/s of OpenCC's program over the text, several times as long, as its time is counted coarsely.
fn program(home: &str, json: &str, input: &str) -> f64 {
    let children = || {
        let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        // Fields 16 and 17 of proc(5), in hundredths of a second.
        (fields[13].parse::<f64>().unwrap() + fields[14].parse::<f64>().unwrap()) / 100.0
    };
    let path = std::env::temp_dir().join(format!("rivals-{}.txt", std::process::id()));
    let times = (40_000_000 / input.len()).clamp(1, 8);
    std::fs::write(&path, input.repeat(times)).unwrap();
    let start = children();
    let status = Command::new(format!("{home}/bin/opencc"))
        .args(["-c", json, "-o", "/dev/null", "-i"])
        .arg(&path)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let time = children() - start;
    std::fs::remove_file(&path).unwrap();
    (times * input.len()) as f64 / time / 1e6
}
