//! The command line program: `hanmend --help` says what it does.

mod batch;
mod cli;

fn main() -> std::process::ExitCode {
    cli::run(std::env::args_os())
}
