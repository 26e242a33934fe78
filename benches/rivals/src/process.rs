//! The programs, and what the system says of their time and memory.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// A text in a file, which is removed at the end.
pub(crate) struct Text {
    path: PathBuf,
    pub(crate) bytes: usize,
}

impl Text {
    pub(crate) fn new(text: &str) -> Text {
        let name = format!("rivals-{}-{}.txt", std::process::id(), text.len());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).expect("room for temporary files");
        Text { path, bytes: text.len() }
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A program and its options; the name of the text comes last.
pub(crate) struct Program(Vec<String>);

/// What a run took.
pub(crate) struct Cost {
    /// Processor time.
    pub(crate) seconds: f64,
    pub(crate) wall: f64,
    /// The most memory it had, in kB.
    pub(crate) peak: i64,
}

impl Program {
    pub(crate) fn hanmend(program: &str, config: &str) -> Program {
        Program([program, "convert", "-c", config].map(str::to_owned).to_vec())
    }

    pub(crate) fn opencc(home: &str, config: &str) -> Program {
        let json = format!("{home}/share/opencc/{config}.json");
        Program(vec![format!("{home}/bin/opencc"), "-c".to_owned(), json, "-i".to_owned()])
    }

    /// Runs it over a text; its output comes through a pipe and is thrown away.
    pub(crate) fn run(&self, text: &Text) -> Cost {
        let start = Instant::now();
        let mut child = Command::new(&self.0[0])
            .args(&self.0[1..])
            .arg(&text.path)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program is there");
        let mut out = child.stdout.take().expect("it has a pipe");
        let mut buffer = vec![0; 1 << 20];
        let mut peak = 0;
        while out.read(&mut buffer).expect("the pipe can be read") > 0 {
            peak = peak_of(child.id()).unwrap_or(peak);
        }
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        let mut status = 0;
        // SAFETY: the child is ours and nobody has waited for it; both places are writable.
        unsafe { libc::wait4(child.id() as i32, &mut status, 0, &mut usage) };
        assert_eq!(status, 0, "{:?}", self.0);
        let seconds = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 / 1e6;
        Cost {
            seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            wall: start.elapsed().as_secs_f64(),
            peak,
        }
    }
}

/// The most memory that a running process has had, in kB. What the system says of one that has
/// ended includes what its parent had when it was forked.
fn peak_of(process: u32) -> Option<i64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Seconds of processor time that this process has used.
pub(crate) fn own_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").expect("Linux");
    stat.split(' ').next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}
