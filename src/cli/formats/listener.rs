//! What listens to the mending of a file, which may be one of files.

use hanmend::error::Error;
use hanmend::event::Sink;

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Member {
    /// Counted from 1.
    pub(crate) number: u64,
    /// Its path, or the address of a page.
    pub(crate) name: String,
}

impl std::fmt::Display for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = crate::cli::names::shown(self.name.as_bytes());
        write!(f, "member {} ({name})", self.number)
    }
}

/// A sink that can tell the members of archives apart.
pub(crate) trait Listener: Sink {
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

#[cfg(test)]
impl Listener for hanmend::event::Collect {}
