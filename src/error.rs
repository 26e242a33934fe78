//! Errors for people: what was wrong, where, and what to do.

use std::borrow::Cow;
use std::fmt;

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A label that names no encoding.
    UnknownEncoding,
    /// A name that is no script target and no conversion config.
    UnknownScript,
    /// A name that is no repair.
    UnknownRepair,
    /// A conversion config that cannot be used.
    Config,
    /// A dictionary that cannot be used.
    Dictionary,
    /// A compiled table that is damaged or of another version.
    Table,
    /// A character that the output encoding does not have.
    Unmappable,
}

/// An error of the library. Its text is lower case, without a full stop, and names the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: Cow<'static, str>,
}

impl Error {
    /// An error of `kind` that says `message`.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        Error { kind, message: message.into() }
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
