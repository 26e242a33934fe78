//! `hanmend completions`

use clap::Args;
use clap_complete::Shell;

use super::session;
use super::status::Status;

/// Print a completion script for a shell
#[derive(Args, Clone, Copy, Debug)]
#[command(after_long_help = "\
Examples:
  hanmend completions bash > ~/.local/share/bash-completion/completions/hanmend
  hanmend completions zsh > ~/.zfunc/_hanmend
  hanmend completions fish > ~/.config/fish/completions/hanmend.fish")]
pub(crate) struct CompletionsArgs {
    /// bash, zsh, fish, elvish or powershell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(args: CompletionsArgs) -> Status {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "hanmend", &mut script);
    session::print(&script)
}
