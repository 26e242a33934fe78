//! Mends a file in memory, and says what was done:
//! `cargo run --example library -- examples/page-big5.html`

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use hanmend::{Fixer, ToScript};

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: library PATH");
        return ExitCode::from(2);
    };
    match mend(path.as_ref(), &mut io::stdout(), &mut io::stderr()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("library: {error}");
            ExitCode::from(2)
        }
    }
}

/// Writes the mended file to `out`, and what was done to `notes`.
pub(crate) fn mend(
    path: &Path,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let fixer = Fixer::builder().script(ToScript::parse("hans")?).build();
    let bytes = std::fs::read(path)?;
    let fixed = fixer.fix_bytes(&bytes);

    writeln!(notes, "encoding: {}, {} events", fixed.encoding.name(), fixed.events.len())?;
    for event in &fixed.events {
        let (what, how) = (event.name(), event.outcome.name());
        let (at, before, after) = (event.input.start, &event.before, &event.after);
        writeln!(notes, "{what} ({how}) at {at}: {before:?} -> {after:?}")?;
    }
    out.write_all(fixed.text.as_bytes())?;
    Ok(())
}
