//! The converter: a plan, ready and shared.

use std::path::Path;
use std::sync::Arc;

use super::config::{Reader, builtin_config};
use super::fast::{Fast, analyse};
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
}

impl Converter {
    /// The converter of one of the [`CONFIGS`](super::CONFIGS).
    ///
    /// # Errors
    ///
    /// When there is no config of that name.
    pub fn new(name: &str) -> Result<Converter, Error> {
        let Some(json) = builtin_config(name) else {
            let known = super::CONFIGS.join(", ");
            return Err(Error::new(
                ErrorKind::UnknownScript,
                format!("no conversion config is called \"{name}\"; there are {known}"),
            ));
        };
        let reader = Reader { folder: None, tofu: true };
        let plan = reader.plan(name, json)?;
        let fast = super::builtin_facts(name).map(Fast::open).transpose()?;
        Ok(Converter { engine: Arc::new(Engine { plan, fast }) })
    }

    /// The converter of a config file in OpenCC's form. Its dictionaries are text files beside
    /// it, written in it, or the library's own, which it may name with or without having them.
    ///
    /// # Errors
    ///
    /// When the config or one of its dictionaries cannot be used: which, the line, and why.
    pub fn from_config_file(path: impl AsRef<Path>) -> Result<Converter, Error> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let json = std::fs::read_to_string(path)
            .map_err(|e| Error::new(ErrorKind::Config, format!("config \"{name}\": {e}")))?;
        let folder = Some(path.parent().unwrap_or(Path::new("")).to_owned());
        Reader { folder, tofu: true }.plan(&name, &json).map(Converter::of)
    }

    fn of(plan: Plan) -> Converter {
        let fast = analyse(&plan).and_then(|facts| Fast::from_vec(facts.to_bytes()).ok());
        Converter { engine: Arc::new(Engine { plan, fast }) }
    }

    /// What the fast engine has to know about one of the configs that come with the library, as
    /// it is stored in `data/compiled/opencc`.
    #[doc(hidden)]
    pub fn facts(name: &str) -> Option<Vec<u8>> {
        let reader = Reader { folder: None, tofu: true };
        let plan = reader.plan(name, builtin_config(name)?).ok()?;
        analyse(&plan).map(|facts| facts.to_bytes())
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

    /// Converts a text and appends the result to `out`.
    pub fn convert_into(&self, text: &str, out: &mut String) {
        let mut stage = self.stage();
        stage.push(text, out, &mut Silent);
        stage.finish(out, &mut Silent);
    }

    /// A stage that converts a stream.
    pub fn stage(&self) -> Conversion {
        Conversion::new(&self.engine)
    }
}
