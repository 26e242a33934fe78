//! `-E`, `--unmappable`, `--bom`: how the result is written in bytes

use clap::{Args, ValueEnum};
use hanmend::OutputEncoding;
use hanmend::decode::Encoding;
use hanmend::encode::{Bom, Unmappable};

use crate::cli::usage::Usage;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum UnmappableArg {
    #[default]
    Error,
    Question,
    Reference,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum BomArg {
    #[default]
    Keep,
    Add,
    Remove,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct WrittenArgs {
    /// Encoding of the result: utf-8, same (as the input), gb18030, big5, ...
    #[arg(
        short = 'E',
        long,
        value_name = "LABEL",
        default_value = "utf-8",
        help_heading = "How it is written"
    )]
    output_encoding: String,

    /// A character that the output encoding lacks: error, question (?) or reference (&#23454;)
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        default_value_t,
        hide_possible_values = true,
        help_heading = "How it is written"
    )]
    unmappable: UnmappableArg,

    /// Byte order mark: keep (as the input had it), add or remove
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        default_value_t,
        hide_possible_values = true,
        help_heading = "How it is written"
    )]
    bom: BomArg,

    /// The result is shown as text, and is no file.
    #[arg(skip)]
    shown: bool,
}

/// How the result is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    pub(crate) output: OutputEncoding,
    pub(crate) unmappable: Unmappable,
    pub(crate) bom: Bom,
}

impl WrittenArgs {
    /// The output of commands that show text: UTF-8, without a mark.
    pub(crate) fn for_people() -> WrittenArgs {
        WrittenArgs {
            output_encoding: "utf-8".to_owned(),
            unmappable: UnmappableArg::Error,
            bom: BomArg::Remove,
            shown: true,
        }
    }

    /// Whether the result is shown as text.
    pub(crate) fn is_shown(&self) -> bool {
        self.shown
    }

    /// The output that was asked for.
    pub(crate) fn ready(&self) -> Result<Written, Usage> {
        let output = match self.output_encoding.as_str() {
            "same" => OutputEncoding::Same,
            label => OutputEncoding::Encoding(
                Encoding::for_label(label)
                    .ok_or_else(|| Usage::Encoding("--output-encoding", label.to_owned()))?,
            ),
        };
        let unmappable = match self.unmappable {
            UnmappableArg::Error => Unmappable::Error,
            UnmappableArg::Question => Unmappable::Question,
            UnmappableArg::Reference => Unmappable::Reference,
        };
        let bom = match self.bom {
            BomArg::Keep => Bom::Keep,
            BomArg::Add => Bom::Add,
            BomArg::Remove => Bom::Remove,
        };
        Ok(Written { output, unmappable, bom })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::typed;
    use super::*;

    #[test]
    fn every_value_has_a_meaning() {
        for words in [
            &["-E", "same", "--bom", "remove"][..],
            &["-E", "big5", "--unmappable", "reference"],
            &["--unmappable=question", "--bom=add"],
        ] {
            assert!(typed::<WrittenArgs>(words).unwrap().ready().is_ok());
        }
        let bad = typed::<WrittenArgs>(&["-E", "big6"]).unwrap();
        let refused = bad.ready().err().unwrap().to_string();
        assert!(refused.contains("--output-encoding big6"), "{refused}");
    }
}
