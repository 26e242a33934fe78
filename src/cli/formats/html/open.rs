//! The elements that are open, as far as is needed to tell what stays.

use super::elements;
use super::tag::Tag;

/// The elements that are open, outermost first.
#[derive(Debug, Default)]
pub(super) struct Open(Vec<Element>);

#[derive(Debug)]
struct Element {
    name: String,
    /// Its text stays whatever language it is in.
    kept: bool,
    /// It is not in Chinese.
    foreign: bool,
}

/// Elements that are open beyond this many are not counted; browsers stop at 512.
const DEEPEST: usize = 4096;

impl Open {
    /// Whether text stays here.
    pub(super) fn keeps(&self) -> bool {
        self.0.last().is_some_and(|e| e.kept || e.foreign)
    }

    /// Opens the element of `tag` in `text`, unless it is `closed` at once, and says whether its
    /// attributes stay.
    pub(super) fn start(&mut self, text: &str, tag: &Tag, closed: bool) -> bool {
        if let Some((ending, borders)) = elements::ends(&tag.name) {
            let open = |e: &Element| ending.contains(&e.name.as_str());
            let border = |e: &Element| borders.contains(&e.name.as_str());
            if let Some(at) = self.0.iter().rposition(|e| open(e) || border(e))
                && open(&self.0[at])
            {
                self.0.truncate(at);
            }
        }
        let (kept, mut foreign) = self.0.last().map_or((false, false), |e| (e.kept, e.foreign));
        if let Some(lang) = tag.value(text, "lang").or_else(|| tag.value(text, "xml:lang")) {
            // Templates say of every page that it is English.
            let root = matches!(tag.name.as_str(), "html" | "body");
            let english = lang.trim().get(..2).is_some_and(|l| l.eq_ignore_ascii_case("en"));
            foreign = elements::is_foreign(lang) && !(root && english);
        }
        let attributes = kept || foreign;
        if !closed && !elements::is_void(&tag.name) && self.0.len() < DEEPEST {
            let kept = kept || elements::is_kept(&tag.name);
            self.0.push(Element { name: tag.name.clone(), kept, foreign });
        }
        attributes
    }

    /// Closes the innermost element `name`, and all in it.
    pub(super) fn end(&mut self, name: &str) {
        if let Some(at) = self.0.iter().rposition(|e| e.name == name) {
            self.0.truncate(at);
        }
    }
}
