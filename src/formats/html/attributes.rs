//! Attributes that people read.

use std::borrow::Cow;

use super::super::field::{Field, Quoting};
use super::tag::{Attribute, Tag};

/// What a `meta` may be about, so that its content is for people.
const DESCRIPTIONS: [&str; 7] = [
    "description",
    "keywords",
    "og:title",
    "og:description",
    "og:site_name",
    "twitter:title",
    "twitter:description",
];

/// The attributes of `tag` in `text` that are for people.
pub(super) fn fields<'t>(text: &'t str, tag: &Tag) -> Vec<Field<'t>> {
    let read = |a: &&Attribute| match a.name.as_str() {
        "title" | "alt" => true,
        "content" if tag.name == "meta" => {
            let about = tag.value(text, "name").or_else(|| tag.value(text, "property"));
            about.is_some_and(|n| DESCRIPTIONS.iter().any(|d| d.eq_ignore_ascii_case(n.trim())))
        }
        _ => false,
    };
    let field = |a: &Attribute| Field {
        raw: a.value.clone(),
        text: Cow::Borrowed(&text[a.value.clone()]),
        escapes: Vec::new(),
        quoting: Quoting::Attribute(a.quote),
    };
    tag.attributes.iter().filter(read).map(field).collect()
}
