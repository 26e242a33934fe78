//! The converter: a plan, ready and shared.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::config::{Reader, builtin_config};
use super::fast::{Fast, analyse};
use super::overlay::{Overlay, Phrases};
use super::plan::Plan;
use super::stream::Conversion;
use crate::error::{Error, ErrorKind};
use crate::event::Silent;
use crate::stage::Stage;

/// Converts text by one config. Cheap to clone; clones share the tables.
///
/// ```
/// use hanmend::convert::Converter;
///
/// let converter = Converter::new("t2s")?;
/// assert_eq!(converter.convert("漢字"), "汉字");
/// # Ok::<(), hanmend::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Converter {
    engine: Arc<Engine>,
}

/// A plan, and what the fast engine knows of it, where that applies.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) plan: Plan,
    pub(crate) fast: Option<Fast>,
    pub(crate) overlay: Option<Arc<Overlay>>,
}

impl Converter {
    /// The converter of one of the [`CONFIGS`](super::CONFIGS).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownScript`] when there is no config of that name.
    pub fn new(name: &str) -> Result<Converter, Error> {
        Converter::builder(name).build()
    }

    /// The converter of a config file in OpenCC's form. Its dictionaries are text files beside
    /// it, written in it, or the library's own, which it may name with or without having them.
    ///
    /// ```
    /// use hanmend::convert::Converter;
    ///
    /// let folder = tempfile::tempdir()?;
    /// std::fs::write(folder.path().join("names.txt"), "云岭\t雲嶺鎮\n")?;
    /// let config = r#"{"name": "names, then s2t",
    ///     "conversion_chain": [{"dict": {"type": "group", "dicts": [
    ///         {"type": "text", "file": "names.txt"},
    ///         {"type": "ocd2", "file": "STCharacters.ocd2"}]}}]}"#;
    /// std::fs::write(folder.path().join("mine.json"), config)?;
    /// let converter = Converter::from_config_file(folder.path().join("mine.json"))?;
    /// assert_eq!(converter.convert("云岭的云"), "雲嶺鎮的雲");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] and [`ErrorKind::Dictionary`], when the config or one of its
    /// dictionaries cannot be used: which, the line, and why.
    pub fn from_config_file(path: impl AsRef<Path>) -> Result<Converter, Error> {
        Converter::builder_from_file(path).build()
    }

    /// A converter of one of the [`CONFIGS`](super::CONFIGS), with changes. Whether there is such a
    /// config, [`build`](ConverterBuilder::build) says.
    pub fn builder(name: &str) -> ConverterBuilder {
        ConverterBuilder::new(Config::Name(name.to_owned()))
    }

    /// A converter of a config file, with changes. It is read by
    /// [`build`](ConverterBuilder::build).
    pub fn builder_from_file(path: impl AsRef<Path>) -> ConverterBuilder {
        ConverterBuilder::new(Config::File(path.as_ref().to_owned()))
    }

    /// What the fast engine has to know about one of the configs that come with the library, as
    /// it is stored in `data/compiled/opencc`.
    #[doc(hidden)]
    pub fn facts(name: &str) -> Option<Vec<u8>> {
        let plan = Reader::new(None, true).plan(name, builtin_config(name)?).ok()?;
        analyse(&plan).map(|facts| facts.to_bytes())
    }

    /// A converter of one of the configs, with facts for the fast engine that may be damaged: what
    /// it gives is then as wrong as they are.
    #[cfg(any(test, fuzzing))]
    #[doc(hidden)]
    pub fn with_facts(name: &str, facts: Vec<u8>) -> Result<Converter, Error> {
        let mut converter = Converter::new(name)?;
        let fast = Fast::from_vec(facts)?;
        if let Some(engine) = Arc::get_mut(&mut converter.engine) {
            engine.fast = Some(fast);
        }
        Ok(converter)
    }

    /// The name of the config, or the path of its file.
    pub fn name(&self) -> &str {
        &self.engine.plan.name
    }

    /// Converts a text.
    pub fn convert(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + text.len() / 16);
        self.convert_into(text, &mut out);
        out
    }

    /// Converts a text and appends the result to `out`, so that a loop over texts needs one buffer.
    ///
    /// ```
    /// use hanmend::convert::Converter;
    ///
    /// let (converter, mut out) = (Converter::new("s2t")?, String::new());
    /// for text in ["汉", "字", "书"] {
    ///     converter.convert_into(text, &mut out);
    /// }
    /// assert_eq!(out, "漢字書");
    /// # Ok::<(), hanmend::error::Error>(())
    /// ```
    pub fn convert_into(&self, text: &str, out: &mut String) {
        let mut stage = self.stage();
        stage.push(text, out, &mut Silent);
        stage.finish(out, &mut Silent);
    }

    /// A stage that converts a stream.
    pub fn stage(&self) -> Conversion {
        Conversion::new(&self.engine)
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }
}

/// Which config.
#[derive(Clone, Debug)]
enum Config {
    Name(String),
    File(PathBuf),
}

/// Makes a [`Converter`] that differs from its config.
///
/// Phrases of one's own are looked for in the source before anything else, the leftmost first and
/// there the longest, and what they become is final. They cut the text: what lies between two of
/// them is converted as if it stood alone.
///
/// ```
/// use hanmend::convert::{Converter, Phrases};
/// use hanmend::dict::Row;
///
/// let row = Row { key: "云盘".into(), values: vec!["雲端硬碟".into()] };
/// let phrases = Phrases::default().rows([row]).protect(["鼠标先生"]);
/// let converter = Converter::builder("s2twp").phrases(phrases).build()?;
/// assert_eq!(converter.convert("鼠标先生的鼠标和云盘"), "鼠标先生的滑鼠和雲端硬碟");
/// # Ok::<(), hanmend::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConverterBuilder {
    config: Config,
    tofu: bool,
    phrases: Phrases,
}

impl ConverterBuilder {
    fn new(config: Config) -> ConverterBuilder {
        ConverterBuilder { config, tofu: true, phrases: Phrases::default() }
    }

    /// Whether dictionaries take part that are marked `may_output_tofu`: those that give
    /// characters which many fonts lack. They do by default, as in OpenCC's library; OpenCC's
    /// program leaves them out.
    #[must_use]
    pub fn tofu(mut self, tofu: bool) -> ConverterBuilder {
        self.tofu = tofu;
        self
    }

    /// Lays phrases of one's own over the config.
    #[must_use]
    pub fn phrases(mut self, phrases: Phrases) -> ConverterBuilder {
        self.phrases = phrases;
        self
    }

    /// The converter.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownScript`] when there is no config of that name, [`ErrorKind::Config`] and
    /// [`ErrorKind::Dictionary`] when a file cannot be used: which, the line, and why.
    pub fn build(self) -> Result<Converter, Error> {
        let overlay = Some(self.phrases.compile()?).filter(|overlay| !overlay.is_empty());
        let (plan, stored) = match &self.config {
            Config::Name(name) => {
                let reader = Reader::new(None, self.tofu);
                let json = builtin_config(name).ok_or_else(|| unknown(name))?;
                let plan = reader.plan(name, json)?;
                // What is stored is about all dictionaries.
                (plan, super::builtin_facts(name).filter(|_| !reader.left_out.get()))
            }
            Config::File(path) => {
                let name = path.display().to_string();
                let json = std::fs::read_to_string(path).map_err(|e| {
                    Error::new(ErrorKind::Config, format!("config \"{name}\": {e}"))
                })?;
                let folder = path.parent().unwrap_or(Path::new("")).to_owned();
                (Reader::new(Some(folder), self.tofu).plan(&name, &json)?, None)
            }
        };
        let fast = match stored {
            Some(bytes) => Some(Fast::open(bytes)?),
            None => analyse(&plan).and_then(|facts| Fast::from_vec(facts.to_bytes()).ok()),
        };
        Ok(Converter { engine: Arc::new(Engine { plan, fast, overlay }) })
    }
}

fn unknown(name: &str) -> Error {
    let known = super::CONFIGS.join(", ");
    let what = format!("no conversion config is called \"{name}\"; there are {known}");
    Error::new(ErrorKind::UnknownScript, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_facts_are_errors_or_wrong_text() {
        let good = Converter::facts("t2tw").unwrap();
        let text = "裏面的麪包，爲什麼\u{2FF0}氵每𠮷eéあ。";
        assert!(Converter::with_facts("t2tw", good[..good.len() - 1].to_vec()).is_err());
        for at in (0..good.len()).step_by(41) {
            let mut bad = good.clone();
            bad[at] ^= 0xFF;
            if let Ok(converter) = Converter::with_facts("t2tw", bad) {
                converter.convert(text);
            }
        }
        let sound = Converter::with_facts("t2tw", good).unwrap();
        assert_eq!(sound.convert(text), Converter::new("t2tw").unwrap().convert(text));
    }
}
