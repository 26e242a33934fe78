//! The charset that a page declares becomes the one that is written.

use std::ops::Range;

use crate::decode::Encoding;
use crate::event::{Event, Outcome, Repair};

use super::super::field::Change;
use super::tag::Tag;

/// The rule of such changes.
const RULE: &str = "charset";

/// Whether the `meta` tag in `text` declares a charset.
pub(super) fn declares(text: &str, tag: &Tag) -> bool {
    place(text, tag).is_some()
}

/// The change of a `meta` tag that declares another charset than `written`.
pub(super) fn meta(text: &str, tag: &Tag, written: Option<Encoding>) -> Option<Change> {
    change(text, place(text, tag)?, written?)
}

/// The change of an XML declaration that names another encoding than `written`.
pub(super) fn declaration(text: &str, written: Option<Encoding>) -> Option<Change> {
    change(text, label(text, "encoding", 0)?, written?)
}

fn change(text: &str, label: Range<usize>, written: Encoding) -> Option<Change> {
    let declared = &text[label.clone()];
    if Encoding::for_label(declared).is_some_and(|e| e.name() == written.name()) {
        return None;
    }
    let (before, after) = (declared.to_owned(), written.name().to_owned());
    let event = Event::change(Repair::Encode, RULE, Outcome::Sure, 0, 0, before, after.clone());
    Some(Change { raw: label, after, event })
}

/// Whether `change` is of a declared charset.
pub(in super::super) fn is_declared(change: &Change) -> bool {
    change.event.steps.iter().any(|s| s.repair == Repair::Encode && s.rule == RULE)
}

/// Whether the charset may stay in a page that is ASCII: where it was no charset of wide units, and none
/// is written.
pub(in super::super) fn may_stay(change: &Change) -> bool {
    let narrow = |label: &str| Encoding::for_label(label).is_none_or(Encoding::extends_ascii);
    is_declared(change) && narrow(&change.event.before) && narrow(&change.after)
}

/// Where the label stands that the `meta` tag declares.
fn place(text: &str, tag: &Tag) -> Option<Range<usize>> {
    if let Some(charset) = tag.attribute("charset") {
        let value = &text[charset.value.clone()];
        let start = charset.value.start + (value.len() - value.trim_start().len());
        let len = value.trim().len();
        return (len > 0).then_some(start..start + len);
    }
    let equiv = tag.value(text, "http-equiv")?;
    let content = tag.attribute("content")?.value.clone();
    if !equiv.trim().eq_ignore_ascii_case("content-type") {
        return None;
    }
    let found = label(&text[..content.end], "charset", content.start)?;
    (found.end <= content.end).then_some(found)
}

/// The label behind the word `name` and a `=`, from byte `from` of `text` on.
fn label(text: &str, name: &str, from: usize) -> Option<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut at = from + lower.get(from..)?.find(name)? + name.len();
    let skip = |at: usize, also: &str| {
        let rest = &text[at..];
        at + (rest.len()
            - rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || also.contains(c)).len())
    };
    at = skip(at, "");
    if !text[at..].starts_with('=') {
        return None;
    }
    at = skip(at + 1, "\"'");
    let is_label = |c: char| c.is_ascii_alphanumeric() || "-_:.".contains(c);
    let len = text[at..].find(|c| !is_label(c)).unwrap_or(text.len() - at);
    (len > 0).then_some(at..at + len)
}
