//! An ingest job: mends every file of a folder into another, as UTF-8, with a thread a core.
//! `cargo run --release --example ingest -- crawl/ mended/`
//!
//! A document that fails is said and counted, and the others go on. What was done is counted by
//! repair and certainty from the events.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use hanmend::{Fixer, ToScript};

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    let [from, to] = &args[..] else {
        eprintln!("usage: ingest FROM TO");
        return ExitCode::from(2);
    };
    match ingest(from.as_ref(), to.as_ref(), &mut io::stdout()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(2),
        Err(error) => {
            eprintln!("ingest: {error}");
            ExitCode::from(2)
        }
    }
}

/// What was done.
#[derive(Default)]
struct Summary {
    documents: u64,
    changed: u64,
    failed: u64,
    /// Events by repair and certainty.
    events: BTreeMap<(String, &'static str), u64>,
}

impl Summary {
    /// Takes in what another thread did.
    fn add(&mut self, other: Summary) {
        self.documents += other.documents;
        self.changed += other.changed;
        self.failed += other.failed;
        for (key, number) in other.events {
            *self.events.entry(key).or_default() += number;
        }
    }
}

/// Mends the files below `from` to files below `to`, and prints a summary to `out`; gives how
/// many failed.
pub(crate) fn ingest(from: &Path, to: &Path, out: &mut dyn Write) -> Result<u64, Box<dyn Error>> {
    // One fixer for all threads: it is immutable, and keeps what it has built for the next text.
    let fixer = Fixer::builder().script(ToScript::parse("hans")?).build();
    let paths = Mutex::new(files(from)?.into_iter());

    let summary = Mutex::new(Summary::default());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let mut mine = Summary::default();
                loop {
                    // The lock is held for this line only.
                    let Some(path) = paths.lock().unwrap().next() else { break };
                    mine.documents += 1;
                    if let Err(error) = document(&fixer, from, to, &path, &mut mine) {
                        eprintln!("ingest: {}: {error}", path.display());
                        mine.failed += 1;
                    }
                }
                summary.lock().unwrap().add(mine);
            });
        }
    });

    let summary = summary.into_inner()?;
    let Summary { documents, changed, failed, events } = summary;
    writeln!(out, "{documents} documents, {changed} changed, {failed} failed")?;
    for ((repair, certainty), number) in &events {
        writeln!(out, "{repair} ({certainty}): {number}")?;
    }
    Ok(failed)
}

/// Mends one document. Its bytes can be anything; what can fail is the reading and the writing.
fn document(
    fixer: &Fixer,
    from: &Path,
    to: &Path,
    path: &Path,
    summary: &mut Summary,
) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(path)?;
    let fixed = fixer.fix_bytes(&bytes);
    let target = to.join(path.strip_prefix(from)?);
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(target, &*fixed.text)?;
    summary.changed += u64::from(fixed.text.as_bytes() != bytes);
    for event in &fixed.events {
        *summary.events.entry((event.name(), event.outcome.name())).or_default() += 1;
    }
    Ok(())
}

/// The files below `folder`, in order.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => found.extend(files(&entry.path())?),
            false => found.push(entry.path()),
        }
    }
    found.sort();
    Ok(found)
}
