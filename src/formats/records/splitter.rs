//! Where records end.

/// What separates the fields of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// There are none that a line end could stand in.
    None,
    /// Tabs.
    Tab,
    /// This, and fields that begin with a quote go on to the next single one.
    Quoting(u8),
}

/// Where in a record the splitter is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// At the start of a field.
    #[default]
    Start,
    /// In a field, or behind its closing quote.
    Bare,
    /// In quotes, where a line end belongs to the field.
    Quoted,
    /// Behind a quote in quotes.
    Quote,
}

/// Finds the ends of records in text that comes piece by piece.
#[derive(Debug)]
pub(super) struct Splitter {
    separator: Separator,
    /// What ends a line: a line feed, or the lone carriage return of old files.
    line_end: u8,
    /// Bytes of the open record that have been looked at.
    seen: usize,
    place: Place,
}

impl Splitter {
    pub(super) fn new(separator: Separator) -> Splitter {
        Splitter { separator, line_end: b'\n', seen: 0, place: Place::Start }
    }

    /// The same for lines that `line_end` ends.
    pub(super) fn ending(mut self, line_end: u8) -> Splitter {
        self.line_end = line_end;
        self
    }

    /// What ends a line.
    pub(super) fn line_end(&self) -> u8 {
        self.line_end
    }

    /// Forgets the open record.
    pub(super) fn reset(&mut self) {
        (self.seen, self.place) = (0, Place::Start);
    }

    /// The length of the first record of `text`, line end and all; `None` where it is not whole.
    /// `text` is the open record and what was added to it since the last call; at the `end` of the
    /// input it is a record however it ends.
    pub(super) fn next(&mut self, text: &[u8], end: bool) -> Option<usize> {
        let found = match self.separator {
            Separator::Quoting(separator) => self.quoting(text, separator),
            _ => memchr::memchr(self.line_end, &text[self.seen..]).map(|n| self.seen + n + 1),
        };
        let found = found.or((end && !text.is_empty()).then_some(text.len()));
        match found {
            Some(_) => self.reset(),
            None => self.seen = text.len(),
        }
        found
    }

    fn quoting(&mut self, text: &[u8], separator: u8) -> Option<usize> {
        let mut at = self.seen;
        while at < text.len() {
            let byte = text[at];
            self.place = match (self.place, byte) {
                (Place::Quoted, b'"') => Place::Quote,
                (Place::Quoted, _) => {
                    at += memchr::memchr(b'"', &text[at..]).unwrap_or(text.len() - at);
                    continue;
                }
                (_, byte) if byte == self.line_end => return Some(at + 1),
                (_, byte) if byte == separator => Place::Start,
                (Place::Start | Place::Quote, b'"') => Place::Quoted,
                _ => {
                    let rest = &text[at + 1..];
                    at += memchr::memchr2(self.line_end, separator, rest).unwrap_or(rest.len());
                    Place::Bare
                }
            };
            at += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(text: &[u8], size: usize) -> Vec<usize> {
        let mut splitter = Splitter::new(Separator::Quoting(b','));
        let (mut open, mut found) = (Vec::new(), Vec::new());
        for chunk in text.chunks(size) {
            open.extend_from_slice(chunk);
            while let Some(end) = splitter.next(&open, false) {
                found.push(open.drain(..end).count());
            }
        }
        found.extend(splitter.next(&open, true));
        found
    }

    #[test]
    fn a_line_end_in_quotes_ends_nothing() {
        let text = b"a,\"b\nc\"\"\"\nd\n";
        for size in 1..=text.len() {
            assert_eq!(lengths(text, size), [10, 2], "{size}");
        }
    }

    #[test]
    fn a_quote_inside_a_field_opens_nothing() {
        let text = b"1,17\" wide,x\n2,\"a\"b\",y\n3";
        for size in 1..=text.len() {
            assert_eq!(lengths(text, size), [13, 10, 1], "{size}");
        }
    }
}
