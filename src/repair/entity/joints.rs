//! Where a run of escapes that was decoded can be divided: markup may stand between any two characters of it.

/// A unit of an escape: what it begins with, and how many hexadecimal digits follow.
const FORMS: [(&str, usize); 5] = [("\\u", 4), ("%u", 4), ("\\x", 2), ("%", 2), ("=", 2)];

/// Places of a run and of what it became, in bytes, at which the one goes on as the other does; the ends left out. Each
/// escape is for a unit of UTF-16, or for a byte of UTF-8 or of pairs: which of them tells how many there are.
pub(super) fn joints(run: &str, text: &str) -> Vec<(usize, usize)> {
    if text.chars().nth(1).is_none() {
        return Vec::new();
    }
    let utf_16 = |c: char| c.len_utf16();
    let pairs = |c: char| if c.is_ascii() { 1 } else { 2 };
    let ways: [fn(char) -> usize; 3] = [char::len_utf8, utf_16, pairs];
    let count: usize = units(run).map(|(_, count)| count).sum();
    let Some(way) = ways.iter().find(|way| text.chars().map(**way).sum::<usize>() == count) else {
        return Vec::new();
    };
    let mut ends = text.char_indices().map(|(at, c)| (at + c.len_utf8(), way(c)));
    let (mut joints, mut seen, mut known, mut end) = (Vec::new(), 0, 0, 0);
    for (at, count) in units(run) {
        seen += count;
        while known < seen {
            let Some((next, more)) = ends.next() else { return Vec::new() };
            (end, known) = (next, known + more);
        }
        if known == seen && count > 0 && at < run.len() {
            joints.push((at, end));
        }
    }
    joints
}

/// The escapes and characters of a run: where each ends, and for how many units it is.
fn units(run: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &run[at..];
        let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let escape = FORMS.iter().find_map(|(head, digits)| {
            let len = head.len() + digits;
            let inside = rest.strip_prefix(head)?.get(..*digits)?;
            is_hex(inside).then_some(len)
        });
        let line_end = ["=\r\n", "=\n"].into_iter().find(|end| rest.starts_with(end));
        let (len, count) = match (escape, line_end) {
            (Some(len), _) => (len, 1),
            // A line of quoted-printable goes on.
            (None, Some(end)) => (end.len(), 0),
            (None, None) => (rest.chars().next()?.len_utf8(), 1),
        };
        at += len;
        Some((at, count))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_all_forms_are_told_apart() {
        let parts = |run: &str, text: &str| -> Vec<(String, String)> {
            let mut from = (0, 0);
            let ends = joints(run, text).into_iter().chain([(run.len(), text.len())]);
            ends.map(|to| {
                let part = (run[from.0..to.0].to_owned(), text[from.1..to.1].to_owned());
                from = to;
                part
            })
            .collect()
        };
        let two = |a: &str, b: &str| {
            vec![(a.to_owned(), "今".to_owned()), (b.to_owned(), "天".to_owned())]
        };
        assert_eq!(parts(r"\u4eca\u5929", "今天"), two(r"\u4eca", r"\u5929"));
        assert_eq!(parts("%u4ECA%u5929", "今天"), two("%u4ECA", "%u5929"));
        assert_eq!(parts("%E4%BB%8A%E5%A4%A9", "今天"), two("%E4%BB%8A", "%E5%A4%A9"));
        assert_eq!(parts(r"\xbd\xf1\xcc\xec", "今天"), two(r"\xbd\xf1", r"\xcc\xec"));
        assert_eq!(parts("=BD=F1=\n=CC=EC", "今天"), two("=BD=F1", "=\n=CC=EC"));
        assert_eq!(
            parts(r"\ud83d\ude00\u5929", "😀天")[1],
            (r"\u5929".to_owned(), "天".to_owned())
        );
        // What it was misread as is counted in bytes.
        assert_eq!(parts(r"\u00e4\u00bb\u008a\u00e5\u00a4\u00a9", "今天").len(), 2);
        assert_eq!(parts(r"\u4eca\u5929", "今").len(), 1);
    }
}
