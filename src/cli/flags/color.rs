//! `--color`

use std::io::IsTerminal;

use clap::{Args, ValueEnum};

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct ColorArgs {
    /// Colour what is printed for people
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto, hide_possible_values = true,
          help = "Colour for people: auto, always or never")]
    color: When,
}

impl ColorArgs {
    /// Whether to colour standard output.
    pub(crate) fn ready(self) -> bool {
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                std::io::stdout().is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
                    && std::env::var_os("TERM").is_none_or(|v| v != "dumb")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::typed;
    use super::*;

    #[test]
    fn said_is_done() {
        assert!(typed::<ColorArgs>(&["--color", "always"]).unwrap().ready());
        assert!(!typed::<ColorArgs>(&["--color=never"]).unwrap().ready());
        assert!(typed::<ColorArgs>(&["--color=pink"]).is_err());
    }
}
