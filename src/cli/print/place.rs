//! Places in a text as people count them.

/// Line and column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u64,
    pub(crate) column: u64,
}

impl Default for Place {
    fn default() -> Place {
        Place { line: 1, column: 1 }
    }
}

impl Place {
    /// Goes on over `text`.
    pub(crate) fn pass(&mut self, text: &str) {
        let last = match memchr::memrchr(b'\n', text.as_bytes()) {
            Some(at) => {
                self.line += memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
                self.column = 1;
                &text[at + 1..]
            }
            None => text,
        };
        self.column += last.chars().count() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_characters_are_counted() {
        let mut place = Place::default();
        place.pass("一二");
        assert_eq!(place, Place { line: 1, column: 3 });
        place.pass("\n三\n\n四");
        assert_eq!(place, Place { line: 4, column: 2 });
    }
}
