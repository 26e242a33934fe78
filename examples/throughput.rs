//! Prints how fast the pipeline goes over a file: `throughput FILE [SCRIPT]`, MB of input a second
//! of processor time, beside a plain copy of the same bytes. Rounds of both alternate; the median
//! of nine and the best are given. Processor time is that of the thread, where the system tells it
//! (Linux), so that other programs disturb less; elsewhere it is the time on the clock.
use std::time::Duration;

use hanmend::event::Silent;
use hanmend::{Fixer, ToScript};

#[path = "performance/clock.rs"]
mod clock;
use clock::Clock;

/// Work is measured in rounds of at least so many bytes: the kernel counts no finer than a tick.
const ROUND: usize = 32 << 20;
/// Or of about this much time.
const LONGEST: Duration = Duration::from_millis(300);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: throughput FILE [SCRIPT]")?;
    let script = std::env::args().nth(2).unwrap_or_else(|| "keep".to_owned());
    let bytes = std::fs::read(path)?;
    let fixer = Fixer::builder().script(ToScript::parse(&script)?).build();
    let mut stream = fixer.stream();
    let mut out = Vec::with_capacity(bytes.len() * 2);
    let (mut fixed, mut copied) = (Vec::new(), Vec::new());
    let rounds = ROUND.div_ceil(bytes.len().max(1));
    let mut times = rounds;
    for round in 0..10 {
        let start = Clock::now();
        for _ in 0..if round == 0 { 1 } else { times } {
            out.clear();
            for piece in bytes.chunks(256 * 1024) {
                stream.push(piece, &mut out, &mut Silent)?;
            }
            stream.finish(&mut out, &mut Silent)?;
        }
        let elapsed = start.elapsed();
        if round == 0 {
            // The first is to get warm, and shows how often it can be done in the time.
            times = times.min((LONGEST.as_nanos() / elapsed.as_nanos().max(1)) as usize).max(1);
            continue;
        }
        fixed.push(elapsed);
        let start = Clock::now();
        for _ in 0..rounds {
            out.clear();
            for piece in bytes.chunks(256 * 1024) {
                out.extend_from_slice(std::hint::black_box(piece));
            }
        }
        copied.push(start.elapsed());
    }
    fixed.sort();
    copied.sort();
    let speed = |time: Duration, times| (bytes.len() * times) as f64 / 1e6 / time.as_secs_f64();
    let (median, best) = (speed(fixed[4], times), speed(fixed[0], times));
    let copy = speed(copied[4], rounds);
    println!("{script}: {median:.0} MB/s, best {best:.0} (a copy: {copy:.0} MB/s)");
    Ok(())
}
