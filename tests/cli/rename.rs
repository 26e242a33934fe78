//! Names of files: `hanmend rename` and `hanmend unzip`.

use crate::support::Place;

#[cfg(unix)]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::ffi::OsStrExt;

    /// Names in GBK, percent escapes, mojibake, and names that are fine.
    fn place() -> Place {
        let place = Place::with(&[
            ("in/%E5%B9%B4%E5%BA%A6%E6%8A%A5%E5%91%8A.txt", b"escaped"),
            ("in/plain.txt", b"plain"),
            ("in/好.txt", b"good"),
        ]);
        let gbk = encoding_rs::GBK.encode("旧照片").0.into_owned();
        let folder = place.path("in").join(OsStr::from_bytes(&gbk));
        fs::create_dir(&folder).unwrap();
        let inner = encoding_rs::GBK.encode("河边的柳树.txt").0.into_owned();
        fs::write(folder.join(OsStr::from_bytes(&inner)), "gbk").unwrap();
        fs::write(place.path("in").join("å®žçŽ°è‡ªå·±çš„ç�†æƒ³.txt"), "mojibake").unwrap();
        place
    }

    const MENDED: [&str; 4] = ["好.txt", "年度报告.txt", "plain.txt", "旧照片/河边的柳树.txt"];

    fn names(place: &Place) -> Vec<Vec<u8>> {
        let (mut found, mut open) = (Vec::new(), vec![place.path("in")]);
        while let Some(dir) = open.pop() {
            for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
                found.push(entry.path().as_os_str().as_bytes().to_vec());
                if entry.path().is_dir() {
                    open.push(entry.path());
                }
            }
        }
        found.sort();
        found
    }

    #[test]
    fn names_are_mended_and_put_back() {
        let place = place();
        let before = names(&place);
        let ran = place.run(&["rename", "in"]).status(0);
        assert!(ran.text().contains("\\xbe\\xc9"), "{}", ran.text());
        assert!(ran.text().contains("-> in/年度报告.txt\n"), "{}", ran.text());
        assert!(ran.stderr.contains("--apply"), "{}", ran.stderr);
        assert_eq!(names(&place), before, "a dry run");

        place.run(&["rename", "--apply", "--manifest", "undo", "in"]).status(0);
        let tree = place.tree("in");
        for name in MENDED {
            assert!(tree.iter().any(|t| t == name), "{name} {tree:?}");
        }
        assert!(tree.iter().any(|t| t.starts_with("实现自己的")), "{tree:?}");
        assert_eq!(place.read("in/旧照片/河边的柳树.txt"), b"gbk");
        assert_eq!(place.run(&["rename", "in"]).status(0).text(), "");

        assert!(place.run(&["undo", "undo"]).status(0).stderr.contains("4 put back"));
        assert_eq!(names(&place), before);
        assert!(place.run(&["undo", "undo"]).status(0).stderr.contains("4 as they were"));
    }

    #[test]
    fn nothing_is_overwritten() {
        let place = Place::with(&[
            ("in/&#23454;.txt", b"1"),
            ("in/&#x5B9E;.txt", b"2"),
            ("in/%E5%B9%B4%E5%BA%A6.txt", b"3"),
            ("in/年度.txt", b"4"),
        ]);
        let before = names(&place);
        let ran = place.run(&["rename", "--apply", "in"]).status(2);
        assert!(ran.stderr.contains("another would get the same name"), "{}", ran.stderr);
        assert!(ran.stderr.contains("taken already"), "{}", ran.stderr);
        assert_eq!(names(&place), before);
        assert!(place.run(&["rename", "in/nothing"]).status(2).stderr.contains("in/nothing"));
    }

    #[test]
    fn a_link_on_the_way_is_not_followed() {
        let place = Place::with(&[("elsewhere/a", b"")]);
        fs::create_dir(place.path("out")).unwrap();
        std::os::unix::fs::symlink(place.path("elsewhere"), place.path("out/照片")).unwrap();
        let ran = place.run(&["unzip", "-O", "out", &archive("windows.zip")]).status(2);
        assert!(ran.stderr.contains("no folder"), "{}", ran.stderr);
        assert_eq!(place.tree("elsewhere"), ["a"]);
    }
}

/// `tests/data/formats/README.md` says how the archives were made.
fn archive(name: &str) -> String {
    format!("{}/tests/data/formats/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn an_archive_of_windows_is_listed_and_taken_out() {
    let place = Place::new();
    let ran = place.run(&["unzip", &archive("windows.zip")]).status(0);
    let expected = "年度报告.txt\n照片/\n照片/河边的柳树.txt\n资料/第一章/说明.txt\nreadme.txt\n";
    assert_eq!(ran.text(), expected);
    place.run(&["unzip", "-O", "out", &archive("windows.zip")]).status(0);
    assert_eq!(
        place.tree("out"),
        ["readme.txt", "年度报告.txt", "照片/河边的柳树.txt", "资料/第一章/说明.txt"]
    );
    assert_eq!(place.read("out/年度报告.txt"), "春天来了。\n".as_bytes());
    let again = place.run(&["unzip", "-O", "out", &archive("windows.zip")]).status(2);
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
}

#[test]
fn nothing_is_written_outside_the_folder() {
    let place = Place::new();
    let ran = place.run(&["unzip", "-e", "gbk", "-O", "in/out", &archive("hostile.zip")]).status(2);
    assert_eq!(place.tree("."), ["in/out/好.txt"]);
    assert_eq!(ran.stderr.matches("leads out of the folder").count(), 5, "{}", ran.stderr);
}

#[test]
fn what_is_no_archive_is_said() {
    let whole = std::fs::read(archive("windows.zip")).unwrap();
    let place = Place::with(&[
        ("a.zip", b"PK\x03\x04 no"),
        ("cut.zip", &whole[..whole.len() / 2]),
        ("empty.zip", b""),
    ]);
    for name in ["a.zip", "cut.zip", "empty.zip", "none.zip"] {
        let ran = place.run(&["unzip", "-O", "out", name]).status(2);
        assert!(ran.stderr.contains(name), "{}", ran.stderr);
    }
    // Whatever byte is wrong, there is no panic, and nothing lands elsewhere.
    for at in (0..whole.len()).step_by(7) {
        let mut bad = whole.clone();
        bad[at] ^= 0xff;
        place.write("bad.zip", bad);
        let ran = place.run(&["unzip", "-O", "bad", "bad.zip"]);
        assert!(
            matches!(ran.status, 0 | 2) && !ran.stderr.contains("panicked"),
            "{at} {}",
            ran.stderr
        );
        let _ = std::fs::remove_dir_all(place.path("bad"));
    }
}
