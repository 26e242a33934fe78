//! Dictionaries: reading their text form, compiling them, and looking things up in what was
//! compiled.
//!
//! OpenCC's dictionaries lie verbatim in `data/opencc`; [`compile()`] turns each into one table of
//! `data/compiled/opencc`, which is checked in and comes with the library ([`builtin`]). A test
//! compiles them anew and compares; with the environment variable `HANMEND_REGENERATE` set it
//! writes them. Dictionaries of one's own are compiled when they are read, by the same code.
//!
//! # Format of a table
//!
//! All numbers are little endian.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `HMD1` |
//! | 4 | format version, 1 |
//! | 4 | number of keys |
//! | 4 | bytes of the longest key |
//! | 4 | characters of the longest key |
//! | 4 | number of buckets, `b` |
//! | 4 | number of heads, `h` |
//! | 4 | bytes of records, `r` |
//! | 4 | most bytes of key for one byte of value, rounded up |
//! | 4 | characters of the shortest key |
//! | 4 (b + 1) | for each bucket, the index of its first head; `h` at the end |
//! | 12 h | heads: 8 bytes of key, 4 bytes of offset into the records |
//! | r | records |
//!
//! A *head* is the first two characters of a key, or the only one, in UTF-8 and padded with
//! zeros: eight bytes are always enough. Its bucket is given by [`table::bucket_of`]. All keys
//! of one head stand together at its offset, longest first: their number, then for each the rest
//! of the key, the first value, and the other values joined by blanks. Numbers in records are
//! varints of seven bits a byte, low bits first; texts have their length before them.

pub mod builtin;
pub mod compile;
pub mod frequency;
pub mod rows;
pub mod table;

pub use compile::compile;
pub use rows::{Row, parse_rows};
pub use table::{Match, Table};
