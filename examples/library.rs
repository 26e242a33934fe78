//! Mends a file with the library, and says what was done:
//! `cargo run --example library -- examples/page-big5.html`

use std::process::ExitCode;

use hanmend::{Fixer, ToScript};

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: library PATH");
        return ExitCode::from(2);
    };
    match mend(path.as_ref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("library: {error}");
            ExitCode::from(2)
        }
    }
}

fn mend(path: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    // One fixer is enough for a process: it can be shared between threads.
    let fixer = Fixer::builder().script(ToScript::parse("hans")?).build();
    let bytes = std::fs::read(path)?;
    let fixed = fixer.fix_bytes(&bytes);

    eprintln!("encoding: {}, {} events", fixed.encoding.name(), fixed.events.len());
    for event in &fixed.events {
        let (what, how) = (event.name(), event.outcome.name());
        eprintln!(
            "{what} ({how}) at {}: {:?} -> {:?}",
            event.input.start, event.before, event.after
        );
    }
    print!("{}", fixed.text);
    Ok(())
}
