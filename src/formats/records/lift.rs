//! Records as a format: where each ends, and which of its fields are mended.

use super::super::field::Field;
use super::super::settings::Wanted;
use super::super::{Ask, Lift, Piece, unreadable};
use super::pointer::Names;
use super::splitter::{Separator, Splitter};
use super::{delimited, json};

/// JSON lines.
pub(in super::super) struct Jsonl {
    names: Names,
    /// A record was read.
    any: bool,
    splitter: Splitter,
}

impl Jsonl {
    pub(in super::super) fn new(wanted: &Wanted) -> Jsonl {
        let names = Names::new(&wanted.fields);
        Jsonl { names, any: false, splitter: Splitter::new(Separator::None) }
    }
}

impl Lift for Jsonl {
    fn next<'t>(&mut self, text: &'t str, ask: Ask) -> Option<Piece<'t>> {
        let len = self.splitter.next(text.as_bytes(), ask.end)?;
        let mut piece = Piece::keep(len);
        let record = text[..len].trim_end_matches(['\n', '\r']);
        if record.trim().is_empty() {
            return Some(piece);
        }
        match json::check(record) {
            Ok(()) => {
                self.any = true;
                let (fields, halves) = json::fields(record, &self.names);
                piece.fields = fields;
                let half = "half of a surrogate pair is no text; the string is not mended";
                piece.changes = halves.into_iter().map(|at| unreadable(at, half.into())).collect();
            }
            Err(column) => {
                let reason =
                    format!("no JSON from byte {column} of the record on; it is not mended");
                piece.changes = vec![unreadable(0, reason)];
            }
        }
        Some(piece)
    }

    fn unmet(&self) -> Option<String> {
        let name = self.names.missing().filter(|_| self.any)?;
        Some(format!("no record has a field \"{name}\""))
    }

    fn resume(&mut self) -> u8 {
        self.splitter.reset();
        b'\n'
    }
}

/// Comma- or tab-separated values.
pub(in super::super) struct Delimited {
    wanted: Vec<String>,
    /// The separator, once it is known.
    separator: Option<Separator>,
    /// The first line was looked at.
    begun: bool,
    splitter: Splitter,
    /// Which columns are mended, once the first record is read.
    columns: Option<Vec<bool>>,
}

impl Delimited {
    pub(in super::super) fn csv(wanted: &Wanted) -> Delimited {
        Delimited::new(wanted, wanted.delimiter.map(Separator::Quoting))
    }

    pub(in super::super) fn tsv(wanted: &Wanted) -> Delimited {
        Delimited::new(wanted, Some(Separator::Tab))
    }

    fn new(wanted: &Wanted, separator: Option<Separator>) -> Delimited {
        let splitter = Splitter::new(separator.unwrap_or(Separator::None));
        let wanted = wanted.fields.clone();
        Delimited { wanted, separator, begun: false, splitter, columns: None }
    }

    /// Finds the separator and the line end in the first line of `text`; whether that was enough.
    fn look(&mut self, text: &str, ask: Ask) -> bool {
        if !self.begun {
            let Some((len, line_end)) = first_line(text.as_bytes(), ask.end) else { return false };
            let separator = self
                .separator
                .unwrap_or_else(|| Separator::Quoting(delimited::separator(&text[..len])));
            let splitter = Splitter::new(separator).ending(line_end);
            (self.separator, self.splitter, self.begun) = (Some(separator), splitter, true);
        }
        true
    }

    /// The fields whose columns are wanted, and what is to be said about those that are not there.
    fn chosen<'t>(&mut self, mut fields: Vec<Field<'t>>) -> (Vec<Field<'t>>, Option<String>) {
        if self.wanted.is_empty() {
            return (fields, None);
        }
        let mut missing = None;
        let first = self.columns.is_none();
        let columns = self.columns.get_or_insert_with(|| {
            let names: Vec<&str> = fields.iter().map(|f| &*f.text).collect();
            let (columns, unknown) = columns(&self.wanted, &names);
            missing = unknown.map(|name| {
                let names: String = names.join(", ").chars().take(MOST_SAID).collect();
                format!("there is no field \"{name}\" here; the first record has {names}")
            });
            columns
        });
        // Names stand in the first record; where only numbers are asked for, it need not have any.
        if first && self.wanted.iter().any(|w| w.parse::<usize>().is_err()) {
            return (Vec::new(), missing);
        }
        let mut wanted = columns.iter().copied().chain(std::iter::repeat(false));
        fields.retain(|_| wanted.next() == Some(true));
        (fields, missing)
    }
}

/// The length of the first line of `text`, and what ends it and all others.
fn first_line(text: &[u8], end: bool) -> Option<(usize, u8)> {
    let found = memchr::memchr2(b'\n', b'\r', text);
    let quotes = memchr::memchr_iter(b'"', &text[..found.unwrap_or_default()]).count();
    if quotes % 2 == 1 {
        // A line end in quotes tells nothing.
        let line_feed = memchr::memchr(b'\n', text).map(|at| (at + 1, b'\n'));
        return line_feed.or(end.then_some((text.len(), b'\n')));
    }
    match found {
        Some(at) if text[at] == b'\n' => Some((at + 1, b'\n')),
        Some(at) => match text.get(at + 1) {
            Some(b'\n') => Some((at + 2, b'\n')),
            Some(_) => Some((at + 1, b'\r')),
            None => end.then_some((at + 1, b'\r')),
        },
        None => end.then_some((text.len(), b'\n')),
    }
}

/// So many characters of the names of fields are told to whoever named another.
const MOST_SAID: usize = 200;

/// A number beyond this is no column.
const MOST_COLUMNS: usize = 1 << 16;

/// Which columns are `wanted`, by name or else by number from 1 on, and the first that is not there.
fn columns<'w>(wanted: &'w [String], names: &[&str]) -> (Vec<bool>, Option<&'w str>) {
    let (mut columns, mut unknown) = (vec![false; names.len()], None);
    for name in wanted {
        let mut found = false;
        for (column, _) in columns.iter_mut().zip(names).filter(|(_, n)| **n == name.as_str()) {
            (*column, found) = (true, true);
        }
        let number = name.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        if let (false, Some(number)) = (found, number) {
            found = number < names.len();
            // Later records may have it.
            if number < MOST_COLUMNS {
                columns.resize(columns.len().max(number + 1), false);
                columns[number] = true;
            }
        }
        if !found {
            unknown = unknown.or(Some(name.as_str()));
        }
    }
    (columns, unknown)
}

impl Lift for Delimited {
    fn next<'t>(&mut self, text: &'t str, ask: Ask) -> Option<Piece<'t>> {
        if !self.look(text, ask) {
            return None;
        }
        let len = self.splitter.next(text.as_bytes(), ask.end)?;
        let mut piece = Piece::keep(len);
        let record = text[..len].trim_end_matches(['\n', '\r']);
        let separator = self.separator.unwrap_or(Separator::Tab);
        // What names the separator to Excel is no record.
        if self.columns.is_none() && delimited::named_separator(record).is_some() {
            return Some(piece);
        }
        let fields = match separator {
            Separator::Quoting(separator) => delimited::quoting(record, separator),
            _ => delimited::tsv(record),
        };
        if record.is_empty() {
            return Some(piece);
        }
        let (fields, missing) = self.chosen(fields);
        piece.fields = fields;
        piece.changes = missing.map(|reason| unreadable(0, reason)).into_iter().collect();
        Some(piece)
    }

    fn resume(&mut self) -> u8 {
        self.splitter.reset();
        self.splitter.line_end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_go_by_name_before_they_go_by_number() {
        let wanted = |names: &[&str]| names.iter().map(|n| n.to_string()).collect::<Vec<_>>();
        let names = ["id", "1", "text", "text"];
        let find = |asked: &[&str]| columns(&wanted(asked), &names).0;
        assert_eq!(find(&["1"]), [false, true, false, false]);
        assert_eq!(find(&["4", "id"]), [true, false, false, true]);
        assert_eq!(find(&["text"]), [false, false, true, true]);
        let asked = wanted(&["5", "id"]);
        assert_eq!(columns(&asked, &names).1, Some("5"));
        assert_eq!(columns(&asked, &names).0, [true, false, false, false, true]);
        assert_eq!(columns(&wanted(&["0"]), &names).0, [false; 4]);
    }
}
