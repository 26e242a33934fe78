//! Runs the programs of examples/ that show how the library is used. They are compiled in here, so
//! that what runs is what stands there, however the tests were started.

#![allow(dead_code)] // their `main`

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../examples/ingest.rs"]
mod ingest;
#[path = "../examples/library.rs"]
mod library;
#[path = "../examples/sink.rs"]
mod sink;
#[path = "../examples/tokio.rs"]
mod tokio_stream;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(example(name)).unwrap()
}

#[test]
fn library_mends_a_page_and_says_what_it_did() {
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    library::mend(&example("page-big5.html"), &mut out, &mut notes).unwrap();
    let (out, notes) = (String::from_utf8(out).unwrap(), String::from_utf8(notes).unwrap());
    assert!(out.contains("单名一个堃字"), "{out}");
    assert!(notes.starts_with("encoding: big5, 4 events\n"), "{notes}");
    assert!(notes.contains("entity (sure) at 222: \"&#22531;\" -> \"堃\"\n"), "{notes}");

    assert!(library::mend(&example("nothing"), &mut Vec::new(), &mut Vec::new()).is_err());
}

#[test]
fn ingest_mends_a_folder_and_goes_on_past_what_fails() {
    let place = tempfile::tempdir().unwrap();
    let (from, to) = (place.path().join("crawl"), place.path().join("mended"));
    fs::create_dir_all(from.join("deep/er")).unwrap();
    let clean = "春天來了。\n";
    let copies = 40; // more than there are threads
    for n in 0..copies {
        let name = format!("deep/page-{n}.txt");
        fs::copy(example("damaged-page-gbk.txt"), from.join(name)).unwrap();
    }
    fs::write(from.join("deep/er/hans.txt"), "春天来了。\n").unwrap();
    fs::write(from.join("hant.txt"), clean).unwrap();
    fs::write(from.join("empty"), "").unwrap();
    fs::write(from.join("noise"), [0xFF, 0x00, 0x9C, 0xFE]).unwrap();
    // A folder stands where this one is to go.
    fs::write(from.join("stuck"), clean).unwrap();
    fs::create_dir_all(to.join("stuck")).unwrap();

    let mut out = Vec::new();
    assert_eq!(ingest::ingest(&from, &to, &mut out).unwrap(), 1);
    let out = String::from_utf8(out).unwrap();
    let mut lines = out.lines();
    // The pages, hant.txt and the bytes that are no text, which become U+FFFD.
    assert_eq!(lines.next(), Some("45 documents, 42 changed, 1 failed"));
    let counted: Vec<&str> = lines.collect();
    assert!(counted.contains(&format!("gloss (sure): {}", 125 * copies).as_str()), "{out}");

    let mended = |name: &str| fs::read_to_string(to.join(name)).unwrap();
    for n in 0..copies {
        assert_eq!(mended(&format!("deep/page-{n}.txt")), read("damaged-page.hans.txt"));
    }
    assert_eq!(mended("deep/er/hans.txt"), "春天来了。\n");
    assert_eq!(mended("hant.txt"), "春天来了。\n");
    assert_eq!(mended("empty"), "");
}

#[test]
fn tokio_gives_the_same_text_however_it_comes() {
    let fixer = hanmend::Fixer::default();
    let bytes = fs::read(example("damaged-page-gbk.txt")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for room in [1, 7, 1000, 1 << 20] {
        // What goes into one end comes out of the other in pieces of `room` bytes at most.
        let (mut near, far) = tokio::io::duplex(room);
        let mut mended = Vec::new();
        let end = runtime.block_on(async {
            let mend = tokio_stream::mend(&fixer, far, &mut mended);
            let feed = async {
                tokio::io::AsyncWriteExt::write_all(&mut near, &bytes).await.unwrap();
                drop(near);
            };
            let mut feed = std::pin::pin!(feed);
            let mut mend = std::pin::pin!(mend);
            let mut fed = false;
            // Both in turn: what `tokio::join!` does.
            std::future::poll_fn(|context| {
                fed = fed || feed.as_mut().poll(context).is_ready();
                mend.as_mut().poll(context)
            })
            .await
        });
        assert_eq!(end.unwrap().encoding.name(), "gbk");
        assert!(mended == read("damaged-page.mended.txt").as_bytes(), "pieces of {room}");
    }
}

#[test]
fn sink_counts_by_rule_and_keeps_the_guesses() {
    // UTF-8 that was read as GBK; what was lost of three characters is restored by likelihood.
    let damaged = "鑰佸笀璇达紝瀹炵幇鐞嗘兂瑕侀潬鑷?宸辩殑鍔?鍔涖??\n";
    let text = read("damaged-page.txt") + damaged;
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    sink::mend(&mut text.as_bytes(), &mut out, &mut notes).unwrap();
    let (out, notes) = (String::from_utf8(out).unwrap(), String::from_utf8(notes).unwrap());
    assert_eq!(out, read("damaged-page.mended.txt") + "老师说，实现理想要靠自己的努力。\n");

    assert!(notes.starts_with("utf-8 from byte 0\n"), "{notes}");
    assert!(notes.contains("gloss/list: 123\n"), "{notes}");
    assert!(notes.contains("mojibake/utf-8 read as gbk: 5\n"), "{notes}");
    let guesses: Vec<&str> = notes.lines().filter(|l| l.starts_with("guess at ")).collect();
    let expected: Vec<String> = [("鑷?", "自"), ("鍔?", "努"), ("鍔涖??", "力。")]
        .map(|(before, after)| {
            let at = out.rfind(after).unwrap();
            format!("guess at {at}: {before:?} -> {after:?}")
        })
        .into();
    assert_eq!(guesses, expected);
}
