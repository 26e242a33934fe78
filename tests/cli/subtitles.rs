//! Subtitles.

use crate::support::Place;

/// `tests/data/formats/README.md` says how the files were made.
fn sample(name: &str) -> String {
    let path = format!("{}/tests/data/formats/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn files_in_ffmpeg_s_form_stay_and_are_mended() {
    for name in ["ffmpeg.ass", "ffmpeg.srt", "ffmpeg.vtt"] {
        let clean = sample(name);
        let place = Place::with(&[(name, clean.as_bytes())]);
        assert_eq!(place.run(&["fix", name]).status(0).text(), clean, "{name}");
        place.write(name, clean.replace('实', "&#x5B9E;"));
        assert_eq!(place.run(&["fix", name]).status(0).text(), clean, "{name}");
        let gbk = encoding_rs::GBK.encode(&clean).0.into_owned();
        place.write(name, gbk);
        let ran = place.run(&["fix", "-s", "hant", name]).status(0);
        let expected = clean
            .replace("他们说的", "他們說的")
            .replace("实话", "實話")
            .replace("谁也不必再问", "誰也不必再問")
            .replace("春天来了,河边的柳树发了", "春天來了,河邊的柳樹發了");
        assert_eq!(ran.text(), expected, "{name}");
        assert_eq!(ran.stderr, "");
    }
}

#[test]
fn what_would_break_a_cue_is_refused_and_said() {
    let ass = "[Events]\nDialogue: 0,1,2,3,4,5,6,7,8,他們說的都是&#123;話\n";
    let place = Place::with(&[("a", ass.as_bytes())]);
    let ran = place.run(&["fix", "--format", "ass", "a"]).status(0);
    assert_eq!(ran.text(), ass);
    assert!(ran.stderr.contains("cannot hold"), "{}", ran.stderr);
}
