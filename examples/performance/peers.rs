//! What does part of the same: ftfy and plsfix, which Python runs, take turns with `fix` over the same text.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use hanmend::Repairs;

use crate::support::Texts;
use crate::support::whole::fixer;
use crate::turns::{Work, median};

const ROUNDS: usize = 7;
/// Bytes of sound text: ftfy takes a second for some megabytes.
const SIZE: usize = 1_000_000;
/// The damage that all of them undo.
const SHARED: &str = "utf-8>windows-1252";

pub(crate) fn all(python: &str, texts: &Texts) -> std::io::Result<()> {
    println!("\n### Beside ftfy and plsfix, line by line, MB/s\n");
    println!("| text | `fix_str` | ftfy 6.3.1 | plsfix 0.1.8 | times ftfy | times plsfix |");
    println!("|---|---:|---:|---:|---:|---:|");
    let sound = &texts.simplified[..texts.simplified.floor_char_boundary(SIZE)];
    let damaged =
        texts.damaged.iter().find(|damaged| damaged.name == SHARED).expect("a kind of damage");
    for (name, text) in [("sound, Simplified", sound), (SHARED, &damaged.text)] {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), text)?;
        let path = file.path().display().to_string();
        let mut peers =
            [Peer::start(python, "ftfy", &path)?, Peer::start(python, "plsfix", &path)?];
        let fixer = fixer("keep", Repairs::default());
        let mut speeds = [(); 3].map(|()| Vec::new());
        let speed = |seconds: f64| text.len() as f64 / 1e6 / seconds;
        let mut own = Work::new(text.len(), || {
            text.lines().for_each(|line| drop(std::hint::black_box(fixer.fix_str(line))));
        });
        let times = own.times();
        for _ in 0..ROUNDS {
            speeds[0].push(own.speed(times) / 1e6);
            for (peer, speeds) in peers.iter_mut().zip(&mut speeds[1..]) {
                speeds.push(speed(peer.round()?));
            }
        }
        let [own, ftfy, plsfix] = speeds.map(median);
        println!(
            "| {name} | {own:.0} | {ftfy:.1} | {plsfix:.1} | {:.0} | {:.1} |",
            own / ftfy,
            own / plsfix
        );
    }
    Ok(())
}

/// A Python that does a round for each line that it is sent.
struct Peer {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Peer {
    fn start(python: &str, module: &str, file: &str) -> std::io::Result<Peer> {
        let mut child = Command::new(python)
            .args(["benches/performance/peers.py", module, file])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let answers = BufReader::new(child.stdout.take().expect("a pipe"));
        Ok(Peer { child, answers })
    }

    /// Seconds of processor time.
    fn round(&mut self) -> std::io::Result<f64> {
        self.child.stdin.as_mut().expect("a pipe").write_all(b"\n")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        line.trim().parse().map_err(std::io::Error::other)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends where its input ends.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
