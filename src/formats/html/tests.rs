//! Pages: what is mended, what stays.

use crate::Repairs;
use crate::decode::Encoding;

use super::super::Kind;
use super::super::tests::{proven, settings};

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
    // Each character stays where it was, though one that cannot be seen goes: else `<!` would begin a comment.
    let settings = settings("s2t", Repairs::all());
    let page = "头\u{FEFF}<发!".as_bytes();
    let (out, _) = super::super::tests::run(&settings, Kind::Html, page, page.len());
    assert_eq!(String::from_utf8(out).unwrap(), "頭<髮!");
}

/// The characters of a page's text, each as `damage` has it, and its markup.
fn damaged(page: &str, damage: impl Fn(char) -> String) -> String {
    let mut tag = false;
    page.chars().fold(String::new(), |mut out, c| {
        tag |= c == '<';
        if tag || c.is_ascii() {
            out.push(c)
        } else {
            out.push_str(&damage(c))
        }
        tag &= c != '>';
        out
    })
}

#[test]
fn each_piece_of_a_passage_stays_between_its_tags() {
    let page = "<p><a href=\"/1\">首页</a> | <a href=\"/2\">新闻中心</a> | <a href=\"/3\">联系我们</a></p>\n\
        <p>今天<b>天气</b>很好，我们去<!-- 那个 --><i>公园</i>看花。<br>回来的时候天已经黑了</p>\n";
    let latin = |bytes: &[u8]| bytes.iter().map(|&byte| char::from(byte)).collect::<String>();
    let utf_8 = |c: char| latin(c.to_string().as_bytes());
    let gbk = |c: char| latin(&encoding_rs::GBK.encode(&c.to_string()).0);
    let percent = |c: char| c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    assert_eq!(mended(&damaged(page, utf_8)), page);
    assert_eq!(mended(&damaged(page, |c| utf_8(c).chars().map(utf_8).collect())), page);
    assert_eq!(mended(&damaged(page, gbk)), page);
    assert_eq!(mended(&damaged(page, |c| gbk(c).chars().map(utf_8).collect())), page);
    assert_eq!(mended(&damaged(page, |c| format!("\\u{:04x}", c as u32))), page);
    let line = "<p>今天<b>天气</b>很好，我们去<i>公园</i>看花。</p>\n";
    assert_eq!(mended(&damaged(line, percent)), line);
    // What comes out is converted, too.
    let bad = damaged(page, utf_8);
    let settings = settings("s2t", Repairs::default());
    let (out, _) = super::super::tests::run(&settings, Kind::Html, bad.as_bytes(), bad.len());
    let converted =
        page.replace("新闻", "新聞").replace("联系我们", "聯繫我們").replace("天气", "天氣");
    let converted = converted.replace("我们", "我們").replace("公园", "公園");
    let converted =
        converted.replace("回来的时候天已经", "回來的時候天已經").replace("首页", "首頁");
    assert_eq!(String::from_utf8(out).unwrap(), converted);
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
fn the_bracket_of_a_tag_that_a_gloss_took_is_markup() {
    let page = "<p>今天鎮(zhèn)上修好了橋，農(nóng)民都來(lái)看，實(shí)在高興，從此過(guò)河不用繞遠(yuǎn)路，\
        汽車(chē)也開(kāi)得到當(dāng)?shù)亍?/p>\n<p>學(xué)校也來(lái)了。</p>\n";
    assert_eq!(
        mended(page),
        "<p>今天鎮上修好了橋，農民都來看，實在高興，從此過河不用繞遠路，\
        汽車也開得到當地。</p>\n<p>學校也來了。</p>\n"
    );
    // Of one that opens, too, of which the page has shown none.
    let line = "就是因?yàn)?b>橋修好了</b>。</p>\n";
    let fixed = mended(&format!("{page}<p>農(nóng)民說(shuō)，{line}"));
    assert!(fixed.ends_with("<p>農民說，就是因為<b>橋修好了</b>。</p>\n"), "{fixed}");
}

#[test]
fn the_declared_charset_is_the_one_that_is_written() {
    let declared = |encoding: Encoding, page: &str| {
        let output = crate::OutputEncoding::Encoding(encoding);
        let mut settings = settings("keep", Repairs::NONE);
        settings.output = output;
        // A page that goes beyond ASCII.
        let page = format!("{page}中");
        let (out, _) = super::super::tests::run(&settings, Kind::Html, page.as_bytes(), 3);
        let ascii = out.into_iter().take_while(u8::is_ascii).collect();
        String::from_utf8(ascii).unwrap()
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

/// References are how HTML is written: they are damage where they stand for Han, or in a gloss.
#[test]
fn a_page_that_is_not_damaged_stays_byte_for_byte() {
    for page in [
        "<p>经济&nbsp;发展&copy;2020 &mdash;&hellip; &#8212; &#38; &eacute;</p>",
        "<p title='好&nbsp;&quot;'>caf&eacute;</p>",
        "<meta charset=gb2312><p>plain</p>",
        "<meta charset=gb2312><p>plain &copy; &#x4e00",
    ] {
        let expected = page.replace("&#x4e00", "一").replace("\u{0}", "");
        let expected = match expected == page {
            true => expected,
            false => expected.replace("gb2312", "utf-8"),
        };
        assert_eq!(mended(page), expected);
    }
}

#[test]
fn marks_go_with_the_characters() {
    assert_eq!(mended("<p>&#x6211;&#20204;&#xFF0C;&#12290;&nbsp;</p>"), "<p>我们，。&nbsp;</p>");
}

/// What mending takes away or brings makes no markup.
#[test]
fn no_markup_is_made() {
    for page in [
        "<p>中文<&#115;cript>alert(1)<&#47;script></p>",
        "<p>中文<\u{200b}img src=x onerror=alert(1)></p>",
        "<p>中文<\u{200b}/p>文",
        "<p>中文a<&#47;p><&#33;-- x -->",
        "<title>中文</ti\u{200b}tle>文<\u{200b}/title><b></title>",
        "<p title=\u{200b} data-x=1>中文",
        "<p title=\u{200b}\">中文",
    ] {
        let out = mended(page);
        assert_eq!(tags(&out), tags(page), "{out}");
    }
    assert_eq!(converted("1 <头发 < 头发"), "1 <頭髮 < 頭髮");
}

/// The tags of a page, their attributes that people read aside.
pub(in super::super) fn tags(page: &str) -> Vec<String> {
    let (mut html, mut at, mut found) = (super::Html::default(), 0, Vec::new());
    while at < page.len() {
        let ask = super::Ask { end: true, encoding: Some(Encoding::UTF_8) };
        let len = super::Lift::next(&mut html, &page[at..], ask).unwrap().len;
        let piece = &page[at..at + len];
        let name = piece.strip_prefix("</").map_or(1, |_| 2);
        let named = piece.as_bytes().get(name).is_some_and(u8::is_ascii_alphabetic);
        let tag =
            (named && piece.starts_with('<')).then(|| super::Tag::parse(piece, name)).flatten();
        if let Some(tag) = tag {
            let names: Vec<&str> = tag.attributes.iter().map(|a| a.name.as_str()).collect();
            found.push(format!("{} {names:?}", tag.name));
        } else if piece.starts_with("<!") || piece.starts_with("<?") {
            found.push(piece.to_owned());
        }
        at += len;
    }
    found
}

#[test]
fn the_scope_of_what_stays() {
    let stays = [
        "<b>x<pre>头</b>头</pre>",
        "<script><!-- <script> </script> 头 --></script>",
        "<?php if (a > b) { 头 } ?>",
    ];
    for page in stays {
        assert_eq!(converted(page), page);
    }
    assert_eq!(converted("<![CDATA[头>头"), "<![CDATA[头>頭");
    assert_eq!(converted("<svg><![CDATA[头>头]]>头</svg>"), "<svg><![CDATA[头>头]]>頭</svg>");
    assert_eq!(converted("<script><!-- </script>头"), "<script><!-- </script>頭");
}

/// No input takes more than linear time: these would take minutes.
#[test]
fn hostile_pages_end() {
    for page in [
        format!("{}{}", "<b>".repeat(5000), "</i>".repeat(100_000)),
        format!("<a title=\"{}", "x".repeat(4 << 20)),
    ] {
        let settings = settings("keep", Repairs::default());
        let (out, _) = super::super::tests::run(&settings, Kind::Html, page.as_bytes(), 100);
        assert!(out == page.as_bytes());
    }
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

/// A gloss that is left is marked, and the reference in it is decoded all the same, where it is to be.
#[test]
fn a_mark_with_a_change_in_it() {
    let wanted = settings("keep", Repairs::default());
    for page in
        ["實(sh&iacute)蕋", "<p>實(sh&iacute)<b>蕋</b>", "<p title='頭'>實(sh&iacute;)<i>了</i>"]
    {
        assert_eq!(proven(&wanted, Kind::Html, page), page);
    }
    let chinese = "<p>實(sh&#23454;)<b>蕋</b>";
    assert_eq!(proven(&wanted, Kind::Html, chinese), "<p>實(sh实)<b>蕋</b>");
}
