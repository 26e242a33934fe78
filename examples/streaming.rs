//! Mends standard input of any length in constant memory, and counts what was done:
//! `cat big.txt | cargo run --release --example streaming > mended.txt`

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use hanmend::Fixer;
use hanmend::event::{Event, Sink};

/// Counts events by repair and certainty.
#[derive(Default)]
struct Count(BTreeMap<(String, &'static str), u64>);

impl Sink for Count {
    fn event(&mut self, event: Event) {
        *self.0.entry((event.name(), event.outcome.name())).or_default() += 1;
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut stream = Fixer::default().stream();
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let (mut count, mut mended) = (Count::default(), Vec::new());
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let n = input.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        // However the reads fall, the output and the events are the same.
        stream.push(&buffer[..n], &mut mended, &mut count)?;
        output.write_all(&mended)?;
        mended.clear();
    }
    let end = stream.finish(&mut mended, &mut count)?;
    output.write_all(&mended)?;

    eprintln!("encoding: {}", end.encoding.name());
    for ((repair, certainty), number) in &count.0 {
        eprintln!("{repair} ({certainty}): {number}");
    }
    Ok(())
}
