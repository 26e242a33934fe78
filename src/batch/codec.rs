//! Compressed files: read and written as what they are.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::Path;

use bzip2::read::MultiBzDecoder;
use bzip2::write::BzEncoder;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use hanmend::formats::packed::{self, Packing};
use lzma_rust2::{XzOptions, XzReader, XzWriter};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Plain,
    Gzip,
    Bzip2,
    Xz,
    Zstd,
}

/// Levels as the programs `xz` and `zstd` have them by default; the other two have their own.
const XZ_LEVEL: u32 = 6;
const ZSTD_LEVEL: i32 = 3;

/// The bytes that begin a compressed file.
const MAGIC: [(&[u8], Codec); 4] = [
    (b"\x1f\x8b\x08", Codec::Gzip),
    (b"BZh", Codec::Bzip2),
    (b"\xfd7zXZ\0", Codec::Xz),
    (b"\x28\xb5\x2f\xfd", Codec::Zstd),
];

/// Of bzip2 this has to follow the level, as three letters may begin a text.
const BZIP2_BLOCK: &[u8] = b"1AY&SY";

/// Bytes read at once from a compressed file.
const READ: usize = 64 * 1024;

impl From<Option<Packing>> for Codec {
    fn from(packing: Option<Packing>) -> Codec {
        match packing {
            None => Codec::Plain,
            Some(Packing::Gzip) => Codec::Gzip,
            Some(Packing::Bzip2) => Codec::Bzip2,
            Some(Packing::Xz) => Codec::Xz,
            Some(Packing::Zstd) => Codec::Zstd,
        }
    }
}

impl Codec {
    /// What the existing file at `path` is: its first bytes say it, and else its name, so that one that is only
    /// named so is an error.
    pub(crate) fn of_file(path: &Path) -> io::Result<Codec> {
        // What a pipe gave would be lost.
        if !path.metadata()?.is_file() {
            return Ok(Codec::of(path));
        }
        Ok(Codec::open(path)?.1)
    }

    /// Opens the file at `path`, and reads what is in it; its bytes as they are go `through` something first.
    pub(crate) fn read<R: Read + 'static>(
        path: &Path,
        through: impl FnOnce(io::Chain<io::Cursor<Vec<u8>>, File>) -> R,
    ) -> io::Result<Box<dyn Read>> {
        let (mut head, codec, mut file) = Codec::open(path)?;
        // A pipe cannot give them again.
        if file.metadata()?.is_file() {
            file.rewind()?;
            head.clear();
        }
        codec.reader(through(io::Cursor::new(head).chain(file)))
    }

    /// What a result that goes to `path` is to be, made of the file at `from`: what is packed record by
    /// record is not packed once more.
    pub(crate) fn of_result(path: &Path, from: &Path) -> Codec {
        let is_gzip = Codec::of(path) == Codec::Gzip;
        let is_file = std::fs::metadata(from).is_ok_and(|m| m.is_file());
        match is_gzip
            && is_file
            && Codec::open(from).is_ok_and(|(head, ..)| packed::is_record(&head))
        {
            true => Codec::Plain,
            false => Codec::of(path),
        }
    }

    fn open(path: &Path) -> io::Result<(Vec<u8>, Codec, File)> {
        let (mut file, mut head) = (File::open(path)?, Vec::new());
        Read::by_ref(&mut file).take(packed::HEAD as u64).read_to_end(&mut head)?;
        let codec = match Codec::of_head(&head) {
            Some(Codec::Gzip) if packed::is_record(&head) || packed::names_records(path) => {
                Codec::Plain
            }
            Some(packed) => packed,
            None => Codec::of(path),
        };
        Ok((head, codec, file))
    }

    fn of_head(head: &[u8]) -> Option<Codec> {
        let (_, codec) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic))?;
        let whole =
            *codec != Codec::Bzip2 || head.get(4..).is_some_and(|b| b.starts_with(BZIP2_BLOCK));
        whole.then_some(*codec)
    }

    /// What the name of the file at `path` says.
    pub(crate) fn of(path: &Path) -> Codec {
        if packed::names_records(path) { Codec::Plain } else { packed::named(path).0.into() }
    }

    /// Reads what is in `file`. Several streams one after the other are one.
    fn reader<R: Read + 'static>(self, file: R) -> io::Result<Box<dyn Read>> {
        let buffered = |file| BufReader::with_capacity(READ, file);
        Ok(match self {
            Codec::Plain => Box::new(file),
            Codec::Gzip => Box::new(MultiGzDecoder::new(buffered(file))),
            Codec::Bzip2 => Box::new(MultiBzDecoder::new(buffered(file))),
            Codec::Xz => Box::new(XzReader::new(buffered(file), true)),
            Codec::Zstd => Box::new(zstd::Decoder::with_buffer(buffered(file))?),
        })
    }

    /// Writes into `file`.
    pub(crate) fn writer<W: Write>(self, file: W) -> io::Result<Packer<W>> {
        Ok(match self {
            Codec::Plain => Packer::Plain(file),
            Codec::Gzip => Packer::Gzip(GzEncoder::new(file, flate2::Compression::default())),
            Codec::Bzip2 => Packer::Bzip2(BzEncoder::new(file, bzip2::Compression::default())),
            Codec::Xz => {
                let options = XzOptions::with_preset(XZ_LEVEL);
                Packer::Xz(Box::new(XzWriter::new(file, options)?))
            }
            Codec::Zstd => Packer::Zstd(zstd::Encoder::new(file, ZSTD_LEVEL)?),
        })
    }
}

/// Writes compressed, or not.
pub(crate) enum Packer<W: Write> {
    Plain(W),
    Gzip(GzEncoder<W>),
    Bzip2(BzEncoder<W>),
    Xz(Box<XzWriter<W>>),
    Zstd(zstd::Encoder<'static, W>),
}

impl<W: Write> Packer<W> {
    /// Ends the compressed stream and gives the file back.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Packer::Plain(file) => Ok(file),
            Packer::Gzip(packer) => packer.finish(),
            Packer::Bzip2(packer) => packer.finish(),
            Packer::Xz(packer) => packer.finish(),
            Packer::Zstd(packer) => packer.finish(),
        }
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Packer::Plain(file) => file.write(bytes),
            Packer::Gzip(packer) => packer.write(bytes),
            Packer::Bzip2(packer) => packer.write(bytes),
            Packer::Xz(packer) => packer.write(bytes),
            Packer::Zstd(packer) => packer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Packer::Plain(file) => file.flush(),
            Packer::Gzip(packer) => packer.flush(),
            Packer::Bzip2(packer) => packer.flush(),
            Packer::Xz(packer) => packer.flush(),
            Packer::Zstd(packer) => packer.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_no_magic() {
        for head in [&b"BZh is a text"[..], b"BZh", b"", b"\x1f\x8b", b"(\xb5/"] {
            assert_eq!(Codec::of_head(head), None, "{head:?}");
        }
    }

    #[test]
    fn what_is_packed_comes_back_also_in_several_streams() {
        let text = "春天來了,河邊的柳樹發了新芽。\n".repeat(5000);
        for name in ["a.txt", "a.gz", "a.bz2", "a.xz", "a.txt.zst"] {
            let codec = Codec::of(Path::new(name));
            let pack = || {
                let mut packer = codec.writer(Vec::new()).unwrap();
                packer.write_all(text.as_bytes()).unwrap();
                packer.finish().unwrap()
            };
            let packed = [pack(), pack()].concat();
            assert_eq!(codec == Codec::Plain, packed.len() > text.len(), "{name}");
            let mut back = String::new();
            let mut reader = codec.reader(io::Cursor::new(packed.clone())).unwrap();
            reader.read_to_string(&mut back).unwrap();
            assert!(back == text.repeat(2), "{name}");
            if codec != Codec::Plain {
                let cut = packed[..packed.len() - 20].to_vec();
                let mut reader = codec.reader(io::Cursor::new(cut)).unwrap();
                assert!(reader.read_to_end(&mut Vec::new()).is_err(), "{name}");
                assert_eq!(Codec::of_head(&packed[..packed::HEAD.min(packed.len())]), Some(codec));
            }
        }
    }
}
