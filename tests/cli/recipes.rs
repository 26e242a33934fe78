//! The commands in the README's table of recipes do what they say.

use std::path::Path;

use crate::support::{CLEAN, DAMAGED, MENDED, Place};

/// The commands of each row.
fn rows() -> Vec<Vec<String>> {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let table = readme.split("\n## Recipes\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter(|l| l.starts_with("| ") && l.contains('`'));
    rows.map(|row| {
        let row = row.replace("\\|", "\u{0}");
        let command = row.split('|').nth(2).unwrap().replace('\u{0}', "|").replace('…', "cat");
        command.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    })
    .collect()
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/data/formats/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Everything that the recipes name.
fn place() -> Place {
    let text = DAMAGED.trim_end();
    let jsonl = format!(
        "{{\"text\":\"{text}\",\"title\":\"{text}\",\"pages\":[{{\"text\":\"{text}\"}}]}}\n"
    );
    let place = Place::with(&[
        ("page.txt", DAMAGED.as_bytes()),
        ("book.txt", CLEAN.as_bytes()),
        ("words.txt", "春天\t春日\n".as_bytes()),
        ("names.txt", "河邊\n".as_bytes()),
        ("in", CLEAN.as_bytes()),
        ("file", DAMAGED.as_bytes()),
        ("crawl.jsonl", jsonl.as_bytes()),
        ("crawl/a.txt", DAMAGED.as_bytes()),
        ("crawl/b/c.html", DAMAGED.as_bytes()),
        ("crawl/b/clean", CLEAN.as_bytes()),
        ("site/page.html", format!("<meta charset=gbk><p>{text}").as_bytes()),
        ("table.csv", format!("id,text\n1,{text}\n").as_bytes()),
        ("film.ass", &sample("ffmpeg.ass")),
        ("crawl.warc.gz", &sample("warcio.warc.gz")),
        ("old/%E5%B9%B4%E5%BA%A6.txt", b""),
        ("old.zip", &sample("windows.zip")),
    ]);
    place.run(&["fix", "-r", "none", "-o", "crawl.gz", "page.txt"]).status(0);
    #[cfg(unix)]
    std::os::unix::fs::symlink("page.txt", place.path("link")).unwrap();
    std::fs::hard_link(place.path("file"), place.path("file2")).unwrap();
    place
}

/// Runs `command` in a shell; its exit status, nothing where a program that it names is not here.
fn run(place: &Place, command: &str) -> Option<i32> {
    let bin = Path::new(env!("CARGO_BIN_EXE_hanmend")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let ran = std::process::Command::new("sh")
        .args(["-c", command])
        .current_dir(place.dir.path())
        .env("PATH", path)
        .env("SLURM_ARRAY_TASK_ID", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    let status = ran.status.code();
    if status == Some(127) || said.contains("not found") {
        println!("skipped: {command}: {said}");
        return None;
    }
    assert!(status.is_some_and(|s| s < 2), "{command}: {status:?} {said}");
    status
}

#[cfg(unix)]
#[test]
fn every_recipe_runs() {
    let rows = rows();
    assert!(rows.len() > 20, "{rows:?}");
    for row in rows {
        let place = place();
        for command in row.iter().filter(|c| !c.starts_with('-')) {
            let Some(status) = run(&place, command) else { continue };
            let may_be_1 = command.contains("--check") || command.contains("--diff");
            assert_eq!(status, i32::from(may_be_1), "{command}");
        }
    }
}

#[cfg(unix)]
#[test]
fn recipes_in_place_mend_and_undo() {
    let place = place();
    let row = rows().into_iter().find(|row| row.iter().any(|c| c.starts_with("hanmend undo")));
    let row = row.unwrap();
    run(&place, &row[0]);
    assert_eq!(place.read("crawl/b/c.html"), MENDED.as_bytes());
    run(&place, &row[1]);
    assert_eq!(place.read("crawl/b/c.html"), DAMAGED.as_bytes());
}

/// A word of the row, and what is there when its commands have run: the file and what it contains.
const LEFT: [(&str, &str, &str); 8] = [
    ("--fields text,title", "mended/crawl.jsonl", "实"),
    ("--fields /pages/-/text", "mended/crawl.jsonl", "实"),
    ("table.csv", "mended.csv", "\u{feff}id,text\n1,他們說的都是实"),
    ("-s hans -O mended/ -g", "mended/page.html", "<meta charset=utf-8><p>他们说的都是实"),
    ("film.ass", "mended.ass", "Dialogue"),
    ("hanmend report", "report.html", "<svg"),
    ("hanmend rename", "old/%E5%B9%B4%E5%BA%A6.txt", ""),
    ("hanmend unzip", "unpacked/年度报告.txt", "春天"),
];

#[cfg(unix)]
#[test]
fn recipes_leave_what_they_say() {
    let rows = rows();
    for (word, file, content) in LEFT {
        let row = rows.iter().find(|row| row.iter().any(|command| command.contains(word)));
        let place = place();
        for command in row.unwrap_or_else(|| panic!("no recipe with {word}")) {
            run(&place, command);
        }
        let found = place.read(file);
        assert!(String::from_utf8_lossy(&found).contains(content), "{word}");
    }
}
