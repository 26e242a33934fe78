//! `-j`

use std::num::NonZeroUsize;

use clap::Args;

#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct JobsArgs {
    /// Work on N inputs at a time (default: as many as there are processors)
    ///
    /// What is printed comes in the order of the inputs, whatever N is.
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

impl JobsArgs {
    /// The number of workers for a run that has several inputs, or one.
    pub(crate) fn ready(self, several: bool) -> NonZeroUsize {
        if !several {
            return NonZeroUsize::MIN;
        }
        self.jobs.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::typed;
    use super::*;

    #[test]
    fn one_input_needs_one_worker() {
        let args = typed::<JobsArgs>(&["-j", "3"]).unwrap();
        assert_eq!(args.ready(true).get(), 3);
        assert_eq!(args.ready(false).get(), 1);
        assert!(typed::<JobsArgs>(&["-j0"]).is_err());
    }
}
