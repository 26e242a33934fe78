//! A passage that can be read back.

use super::codepage::CodePage;
use super::lattice::{Certainty, Piece};
use super::writing::Writing;

/// How a passage was damaged: what it was written in and read as, last reading first.
pub(super) type Chain = Vec<(Writing, CodePage)>;

/// A passage and what it reads as.
#[derive(Debug)]
pub(super) struct Passage {
    /// The first character in the window.
    pub(super) from: usize,
    /// One past the last.
    pub(super) to: usize,
    pub(super) text: String,
    /// Stretches, counted from `from` and from the start of `text`.
    pub(super) pieces: Vec<Piece>,
    pub(super) chain: Chain,
    /// How much less its text costs than what stands there.
    pub(super) gain: u32,
    /// What the text costs as Chinese.
    pub(super) cost: u32,
}

/// The rule's name of a chain.
pub(super) fn rule(chain: &Chain) -> String {
    let step = |(w, p): &(Writing, CodePage)| format!("{} read as {}", w.name(), p.name());
    chain.iter().rev().map(step).collect::<Vec<_>>().join(", ")
}

impl Passage {
    /// The rule's name: `utf-8 read as gbk`.
    pub(super) fn rule(&self) -> String {
        rule(&self.chain)
    }

    /// Whether it was UTF-16 that was read byte by byte.
    pub(super) fn is_of_bytes_of_utf16(&self) -> bool {
        self.chain.len() == 1 && self.chain[0].0.is_wide() && self.chain[0].1.is_single()
    }

    /// Whether it has a character beyond ASCII whose bytes are all there.
    pub(super) fn has_whole(&self) -> bool {
        let mut from = 0;
        self.pieces.iter().any(|piece| {
            let text = &self.text[from..piece.text_end];
            from = piece.text_end;
            piece.certainty == Certainty::Sure && !text.is_ascii()
        })
    }

    /// The same without the end, if what it reads as is letters there, right behind Chinese: good text in pairs may be UTF-8
    /// by accident, 帽 is ñ, and stand before an end of a clause, where damage would end, too.
    pub(super) fn without_foreign_end(&self) -> Option<Passage> {
        let (writing, page) = self.chain[0];
        if writing != Writing::Utf8 || page.is_single() {
            return None;
        }
        let chinese = self.text.trim_end_matches(|c| c < '\u{2000}').len();
        let end = &self.text[chinese..];
        // `café` is a word.
        if end.is_ascii() || end.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let count = self.pieces.iter().position(|piece| piece.text_end == chinese)? + 1;
        let (to, text_end) = ends(&self.pieces[count - 1]);
        Some(Passage {
            from: self.from,
            to: self.from + to,
            text: self.text[..text_end].to_owned(),
            pieces: self.pieces[..count].to_vec(),
            chain: self.chain.clone(),
            gain: 0,
            cost: 0,
        })
    }

    /// Leaves the end off that is not sure, because the text was cut there; whether something is
    /// left.
    pub(super) fn cut_sure(&mut self) -> bool {
        let sure = self.pieces.iter().rposition(|p| p.certainty == Certainty::Sure);
        let Some(last) = sure else { return false };
        self.pieces.truncate(last + 1);
        self.to = self.from + self.pieces[last].end;
        self.text.truncate(self.pieces[last].text_end);
        true
    }
}

pub(super) fn ends(piece: &Piece) -> (usize, usize) {
    (piece.end, piece.text_end)
}
