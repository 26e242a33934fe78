//! The lines of ASS and SSA: sections, and in `[Events]` a format and the events in it.

use super::Line;

/// Fields of an event where no `Format` line says how many; the text is the last.
const FIELDS: usize = 10;

#[derive(Debug)]
pub(super) struct Events {
    within: bool,
    fields: usize,
}

impl Default for Events {
    fn default() -> Events {
        Events { within: false, fields: FIELDS }
    }
}

impl Events {
    /// What `line`, the next, is.
    pub(super) fn line(&mut self, line: &str) -> Line {
        let trimmed = line.trim_start_matches('\u{feff}').trim();
        if trimmed.starts_with('[') && trimmed.ends_with(']') {
            self.within = trimmed.eq_ignore_ascii_case("[events]");
        } else if let (true, Some((kind, rest))) = (self.within, line.split_once(':')) {
            match kind.trim().to_ascii_lowercase().as_str() {
                "format" => self.fields = rest.split(',').count(),
                "dialogue" => {
                    let commas = rest.match_indices(',').map(|(at, _)| at + 1);
                    let text = match self.fields {
                        0 | 1 => Some(0),
                        fields => commas.into_iter().nth(fields - 2),
                    };
                    return text.map_or(Line::Keep, |at| Line::Text(kind.len() + 1 + at));
                }
                _ => {}
            }
        }
        Line::Keep
    }
}
