//! Archives that are odd, and what is said of their members.

use crate::support::{DAMAGED, MENDED, Place};

/// A record of plain text, said to be `length` bytes long.
fn record_of(length: impl std::fmt::Display, kind: &str, uri: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: {uri}\r\n\
         Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

fn record(uri: &str, body: &[u8]) -> Vec<u8> {
    record_of(body.len(), "text/plain", uri, body)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

/// A header of tar.
fn header(name: &str, kind: u8, size: usize) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    summed(header)
}

/// The header with its sum in it.
fn summed(mut header: Vec<u8>) -> Vec<u8> {
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut padded = bytes.to_vec();
    padded.resize(bytes.len().div_ceil(512) * 512, 0);
    padded
}

fn member(name: &str, bytes: &[u8]) -> Vec<u8> {
    [header(name, b'0', bytes.len()), padded(bytes)].concat()
}

fn tar(members: &[Vec<u8>]) -> Vec<u8> {
    [members.concat(), vec![0; 1024]].concat()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

#[test]
fn an_archive_in_an_archive_stays_and_is_said() {
    let warc = record("http://a/", DAMAGED.as_bytes());
    let inner = tar(&[member("a.txt", DAMAGED.as_bytes())]);
    for (name, bytes) in [("a.warc", &warc), ("text", &warc), ("b.tar", &inner)] {
        let after = member("c.txt", DAMAGED.as_bytes());
        let outer = tar(&[member(name, bytes), after]);
        let ran = Place::new().feed(&["fix", "--format", "tar"], &outer).status(0);
        let expected = tar(&[member(name, bytes), member("c.txt", MENDED.as_bytes())]);
        assert!(ran.stdout == expected, "{name}");
        let said = format!("member 1 ({name}): an archive in an archive stays as it is");
        assert!(ran.stderr.contains(&said), "{}", ran.stderr);
    }
}

#[test]
fn a_web_archive_is_known_by_how_it_begins() {
    let warc = record("http://a/", DAMAGED.as_bytes());
    let mended = record("http://a/", MENDED.as_bytes());
    let place = Place::with(&[("a.txt", &warc), ("b.gz", &gzip(&warc)), ("c.txt", b"WARC/1. \n")]);
    assert!(place.run(&["fix", "a.txt"]).status(0).stdout == mended);
    assert!(place.feed(&["fix"], &warc).status(0).stdout == mended);
    assert!(unpacked(&place.feed(&["fix"], &gzip(&warc)).status(0).stdout) == mended);
    // As text, if that is asked for.
    assert!(place.feed(&["fix", "--format", "text"], &warc).status(0).stdout != mended);
    assert_eq!(place.run(&["fix", "c.txt"]).status(0).text(), "WARC/1. \n");
    // What is packed record by record is not packed once more, and not as one.
    let two = [gzip(&warc), gzip(&warc)].concat();
    place.write("b.gz", &two);
    place.run(&["fix", "--format", "warc", "-o", "o.gz", "b.gz"]).status(0);
    place.run(&["fix", "-O", "out", "b.gz"]).status(0);
    for name in ["o.gz", "out/b.gz"] {
        assert!(place.read(name) == [gzip(&mended), gzip(&mended)].concat(), "{name}");
    }
}

#[test]
fn a_tar_is_packed_also_by_its_short_name() {
    let place = Place::with(&[("a.tgz", &gzip(&tar(&[member("a.txt", DAMAGED.as_bytes())])))]);
    place.run(&["fix", "-O", "out", "a.tgz"]).status(0);
    assert!(unpacked(&place.read("out/a.tgz")) == tar(&[member("a.txt", MENDED.as_bytes())]));
}

#[test]
fn an_encoding_that_is_said_makes_no_text_of_pictures_and_packed_data() {
    let png =
        [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0"[..], &[0xa4, 0x40, 1, 2].repeat(99)].concat();
    let packed = gzip(DAMAGED.repeat(30).as_bytes());
    let zip = [&b"PK\x03\x04\x14\0\0\0\x08\0"[..], &[0xb0, 0xa1, 3].repeat(50)].concat();
    for bytes in [&png, &packed, &zip] {
        let place = Place::with(&[
            ("p", bytes),
            ("a.tar", &tar(&[member("p.txt", bytes)])),
            ("a.warc", &record("http://a/", bytes)),
        ]);
        for encoding in ["gbk", "big5", "utf-8"] {
            for name in ["a.tar", "a.warc"] {
                let ran = place.run(&["fix", "-e", encoding, name]).status(0);
                assert!(ran.stdout == place.read(name), "{encoding} {name}");
            }
            let ran = place.feed(&["fix", "-e", encoding], bytes).status(0);
            assert!(&ran.stdout == bytes, "{encoding}");
        }
    }
    // Text is text, whatever letters begin it.
    let text = format!("BM{}\0\n", "春天来了。\n".repeat(40));
    let ran = Place::new().feed(&["fix", "-e", "gbk"], &encoding_rs::GBK.encode(&text).0);
    assert_eq!(ran.status(0).text(), text);
    let ran = Place::new().feed(&["fix", "-e", "utf-16le"], b"B\0M\0\xa5\x66\n\0").status(0);
    assert_eq!(ran.text(), "BM\u{66a5}\n");
}

#[test]
fn behind_an_odd_record_the_work_goes_on() {
    let good = record("http://b/", DAMAGED.as_bytes());
    let mended = record("http://b/", MENDED.as_bytes());
    let short =
        record_of(DAMAGED.find(";").unwrap() - 3, "text/plain", "http://a/", DAMAGED.as_bytes());
    let odd = [
        short,
        record_of(DAMAGED.len() + 30, "text/plain", "http://a/", DAMAGED.as_bytes()),
        record_of(u64::MAX, "text/plain", "http://a/", b"x"),
        record_of(u64::MAX - 150, "text/plain", "http://a/", b"x"),
        record_of(1u64 << 60, "text/plain", "http://a/", b"x"),
        record_of("", "text/plain", "http://a/", b"x"),
        record_of(-1, "text/plain", "http://a/", b"x"),
        b"no record\r\n\r\n".to_vec(),
    ];
    for odd in odd {
        let warc = [&odd[..], &good].concat();
        let ran = Place::new().feed(&["fix", "--format", "warc"], &warc).status(0);
        assert!(ran.stdout == [&odd[..], &mended].concat(), "{}", ran.stdout.escape_ascii());
        assert!(ran.stderr.contains("stay as they are"), "{}", ran.stderr);
        let packed = [gzip(&odd), gzip(&good)].concat();
        let ran = Place::new().feed(&["fix", "--format", "warc"], &packed).status(0);
        assert!(ran.stdout == [gzip(&odd), gzip(&mended)].concat());
        // Each by itself, and both in one member.
        let ran = Place::new().feed(&["fix", "--format", "warc"], &gzip(&warc)).status(0);
        assert!(unpacked(&ran.stdout) == [&odd[..], &mended].concat());
    }
}

#[test]
fn records_may_be_of_an_old_version_and_end_in_few_lines() {
    let warc = |text: &str| {
        let record = String::from_utf8(record("http://a/", text.as_bytes())).unwrap();
        let loose = record.trim_end().to_owned() + "\n\r\n";
        let unix = record.replace("\r\n", "\n");
        [loose, unix, record.replace("WARC/1.0", "WARC/0.18"), record].concat()
    };
    let ran = Place::new().feed(&["fix", "--format", "warc"], warc(DAMAGED).as_bytes()).status(0);
    assert_eq!(ran.text(), warc(MENDED));
    assert_eq!(ran.stderr, "");
}

#[test]
fn behind_a_damaged_gzip_member_the_work_goes_on() {
    let (good, mended) = (gzip(&record("http://b/", DAMAGED.as_bytes())), MENDED.as_bytes());
    let mut sum = good.clone();
    let at = sum.len() - 6;
    sum[at] ^= 1;
    let mut data = good.clone();
    data[40] ^= 0x55;
    let large = gzip(&record("http://a/", &vec![b'a'; 65 << 20]));
    for odd in [sum, data, large, b"junk\x1f\x8b\x08\x1f".to_vec()] {
        let packed = [&good[..], &odd, &good].concat();
        let ran = Place::new().feed(&["fix", "--format", "warc"], &packed).status(0);
        let mended = gzip(&record("http://b/", mended));
        assert!(ran.stdout == [&mended[..], &odd, &mended].concat(), "{}", ran.stderr);
        assert!(ran.stderr.contains("1 damaged place remains"), "{}", ran.stderr);
    }
}

#[test]
fn what_is_odd_in_a_tar_is_known_or_passed_over() {
    let good = |text: &str| member("z.txt", text.as_bytes());
    let mut sparse = header("s", b'S', 512);
    sparse[482] = 1;
    let mut first = vec![0; 512];
    first[504] = 1;
    // The blocks of the map look like nothing that follows.
    let sparse = [summed(sparse), first, vec![0; 512], vec![b'x'; 512]].concat();
    let link = header("l", b'1', DAMAGED.len());
    let pax = b"20 size=00000000512\n";
    let pax =
        [header("p", b'x', pax.len()), padded(pax), header("big.txt", b'0', 0), vec![b'y'; 512]];
    let mut wild = header("w", b'0', 0);
    wild[124..136].copy_from_slice(b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff");
    let wild = summed(wild);
    let junk = vec![b'j'; 1024];
    for odd in [sparse, link, pax.concat(), wild, junk] {
        let archive = |text| tar(&[good(text), odd.clone(), good(text)]);
        let ran = Place::new().feed(&["fix", "--format", "tar"], &archive(DAMAGED)).status(0);
        assert!(ran.stdout == archive(MENDED), "{}", ran.stdout[..600].escape_ascii());
    }
}

#[test]
fn a_body_that_is_coded_is_said() {
    let http = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n{DAMAGED}"
    );
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a/\r\n\
         Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n",
        http.len()
    );
    let ran = Place::new().feed(&["fix", "--format", "warc"], head.as_bytes()).status(0);
    assert_eq!(ran.text(), head);
    assert!(ran.stderr.contains("(http://a/): the body has a Content-Encoding"), "{}", ran.stderr);
}

#[test]
fn a_member_that_cannot_be_written_stays_and_the_rest_is_mended() {
    let place = Place::with(&[
        ("a.tar", &tar(&[member("a.txt", DAMAGED.as_bytes()), member("b.txt", "😀".as_bytes())])),
        (
            "a.warc",
            &[record("http://a/", DAMAGED.as_bytes()), record("http://b/", "😀".as_bytes())]
                .concat(),
        ),
    ]);
    let gbk = encoding_rs::GBK.encode(MENDED).0.into_owned();
    for (name, said) in [("a.tar", "member 2 (b.txt)"), ("a.warc", "member 2 (http://b/)")] {
        let ran = place.run(&["fix", "-E", "gbk", "--report", "r", name]).status(2);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
        assert!(contains(&ran.stdout, &gbk) && contains(&ran.stdout, "😀".as_bytes()));
    }
}

#[test]
fn a_report_tells_the_member_and_where_in_it() {
    let at = DAMAGED.find('&').unwrap();
    let place = Place::with(&[
        ("a.tar", &tar(&[member("x", b"a"), member("f/a.txt", DAMAGED.as_bytes())])),
        (
            "a.warc.gz",
            &[gzip(&record("http://x/", b"a")), gzip(&record("http://a/", DAMAGED.as_bytes()))]
                .concat(),
        ),
    ]);
    for (name, member) in [("a.tar", "f/a.txt"), ("a.warc.gz", "http://a/")] {
        place.run(&["fix", "-o", "out", "--report", "r", name]).status(0);
        let report = String::from_utf8(place.read("r")).unwrap();
        let lines: Vec<serde_json::Value> =
            report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let line = lines.iter().find(|line| line["repair"] == "entity").unwrap();
        assert_eq!(line["member"], serde_json::json!({"number": 2, "name": member}), "{report}");
        assert_eq!(line["input"], serde_json::json!([at, at + 8]));
        assert!(
            lines.iter().any(|l| l["encoding"] == "utf-8" && l["member"]["number"] == 2),
            "{report}"
        );
        // The page of the report shows it by its name.
        let page = place.run(&["report", "r"]).status(0);
        assert!(page.text().contains(member), "{name}");
    }
}

#[test]
fn where_an_archive_is_not_opened_that_is_said() {
    let place = Place::with(&[
        ("a.tar", &tar(&[member("a.txt", DAMAGED.as_bytes())])),
        ("a.warc", &record("http://a/", DAMAGED.as_bytes())),
        ("b.txt", &record("http://a/", DAMAGED.as_bytes())),
    ]);
    for name in ["a.tar", "a.warc", "b.txt"] {
        for words in [&["explain", name][..], &["fix", "--diff", name]] {
            let ran = place.run(words).status(0);
            assert!(
                ran.stderr.contains("not opened") && ran.stderr.contains("--report"),
                "{}",
                ran.stderr
            );
            assert_eq!(ran.text(), "");
        }
    }
}
