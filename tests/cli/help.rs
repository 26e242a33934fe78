//! Help, version, completions, manual pages.

use crate::support::Place;

#[test]
fn help_teaches() {
    let place = Place::new();
    let ran = place.run(&["--help"]).status(0);
    assert!(ran.text().contains("hanmend fix -s hans -O mended/ pages/"));
    for command in ["fix", "detect", "explain", "convert"] {
        let ran = place.run(&[command, "--help"]).status(0);
        assert!(
            ran.text().contains("Exit status") && ran.text().contains("Examples:"),
            "{command}"
        );
        assert!(ran.stderr.is_empty());
    }
}

#[test]
fn the_version_is_the_package_s() {
    let ran = Place::new().run(&["--version"]).status(0);
    assert_eq!(ran.text(), concat!("hanmend ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn completions_know_the_options() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = place.run(&["completions", shell]).status(0);
        assert!(ran.text().contains("output-encoding"), "{shell}");
    }
}

#[test]
fn manual_pages_are_written() {
    let place = Place::new();
    assert!(place.run(&["man"]).status(0).text().contains(".TH hanmend 1"));
    place.run(&["man", "-O", "man1"]).status(0);
    let pages = place.tree("man1");
    for page in ["hanmend.1", "hanmend-fix.1", "hanmend-detect.1", "hanmend-convert.1"] {
        assert!(pages.iter().any(|p| p == page), "{pages:?}");
    }
}
