//! What can go wrong with one input, in words that say what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why one input was not done. Prints as the reason alone; the path stands before it.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The input cannot be opened or read; the bytes read before that.
    Read(io::Error, u64),
    /// The result cannot be written.
    Write(PathBuf, io::Error),
    /// The result cannot be written to standard output.
    Stdout(io::Error),
    /// Whoever read standard output has gone; nothing is wrong.
    BrokenPipe,
    /// The library refuses the text.
    Text(hanmend::error::Error),
    /// A directory where results would go to standard output or to one file.
    Directory,
    /// A directory that cannot be walked.
    Walk(ignore::Error),
    /// The output would be the file that is read.
    Clobber(PathBuf),
    /// Two inputs have the same place in the output directory.
    Collision(PathBuf),
    /// Standard input has no name to mirror.
    Nameless,
    /// In place, only files can be replaced.
    NotRegular,
    /// In place, other names of the file would keep the old content.
    HardLinked(u64),
    /// Someone else has written to the file.
    Changed,
    /// Another run is replacing the file.
    Busy,
    /// What a file was cannot be kept, or not be found again.
    Backup(io::Error),
    /// `convert` takes UTF-8 alone; where the first byte stands that is not.
    NotUtf8(u64),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Read(error, 0) => write!(f, "cannot read: {}", plain(error)),
            Problem::Read(error, at) => write!(f, "cannot read on at byte {at}: {}", plain(error)),
            Problem::Write(path, error) => {
                write!(f, "cannot write {}: {}", path.display(), plain(error))?;
                if error.kind() == io::ErrorKind::StorageFull {
                    write!(f, "; what stood there before is untouched")?;
                }
                Ok(())
            }
            Problem::Stdout(error) => write!(f, "cannot write standard output: {}", plain(error)),
            Problem::BrokenPipe => write!(f, "nobody reads standard output"),
            Problem::Text(error) => write!(f, "{error}"),
            Problem::Directory => write!(
                f,
                "is a directory; name an output directory with -O DIR, or use --check, explain or detect"
            ),
            Problem::Walk(error) => write!(f, "cannot walk: {error}"),
            Problem::Clobber(path) if path == Path::new("-") => {
                write!(f, "standard output goes to the input itself; use -i, or another file")
            }
            Problem::Clobber(path) => {
                write!(f, "the output {} is the input itself; name another place", path.display())
            }
            Problem::Collision(path) => write!(
                f,
                "another input already went to {}; give it an output directory of its own",
                path.display()
            ),
            Problem::Nameless => {
                write!(f, "standard input has no name for -O or -i; use -o FILE")
            }
            Problem::NotRegular => {
                write!(f, "is no regular file, so it cannot be replaced; use -o")
            }
            Problem::HardLinked(links) => write!(
                f,
                "has {links} hard links, and the others would keep the old text; use -o, or --break-hard-links to \
                 let them, or --resume or undo the run that was cut short if these are its backups"
            ),
            Problem::Changed => write!(f, "was changed by someone else meanwhile; left as it is"),
            Problem::Busy => write!(f, "another run is at work with it; left as it is"),
            Problem::Backup(error) => write!(f, "the backup: {}", plain(error)),
            Problem::NotUtf8(at) => write!(
                f,
                "byte {at}: not UTF-8; convert takes UTF-8 alone, hanmend fix -s CONFIG takes any encoding"
            ),
        }
    }
}

/// The error without Rust's ` (os error 28)`, which tells people nothing.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    match (chars.next(), chars.as_str()) {
        (Some(first), rest) if rest.starts_with(char::is_lowercase) => {
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_lower_case_and_without_numbers() {
        let error = io::Error::from_raw_os_error(28);
        let text = Problem::Write("a.txt".into(), error).to_string();
        assert!(text.starts_with("cannot write a.txt: no space left"), "{text}");
        assert!(!text.contains("os error"), "{text}");
    }

    #[test]
    fn a_read_error_inside_says_where() {
        let error = io::Error::from_raw_os_error(5);
        assert!(Problem::Read(error, 4096).to_string().contains("byte 4096"));
    }
}
