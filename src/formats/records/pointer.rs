//! Which strings of a JSON record are wanted: by the name of a member at any depth, or by a JSON
//! Pointer (RFC 6901) from the top.

use std::cell::Cell;

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    names: Vec<Name>,
    pointers: Vec<Pointer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    name: String,
    /// There was one.
    found: Cell<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Pointer {
    typed: String,
    steps: Vec<String>,
    found: Cell<bool>,
}

/// Where a value stands: what leads to it, as far as a pointer may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Pointers that lead through here: which, and how many of their steps are done.
    open: Vec<(usize, usize)>,
    /// All below is wanted.
    pub(super) wanted: bool,
}

impl Names {
    /// A word that begins with `/` is a pointer, any other a name.
    pub(super) fn new(words: &[String]) -> Names {
        let mut all = Names::default();
        for word in words {
            match word.strip_prefix('/') {
                Some(pointer) => all.pointers.push(Pointer {
                    typed: word.clone(),
                    steps: pointer
                        .split('/')
                        .map(|s| s.replace("~1", "/").replace("~0", "~"))
                        .collect(),
                    found: Cell::default(),
                }),
                None => all.names.push(Name { name: word.clone(), found: Cell::default() }),
            }
        }
        all
    }

    /// The first word to which nothing has answered.
    pub(super) fn missing(&self) -> Option<&str> {
        let name = self.names.iter().find(|n| !n.found.get()).map(|n| &*n.name);
        name.or_else(|| self.pointers.iter().find(|p| !p.found.get()).map(|p| &*p.typed))
    }

    /// The place of the record itself.
    pub(super) fn top(&self) -> Place {
        Place {
            open: (0..self.pointers.len()).map(|n| (n, 0)).collect(),
            wanted: self.names.is_empty() && self.pointers.is_empty(),
        }
    }

    /// The place of the member `name` of the object at `place`.
    pub(super) fn member(&self, place: &Place, name: &str) -> Place {
        let mut below = self.step(place, |step| step == name);
        for asked in self.names.iter().filter(|n| n.name == name) {
            asked.found.set(true);
            below.wanted = true;
        }
        below
    }

    /// The place of element `index` of the array at `place`; `-` stands for every element.
    pub(super) fn element(&self, place: &Place, index: usize) -> Place {
        self.step(place, |step| step == "-" || step.parse() == Ok(index))
    }

    fn step(&self, place: &Place, fits: impl Fn(&str) -> bool) -> Place {
        let mut below = Place { open: Vec::new(), wanted: place.wanted };
        for &(pointer, done) in &place.open {
            let Pointer { steps, found, .. } = &self.pointers[pointer];
            if steps.get(done).is_some_and(|s| fits(s)) {
                if done + 1 == steps.len() {
                    found.set(true);
                    below.wanted = true;
                }
                below.open.push((pointer, done + 1));
            }
        }
        below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_lead_from_the_top_and_names_from_anywhere() {
        let names = Names::new(&["/a~1b/-/t".to_owned(), "/x/0".to_owned(), "text".to_owned()]);
        let top = names.top();
        let list = names.member(&top, "a/b");
        assert!(names.member(&names.element(&list, 7), "t").wanted);
        assert!(!names.member(&names.element(&list, 7), "u").wanted);
        let x = names.member(&top, "x");
        assert!(names.element(&x, 0).wanted && !names.element(&x, 1).wanted);
        assert!(!names.element(&names.member(&list, "x"), 0).wanted);
        let text = names.member(&list, "text");
        assert!(names.element(&text, 3).wanted, "all below a name");
        assert!(Names::new(&[]).top().wanted);
    }
}
