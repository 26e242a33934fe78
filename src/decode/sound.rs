//! Whole inputs that are UTF-8 without fault, told at once.

use memchr::{memchr, memchr3_iter};

use super::encoding::Encoding;
use super::judge;
use super::look;
use super::seven::SHIFT_OUT;

/// What a [`Decoder`](super::Decoder) would make of an input that is its own text.
#[derive(Debug, PartialEq)]
pub(crate) struct Sound<'b> {
    pub(crate) text: &'b str,
    pub(crate) encoding: Encoding,
    /// What it would tell a sink: where in the input it was sure, and how sure.
    pub(crate) offset: u64,
    pub(crate) confidence: f32,
}

/// Looks whether `bytes`, a whole input, are text as they stand, without a byte order mark, in the
/// encoding that was `asked` for or would be found. Most of the documents of a crawl are: they need
/// no decoder. May say `None` wrongly, and the decoder then says what they are.
pub(crate) fn sound(bytes: &[u8], asked: Option<Encoding>) -> Option<Sound<'_>> {
    if bytes.starts_with(Encoding::UTF_8.mark()) {
        return None;
    }
    let given = match asked {
        None => false,
        Some(Encoding::UTF_8) if !bytes.is_empty() => true,
        Some(_) => return None,
    };
    let text = simdutf8::basic::from_utf8(bytes).ok()?;
    let found = |encoding, offset: usize, confidence| {
        Some(Sound { text, encoding, offset: offset as u64, confidence })
    };
    if given {
        return found(Encoding::UTF_8, 0, 1.0);
    }
    if memchr(0, bytes).is_some() || may_have_escapes(bytes) {
        return None;
    }
    match encoding_rs::Encoding::ascii_valid_up_to(bytes) {
        first if first == bytes.len() => found(Encoding::ASCII, 0, 1.0),
        first => {
            let start = look::start(first);
            judge::is_sound(&text[..start], &text[start..])
                .then_some(())
                .and_then(|()| found(Encoding::UTF_8, start, judge::MOST))
        }
    }
}

/// Whether there is what may be an escape of HZ or ISO 2022.
fn may_have_escapes(bytes: &[u8]) -> bool {
    memchr3_iter(b'~', 0x1B, SHIFT_OUT, bytes)
        .any(|at| bytes[at] != b'~' || bytes.get(at + 1) == Some(&b'{'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decode::Decoder;
    use crate::event::Collect;
    use crate::stage::Stage;

    /// What the decoder says.
    fn decoded(bytes: &[u8], asked: Option<Encoding>) -> (String, Collect, Option<Encoding>) {
        let mut decoder = asked.map_or_else(Decoder::auto, Decoder::with_encoding);
        let (mut text, mut report) = (String::new(), Collect::default());
        decoder.push(bytes, &mut text, &mut report);
        decoder.finish(&mut text, &mut report);
        (text, report, decoder.encoding())
    }

    /// Whether it was told at once; it has to be what the decoder says.
    fn check(bytes: &[u8], asked: Option<Encoding>) -> bool {
        let Some(sound) = sound(bytes, asked) else { return false };
        let (text, report, encoding) = decoded(bytes, asked);
        assert_eq!((sound.text, Some(sound.encoding)), (&*text, encoding), "{bytes:x?}");
        let told = (sound.offset, sound.encoding.name().to_owned(), sound.confidence);
        assert_eq!((report.encodings, report.events), (vec![told], vec![]), "{bytes:x?}");
        true
    }

    #[test]
    fn what_most_documents_are_is_told_at_once() {
        let page = format!("<html>{}<p>這裡是圖書館。", "<br>\n".repeat(400));
        let english = "Nobody wrote this “on paper”; it is one of the pages that are all markup and \
                       have a quotation, somewhere, in marks that are not of ASCII.";
        for text in ["", "plain", "我們在圖書館看書", "鐨勬槸鐨勬槸鐨勬槸", &page, english]
        {
            assert!(check(text.as_bytes(), None), "{text}");
        }
        assert!(check("实".as_bytes(), Some(Encoding::UTF_8)));
    }

    #[test]
    fn what_may_be_something_else_is_not() {
        for bytes in [
            &b"\xEF\xBB\xBFplain"[..],
            b"~{<:Ky2;~}",
            b"\x1B$)A\x0E;y\x0F",
            b"p\0l\0a\0i\0n\0",
            "实".as_bytes(),
            b"\xCA\xB5\xCF\xD6",
            "我們在圖書館看書\u{1B}[0m".as_bytes(),
        ] {
            assert_eq!(sound(bytes, None), None);
        }
        assert_eq!(sound(b"plain", Some(Encoding::GBK)), None);
        assert_eq!(sound(b"\xEF\xBB\xBFplain", Some(Encoding::UTF_8)), None);
    }

    proptest! {
        /// Pieces of all that tells something, put together at random.
        #[test]
        fn it_is_what_the_decoder_says(
            pieces in proptest::collection::vec(
                prop_oneof![
                    "[ -~]{0,40}",
                    "[a-z \n]{0,1500}",
                    "[一-龥，。]{0,12}",
                    "[à-ÿ“”…§鐨勬槸]{0,4}",
                    "(~|\\{|\u{1B}|\\$|\u{E}|\0|\n|charset=gbk|\u{FEFF})",
                ],
                0..6,
            ),
        ) {
            let text = pieces.concat();
            check(text.as_bytes(), None);
            check(text.as_bytes(), Some(Encoding::UTF_8));
        }
    }
}
