//! The charset that a page declares, while it is open whether it has to change.

/// The page is all ASCII if it is for so many bytes behind what it declares; beyond, it is not worth
/// waiting for.
pub(super) const MOST_UNDECLARED: u64 = 1 << 20;

/// What a page declares, and whether its text goes beyond ASCII.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Where the first declaration stands.
    first: Option<u64>,
    beyond: bool,
}

impl Declared {
    /// A declaration stands at byte `at` of the text.
    pub(super) fn found(&mut self, at: u64) {
        self.first = self.first.or(Some(at));
    }

    /// Takes text of the page.
    pub(super) fn text(&mut self, text: &[u8]) {
        self.beyond |= !text.is_ascii();
    }

    /// The page goes beyond ASCII, or is taken to.
    pub(super) fn beyond(&mut self) {
        self.beyond = true;
    }

    /// Where the declaration stands that waits.
    pub(super) fn at(&self) -> Option<u64> {
        self.first.filter(|_| !self.beyond)
    }
}
