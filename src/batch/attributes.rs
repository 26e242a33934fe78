//! What a file has beside its bytes.

use std::fs::{self, File, Metadata};
use std::io;

/// Gives `file` the owner, the mode and the times that `old` has.
pub(crate) fn copy_attributes(old: &Metadata, file: &File) -> io::Result<()> {
    own(file, old)?;
    file.set_permissions(old.permissions())?;
    let mut times = fs::FileTimes::new();
    if let Ok(modified) = old.modified() {
        times = times.set_modified(modified);
    }
    if let Ok(accessed) = old.accessed() {
        times = times.set_accessed(accessed);
    }
    file.set_times(times)
}

/// The number of names that a file has.
#[cfg(unix)]
pub(crate) fn links(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(file)
}

#[cfg(not(unix))]
pub(crate) fn links(_: &Metadata) -> u64 {
    1
}

/// Whether `now` is the file that `old` was, and nobody has written to it.
pub(crate) fn unchanged(old: &Metadata, now: &Metadata) -> bool {
    same(old, now) && old.len() == now.len() && old.modified().ok() == now.modified().ok()
}

#[cfg(unix)]
fn same(old: &Metadata, now: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (old.dev(), old.ino()) == (now.dev(), now.ino())
}

#[cfg(not(unix))]
fn same(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(unix)]
fn own(file: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let new = file.metadata()?;
    if (new.uid(), new.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    // Only root may give files away; a group one is not in cannot be kept either. The file is then
    // of who runs the program, as with every editor.
    let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
    Ok(())
}

#[cfg(not(unix))]
fn own(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}
