//! Packed files, as far as their names and first bytes say what is in them.

use std::io::Read;
use std::path::Path;

/// What begins a gzip file.
pub const GZIP: &[u8] = b"\x1f\x8b\x08";

/// So many bytes of a gzip file tell what begins it.
pub const HEAD: usize = 1024;

/// What begins a web archive that is packed record by record.
const RECORD: &[u8] = b"WARC/1.";

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    /// `.gz`, `.tgz`
    Gzip,
    /// `.bz2`, `.tbz2`, `.tbz`
    Bzip2,
    /// `.xz`, `.txz`
    Xz,
    /// `.zst`, `.tzst`
    Zstd,
}

/// How the name of a file says that it is packed, and the name that it has unpacked.
///
/// ```
/// use hanmend::formats::packed::{Packing, named};
///
/// assert_eq!(named("crawl/a.tgz".as_ref()), (Some(Packing::Gzip), "a.tar".to_owned()));
/// assert_eq!(named("crawl/a.txt".as_ref()), (None, "a.txt".to_owned()));
/// ```
pub fn named(path: &Path) -> (Option<Packing>, String) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let parts = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty());
    let Some((stem, end)) = parts else { return (None, name) };
    let (packing, behind) = match end.to_ascii_lowercase().as_str() {
        "gz" => (Packing::Gzip, ""),
        "bz2" => (Packing::Bzip2, ""),
        "xz" => (Packing::Xz, ""),
        "zst" => (Packing::Zstd, ""),
        "tgz" => (Packing::Gzip, ".tar"),
        "tbz2" | "tbz" => (Packing::Bzip2, ".tar"),
        "txz" => (Packing::Xz, ".tar"),
        "tzst" => (Packing::Zstd, ".tar"),
        _ => return (None, name),
    };
    (Some(packing), format!("{stem}{behind}"))
}

/// Whether the name is of a web archive that is packed record by record.
pub fn names_records(path: &Path) -> bool {
    let (packing, name) = named(path);
    let name = name.to_ascii_lowercase();
    packing == Some(Packing::Gzip) && [".warc", ".wet"].iter().any(|end| name.ends_with(end))
}

/// Whether `head`, of which [`HEAD`] bytes are enough, begins a web archive that is packed record by
/// record: its [stream](super::Stream) unpacks it.
pub fn is_record(head: &[u8]) -> bool {
    let mut begin = [0; RECORD.len()];
    let head = &head[..head.len().min(HEAD)];
    head.starts_with(GZIP)
        && flate2::bufread::GzDecoder::new(head).read_exact(&mut begin).is_ok()
        && begin == RECORD
}
