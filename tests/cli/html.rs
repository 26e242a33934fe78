//! Pages.

use crate::support::Place;

fn example(name: &str) -> String {
    std::fs::read_to_string(format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The damaged text as a page, with a tag before every gloss.
fn page(text: &str) -> String {
    let mut page = "<!DOCTYPE html>\n<meta charset=\"gbk\">\n".to_owned();
    for line in text.lines() {
        page.push_str("<p>");
        let mut rest = line;
        while let Some(at) = rest.find('(') {
            let last = rest[..at].char_indices().next_back().map_or(0, |(at, _)| at);
            page.push_str(&format!("{}<b>{}</b>(", &rest[..last], &rest[last..at]));
            rest = &rest[at + 1..];
        }
        page.push_str(&format!("{rest}</p>\n"));
    }
    page
}

/// What a browser would show of the page, line by line.
fn shown(page: &str) -> Vec<String> {
    let mut text = String::new();
    for part in page.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    text.lines().filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_page_is_mended_across_its_tags() {
    let page = page(&example("damaged-page.txt"));
    let place = Place::with(&[("page.html", page.as_bytes())]);
    for (script, expected) in
        [("keep", "damaged-page.mended.txt"), ("hans", "damaged-page.hans.txt")]
    {
        let ran = place.run(&["fix", "-s", script, "page.html"]).status(0);
        assert_eq!(shown(ran.text()), lines(&example(expected)), "{script}");
        assert!(ran.text().contains("<meta charset=\"utf-8\">"));
        let tags = |t: &str| t.matches('<').count();
        assert_eq!(tags(ran.text()), tags(&page));
        assert_eq!(
            place.feed(&["fix", "-s", script, "--format", "html"], page.as_bytes()).stdout,
            ran.stdout
        );
        place.write("again.html", &ran.stdout);
        place.run(&["fix", "--check", "-s", script, "again.html"]).status(0);
    }
}

/// Readings that are written as references are damage like others, and go.
#[test]
fn references_in_glosses_go_with_them() {
    let text = page(&example("damaged-page.txt"));
    let mut page = String::new();
    for c in text.chars() {
        match c {
            'à'..='ü' | 'ā'..='ǜ' => page.push_str(&format!("&#{};", u32::from(c))),
            c => page.push(c),
        }
    }
    assert!(page.matches("&#").count() > 50);
    let place = Place::with(&[("text.html", text.as_bytes()), ("page.html", page.as_bytes())]);
    let mended = place.run(&["fix", "page.html"]).status(0);
    assert_eq!(mended.text(), place.run(&["fix", "text.html"]).status(0).text());
}

#[test]
fn a_page_says_what_it_is_written_in() {
    let page = "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">\
        </head><body><p>春天来了,河边的柳树发了新芽。他们说的都是真话,谁也不必再问。</body></html>\r\n";
    let gbk = encoding_rs::GBK.encode(page).0.into_owned();
    let place = Place::with(&[("a.htm", &gbk)]);
    let ran = place.run(&["fix", "a.htm"]).status(0);
    assert_eq!(ran.text(), page.replace("gb2312", "utf-8"));
    assert_eq!(place.run(&["fix", "-E", "same", "a.htm"]).status(0).stdout, gbk);
    let big5 = place.run(&["fix", "-E", "big5", "-s", "hant", "a.htm"]).status(0).stdout;
    let text = encoding_rs::BIG5.decode(&big5).0.into_owned();
    assert!(text.contains("charset=big5") && text.contains("春天來了"), "{text}");
    let ran = place.run(&["explain", "a.htm"]).status(0);
    assert!(
        ran.text().contains("encode/charset") && ran.text().contains("[-gb2312-]"),
        "{}",
        ran.text()
    );
    let ran = place.run(&["fix", "--diff", "a.htm"]).status(1);
    assert!(ran.text().contains("charset=utf-8"), "{}", ran.text());
}

#[test]
fn what_is_no_page_passes_under_the_name_of_one() {
    let picture: Vec<u8> =
        (0..9000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let place = Place::with(&[("a.html", &picture), ("empty.html", b""), ("ascii.html", b"<p>a")]);
    assert_eq!(place.run(&["fix", "a.html"]).status(0).stdout, picture);
    assert_eq!(place.run(&["fix", "empty.html"]).status(0).stdout, b"");
    assert_eq!(place.run(&["fix", "-E", "same", "ascii.html"]).status(0).text(), "<p>a");
}

/// An ASCII page in the encoding of the input has nothing that its declaration would lie about.
#[test]
fn an_ascii_page_keeps_its_declaration_where_its_encoding_stays() {
    let page = b"<meta charset=gbk><p>plain</p>";
    let place = Place::with(&[("a.html", page)]);
    assert_eq!(place.run(&["fix", "-E", "same", "a.html"]).status(0).stdout, page);
}
