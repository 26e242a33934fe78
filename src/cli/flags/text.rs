//! `-e`, `-s`, `-r`, `--no-guess`, `--format`: what is done to the text

use clap::{Args, ValueEnum};
use hanmend::{Fixer, FixerBuilder, Format, Repairs, ToScript};

use super::phrases::PhraseArgs;
use super::written::{Written, WrittenArgs};
use crate::cli::mender::{Asked, Recipe};
use crate::cli::usage::Usage;
use hanmend::formats::{Kind, Settings, Wanted};

/// `--format` as typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    #[default]
    Auto,
    Text,
    Html,
    Jsonl,
    Csv,
    Tsv,
    Srt,
    Vtt,
    Ass,
    Warc,
    Tar,
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

    #[command(flatten)]
    phrases: PhraseArgs,

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

    /// What the input is: auto, text, html, jsonl, csv, tsv, srt, vtt, ass, warc or tar
    ///
    /// auto goes by the end of the name: .html .htm .xhtml .jsonl .ndjson .csv .tsv .srt .vtt .ass .ssa
    /// .warc .wet .tar .tgz, also compressed; what begins as a web archive is one; all else is text.
    /// Of html, text and the attributes title, alt and the content of descriptions are mended, and the
    /// declared charset becomes the one that is written, unless all is ASCII; scripts, styles, listings, and
    /// what lang says is not Chinese stay, and references to other characters than Han. Of records, each field is a text of its own. Of subtitles, the text of the cues
    /// is mended. What is around stays byte for byte. Of archives, each member is mended as what it is,
    /// and lengths and digests are made right; archives in archives stay, and explain and --diff do not
    /// open any.
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value_t,
        hide_possible_values = true,
        help_heading = "What is done"
    )]
    format: FormatArg,

    /// In records, mend only these fields, by name or number, or in jsonl by JSON Pointer
    ///
    /// In csv and tsv the first line has the names; a number counts columns from 1 on. In jsonl a name
    /// is found at any depth, and all below it is mended; /a/0/b leads from the top, and - in it stands
    /// for every element of an array.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',', help_heading = "What is done")]
    fields: Vec<String>,

    /// What separates the fields of csv; the default is what the first line has most of: , ; tab or |
    #[arg(long, value_name = "CHAR", value_parser = delimiter, help_heading = "What is done")]
    delimiter: Option<u8>,
}

impl TextArgs {
    /// What mends the inputs, and writes the results as `written` says.
    pub(crate) fn recipe(&self, written: &WrittenArgs) -> Result<Recipe, Usage> {
        let builder = self.ready()?;
        if let Some(option) = self.in_vain() {
            return Err(Usage::NoRecords(option));
        }
        let Written { output, unmappable, bom } = written.ready()?;
        let text = builder.output(output).unmappable(unmappable).bom(bom);
        let wanted = Wanted::default().fields(&self.fields).delimiter(self.delimiter);
        let formats = Settings::new(text.clone()).wanted(wanted);
        let (text, archives) = (text.build(), !written.is_shown());
        let kind = match self.format {
            FormatArg::Auto => Asked::ByName,
            FormatArg::Text => Asked::Text,
            FormatArg::Html => Asked::Kind(Kind::Html),
            FormatArg::Jsonl => Asked::Kind(Kind::Jsonl),
            FormatArg::Csv => Asked::Kind(Kind::Csv),
            FormatArg::Tsv => Asked::Kind(Kind::Tsv),
            FormatArg::Srt => Asked::Kind(Kind::SubRip),
            FormatArg::Vtt => Asked::Kind(Kind::WebVtt),
            FormatArg::Ass => Asked::Kind(Kind::Ass),
            FormatArg::Warc => Asked::Kind(Kind::Warc),
            FormatArg::Tar => Asked::Kind(Kind::Tar),
        };
        Ok(Recipe { text, formats, kind, archives })
    }

    /// The option about records that the format, if it was typed, has no use for.
    fn in_vain(&self) -> Option<&'static str> {
        use FormatArg::{Auto, Csv, Jsonl, Tar, Tsv, Warc};
        let fields = matches!(self.format, Auto | Jsonl | Csv | Tsv | Warc | Tar);
        let delimiter = matches!(self.format, Auto | Csv | Warc | Tar);
        if !self.fields.is_empty() && !fields {
            return Some("--fields");
        }
        (self.delimiter.is_some() && !delimiter).then_some("--delimiter")
    }

    /// A builder that does to the text what was asked.
    fn ready(&self) -> Result<FixerBuilder, Usage> {
        let encoding = super::encoding(&self.encoding)?;
        let mut script =
            ToScript::parse(&self.script).map_err(|e| Usage::Library("--script", e))?;
        if self.phrases.any() {
            script = match script {
                ToScript::Config(_) => {
                    let converter = self.phrases.converter("--script", &self.script)?;
                    ToScript::Config(Box::new(converter))
                }
                ToScript::Target(target) => ToScript::TargetWith(target, self.phrases.overlay()?),
                _ => return Err(Usage::NoScript),
            };
        }
        let repairs = match &self.repair {
            Some(list) => Repairs::parse(list).map_err(|e| Usage::Library("--repair", e))?,
            None => Repairs::default(),
        };
        let format = match self.format {
            FormatArg::Text => Format::Text,
            _ => Format::Auto,
        };
        Ok(Fixer::builder()
            .encoding(encoding)
            .script(script)
            .repairs(repairs)
            .guess(!self.no_guess)
            .format(format))
    }
}

/// One character of ASCII, or `\t`, `tab`.
fn delimiter(typed: &str) -> Result<u8, String> {
    match typed.as_bytes() {
        b"\\t" | b"tab" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !b"\"\r\n".contains(byte) => Ok(*byte),
        _ => Err("it is one character of ASCII, and no quote or line end; tab is a tab".to_owned()),
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
        assert!(typed::<TextArgs>(&["--delimiter", "ab"]).is_err());
        assert_eq!(typed::<TextArgs>(&["--delimiter", "tab"]).unwrap().delimiter, Some(b'\t'));
    }

    #[test]
    fn phrases_go_over_targets_and_configs_and_need_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("names.txt");
        std::fs::write(&path, "后先生\n").unwrap();
        let path = path.display().to_string();
        for script in ["tw", "s2tw"] {
            let args: TextArgs = typed(&["-s", script, "--protect", &path]).unwrap();
            let fixer = args.ready().unwrap().build();
            assert_eq!(fixer.fix_str("后先生在后面说"), "后先生在後面說");
        }
        assert!(refused(&["--protect", &path]).contains("-s tw"));
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
