//! `hanmend report`: what runs found and changed, as a page for people.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use super::session;
use super::status::Status;
use super::usage::Usage;
use crate::batch::codec::Codec;
use crate::batch::target::{Target, same_file};

mod chart;
mod context;
mod excerpt;
mod markup;
mod numbers;
mod page;

use numbers::Numbers;

/// So much is read to see whether a file is a report, in bytes: a line has a change's text twice.
const LONGEST_LINE: u64 = 64 << 20;

/// Make a page of a report: charts, and what was changed, before and after
#[derive(Args, Clone, Debug)]
#[command(after_long_help = AFTER)]
pub(crate) struct ReportArgs {
    /// Reports: of fix --report or explain --json, and of detect --json; "-" is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Write the page to FILE, whole or not at all; without it, it goes to standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

const AFTER: &str = "\
The page is one file that needs no other and no network. It shows what encodings and scripts the inputs
have (from detect --json), what was repaired, how certain it was, which inputs had most of it, and
examples of every rule, before and after. Where an input is still what it was, an example stands in its
line; so run it where the report was made. The lines come from the files whose paths the report has,
whatever they are: make no page of a report of somebody you do not trust.

Examples:
  hanmend fix --report changes.ndjson -O mended/ crawl/
  hanmend report changes.ndjson -o report.html
  hanmend detect --json crawl/ | hanmend report - changes.ndjson -o report.html

Exit status: 0 done, 2 a file cannot be read, or has a line that is none of a report";

pub(crate) fn run(args: &ReportArgs) -> Result<Status, Usage> {
    let place = args.output.as_deref().filter(|path| *path != Path::new("-"));
    if let Some(path) = place.filter(|path| args.files.iter().any(|file| same_file(file, path))) {
        return Err(Usage::PageIsReport(path.to_owned()));
    }
    let (mut numbers, mut status) = (Numbers::default(), Status::Done);
    for path in &args.files {
        match read(path, &mut numbers) {
            Ok(None) => {}
            Ok(Some((first, bad))) => {
                let path = path.display();
                let others = match bad - 1 {
                    0 => String::new(),
                    others => format!(", and {others} behind it"),
                };
                eprintln!(
                    "hanmend: {path}: line {first} is none of a report, and left out{others}"
                );
                status = Status::Failed;
            }
            Err(e) => return Err(Usage::Open("FILE", path.clone(), e)),
        }
    }
    context::find(&mut numbers.excerpts);
    let page = page::page(&numbers);
    let Some(path) = place else {
        return Ok(if session::print(page.as_bytes()) == Status::Done {
            status
        } else {
            Status::Failed
        });
    };
    let written = Target::create(path).and_then(|mut target| {
        target.write(page.as_bytes())?;
        target.finish()
    });
    written.map_err(|problem| Usage::Page(path.to_owned(), problem))?;
    Ok(status)
}

/// Whether the file at `path` begins as a report does, or is empty.
pub(crate) fn is_report(path: &Path) -> io::Result<bool> {
    let mut reader = BufReader::new(Codec::read(path, |file| file)?).take(LONGEST_LINE);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        if !line.iter().all(u8::is_ascii_whitespace) {
            return Ok(numbers::is_of_a_run(&line));
        }
        line.clear();
    }
    Ok(true)
}

/// Counts the lines of one report; the number of the first that is none of a report, and how many are.
fn read(path: &Path, numbers: &mut Numbers) -> io::Result<Option<(u64, u64)>> {
    let mut reader: Box<dyn BufRead> = match path == Path::new("-") {
        true => Box::new(BufReader::new(io::stdin())),
        false => Box::new(BufReader::new(File::open(path)?)),
    };
    let (mut line, mut number, mut bad) = (Vec::new(), 0, None);
    while reader.read_until(b'\n', &mut line)? > 0 {
        number += 1;
        let blank = line.iter().all(u8::is_ascii_whitespace);
        if !blank && !numbers.take(&line) {
            let (first, before) = bad.unwrap_or((number, 0));
            bad = Some((first, before + 1));
        }
        line.clear();
    }
    Ok(bad)
}
