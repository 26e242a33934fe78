//! The program: its start, its speed beside `cat`, its memory.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::turns::median;

/// Starts of each program.
const STARTS: usize = 41;
const SPEEDS: usize = 7;
/// Bytes of the file that both read.
const FILE: usize = 100_000_000;

pub(crate) fn all(program: &Path, text: &str, long: bool) -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let short = folder.path().join("short.txt");
    std::fs::write(&short, "里\n")?;
    let whole = folder.path().join("whole.txt");
    std::fs::write(&whole, text.repeat(FILE.div_ceil(text.len())))?;
    println!("\n### The program\n");
    println!("| | hanmend | `cat` | ratio | limit |");
    println!("|---|---:|---:|---:|---:|");
    let program = program.display().to_string();
    let ours: &[&str] = &[&program, "fix", "-q"];

    let mut starts = [Vec::new(), Vec::new()];
    for _ in 0..STARTS {
        for (times, command) in starts.iter_mut().zip([ours, &["cat"]]) {
            times.push(1e3 * first_byte(command, &short)?);
        }
    }
    // The least is what a quiet machine takes.
    let least = |times: &Vec<f64>| times.iter().copied().fold(f64::MAX, f64::min);
    let [own, cat] = starts.each_ref().map(least);
    let [median_own, median_cat] = starts.map(median);
    println!(
        "| start to first byte, ms on the clock: least, median | {own:.1}, {median_own:.1} | {cat:.1}, \
         {median_cat:.1} | {:.1} | < 5 ms |",
        own / cat
    );

    let bytes = std::fs::metadata(&whole)?.len() as f64;
    for script in ["keep", "hans", "hant"] {
        let ours: Vec<&str> = [ours, &["-s", script]].concat();
        let mut speeds = [Vec::new(), Vec::new()];
        for _ in 0..SPEEDS {
            for (speeds, command) in speeds.iter_mut().zip([&ours[..], &["cat"]]) {
                speeds.push(bytes / 1e6 / busy(command, &whole)?);
            }
        }
        let [own, cat] = speeds.map(median);
        println!(
            "| `-s {script}`, file to pipe, MB/s of processor time | {own:.0} | {cat:.0} | {:.2} | |",
            own / cat
        );
    }

    let most = if long { 10_000_000_000 } else { 500_000_000 };
    let (gone, peak) = memory(&[ours, &["-s", "hans"]].concat(), text, most)?;
    println!(
        "| `-s hans`, pipe to pipe, {:.1} GB: most memory, MB | {:.1} | | | < 64 MB |",
        gone as f64 / 1e9,
        peak as f64 / 1e3
    );
    Ok(())
}

fn start(command: &[&str]) -> Command {
    let mut started = Command::new(command[0]);
    started.args(&command[1..]).stdout(Stdio::piped());
    started
}

fn first_byte(command: &[&str], file: &Path) -> std::io::Result<f64> {
    let begun = Instant::now();
    let mut child = start(command).arg(file).spawn()?;
    let mut out = child.stdout.take().expect("a pipe");
    out.read_exact(&mut [0])?;
    let time = begun.elapsed().as_secs_f64();
    std::io::copy(&mut out, &mut std::io::sink())?;
    ended(child)?;
    Ok(time)
}

/// Seconds of processor time.
fn busy(command: &[&str], file: &Path) -> std::io::Result<f64> {
    let before = children();
    let mut child = start(command).arg(file).spawn()?;
    drain(&mut child, |_| {})?;
    ended(child)?;
    Ok(children() - before)
}

/// Pipes so many bytes of the text through; how many came out, and the most memory in kB.
fn memory(command: &[&str], text: &str, most: usize) -> std::io::Result<(u64, u64)> {
    let mut child = start(command).stdin(Stdio::piped()).spawn()?;
    let mut input = child.stdin.take().expect("a pipe");
    let text = text.to_owned();
    let feeder = std::thread::spawn(move || {
        let mut left = most;
        while left > 0 {
            let piece = &text.as_bytes()[..text.floor_char_boundary(left.min(text.len()))];
            if piece.is_empty() || input.write_all(piece).is_err() {
                break;
            }
            left -= piece.len();
        }
    });
    let process = child.id();
    let (mut peak, mut count) = (0, 0_u32);
    let gone = drain(&mut child, |_| {
        if count.is_multiple_of(64) {
            peak = peak_of(process).unwrap_or(peak);
        }
        count += 1;
    })?;
    feeder.join().expect("no panic");
    ended(child)?;
    Ok((gone, peak))
}

/// Reads all that a program writes.
fn drain(child: &mut Child, mut each: impl FnMut(usize)) -> std::io::Result<u64> {
    let mut out = child.stdout.take().expect("a pipe");
    let (mut buffer, mut all) = (vec![0; 1 << 20], 0);
    loop {
        let read = out.read(&mut buffer)?;
        if read == 0 {
            return Ok(all);
        }
        all += read as u64;
        each(read);
    }
}

fn ended(mut child: Child) -> std::io::Result<()> {
    let status = child.wait()?;
    if status.success() {
        Ok(())
    } else {
        Err(std::io::Error::other(format!("it ended with {status}")))
    }
}

/// Processor time of all children that have ended, in seconds; Linux counts in hundredths.
fn children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> =
        stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |field: usize| fields.get(field).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(13) + ticks(14)) / 100.0
}

/// The most memory that a running process has had, in kB.
fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
