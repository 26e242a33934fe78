//! Runs the program in a temporary directory.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread;

use tempfile::TempDir;

/// A sentence with a character reference in it, and the sentence mended.
pub(crate) const DAMAGED: &str = "他們說的都是&#x5B9E;話,誰也不必再問。\n";
pub(crate) const MENDED: &str = "他們說的都是实話,誰也不必再問。\n";

/// A sentence without damage.
pub(crate) const CLEAN: &str = "春天來了,河邊的柳樹發了新芽。\n";

/// The same sentence in Big5.
pub(crate) fn clean_big5() -> Vec<u8> {
    encoding_rs::BIG5.encode(CLEAN).0.into_owned()
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Ran {
    /// Standard output as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// Checks the exit status, and says what was said when it is another.
    #[track_caller]
    pub(crate) fn status(self, status: i32) -> Ran {
        assert_eq!(self.status, status, "{}{}", self.stderr, self.stdout.escape_ascii());
        self
    }
}

/// A temporary directory that the program runs in.
pub(crate) struct Place {
    pub(crate) dir: TempDir,
}

impl Place {
    pub(crate) fn new() -> Place {
        Place { dir: tempfile::tempdir().unwrap() }
    }

    /// A directory with these files.
    pub(crate) fn with(files: &[(&str, &[u8])]) -> Place {
        let place = Place::new();
        for (name, bytes) in files {
            place.write(name, bytes);
        }
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// All files below `name`, hidden ones too, in order.
    pub(crate) fn tree(&self, name: &str) -> Vec<String> {
        let (root, mut found) = (self.path(name), Vec::new());
        let mut open = vec![root.clone()];
        while let Some(dir) = open.pop() {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    found.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        found.sort();
        found
    }

    pub(crate) fn command(&self, words: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hanmend"));
        command.args(words).current_dir(self.dir.path()).env_remove("NO_COLOR");
        command
    }

    pub(crate) fn run(&self, words: &[impl AsRef<OsStr>]) -> Ran {
        self.feed(words, b"")
    }

    /// Runs the program with `stdin`.
    pub(crate) fn feed(&self, words: &[impl AsRef<OsStr>], stdin: &[u8]) -> Ran {
        let mut command = self.command(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let stdin = stdin.to_vec();
        // A thread of its own, so that neither side waits for the other.
        let feeder = thread::spawn(move || {
            let _ = pipe.write_all(&stdin);
        });
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        Ran { status: status.code().unwrap_or(-1), stdout, stderr }
    }
}

/// The user and the group that own nothing.
#[cfg(unix)]
const NOBODY: u32 = 65534;

/// Runs the program as one to whom permission bits mean something, which they do not to root. `None`
/// where that cannot be had.
#[cfg(unix)]
pub(crate) fn run_unprivileged(place: &Place, words: &[&str], locked: &str) -> Option<Ran> {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let mut command = place.command(words);
    if fs::read_dir(place.path(locked)).is_ok() {
        fs::set_permissions(place.dir.path(), PermissionsExt::from_mode(0o777)).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    // Neither the program nor the directory need be within reach of that user.
    let Output { status, stdout, stderr } = command.output().ok()?;
    Some(Ran {
        status: status.code().unwrap_or(-1),
        stdout,
        stderr: String::from_utf8(stderr).unwrap(),
    })
}
