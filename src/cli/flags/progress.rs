//! `--progress`

use std::io::IsTerminal;
use std::time::Duration;

use clap::Args;

use super::color::When;
use crate::batch::progress::Shown;

/// Lines in a log that is read later, and where they were asked for.
const SELDOM: Duration = Duration::from_secs(60);
const OFTEN: Duration = Duration::from_secs(5);

#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct ProgressArgs {
    /// Show how far the run is, on standard error: auto, always or never
    ///
    /// On a terminal that is a bar, in a log a line now and then (auto: each minute, always: every five
    /// seconds and at the end).
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto, hide_possible_values = true,
          help_heading = "What is said")]
    progress: When,
}

impl ProgressArgs {
    /// How progress is shown. Results on a terminal would lie across a bar, so that `auto` shows none then.
    pub(crate) fn ready(self, several: bool, result_on_stdout: bool) -> Shown {
        let terminal = std::io::stderr().is_terminal();
        let disturbs = result_on_stdout && std::io::stdout().is_terminal();
        match self.progress {
            When::Never => Shown::Not,
            When::Auto if !several || disturbs => Shown::Not,
            _ if terminal => Shown::Bar,
            When::Auto => Shown::Lines { beat: SELDOM, end: false },
            When::Always => Shown::Lines { beat: OFTEN, end: true },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::typed;
    use super::*;

    #[test]
    fn said_is_done() {
        let args = |words: &[&str]| typed::<ProgressArgs>(words).unwrap();
        assert_eq!(args(&["--progress", "never"]).ready(true, false), Shown::Not);
        assert_ne!(args(&["--progress", "always"]).ready(false, true), Shown::Not);
        assert_eq!(args(&[]).ready(false, false), Shown::Not);
    }
}
