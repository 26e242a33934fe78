//! A unified diff from the events of a run: no search for what differs, the events say it.

use super::align::Piece;

/// Lines of context around a hunk.
const CONTEXT: usize = 3;

/// Builds the diff of one input, line by line.
pub(crate) struct Diff {
    name: String,
    encoding: String,
    colour: bool,
    begun: bool,
    /// The current line of either side.
    old: String,
    new: String,
    /// Line numbers, from 1, of what comes next.
    old_line: u64,
    new_line: u64,
    hunk: Hunk,
}

#[derive(Default)]
struct Hunk {
    /// The lines before a change, or those of the hunk.
    lines: Vec<String>,
    /// Numbers of old and new lines in `lines`.
    old: u64,
    new: u64,
    changed: bool,
    /// Lines at the end that are the same.
    same: usize,
    /// Where changed lines of the current group of changes were put: the old ones come first.
    added: Vec<String>,
}

impl Diff {
    pub(crate) fn new(name: String, colour: bool) -> Diff {
        Diff {
            name,
            encoding: String::new(),
            colour,
            begun: false,
            old: String::new(),
            new: String::new(),
            old_line: 1,
            new_line: 1,
            hunk: Hunk::default(),
        }
    }

    /// Says what the input is encoded in.
    pub(crate) fn encoding(&mut self, name: &str) {
        self.encoding = name.to_owned();
    }

    /// Takes the next piece; what is settled is appended to `out`.
    pub(crate) fn piece(&mut self, piece: Piece<'_>, out: &mut Vec<u8>) {
        match piece {
            Piece::Same(text) => {
                for line in text.split_inclusive('\n') {
                    self.old.push_str(line);
                    self.new.push_str(line);
                    if line.ends_with('\n') {
                        self.line(out);
                    }
                }
            }
            Piece::Event(event) => {
                let marked = self.colour && event.before != event.after;
                mark(&mut self.old, &event.before, marked);
                mark(&mut self.new, &event.after, marked);
            }
        }
    }

    /// Ends the input. `differs` says whether its bytes differ; when the text does not, that is said below
    /// the heading.
    pub(crate) fn finish(&mut self, differs: bool, out: &mut Vec<u8>) {
        if !(self.old.is_empty() && self.new.is_empty()) {
            self.line(out);
        }
        self.close(out);
        if differs && !self.begun {
            self.begin(out);
            let Diff { name, encoding, .. } = self;
            if !matches!(&**encoding, "utf-8" | "") {
                let words =
                    format!("Only the encoding of {name} changes, from {encoding} to utf-8\n");
                out.extend_from_slice(words.as_bytes());
            }
        }
    }

    /// Both sides are at the end of a line.
    fn line(&mut self, out: &mut Vec<u8>) {
        let (old, new) = (std::mem::take(&mut self.old), std::mem::take(&mut self.new));
        if old == new {
            self.same(&old, out);
        } else {
            self.hunk.changed = true;
            self.hunk.same = 0;
            for line in old.split_inclusive('\n') {
                self.hunk.lines.push(format!("-{line}"));
                self.hunk.old += 1;
            }
            for line in new.split_inclusive('\n') {
                self.hunk.added.push(format!("+{line}"));
                self.hunk.new += 1;
            }
        }
    }

    fn same(&mut self, line: &str, out: &mut Vec<u8>) {
        let hunk = &mut self.hunk;
        hunk.lines.append(&mut hunk.added);
        hunk.lines.push(format!(" {line}"));
        hunk.old += 1;
        hunk.new += 1;
        hunk.same += 1;
        if !hunk.changed && hunk.same > CONTEXT {
            hunk.lines.remove(0);
            hunk.old -= 1;
            hunk.new -= 1;
            hunk.same -= 1;
            self.old_line += 1;
            self.new_line += 1;
        } else if hunk.changed && hunk.same > 2 * CONTEXT {
            self.close(out);
        }
    }

    /// Prints the hunk, and keeps its last lines as the context of the next.
    fn close(&mut self, out: &mut Vec<u8>) {
        let mut hunk = std::mem::take(&mut self.hunk);
        hunk.lines.append(&mut hunk.added);
        if !hunk.changed {
            return;
        }
        // Of the same lines at the end, the first belong to this hunk and the last to the next.
        let beyond = hunk.same.saturating_sub(CONTEXT);
        let mut after = hunk.lines.split_off(hunk.lines.len() - beyond);
        let skipped = beyond.saturating_sub(CONTEXT);
        after.drain(..skipped);
        let (old, new) = (hunk.old - beyond as u64, hunk.new - beyond as u64);
        self.begin(out);
        let (head, gone, come, end) = self.colours();
        let heading = format!(
            "{head}@@ -{} +{} @@{end}\n",
            range(self.old_line, old),
            range(self.new_line, new)
        );
        out.extend_from_slice(heading.as_bytes());
        for line in &hunk.lines {
            let colour = match line.as_bytes()[0] {
                b'-' => gone,
                b'+' => come,
                _ => "",
            };
            let text = line.strip_suffix('\n');
            out.extend_from_slice(colour.as_bytes());
            out.extend_from_slice(text.unwrap_or(line).as_bytes());
            if !colour.is_empty() {
                out.extend_from_slice(end.as_bytes());
            }
            out.push(b'\n');
            if text.is_none() {
                out.extend_from_slice(b"\\ No newline at end of file\n");
            }
        }
        self.old_line += old + skipped as u64;
        self.new_line += new + skipped as u64;
        let kept = after.len() as u64;
        self.hunk =
            Hunk { same: after.len(), lines: after, old: kept, new: kept, ..Hunk::default() };
    }

    fn begin(&mut self, out: &mut Vec<u8>) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        let (bold, end) = if self.colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
        let Diff { name, encoding, .. } = self;
        let heading =
            format!("{bold}--- {name}\t({encoding}){end}\n{bold}+++ {name}\t(mended){end}\n");
        out.extend_from_slice(heading.as_bytes());
    }

    fn colours(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        if self.colour { ("\x1b[36m", "\x1b[31m", "\x1b[32m", "\x1b[0m") } else { ("", "", "", "") }
    }
}

/// Appends `text`, set off from what is around it on its line where `marked`.
fn mark(line: &mut String, text: &str, marked: bool) {
    if !marked {
        line.push_str(text);
        return;
    }
    for part in text.split_inclusive('\n') {
        let end = part.len() - usize::from(part.ends_with('\n'));
        if end > 0 {
            line.extend(["\x1b[7m", &part[..end], "\x1b[27m"]);
        }
        line.push_str(&part[end..]);
    }
}

/// A range as `diff -u` writes it.
fn range(start: u64, number: u64) -> String {
    match number {
        0 => format!("{},0", start - 1),
        1 => start.to_string(),
        n => format!("{start},{n}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hanmend::event::{Event, Outcome, Repair};

    fn event(before: &str, after: &str) -> Event {
        Event::change(Repair::Gloss, "list", Outcome::Sure, 0, 0, before, after)
    }

    fn diff(pieces: &[Piece<'_>]) -> String {
        let (mut diff, mut out) = (Diff::new("a".to_owned(), false), Vec::new());
        diff.encoding("utf-8");
        pieces.iter().for_each(|p| diff.piece(*p, &mut out));
        diff.finish(true, &mut out);
        String::from_utf8(out).unwrap()
    }

    const HEAD: &str = "--- a\t(utf-8)\n+++ a\t(mended)\n";

    #[test]
    fn hunks_have_context_and_numbers() {
        let lines: String = (1..=20).map(|n| format!("{n}\n")).collect();
        let text = diff(&[
            Piece::Same(&lines),
            Piece::Event(&event("x", "")),
            Piece::Same("y\n"),
            Piece::Same(&lines),
            Piece::Event(&event("p\nq\n", "r\n")),
            Piece::Same("end"),
        ]);
        let first = "@@ -18,7 +18,7 @@\n 18\n 19\n 20\n-xy\n+y\n 1\n 2\n 3\n";
        let second = "@@ -39,6 +39,5 @@\n 18\n 19\n 20\n-p\n-q\n-end\n\\ No newline at end of file\n\
                      +r\n+end\n\\ No newline at end of file\n";
        assert_eq!(text, format!("{HEAD}{first}{second}"));
    }

    #[test]
    fn near_changes_share_a_hunk() {
        let (a, b) = (event("a", "b"), event("c", "d"));
        let text = diff(&[
            Piece::Event(&a),
            Piece::Same("\n1\n2\n3\n4\n5\n6\n"),
            Piece::Event(&b),
            Piece::Same("\n"),
        ]);
        assert_eq!(
            text,
            format!("{HEAD}@@ -1,8 +1,8 @@\n-a\n+b\n 1\n 2\n 3\n 4\n 5\n 6\n-c\n+d\n")
        );
    }

    #[test]
    fn colours_set_off_the_characters() {
        let (mut diff, mut out) = (Diff::new("a".to_owned(), true), Vec::new());
        for piece in [Piece::Same("都"), Piece::Event(&event("x\ny", "")), Piece::Same("是\n")] {
            diff.piece(piece, &mut out);
        }
        diff.finish(true, &mut out);
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().skip(3).collect();
        assert_eq!(
            lines,
            [
                "\x1b[31m-都\x1b[7mx\x1b[27m\x1b[0m",
                "\x1b[31m-\x1b[7my\x1b[27m是\x1b[0m",
                "\x1b[32m+都是\x1b[0m"
            ]
        );
    }

    #[test]
    fn other_bytes_for_the_same_text_are_a_heading() {
        assert_eq!(diff(&[Piece::Same("same\n")]), HEAD);
    }
}
