//! Markup in the text of a cue.

use super::super::InFlow;
use super::super::html::is_han;
use super::Form;

/// The markup that `text` begins with: its length, and how it belongs to the text. `aside` is kept
/// up to date.
///
/// A character that is no markup, but would be with another behind it, stays together with what is
/// there. `open` says that what ends markup is not in the rest of the line, so that nobody looks for it
/// again.
pub(super) fn at_start(
    form: Form,
    text: &str,
    aside: &mut bool,
    open: &mut bool,
) -> Option<(usize, InFlow)> {
    let rest = text.get(1..)?;
    let lone = || {
        let next = rest.chars().next().filter(|c| !"<{\\-\r\n".contains(*c) && !is_han(*c));
        Some((1 + next.map_or(0, char::len_utf8), InFlow::Beside))
    };
    let mut end = |byte: char| {
        let found = if *open { None } else { rest.find(byte) };
        *open = found.is_none();
        found
    };
    match (form, text.as_bytes()[0]) {
        (Form::Ass, b'\\') => match rest.as_bytes().first() {
            Some(b'N' | b'n') => Some((2, InFlow::Break)),
            Some(b'h') => Some((2, InFlow::Beside)),
            _ => lone(),
        },
        (Form::Ass, b'{') => {
            let Some(len) = end('}').map(|at| at + 2) else { return lone() };
            if let Some(drawing) = drawing(&text[..len]) {
                *aside = drawing;
            }
            Some((len, InFlow::Beside))
        }
        // SubRip has taken over what places a cue.
        (Form::SubRip, b'{') if rest.starts_with('\\') => {
            end('}').map(|at| (at + 2, InFlow::Beside)).or_else(lone)
        }
        (Form::SubRip, b'{') | (Form::SubRip | Form::WebVtt, b'-') => lone(),
        (Form::SubRip | Form::WebVtt, b'<') => {
            let Some(end) = end('>') else { return lone() };
            match rest[..end].split(['.', ' ']).next() {
                Some("rt") => *aside = true,
                Some("/rt" | "/ruby") => *aside = false,
                _ => {}
            }
            Some((end + 2, InFlow::Beside))
        }
        _ => None,
    }
}

/// Whether the overrides say that a drawing begins (true) or ends (false): `{\p1}`, `{\p0}`.
fn drawing(overrides: &str) -> Option<bool> {
    let scales = overrides.match_indices("\\p").filter_map(|(at, _)| {
        let digits = &overrides[at + 2..];
        let len = digits.bytes().take_while(u8::is_ascii_digit).count();
        digits[..len].parse::<u32>().ok()
    });
    scales.last().map(|scale| scale > 0)
}

/// Where the first markup behind the start of `text`, which begins with none, may begin.
pub(super) fn next(form: Form, text: &str) -> usize {
    let ends: &[char] = match form {
        Form::Ass => &['{', '\\'],
        Form::SubRip => &['<', '{', '-'],
        Form::WebVtt => &['<', '-'],
    };
    let first = text.chars().next().map_or(0, char::len_utf8);
    text[first..].find(ends).map_or(text.len(), |at| first + at)
}
