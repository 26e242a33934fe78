//! The bytes of an archive that are not done.

/// Bytes that came and are not done; what is done is cleared away when more comes, so that no step of the
/// work moves what is behind it.
#[derive(Default)]
pub(crate) struct Open {
    bytes: Vec<u8>,
    done: usize,
    /// Bytes of the archive that are done.
    pub(super) at: u64,
}

impl Open {
    pub(super) fn push(&mut self, input: &[u8]) {
        self.bytes.drain(..std::mem::take(&mut self.done));
        self.bytes.extend_from_slice(input);
    }

    /// What is not done.
    pub(super) fn rest(&self) -> &[u8] {
        &self.bytes[self.done..]
    }

    /// Gives the next `len` bytes out as they are.
    pub(super) fn pass(&mut self, len: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.rest()[..len]);
        self.leave_out(len);
    }

    /// The next `len` bytes are done.
    pub(super) fn leave_out(&mut self, len: usize) {
        self.done += len;
        self.at += len as u64;
    }
}
