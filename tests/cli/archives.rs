//! WARC and tar.

use std::io::Read;

use sha2::{Digest, Sha256};

use crate::support::Place;

/// `tests/data/formats/README.md` says how the files were made.
fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/data/formats/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Bytes beyond ASCII as they can be compared.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

/// The records of a WARC file as warcio writes them.
fn records(warc: &[u8]) -> Vec<String> {
    latin(warc).split("WARC/1.0\r\n").skip(1).map(str::to_owned).collect()
}

fn value<'r>(record: &'r str, name: &str) -> &'r str {
    let line = record.lines().find(|l| l.starts_with(name)).unwrap();
    line[name.len() + 1..].trim()
}

/// The members of a gzip file: packed, and what is in them.
fn members(mut packed: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut found = Vec::new();
    while !packed.is_empty() {
        let mut reader = flate2::bufread::GzDecoder::new(packed);
        let mut plain = Vec::new();
        reader.read_to_end(&mut plain).unwrap();
        let rest = reader.into_inner();
        found.push((packed[..packed.len() - rest.len()].to_vec(), plain));
        packed = rest;
    }
    found
}

#[test]
fn archives_that_are_fine_stay_byte_for_byte() {
    let place = Place::new();
    for name in
        ["warcio.warc", "warcio.warc.gz", "warcio.wet.gz", "python-gnu.tar", "python-pax.tar"]
    {
        place.write(name, sample(name));
        for format in [
            &["fix", "-E", "same", "-o", "out"][..],
            &["fix", "-r", "none", "-E", "same", "-o", "out"],
        ] {
            place.run(&[format, &[name]].concat()).status(0);
            assert!(place.read("out") == sample(name), "{name}");
        }
        assert_eq!(place.run(&["fix", "--check", "-E", "same", name]).status(0).text(), "");
    }
}

/// The second record has in GBK what the third has in UTF-8, so what comes of it has the lengths and
/// digests that warcio gave the third.
#[test]
fn a_record_is_mended_with_all_that_is_said_of_it() {
    let place = Place::with(&[("a.warc", &sample("warcio.warc"))]);
    let ran = place.run(&["fix", "a.warc"]).status(0);
    let (before, after) = (records(&sample("warcio.warc")), records(&ran.stdout));
    assert_eq!(after.len(), before.len());
    for n in [0, 2, 3, 4] {
        assert_eq!(after[n], before[n], "{n}");
    }
    for name in ["WARC-Block-Digest", "WARC-Payload-Digest", "Content-Length"] {
        assert_eq!(value(&after[1], name), value(&after[2], name), "{name}");
        assert_ne!(value(&after[1], name), value(&before[1], name), "{name}");
    }
    let block = |record: &str| record.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(block(&after[1]), block(&after[2]));
    let piped = place.feed(&["fix", "--format", "warc"], &sample("warcio.warc")).status(0);
    assert_eq!(piped.stdout, ran.stdout);
}

#[test]
fn each_record_stays_in_its_gzip_member() {
    let place = Place::with(&[
        ("a.warc.gz", &sample("warcio.warc.gz")),
        ("a.warc", &sample("warcio.warc")),
    ]);
    place.run(&["fix", "-O", "out", "a.warc.gz"]).status(0);
    let (before, after) =
        (members(&sample("warcio.warc.gz")), members(&place.read("out/a.warc.gz")));
    assert_eq!(after.len(), 5);
    let same: Vec<bool> = before.iter().zip(&after).map(|(a, b)| a.0 == b.0).collect();
    assert_eq!(same, [true, false, true, true, true]);
    let plain: Vec<u8> = after.into_iter().flat_map(|m| m.1).collect();
    assert!(plain == place.run(&["fix", "a.warc"]).status(0).stdout);
    let wet =
        place.feed(&["fix", "-s", "hant", "--format", "warc"], &sample("warcio.wet.gz")).status(0);
    let text: Vec<u8> = members(&wet.stdout).into_iter().flat_map(|m| m.1).collect();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(text.matches("他們說的都是實話。\n\r\n\r\n").count(), 2, "{text}");
}

#[test]
fn the_charset_of_http_counts_where_the_bytes_leave_it_open() {
    let record = |charset: &str, body: &[u8]| {
        let http =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset={charset}\r\n\r\n");
        let head = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n{http}",
            http.len() + body.len()
        );
        [head.as_bytes(), body, b"\r\n\r\n"].concat()
    };
    let place = Place::new();
    let word = encoding_rs::BIG5.encode("樹").0.into_owned();
    for charset in ["big5", "gbk"] {
        let expected =
            encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap().decode(&word).0;
        let out = place.feed(&["fix", "--format", "warc"], &record(charset, &word)).status(0);
        let out = String::from_utf8(out.stdout).unwrap();
        assert!(out.contains(&*expected) && out.contains("charset=utf-8"), "{charset} {out}");
    }
    // What the bytes say clearly is not overruled.
    let clear = "春天來了,河邊的柳樹發了新芽,他們說的都是真話,誰也不必再問。".repeat(5);
    let big5 = encoding_rs::BIG5.encode(&clear).0.into_owned();
    let out = place.feed(&["fix", "--format", "warc"], &record("gbk", &big5)).status(0);
    assert!(String::from_utf8(out.stdout).unwrap().contains(&clear));
}

#[test]
fn archives_that_are_broken_stay_and_are_said() {
    let place = Place::new();
    let (warc, packed, tar) =
        (sample("warcio.warc"), sample("warcio.warc.gz"), sample("python-gnu.tar"));
    let mut flipped = packed.clone();
    flipped[500] ^= 0x55;
    for (format, bytes) in [
        ("warc", warc[..1500].to_vec()),
        ("warc", b"no records at all\n".to_vec()),
        ("warc", b"WARC/1.0\r\nContent-Length: x\r\n\r\n".to_vec()),
        ("warc", packed[..900].to_vec()),
        ("warc", flipped),
        ("tar", tar[..tar.len() / 2 + 100].to_vec()),
        ("tar", [&tar[..1024], &b"no header".repeat(100)[..]].concat()),
    ] {
        let words = ["fix", "-E", "same", "--format", format];
        let ran = place.feed(&words, &bytes).status(0);
        assert!(ran.stdout == bytes, "{format} {}", ran.stderr);
        assert!(ran.stderr.contains("stay as they are"), "{format} {}", ran.stderr);
        assert!(ran.stderr.contains("--report tells all"), "{format} {}", ran.stderr);
        place.feed(&[&words[..], &["--strict"]].concat(), &bytes).status(3);
    }
    assert_eq!(place.feed(&["fix", "--format", "tar"], b"").status(0).stdout, b"");
}

#[test]
fn members_of_a_tar_are_mended_as_what_they_are() {
    for name in ["python-gnu.tar", "python-pax.tar"] {
        let place = Place::with(&[(name, &sample(name))]);
        place.run(&["fix", "-s", "hant", "-O", "out", name]).status(0);
        let tar = std::process::Command::new("tar")
            .arg("xf")
            .arg(place.path("out").join(name))
            .current_dir(place.dir.path())
            .output();
        let Ok(tar) = tar else {
            eprintln!("skipped: tar is not here");
            return;
        };
        assert!(tar.status.success(), "{}", String::from_utf8_lossy(&tar.stderr));
        let text = "春天來了,河邊的柳樹發了新芽。他們說的都是實話,誰也不必再問。\n";
        assert_eq!(latin(&place.read("plain.txt")), latin(text.as_bytes()));
        assert_eq!(latin(&place.read("gbk.txt")), latin(text.as_bytes()));
        let page = place.tree("页面").pop().unwrap();
        let page = String::from_utf8(place.read(&format!("页面/{page}"))).unwrap();
        assert_eq!(page, format!("<p title=\"{}\">實話</p>\n", text.trim()));
        let png = Sha256::digest(place.read("picture.png"));
        assert_eq!(png, Sha256::digest(b"\x89PNG\r\n\x1a\n\0\0\0\0"));
    }
}
