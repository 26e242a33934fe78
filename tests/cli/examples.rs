//! The pages in examples/ come out as the files beside them say.

use std::path::Path;

use crate::support::Place;

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name).to_str().unwrap().to_owned()
}

#[test]
fn the_damaged_page_is_mended_from_either_encoding() {
    let place = Place::new();
    for page in ["damaged-page.txt", "damaged-page-gbk.txt"] {
        for (script, expected) in
            [("keep", "damaged-page.mended.txt"), ("hans", "damaged-page.hans.txt")]
        {
            let ran = place.run(&["fix", "-s", script, &example(page)]).status(0);
            let expected = std::fs::read_to_string(example(expected)).unwrap();
            assert_eq!(ran.text(), expected, "{page} {script}");
            assert_eq!(ran.stderr, "");
        }
    }
}

#[test]
fn the_big5_page_keeps_its_markup() {
    let ran = Place::new().run(&["fix", &example("page-big5.html")]).status(0);
    assert!(ran.text().contains("單名一個堃字") && ran.text().contains("講caf&eacute;的歷史"));
    assert!(ran.text().contains("&lt;書名&gt;、&lt;作者&gt;"));
}
