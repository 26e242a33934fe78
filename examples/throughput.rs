//! Prints how fast the pipeline goes over a file: `throughput FILE [SCRIPT]`, MB of input a second,
//! median of nine runs, beside a plain copy of the same bytes.
use std::time::Instant;

use hanmend::event::Silent;
use hanmend::{Fixer, ToScript};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: throughput FILE [SCRIPT]")?;
    let script = std::env::args().nth(2).unwrap_or_else(|| "keep".to_owned());
    let bytes = std::fs::read(path)?;
    let fixer = Fixer::builder().script(ToScript::parse(&script)?).build();
    let mut stream = fixer.stream();
    let mut out = Vec::with_capacity(bytes.len() * 2);
    let (mut fixed, mut copied) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        out.clear();
        let start = Instant::now();
        for piece in bytes.chunks(256 * 1024) {
            stream.push(piece, &mut out, &mut Silent)?;
        }
        stream.finish(&mut out, &mut Silent)?;
        fixed.push(start.elapsed());
        out.clear();
        let start = Instant::now();
        for piece in bytes.chunks(256 * 1024) {
            out.extend_from_slice(std::hint::black_box(piece));
        }
        copied.push(start.elapsed());
    }
    fixed.sort();
    copied.sort();
    let speed = |time: std::time::Duration| bytes.len() as f64 / 1e6 / time.as_secs_f64();
    println!("{script}: {:.0} MB/s (a copy: {:.0} MB/s)", speed(fixed[4]), speed(copied[4]));
    Ok(())
}
