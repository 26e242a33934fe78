//! `explain`

use crate::support::{CLEAN, DAMAGED, Place};

#[test]
fn changes_are_shown_with_place_and_context() {
    let text = format!("{CLEAN}{DAMAGED}");
    let place = Place::with(&[("a.txt", text.as_bytes())]);
    let ran = place.run(&["explain", "a.txt"]).status(0);
    let (place_and_rule, line) = ran.text().split_once('\n').unwrap();
    assert!(place_and_rule.starts_with("a.txt:2:7: entity/"), "{place_and_rule}");
    assert!(place_and_rule.ends_with(" sure"), "{place_and_rule}");
    assert_eq!(line, "    他們說的都是[-&#x5B9E;-]{+实+}話,誰也不必再問。\n");
    assert!(ran.stderr.contains("a.txt: utf-8") && ran.stderr.contains("1 change (1 entity)"));
    assert_eq!(place.run(&["explain", "-q", "a.txt"]).status(0).stderr, "");
}

#[test]
fn colour_is_on_request() {
    let place = Place::with(&[("a", DAMAGED.as_bytes())]);
    let plain = place.run(&["explain", "a"]).status(0);
    assert!(!plain.stdout.contains(&0x1b));
    let coloured = place.run(&["explain", "--color", "always", "a"]).status(0);
    assert!(coloured.text().contains("\x1b[31;9m&#x5B9E;\x1b[0m"), "{}", coloured.text());
}

#[test]
fn json_is_what_the_report_says() {
    let place = Place::with(&[("a", DAMAGED.as_bytes())]);
    let json = place.run(&["explain", "--json", "a"]).status(0).stdout;
    place.run(&["fix", "--check", "--report", "r", "a"]).status(1);
    assert_eq!(json, place.read("r"));
}

#[test]
fn directories_are_walked() {
    let place = Place::with(&[("in/a", DAMAGED.as_bytes()), ("in/b/c", DAMAGED.as_bytes())]);
    let ran = place.run(&["explain", "in"]).status(0);
    let heads: Vec<&str> = ran.text().lines().step_by(2).collect();
    assert!(heads[0].starts_with("in/a:1:7:") && heads[1].starts_with("in/b/c:1:7:"), "{heads:?}");
}

#[test]
fn conversion_is_explained() {
    let place = Place::new();
    let ran = place.feed(&["explain", "-s", "s2t"], "里面的软件\n".as_bytes()).status(0);
    assert!(ran.text().contains("convert/s2t"), "{}", ran.text());
}

#[test]
fn what_conversion_chose_by_default_is_explained_with_what_else_it_could_be() {
    let place = Place::new();
    let ran = place.feed(&["explain", "-s", "s2t"], "干，云，只\n".as_bytes()).status(0);
    let text = ran.text();
    assert!(text.contains(":1:1: convert/s2t guess: by default, not 乾 干 榦\n"), "{text}");
    assert!(text.contains(":1:5: convert/s2t guess: by default, not 隻"), "{text}");
    assert!(text.contains("雲，[!只!]"), "{text}");
    assert!(ran.stderr.contains("2 guessed, 1 left by default"), "{}", ran.stderr);
    // A phrase decides about 干 in 干部.
    let ran = place.feed(&["explain", "-s", "s2t"], "干部\n".as_bytes()).status(0);
    assert!(!ran.text().contains("guess"), "{}", ran.text());
}

#[test]
fn strict_is_a_status() {
    let mut lost = CLEAN.repeat(20).into_bytes();
    lost.extend_from_slice(b"\xe6\x98\n");
    lost.extend_from_slice(CLEAN.repeat(20).as_bytes());
    let ran = Place::new().feed(&["explain", "--strict"], &lost).status(3);
    assert!(ran.text().contains("unrepaired") && ran.text().contains("bytes E6 98"), "{ran:?}");
}
