//! What listens to the mending of a file, which may be one of files.

use std::fmt::Write;

use crate::error::Error;
use crate::event::{Collect, Silent, Sink};

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Member {
    /// Counted from 1.
    pub number: u64,
    /// Its path, or the address of a page.
    pub name: String,
}

impl std::fmt::Display for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "member {} (", self.number)?;
        for c in self.name.chars() {
            if c.is_control() { write!(f, "{}", c.escape_default())? } else { f.write_char(c)? }
        }
        f.write_char(')')
    }
}

/// A sink that can tell the members of archives apart. Who does not care implements it empty.
pub trait Listener: Sink {
    /// What is told from here on is about `member`, in places counted from where its content begins;
    /// or again about the archive itself.
    fn member(&mut self, member: Option<&Member>) {
        let _ = member;
    }

    /// `member` cannot be mended, and stays as it is.
    fn refused(&mut self, member: &Member, problem: &Error) {
        let _ = (member, problem);
    }
}

impl Listener for Collect {}
impl Listener for Silent {}
