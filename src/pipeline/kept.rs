//! The output of a text that mostly stays as it is.

use std::borrow::Cow;

/// Takes an output piece by piece, and copies nothing as long as it is the input.
pub(super) struct Kept<'t> {
    input: &'t str,
    /// So much of the output is the input; all of it, while there is no copy.
    same: usize,
    copy: Option<String>,
}

impl<'t> Kept<'t> {
    pub(super) fn new(input: &'t str) -> Kept<'t> {
        Kept { input, same: 0, copy: None }
    }

    pub(super) fn give(&mut self, piece: &str) {
        let (same, rest) = self.input.as_bytes().split_at(self.same);
        match &mut self.copy {
            Some(copy) => copy.push_str(piece),
            None if rest.starts_with(piece.as_bytes()) => self.same += piece.len(),
            None => {
                let mut copy = String::with_capacity(self.input.len() + piece.len());
                // Cut where a piece of the output ended, it is whole characters.
                copy.push_str(&self.input[..same.len()]);
                copy.push_str(piece);
                self.copy = Some(copy);
            }
        }
    }

    /// The output: borrowed if it is the input.
    pub(super) fn into_text(self) -> Cow<'t, str> {
        match self.copy {
            Some(copy) => Cow::Owned(copy),
            None if self.same == self.input.len() => Cow::Borrowed(self.input),
            None => Cow::Owned(self.input[..self.same].to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(pieces: &[&str]) -> Cow<'static, str> {
        let mut kept = Kept::new("這是圖書館");
        pieces.iter().for_each(|piece| kept.give(piece));
        kept.into_text()
    }

    #[test]
    fn what_stays_is_borrowed() {
        for pieces in [&["這是圖書館"][..], &["這", "", "是圖", "書館"]] {
            assert!(matches!(fixed(pieces), Cow::Borrowed("這是圖書館")));
        }
    }

    #[test]
    fn what_changes_is_a_copy() {
        for (pieces, text) in [
            (&["這是", "图书馆"][..], "這是图书馆"),
            (&["這是圖書館", "。"], "這是圖書館。"),
            (&["這是"], "這是"),
            (&[], ""),
            (&["這是圖", "館"], "這是圖館"),
        ] {
            assert_eq!(fixed(pieces), text);
            assert!(matches!(fixed(pieces), Cow::Owned(_)), "{text}");
        }
    }
}
