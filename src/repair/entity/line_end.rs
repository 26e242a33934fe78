//! Line ends of which only the letters are left: `x0dx0a` where `\x0d\x0a` or `&#x0d;&#x0a;` stood,
//! and `_x000D_`, as spreadsheets write them.

use super::around::{first_char, last_char};
use super::context::is_cjk;
use super::{Place, Verdict};
use crate::event::Outcome;

/// The form that is common.
pub(super) const COMMON: &str = "x0dx0a";

/// What stands for what.
const FORMS: [(&str, &str); 3] = [(COMMON, "\r\n"), ("_x000D_", "\r"), ("_x000A_", "\n")];

/// Whether `view` starts with one.
pub(super) fn starts(view: &str) -> bool {
    FORMS.iter().any(|(form, _)| view.starts_with(form))
}

/// Decides about one, or several in a row.
pub(super) fn decide(view: &str, closed: bool, place: &Place<'_>) -> Verdict {
    let form = FORMS.iter().find(|(form, _)| view.starts_with(form));
    let Some(&(form, end)) = form else {
        let open = !closed && FORMS.iter().any(|(form, _)| form.starts_with(view));
        return if open { Verdict::More } else { Verdict::Stay(1) };
    };
    let rest = view.trim_start_matches(form);
    if form.starts_with(rest) && !closed {
        return Verdict::More;
    }
    let len = view.len() - rest.len();
    let cut = form.starts_with(rest);
    let before = last_char(place.before);
    let after = match first_char(rest, place.html, closed) {
        None => return Verdict::More,
        Some(after) => after.filter(|_| !cut),
    };
    // Between Chinese it is no name and no number: `0x0dx0a`, `max_x000D_y`.
    // What a decoder lost was Chinese, and may be restored.
    let is_text = |c: char| is_cjk(c) || c == char::REPLACEMENT_CHARACTER;
    let chinese =
        |c: Option<char>| c.is_none_or(|c| is_text(c) || c.is_whitespace() || "?!.,;:".contains(c));
    let some = [before, after].into_iter().flatten().any(is_cjk);
    // A string of code, as in JSON, would not be closed on its line. What opens with an apostrophe may be prose.
    if place.code != Some('"') && (place.follows() || some && chinese(before) && chinese(after)) {
        let after = end.repeat(len / form.len());
        return Verdict::Change { len, after, rule: "line-end", outcome: Outcome::Sure };
    }
    Verdict::Stay(len)
}
