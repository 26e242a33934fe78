//! `--dict`, `--protect`: phrases of one's own over a conversion

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use hanmend::convert::{Converter, Overlay, Phrases};

use crate::cli::usage::Usage;

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PhraseArgs {
    /// Convert phrases of your own: a dictionary in OpenCC's form, PHRASE TAB RESULT a line
    ///
    /// They are looked for before anything else, the leftmost and there the longest, and what they
    /// become is final. # begins a comment. May be given several times; the first counts where a
    /// phrase is in two.
    #[arg(long, value_name = "FILE", help_heading = "What is done")]
    dict: Vec<PathBuf>,

    /// Leave these phrases as they are: one a line
    ///
    /// A phrase that is in --dict too stays. # begins a comment. May be given several times.
    #[arg(long, value_name = "FILE", help_heading = "What is done")]
    protect: Vec<PathBuf>,
}

impl PhraseArgs {
    /// Whether any were given.
    pub(crate) fn any(&self) -> bool {
        !self.dict.is_empty() || !self.protect.is_empty()
    }

    /// The converter of an OpenCC config, or of the path of one (.json), with the phrases.
    pub(crate) fn converter(&self, option: &'static str, config: &str) -> Result<Converter, Usage> {
        let builder = match config.ends_with(".json") {
            true => Converter::builder_from_file(config),
            false => Converter::builder(config),
        };
        // What is wrong with the config is said as such, before any dictionary is read.
        if self.any() {
            builder.clone().build().map_err(|e| Usage::Library(option, e))?;
        }
        let option = if self.any() { OPTIONS } else { option };
        builder.phrases(self.phrases()).build().map_err(|e| Usage::Library(option, e))
    }

    /// The phrases, ready to be looked for.
    pub(crate) fn overlay(&self) -> Result<Arc<Overlay>, Usage> {
        self.phrases().compile().map_err(|e| Usage::Library(OPTIONS, e))
    }

    fn phrases(&self) -> Phrases {
        let phrases = self.dict.iter().fold(Phrases::default(), |all, path| all.file(path));
        self.protect.iter().fold(phrases, |all, path| all.protect_file(path))
    }
}

const OPTIONS: &str = "--dict, --protect";

#[cfg(test)]
mod tests {
    use super::super::testing::typed;
    use super::*;

    #[test]
    fn phrases_go_over_the_config() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let dict = file("dict.txt", "# words\n云盘\t雲端硬碟\n");
        let protect = file("names.txt", "鼠标先生\n");
        let args: PhraseArgs = typed(&["--dict", &dict, "--protect", &protect]).unwrap();
        let converter = args.converter("--config", "s2twp").unwrap();
        assert_eq!(converter.convert("鼠标先生的鼠标和云盘"), "鼠标先生的滑鼠和雲端硬碟");
        assert!(args.converter("--config", "s2tt").unwrap_err().to_string().contains("--config"));

        let bad = file("bad.txt", "云盘\t雲端硬碟\n鼠标\n");
        let args: PhraseArgs = typed(&["--dict", &bad]).unwrap();
        let error = args.converter("--config", "s2twp").unwrap_err().to_string();
        assert!(error.contains("--dict") && error.contains("bad.txt"), "{error}");
        assert!(error.contains("line 2") || error.contains(":2"), "{error}");
    }
}
