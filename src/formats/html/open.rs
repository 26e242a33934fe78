//! The elements that are open, as far as is needed to tell what stays.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::super::InFlow;
use super::elements;
use super::tag::Tag;

/// The elements that are open, outermost first.
#[derive(Debug, Default)]
pub(super) struct Open {
    elements: Vec<Element>,
    /// How many of each name, so that an end tag without an element costs nothing.
    names: HashMap<String, u32>,
}

#[derive(Debug)]
struct Element {
    name: String,
    /// Its text stays whatever language it is in.
    kept: bool,
    /// It is not in Chinese.
    foreign: bool,
    /// It is a block.
    block: bool,
}

/// Elements that are open beyond this many are not counted; browsers stop there, too.
const DEEPEST: usize = 512;

impl Open {
    /// Whether text stays here.
    pub(super) fn keeps(&self) -> bool {
        self.elements.last().is_some_and(|e| e.kept || e.foreign)
    }

    /// Opens the element of `tag` in `text`, unless it is `closed` at once, and says whether its
    /// attributes stay.
    pub(super) fn start(&mut self, text: &str, tag: &Tag, closed: bool) -> bool {
        if let Some((ending, borders)) = elements::ends(&tag.name) {
            let open = |e: &Element| ending.contains(&e.name.as_str());
            let border = |e: &Element| borders.contains(&e.name.as_str());
            if let Some(at) = self.elements.iter().rposition(|e| open(e) || border(e))
                && open(&self.elements[at])
            {
                self.close(at);
            }
        }
        let (kept, mut foreign) =
            self.elements.last().map_or((false, false), |e| (e.kept, e.foreign));
        if let Some(lang) = tag.value(text, "lang").or_else(|| tag.value(text, "xml:lang")) {
            // Templates say of every page that it is English.
            let root = matches!(tag.name.as_str(), "html" | "body");
            let english = lang.trim().get(..2).is_some_and(|l| l.eq_ignore_ascii_case("en"));
            foreign = elements::is_foreign(lang) && !(root && english);
        }
        let attributes = kept || foreign;
        if !closed && !elements::is_void(&tag.name) && self.elements.len() < DEEPEST {
            let kept = kept || elements::is_kept(&tag.name);
            let block = elements::is_block(&tag.name);
            *self.names.entry(tag.name.clone()).or_default() += 1;
            self.elements.push(Element { name: tag.name.clone(), kept, foreign, block });
        }
        attributes
    }

    /// Whether an element of SVG or MathML is open, in which CDATA sections are.
    pub(super) fn has_foreign_markup(&self) -> bool {
        self.is_open("svg") || self.is_open("math")
    }

    fn is_open(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Closes all elements from the one `at` on.
    fn close(&mut self, at: usize) {
        for element in self.elements.drain(at..) {
            if let Entry::Occupied(mut names) = self.names.entry(element.name) {
                *names.get_mut() -= 1;
                if *names.get() == 0 {
                    names.remove();
                }
            }
        }
    }

    /// Closes the innermost element `name`, and all in it. The end of what stands in a line closes no
    /// block.
    pub(super) fn end(&mut self, name: &str) {
        if !self.is_open(name) {
            return;
        }
        let inline = elements::flow(name) == InFlow::Beside;
        for at in (0..self.elements.len()).rev() {
            let open = &self.elements[at];
            if open.name == name {
                return self.close(at);
            }
            if inline && open.block {
                return;
            }
        }
    }
}
