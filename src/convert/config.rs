//! Configs in OpenCC's JSON form.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::lenient::strict_json;
use super::plan::{Dict, Plan, Step};
use crate::dict::builtin::builtin;
use crate::dict::{Row, Table, compile, parse_rows};
use crate::error::{Error, ErrorKind};

/// The JSON of a config that comes with the library.
pub(crate) fn builtin_config(name: &str) -> Option<&'static str> {
    macro_rules! configs {
        ($($name:literal)*) => {
            match name {
                $($name => Some(include_str!(
                    concat!("../../data/opencc/config/", $name, ".json")
                )),)*
                _ => None,
            }
        };
    }
    configs!(
        "s2t" "t2s" "s2tw" "tw2s" "s2twp" "tw2sp" "s2hk" "hk2s" "s2hkp" "hk2sp" "t2tw" "tw2t"
        "t2hk" "hk2t" "t2jp" "jp2t"
    )
}

/// Reads configs: knows where dictionaries lie and whether all of them are wanted.
pub(crate) struct Reader {
    /// The folder that dictionary files are looked for in; `None` for the library's own.
    pub(crate) folder: Option<PathBuf>,
    /// Whether dictionaries marked `may_output_tofu` take part.
    pub(crate) tofu: bool,
    /// Whether one of them was left out.
    pub(crate) left_out: Cell<bool>,
}

type Object = Map<String, Value>;

impl Reader {
    pub(crate) fn new(folder: Option<PathBuf>, tofu: bool) -> Reader {
        Reader { folder, tofu, left_out: Cell::new(false) }
    }

    /// Reads a config.
    pub(crate) fn plan(&self, name: &str, json: &str) -> Result<Plan, Error> {
        let root: Value = serde_json::from_str(&strict_json(json))
            .map_err(|e| error(format!("config \"{name}\": {e}")))?;
        self.steps(&root)
            .map(|steps| Plan { name: name.to_owned(), steps })
            .map_err(|e| Error::new(e.kind(), format!("config \"{name}\": {e}")))
    }

    fn steps(&self, root: &Value) -> Result<Vec<Step>, Error> {
        let root = root.as_object().ok_or_else(|| error("is not an object"))?;
        let mut steps = Vec::new();
        if root.contains_key("normalization") {
            self.chain(root, "normalization", &mut steps)?;
        }
        if root.contains_key("segmentation") {
            let segmentation = object(root, "segmentation")?;
            let kind = string(segmentation, "type")?;
            if kind != "mmseg" {
                return Err(error(format!("segmentation \"{kind}\" is not known, only mmseg is")));
            }
            // As in OpenCC, segmentation uses every dictionary, whatever the option says.
            let all = Reader::new(self.folder.clone(), true);
            if let Some(dict) = all.dict(object(segmentation, "dict")?)? {
                steps.push(Step::new(dict, true));
            }
        }
        self.chain(root, "conversion_chain", &mut steps)?;
        Ok(steps)
    }

    fn chain(&self, root: &Object, name: &str, steps: &mut Vec<Step>) -> Result<(), Error> {
        for item in array(root, name)? {
            let item =
                item.as_object().ok_or_else(|| error(format!("\"{name}\" has no object")))?;
            if let Some(dict) = self.dict(object(item, "dict")?)? {
                steps.push(Step::new(dict, false));
            }
        }
        Ok(())
    }

    fn dict(&self, doc: &Object) -> Result<Option<Dict>, Error> {
        let kind = string(doc, "type")?;
        if kind == "inline" {
            return inline(doc).map(Some);
        }
        let tofu = match doc.get("may_output_tofu") {
            None => false,
            Some(Value::Bool(tofu)) => *tofu,
            Some(_) => return Err(error("\"may_output_tofu\" is neither true nor false")),
        };
        if tofu && !self.tofu {
            self.left_out.set(true);
            return Ok(None);
        }
        match kind {
            "group" => self.group(doc),
            "text" | "ocd" | "ocd2" => self.file(kind, string(doc, "file")?).map(Some),
            _ => Err(error(format!(
                "dictionary type \"{kind}\" is none of text, inline, group, ocd2"
            ))),
        }
    }

    fn group(&self, doc: &Object) -> Result<Option<Dict>, Error> {
        let union = match doc.get("match_policy") {
            None => false,
            Some(Value::String(policy)) if policy == "short_circuit" => false,
            Some(Value::String(policy)) if policy == "union" => true,
            Some(policy) => {
                let want = "neither \"short_circuit\" nor \"union\"";
                return Err(error(format!("match_policy {policy} is {want}")));
            }
        };
        let mut dicts = Vec::new();
        for item in array(doc, "dicts")? {
            let item = item.as_object().ok_or_else(|| error("\"dicts\" holds no object"))?;
            dicts.extend(self.dict(item)?);
        }
        if dicts.is_empty() {
            return Ok(None);
        }
        Ok(Some(if union { Dict::Union(dicts) } else { Dict::ShortCircuit(dicts) }))
    }

    /// A dictionary file: beside the config, or the library's own of that name.
    fn file(&self, kind: &str, file: &str) -> Result<Dict, Error> {
        let path = self.folder.as_deref().map(|folder| folder.join(file));
        if let Some(path) = path.as_deref().filter(|path| kind == "text" && path.exists()) {
            return read_table(path).map(Dict::Table);
        }
        let name = Path::new(file).file_stem().and_then(|s| s.to_str()).unwrap_or(file);
        if let Some(table) = builtin(name) {
            return Ok(Dict::Table(table));
        }
        Err(error(match path {
            Some(path) if kind == "text" => {
                format!("dictionary {} does not exist", path.display())
            }
            _ if kind == "text" => format!("dictionary \"{file}\" is not one of the library's"),
            _ => format!(
                "dictionary \"{file}\" is in a binary form that is not read; turn it into text \
                 with opencc_dict -t text and say \"type\": \"text\""
            ),
        }))
    }
}

/// Reads a text dictionary and compiles it.
pub(crate) fn read_table(path: &Path) -> Result<Table, Error> {
    Table::from_vec(compile(&read_rows(path)?))
}

/// Reads a text dictionary.
pub(crate) fn read_rows(path: &Path) -> Result<Vec<Row>, Error> {
    parse_rows(&read_text(path)?).map_err(|e| in_file(path, &e.to_string()))
}

/// Reads a file of phrases, one a line.
pub(crate) fn read_phrases(path: &Path) -> Result<Vec<String>, Error> {
    let text = read_text(path)?;
    let lines = text.strip_prefix('\u{FEFF}').unwrap_or(&text).lines().map(str::trim_end);
    Ok(lines.filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned).collect())
}

fn read_text(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path).map_err(|e| in_file(path, &e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        let line = 1 + e.as_bytes()[..at].iter().filter(|&&b| b == b'\n').count();
        in_file(path, &format!("line {line}: not UTF-8 at byte {at}"))
    })
}

fn in_file(path: &Path, what: &str) -> Error {
    Error::new(ErrorKind::Dictionary, format!("dictionary {}: {what}", path.display()))
}

fn inline(doc: &Object) -> Result<Dict, Error> {
    if doc.contains_key("may_output_tofu") {
        return Err(error("an inline dictionary does not take \"may_output_tofu\""));
    }
    let mut rows = Vec::new();
    for (key, value) in object(doc, "entries")? {
        match value.as_str() {
            Some(value) if !key.is_empty() && !value.is_empty() => {
                rows.push(Row { key: key.clone(), values: vec![value.to_owned()] });
            }
            _ => return Err(error(format!("inline entry \"{key}\": {value} is no text to use"))),
        }
    }
    Table::from_vec(compile(&rows)).map(Dict::Table)
}

fn object<'v>(doc: &'v Object, name: &str) -> Result<&'v Object, Error> {
    doc.get(name).and_then(Value::as_object).ok_or_else(|| missing(name, "object"))
}

fn array<'v>(doc: &'v Object, name: &str) -> Result<&'v Vec<Value>, Error> {
    doc.get(name).and_then(Value::as_array).ok_or_else(|| missing(name, "array"))
}

fn string<'v>(doc: &'v Object, name: &str) -> Result<&'v str, Error> {
    doc.get(name).and_then(Value::as_str).ok_or_else(|| missing(name, "string"))
}

fn missing(name: &str, kind: &str) -> Error {
    error(format!("\"{name}\" is missing or no {kind}"))
}

fn error(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Config, what.into())
}
