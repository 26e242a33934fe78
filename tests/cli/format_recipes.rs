//! The README's recipes about formats, names and reports, run as they stand there.

use std::path::Path;
use std::process::Command;

use crate::support::{DAMAGED, Place};

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/data/formats/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// What the recipes name.
fn place() -> Place {
    let text = DAMAGED.trim_end();
    let jsonl = format!(
        "{{\"text\":\"{text}\",\"title\":\"{text}\",\"pages\":[{{\"text\":\"{text}\"}}]}}\n"
    );
    Place::with(&[
        ("crawl.jsonl", jsonl.as_bytes()),
        ("table.csv", format!("id,text\n1,{text}\n").as_bytes()),
        ("film.ass", &sample("ffmpeg.ass")),
        ("crawl.warc.gz", &sample("warcio.warc.gz")),
        ("crawl/page.html", format!("<meta charset=gbk><p>{text}").as_bytes()),
        ("old/%E5%B9%B4%E5%BA%A6.txt", b""),
        ("old.zip", &sample("windows.zip")),
    ])
}

/// A word of the row, and what is there when its commands have run: the file and what it contains.
const ROWS: [(&str, &str, &str); 10] = [
    ("--fields text,title", "mended/crawl.jsonl", "实"),
    ("--fields /pages/-/text", "mended/crawl.jsonl", "实"),
    ("table.csv", "mended.csv", "\u{feff}id,text\n1,他們說的都是实"),
    ("'*.html'", "mended/page.html", "<meta charset=utf-8><p>他们说的都是实"),
    ("film.ass", "mended.ass", "Dialogue"),
    ("crawl.warc.gz", "mended/crawl.warc.gz", ""),
    ("hanmend report", "report.html", "<svg"),
    ("hanmend rename", "old/%E5%B9%B4%E5%BA%A6.txt", ""),
    ("hanmend unzip", "unpacked/年度报告.txt", "春天"),
    ("rg --pre", "crawl/page.html", ""),
];

#[cfg(unix)]
#[test]
fn the_recipes_do_what_they_say() {
    let bin = Path::new(env!("CARGO_BIN_EXE_hanmend")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    for (word, file, content) in ROWS {
        let row = include_str!("../../README.md")
            .lines()
            .find(|l| l.starts_with("| ") && l.contains(word));
        let row = row.unwrap_or_else(|| panic!("no recipe with {word}")).replace("\\|", "|");
        let place = place();
        for command in row.split('`').skip(1).step_by(2) {
            if command.starts_with("rg ") && Command::new("rg").arg("--version").output().is_err() {
                eprintln!("skipped: rg is not here");
                continue;
            }
            let mut shell = Command::new("sh");
            shell.args(["-c", command]).current_dir(place.dir.path()).env("PATH", &path);
            let ran = shell.output().unwrap();
            assert!(ran.status.success(), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
        }
        let found = place.read(file);
        assert!(String::from_utf8_lossy(&found).contains(content), "{word}");
    }
}
