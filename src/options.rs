//! What a [`Fixer`](crate::Fixer) is asked to do: which repairs, which script, which format.

use std::path::Path;
use std::sync::Arc;

use crate::convert::target::Target;
use crate::convert::{Converter, Overlay};
use crate::error::{Error, ErrorKind};
use crate::event::Repair;

/// A set of repairs.
///
/// ```
/// use hanmend::{Repairs, event::Repair};
///
/// let repairs = Repairs::parse("-gloss,+noise").unwrap();
/// assert!(!repairs.contains(Repair::Gloss) && repairs.contains(Repair::Noise));
/// assert_eq!(Repairs::parse("entity").unwrap(), Repairs::NONE.with(Repair::Entity));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Repairs(u8);

impl Repairs {
    /// No repair.
    pub const NONE: Repairs = Repairs(0);

    /// Every repair, `noise` too.
    pub fn all() -> Repairs {
        Repair::SWITCHED.into_iter().fold(Repairs::NONE, Repairs::with)
    }

    /// This set and `repair`.
    #[must_use]
    pub fn with(self, repair: Repair) -> Repairs {
        Repairs(self.0 | 1 << repair as u8)
    }

    /// This set without `repair`.
    #[must_use]
    pub fn without(self, repair: Repair) -> Repairs {
        Repairs(self.0 & !(1 << repair as u8))
    }

    /// Whether `repair` is in the set.
    pub fn contains(self, repair: Repair) -> bool {
        self.0 & 1 << repair as u8 != 0
    }

    /// Reads a list as the option `--repair` takes it: names separated by commas make the set;
    /// `+name` adds to it and `-name` removes from it, beginning with the default where the list
    /// begins with a sign; `none` and `all` are sets.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownRepair`] for a name that is none.
    pub fn parse(list: &str) -> Result<Repairs, Error> {
        let mut set = match list.trim_start().as_bytes().first() {
            Some(b'+' | b'-') => Repairs::default(),
            _ => Repairs::NONE,
        };
        for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let (add, name) = match item.strip_prefix('-') {
                Some(name) => (false, name),
                None => (true, item.strip_prefix('+').unwrap_or(item)),
            };
            let named = match name {
                "none" => Repairs::NONE,
                "all" => Repairs::all(),
                _ => Repairs::NONE.with(repair(name)?),
            };
            set = if add { Repairs(set.0 | named.0) } else { Repairs(set.0 & !named.0) };
        }
        Ok(set)
    }
}

impl Default for Repairs {
    /// `mojibake`, `entity`, `gloss`, `unicode`.
    fn default() -> Repairs {
        Repairs::all().without(Repair::Noise)
    }
}

fn repair(name: &str) -> Result<Repair, Error> {
    Repair::SWITCHED.into_iter().find(|r| r.name() == name).ok_or_else(|| {
        let names = Repair::SWITCHED.map(Repair::name).join(", ");
        let message = format!("there is no repair \"{name}\"; the repairs are {names}, none, all");
        Error::new(ErrorKind::UnknownRepair, message)
    })
}

/// What script the text is to be in.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum ToScript {
    /// As it is.
    #[default]
    Keep,
    /// A target that looks at each passage before it converts.
    Target(Target),
    /// A target, with phrases of one's own.
    TargetWith(Target, Arc<Overlay>),
    /// An OpenCC config, which converts everything.
    Config(Box<Converter>),
}

impl ToScript {
    /// Reads the option `--script`: `keep`, a target (`hans`, `hant`, `tw`, `twp`, `hk`, `hkp`,
    /// `jp`), the name of an OpenCC config (`s2t` … `hk2sp`), or the path of a config (`.json`).
    ///
    /// ```
    /// use hanmend::ToScript;
    ///
    /// assert!(matches!(ToScript::parse("hans").unwrap(), ToScript::Target(_)));
    /// assert!(matches!(ToScript::parse("s2twp").unwrap(), ToScript::Config(_)));
    /// assert!(ToScript::parse("simplified").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownScript`] for a name that is none of these, and what is wrong with a
    /// config.
    pub fn parse(name: &str) -> Result<ToScript, Error> {
        if name == "keep" {
            return Ok(ToScript::Keep);
        }
        if let Some(target) = Target::from_name(name) {
            return Ok(ToScript::Target(target));
        }
        if name.ends_with(".json") {
            let converter = Converter::from_config_file(Path::new(name))?;
            return Ok(ToScript::Config(Box::new(converter)));
        }
        Converter::new(name).map(|c| ToScript::Config(Box::new(c))).map_err(|_| {
            let targets = Target::NAMES.map(|(name, _)| name).join(", ");
            let configs = crate::convert::CONFIGS.join(", ");
            let message = format!(
                "there is no script \"{name}\"; targets are keep, {targets}; OpenCC configs are \
                 {configs}, or the path of a .json file"
            );
            Error::new(ErrorKind::UnknownScript, message)
        })
    }
}

/// Whether the input is markup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Found out from the content.
    #[default]
    Auto,
    /// Plain text: a reference to a markup character is a reference like any other.
    Text,
    /// HTML or XML: `&lt;` stays `&lt;`.
    Html,
}

impl Format {
    /// Reads the option `--format`; `None` for what is neither `auto`, `text` nor `html`.
    pub fn from_name(name: &str) -> Option<Format> {
        match name {
            "auto" => Some(Format::Auto),
            "text" => Some(Format::Text),
            "html" => Some(Format::Html),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs() {
        let parse = |list| Repairs::parse(list).unwrap();
        assert_eq!(parse("none"), Repairs::NONE);
        assert_eq!(parse("all"), Repairs::default().with(Repair::Noise));
        assert_eq!(parse("+noise"), Repairs::all());
        assert_eq!(parse("gloss, entity"), Repairs::NONE.with(Repair::Gloss).with(Repair::Entity));
        assert_eq!(parse("all,-mojibake"), Repairs::all().without(Repair::Mojibake));
        let error = Repairs::parse("glos").unwrap_err().to_string();
        assert!(error.contains("\"glos\"") && error.contains("gloss, unicode"), "{error}");
    }

    #[test]
    fn an_unknown_script_names_the_known_ones() {
        let error = ToScript::parse("zh").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownScript);
        assert!(error.to_string().contains("hans") && error.to_string().contains("s2twp"));
    }
}
