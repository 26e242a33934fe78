//! How many clean documents change: `measure_clean [--lines] PATH...` prints a row per PATH (a file
//! or a folder) with the UTF-8 documents below it and how many of them `fix` would change, and on
//! stderr each change. With `--lines` each line is a document. Every change is a fault: nothing
//! damaged is meant to be given.

use std::path::Path;

use hanmend::Fixer;
use hanmend::event::Collect;

fn main() {
    let mut lines = false;
    println!("{:>9} {:>8} {:>12}  path", "documents", "changed", "bytes");
    for arg in std::env::args().skip(1) {
        if arg == "--lines" {
            lines = true;
            continue;
        }
        let mut row = Row::default();
        row.walk(Path::new(&arg), lines);
        println!("{:>9} {:>8} {:>12}  {arg}", row.documents, row.changed, row.bytes);
    }
}

#[derive(Default)]
struct Row {
    fixer: Fixer,
    documents: u64,
    changed: u64,
    bytes: u64,
}

impl Row {
    fn walk(&mut self, path: &Path, lines: bool) {
        if let Ok(entries) = std::fs::read_dir(path) {
            let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
            paths.sort();
            paths.iter().filter(|p| !p.is_symlink()).for_each(|p| self.walk(p, lines));
        } else if let Ok(text) = std::fs::read_to_string(path) {
            if lines {
                text.lines().enumerate().for_each(|(n, line)| self.measure(path, n + 1, line));
            } else {
                self.measure(path, 1, &text);
            }
        }
    }

    fn measure(&mut self, path: &Path, line: usize, text: &str) {
        self.documents += 1;
        self.bytes += text.len() as u64;
        let mut report = Collect::default();
        let fixed = self.fixer.fix_str_with(text, &mut report);
        if fixed != text {
            self.changed += 1;
            for event in report.events.iter().filter(|event| !event.is_mark()).take(3) {
                eprintln!(
                    "{}:{line}: {} {} {}: {:?} -> {:?}",
                    path.display(),
                    event.outcome.name(),
                    event.name(),
                    event.rule(),
                    event.before,
                    event.after
                );
            }
        }
    }
}
