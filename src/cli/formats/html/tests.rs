//! Pages: what is mended, what stays.

use hanmend::Repairs;
use hanmend::decode::Encoding;

use super::super::tests::{proven, settings};
use super::super::{Kind, Settings};

fn mended(page: &str) -> String {
    proven(&settings("keep", Repairs::default()), Kind::Html, page)
}

fn converted(page: &str) -> String {
    proven(&settings("s2t", Repairs::NONE), Kind::Html, page)
}

#[test]
fn text_and_what_people_read_is_mended_and_nothing_else() {
    let page = "<!DOCTYPE html>\n<html lang=zh><head><title>说&#x5B9E;话</title>\
        <meta name=\"Keywords\" content='实&#x5B9E;话'><meta name=author content='&#x5B9E;话'>\
        <style>p::before { content: '&#x5B9E;' }</style></head><body><!-- &#x5B9E;话 <b> -->\
        <p title=\"都是&#x5B9E;话\" data-x=\"&#x5B9E;\">他们说&#x5B9E;话<script>if (a < b) '&#x5B9E;'</script>\n\
        <pre>&#x5B9E;话</pre><code>&#x5B9E;</code><textarea>&#x5B9E;</textarea>\
        <span lang=ja>&#x5B9E;<b>&#x5B9E;</b></span><b>&#x5B9E;</b>话 &lt;b&gt; 1 < 2</p>";
    let expected = page
        .replace("说&#x5B9E;话", "说实话")
        .replace("'实&#x5B9E;话'", "'实实话'")
        .replace("都是&#x5B9E;话", "都是实话")
        .replace("</span><b>&#x5B9E;</b>", "</span><b>实</b>");
    assert_eq!(mended(page), expected);
}

#[test]
fn ruby_is_no_damage() {
    let page =
        "<p><ruby>漢<rp>(</rp><rt>hàn</rt><rp>)</rp>字<rp>(</rp><rt>zì</rt><rp>)</rp></ruby></p>\
        <ruby>實<rt>shí<rp>x</ruby>"
            .repeat(30);
    assert_eq!(mended(&page), page);
}

#[test]
fn a_word_is_converted_across_tags() {
    assert_eq!(converted("<b>头</b>发，发<i>现</i>"), "<b>頭</b>髮，發<i>現</i>");
    assert_eq!(converted("<p>头<p>发现"), "<p>頭<p>發現");
    assert_eq!(converted("<a title=头发>里</a>面"), "<a title=頭髮>裏</a>面");
}

#[test]
fn languages_are_left_where_they_end() {
    let kept = "<ul lang=en><li>头发<li lang=zh>";
    assert_eq!(converted(&format!("{kept}头</ul>头")), format!("{kept}頭</ul>頭"));
    assert_eq!(converted("<p lang=ja>头<p>头"), "<p lang=ja>头<p>頭");
    assert_eq!(converted("<html lang=en-US><p>头"), "<html lang=en-US><p>頭");
    assert_eq!(converted("<html lang=ja><p>头"), "<html lang=ja><p>头");
    assert_eq!(converted("<img lang=en alt=头>头"), "<img lang=en alt=头>頭");
}

#[test]
fn markup_that_a_repair_brings_is_text() {
    for page in
        ["<p>a &lt;b&gt; &amp;lt; &quot;</p>", "<p title=\"&quot;好&#34;\">", "<p title='&#39;'>"]
    {
        let out = mended(page);
        assert_eq!(out.matches('<').count(), page.matches('<').count(), "{out}");
        assert_eq!(out.matches(['"', '\'']).count() % 2, 0, "{out}");
    }
}

#[test]
fn the_declared_charset_is_the_one_that_is_written() {
    let declared = |output: Encoding, page: &str| {
        let output = hanmend::OutputEncoding::Encoding(output);
        let settings = Settings { output, ..settings("keep", Repairs::NONE) };
        let (out, _) = super::super::tests::run(&settings, Kind::Html, page.as_bytes(), 3);
        String::from_utf8(out).unwrap()
    };
    for (page, expected) in [
        ("<meta charset=gb2312>", "<meta charset=utf-8>"),
        ("<META CHARSET=\" GBK \">", "<META CHARSET=\" utf-8 \">"),
        ("<meta charset=UTF8>", "<meta charset=UTF8>"),
        (
            "<meta http-equiv=content-type content='text/html; Charset=big5'>",
            "<meta http-equiv=content-type content='text/html; Charset=utf-8'>",
        ),
        (
            "<?xml version=\"1.0\" encoding='gbk'?><html/>",
            "<?xml version=\"1.0\" encoding='utf-8'?><html/>",
        ),
        ("<meta name=x content='charset=gbk'>", "<meta name=x content='charset=gbk'>"),
        ("<!-- <meta charset=gbk> -->", "<!-- <meta charset=gbk> -->"),
        ("<meta charset>", "<meta charset>"),
    ] {
        assert_eq!(declared(Encoding::UTF_8, page), expected);
    }
    assert_eq!(declared(Encoding::GBK, "<meta charset=gb2312>"), "<meta charset=gb2312>");
    assert_eq!(declared(Encoding::GB18030, "<meta charset=gb2312>"), "<meta charset=gb18030>");
}

#[test]
fn malformed_pages_stay() {
    for page in [
        "<",
        "</",
        "<!",
        "<!-",
        "<!--",
        "<!-->x",
        "<!--->x",
        "<!--x--!>y",
        "<a",
        "<a title='",
        "</a",
        "</ x>",
        "<?",
        "<![CDATA[ <b> ]]>",
        "<script>x</scrip",
        "<title>头",
        "<b></i></b></b>",
        "<<b>>",
        "<plaintext><b>",
        "<title></title>",
        "<script></script>",
    ] {
        assert_eq!(proven(&settings("keep", Repairs::NONE), Kind::Html, page), page);
    }
    assert_eq!(
        converted("<!--x--!>头<!-->头<script></script>头"),
        "<!--x--!>頭<!-->頭<script></script>頭"
    );
    assert_eq!(converted("<title>头</title>头</script>头"), "<title>頭</title>頭</script>頭");
}
