//! Inputs that are hardly text: nothing panics, nothing is lost without a word.

use std::io::Read;
use std::process::Stdio;

use crate::support::{CLEAN, DAMAGED, MENDED, Place};

/// Runs every command that reads over `bytes`, and gives what `fix` made.
fn through_all(bytes: &[u8]) -> Vec<u8> {
    let place = Place::with(&[("a", bytes)]);
    for words in [
        &["detect", "a"][..],
        &["detect", "--json", "a"],
        &["explain", "a"],
        &["explain", "--json", "a"],
        &["fix", "-r", "all", "-s", "hant", "a"],
        &["fix", "-o", "b", "a", "--report", "r"],
    ] {
        let ran = place.run(words).status(0);
        assert!(!ran.stderr.contains("panicked"), "{words:?} {}", ran.stderr);
    }
    let diff = place.run(&["fix", "--diff", "a"]);
    let check = place.run(&["fix", "--check", "a"]);
    assert_eq!(diff.status, check.status);
    let made = place.run(&["fix", "a"]).status(0).stdout;
    assert_eq!(made, place.read("b"));
    assert_eq!(check.status, i32::from(made != bytes));
    made
}

#[test]
fn an_empty_input_stays_empty() {
    assert_eq!(through_all(b""), b"");
}

#[test]
fn one_byte() {
    for byte in [b'a', b'\n', 0, 0x7f] {
        assert_eq!(through_all(&[byte]), [byte]);
    }
    for byte in [0x80, 0xa1, 0xe5, 0xff] {
        assert!(!through_all(&[byte]).is_empty());
    }
}

#[test]
fn all_byte_values() {
    let all: Vec<u8> = (0..=255).collect();
    let made = through_all(&all);
    assert!(made.len() >= 200 && made.starts_with(&all[..0x20]), "{}", made.escape_ascii());
}

#[test]
fn zeros_and_binaries() {
    assert_eq!(through_all(&[0; 5000]), [0; 5000]);
    let mut state = 1u32;
    let noise: Vec<u8> = (0..50_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    assert!(!through_all(&noise).is_empty());
}

#[test]
fn a_character_cut_at_the_end_is_said() {
    let text = CLEAN.repeat(30);
    let cut = &text.as_bytes()[..text.len() - 2];
    let made = through_all(&cut[..cut.len() - 1]);
    assert!(made.starts_with(&cut[..cut.len() - 4]));
    assert!(made.ends_with("\u{fffd}".as_bytes()), "{}", made[made.len() - 20..].escape_ascii());
    let ran = Place::new().feed(&["fix"], &cut[..cut.len() - 1]);
    assert!(ran.stderr.contains("1 damaged place remains"), "{}", ran.stderr);
}

#[test]
fn a_long_input_without_a_line_end() {
    let text = DAMAGED.replace('\n', "").repeat(20_000);
    let made = Place::new().feed(&["fix"], text.as_bytes()).status(0);
    assert!(made.stdout == MENDED.replace('\n', "").repeat(20_000).as_bytes());
}

#[test]
fn line_ends_are_kept() {
    let text = format!("{CLEAN}{}\r\n\r{CLEAN}", CLEAN.trim_end());
    assert_eq!(Place::new().feed(&["fix"], text.as_bytes()).status(0).text(), text);
}

#[test]
fn a_reader_that_goes_is_no_failure() {
    let place = Place::new();
    place.write("a", DAMAGED.repeat(100_000));
    for words in
        [&["fix", "a"][..], &["explain", "a"], &["convert", "-c", "s2t", "a"], &["detect", "a"]]
    {
        let mut child =
            place.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let _ = stdout.read(&mut [0; 10]).unwrap();
        drop(stdout);
        let ran = child.wait_with_output().unwrap();
        assert_eq!(ran.status.code(), Some(0), "{words:?}");
        let said = String::from_utf8(ran.stderr).unwrap();
        assert!(!said.contains("cannot") && !said.contains("panicked"), "{words:?} {said}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_nothing_behind() {
    let place = Place::with(&[("out", b"old")]);
    let mut child = place
        .command(&["fix", "-o", "out"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The temporary file is there once the program has begun.
    let begun = || place.tree(".").len() == 2;
    for _ in 0..500 {
        if begun() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert!(begun());
    // Between the file and its registration lie microseconds.
    std::thread::sleep(std::time::Duration::from_millis(100));
    // Kept, as its end would end the program.
    let stdin = child.stdin.take();
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(stdin);
    assert_eq!(place.tree("."), ["out"]);
    assert_eq!(place.read("out"), b"old");
}

#[test]
fn utf_16_that_was_read_byte_by_byte_is_text_for_all_its_nuls() {
    let place = Place::new();
    let text = "Ferry No. 12\n这一天早上，码头上已经站满了人。\n《海上的风》，他读了三遍。\n";
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        let read: String = text.encode_utf16().flat_map(unit).map(char::from).collect();
        let ran = place.feed(&["fix"], read.as_bytes()).status(0);
        assert_eq!(String::from_utf8(ran.stdout).as_deref(), Ok(text));
    }
    // Fields that NUL and other controls divide stay, be they text or not.
    for fields in ["Zürich\0N\0Köln\0\0", "0\u{1}x\u{1}3730\u{1}=0\n"] {
        let ran = place.feed(&["fix"], fields.as_bytes()).status(0);
        assert_eq!(String::from_utf8(ran.stdout).as_deref(), Ok(fields));
    }
}

#[test]
fn what_is_no_text_comes_out_as_it_went_in() {
    let mut picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0".to_vec();
    picture.extend((0..40_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8));
    let place = Place::new();
    let ran = place.feed(&["fix", "-s", "hans"], &picture).status(0);
    assert!(ran.stdout == picture, "{} bytes of {}", ran.stdout.len(), picture.len());
    place.feed(&["fix", "--check", "--strict"], &picture).status(0);

    // Sound in eight bits, whose bytes are words of Korean; compiled code, nearly all of it names; noise.
    let mut sound = b"RIFF\x34\x03\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x11\x2B\0\0".to_vec();
    sound.extend((0..800u32).map(|i| 0xB0 + (i * i % 37) as u8));
    let mut code = b"\xA7\x0D\x0D\n\0\0\0\0\xE3\0\0\0\0".to_vec();
    code.extend(b"z\x0Diso8859_1\xE5\x9D\x9D\x83z\x0Acp1252\xDA\x03get\xA9\x8D".repeat(200));
    let noise: Vec<u8> = (0..90u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 9) as u8).collect();
    // Tables of numbers, which are characters of UTF-32 and UTF-16: where the poems of a file begin, and
    // the messages of a catalogue, with its messages behind.
    let index: Vec<u8> = (0..400u32).flat_map(|i| (i * 211).to_be_bytes()).collect();
    let mut catalogue = [0x9504_12DE_u32, 0, 600, 28, 4828].map(u32::to_le_bytes).concat();
    catalogue.extend(
        (0..1200u32).flat_map(|i| [5 + i % 7, 9000 + i * 9].map(u32::to_le_bytes)).flatten(),
    );
    catalogue.extend("Andorra\0安道尔\0Österreich\0".repeat(300).bytes());
    let pdf =
        b"%PDF-1.5\n%\xE4\xE5\xE2\xE0\n1 0 obj\n<< /Title (&#x5B9E;&#x73B0;) >>\nendobj\n".to_vec();
    for bytes in [sound, code, noise, index, catalogue, pdf] {
        let ran = place.feed(&["fix"], &bytes).status(0);
        assert!(ran.stdout == bytes, "{:x?}", &bytes[..16]);
        let said = place.feed(&["detect", "--json"], &bytes).status(0);
        assert!(said.text().contains("\"encoding\":\"binary\""), "{}", said.text());
    }
}
