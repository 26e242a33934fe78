//! Records: JSON lines, comma- and tab-separated values. Each field is a text of its own, and what
//! is around the fields stays byte for byte.

mod delimited;
mod field;
mod json;
mod splitter;
mod stream;

pub(crate) use stream::{RecordStream, Settings};

/// How records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One JSON value a line.
    Jsonl,
    /// RFC 4180: fields with a comma, a quote or a line end stand in quotes.
    Csv,
    /// Tabs between fields, line ends between records, no quotes.
    Tsv,
}

impl Kind {
    /// What the name of a file says, the end of a compressed file's name aside.
    pub(crate) fn of(path: &std::path::Path) -> Option<Kind> {
        use crate::batch::codec::Codec;
        let name = match Codec::of(path) {
            Codec::Plain => path.as_os_str(),
            _ => path.file_stem()?,
        };
        match std::path::Path::new(name).extension()?.to_str()? {
            "jsonl" | "ndjson" => Some(Kind::Jsonl),
            "csv" => Some(Kind::Csv),
            "tsv" => Some(Kind::Tsv),
            _ => None,
        }
    }
}
