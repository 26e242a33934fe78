//! The lines of SubRip and WebVTT.

use super::Line;

/// Where in the file a line stands.
#[derive(Debug)]
pub(super) struct Cues {
    vtt: bool,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before a cue.
    Between,
    /// Behind its times.
    Cue,
    /// In a block of WebVTT that is no cue: its head, a note, a style, a region.
    Block,
}

impl Cues {
    pub(super) fn new(vtt: bool) -> Cues {
        Cues { vtt, place: if vtt { Place::Block } else { Place::Between } }
    }

    /// What `line`, the next, is.
    pub(super) fn line(&mut self, line: &str) -> Line {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            self.place = Place::Between;
            return Line::Keep;
        }
        if is_times(line) && self.place != Place::Block {
            self.place = Place::Cue;
            return Line::Keep;
        }
        if self.place == Place::Between && self.vtt {
            let word = line.split([' ', '\t']).next().unwrap_or_default();
            if matches!(word, "NOTE" | "STYLE" | "REGION") {
                self.place = Place::Block;
            }
            // Else it is the name of the cue.
            return Line::Keep;
        }
        // SubRip: text behind an empty line is still text; a number is that of the cue. What is seen of
        // the line counts: nothing may turn a line into a number or into none.
        let seen = |c: &char| c.is_ascii() || c.is_alphanumeric();
        let mut chars = line.chars().filter(seen).peekable();
        let number = match self.place {
            _ if chars.peek().is_none() => true,
            Place::Between => chars.all(|c| c.is_ascii_digit()),
            _ => false,
        };
        if number || self.place == Place::Block { Line::Keep } else { Line::Text(0) }
    }
}

/// Whether a line has the times of a cue: `00:00:01,000 --> 00:00:02.500 align:start`.
fn is_times(line: &str) -> bool {
    let Some((start, end)) = line.split_once("-->") else { return false };
    let is_time = |time: &str| {
        time.contains(':') && time.bytes().all(|b| b.is_ascii_digit() || b":.,".contains(&b))
    };
    is_time(start.trim()) && end.split_whitespace().next().is_some_and(is_time)
}
