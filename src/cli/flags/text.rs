//! `-e`, `-s`, `-r`, `--no-guess`, `--format`: what is done to the text

use clap::{Args, ValueEnum};
use hanmend::decode::Encoding;
use hanmend::{Fixer, FixerBuilder, Format, Repairs, ToScript};

use crate::cli::usage::Usage;

/// `--format` as typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    #[default]
    Auto,
    Text,
    Html,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct TextArgs {
    /// Encoding of the input: auto, or a label such as gb18030, big5, utf-16le, hz
    ///
    /// auto looks at the bytes, at a BOM, and at what the page declares. All labels of the WHATWG
    /// standard are known, and cp936, cp950, euc-cn, euc-tw, hz, iso-2022-cn, big5-hkscs, big5-uao.
    #[arg(
        short,
        long,
        value_name = "LABEL",
        default_value = "auto",
        help_heading = "What is done"
    )]
    encoding: String,

    /// Script of the result: keep, hans, hant, tw, twp, hk, hkp, jp, an OpenCC config (s2t ... hk2sp),
    /// or the path of a config .json
    ///
    /// hans, hant, tw, hk and so on look before they convert: a passage that already is what was
    /// asked stays, Japanese and Korean stay, quotations in the other script are converted. twp and
    /// hkp also choose the words of the place. The OpenCC configs convert everything, as OpenCC does.
    #[arg(
        short,
        long,
        value_name = "TARGET",
        default_value = "keep",
        help_heading = "What is done"
    )]
    script: String,

    /// Repairs: mojibake,entity,gloss,unicode are on; +noise adds, -gloss removes; none; all
    ///
    /// mojibake  bytes of one encoding that were read as another (å®ž, 鐨勬槸)
    /// entity    character references and escapes left in the text (&#x5B9E; \u5b9e %E5%AE%9E)
    /// gloss     readings inserted after characters: 實(shí)
    /// unicode   private-use points, radicals, zero-width characters inside words
    /// noise     inserted junk (off unless asked for)
    #[arg(
        short,
        long,
        value_name = "LIST",
        allow_hyphen_values = true,
        help_heading = "What is done",
        verbatim_doc_comment
    )]
    repair: Option<String>,

    /// Leave U+FFFD where a lost character could only be guessed
    #[arg(long, help_heading = "What is done")]
    no_guess: bool,

    /// What the input is: auto, text or html; in HTML, markup stays markup
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value_t,
        hide_possible_values = true,
        help_heading = "What is done"
    )]
    format: FormatArg,
}

impl TextArgs {
    /// A builder that does to the text what was asked.
    pub(crate) fn ready(&self) -> Result<FixerBuilder, Usage> {
        let encoding = match self.encoding.as_str() {
            "auto" => None,
            label => Some(
                Encoding::for_label(label)
                    .ok_or_else(|| Usage::Encoding("--encoding", label.to_owned()))?,
            ),
        };
        let script = ToScript::parse(&self.script).map_err(|e| Usage::Library("--script", e))?;
        let repairs = match &self.repair {
            Some(list) => Repairs::parse(list).map_err(|e| Usage::Library("--repair", e))?,
            None => Repairs::default(),
        };
        let format = match self.format {
            FormatArg::Auto => Format::Auto,
            FormatArg::Text => Format::Text,
            FormatArg::Html => Format::Html,
        };
        Ok(Fixer::builder()
            .encoding(encoding)
            .script(script)
            .repairs(repairs)
            .guess(!self.no_guess)
            .format(format))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::typed;
    use super::*;

    fn refused(words: &[&str]) -> String {
        typed::<TextArgs>(words).unwrap().ready().err().unwrap().to_string()
    }

    #[test]
    fn bad_values_are_named_with_their_option() {
        assert!(refused(&["-e", "gbkk"]).contains("--encoding gbkk"));
        assert!(refused(&["-s", "hens"]).contains("--script"));
        assert!(refused(&["-r", "+glos"]).contains("--repair"));
    }

    #[test]
    fn good_values_build() {
        for words in [
            &["-e", "gb18030", "-s", "hans"][..],
            &["-r", "-gloss,+noise"],
            &["--repair=none", "--format", "html", "--no-guess"],
            &[],
        ] {
            typed::<TextArgs>(words).unwrap().ready().unwrap().build();
        }
    }
}
