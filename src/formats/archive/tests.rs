//! Archives of blocks that are odd in every way: nothing is lost, and no cut matters.

use crate::Repairs;
use proptest::prelude::*;

use super::super::Kind;
use super::super::tests::{run, settings};

/// A block of tar: a header with this type and length, if the sum is right.
fn header(kind: u8, size: &[u8], is_summed: bool) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..5].copy_from_slice(b"a.txt");
    block[124..124 + size.len()].copy_from_slice(size);
    block[148..156].fill(b' ');
    block[156] = kind;
    block[257..263].copy_from_slice(b"ustar\0");
    block[482] = u8::from(kind == b'S');
    if is_summed {
        let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    block
}

const SIZES: &[&[u8]] = &[
    b"00000000000\0",
    b"00000000007\0",
    b"00000001000\0",
    b"77777777777\0",
    b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x80\0\0\0\0\0\0\0\0\0\0\x07",
    b"-1",
    b"x",
];

fn block() -> impl Strategy<Value = Vec<u8>> {
    let content = |text: &[u8]| {
        let mut block = vec![0; 512];
        block[..text.len()].copy_from_slice(text);
        block
    };
    let kinds = prop::sample::select(&b"0\x007123456LKxgSDVMN"[..]);
    let sizes = prop::sample::select(SIZES);
    let said = prop::sample::select(PAX);
    prop_oneof![
        (kinds, sizes, prop::bool::weighted(0.9))
            .prop_map(|(kind, size, is_summed)| header(kind, size, is_summed)),
        said.prop_map(move |said| {
            let size = format!("{:011o}\0", said.len());
            [header(b'x', size.as_bytes(), true), content(said.as_bytes())].concat()
        }),
        Just(content("头发&#x5B9E;".as_bytes())),
        Just(vec![0; 512]),
        Just(vec![b'j'; 100]),
    ]
}

/// What may be said of the next member.
const PAX: &[&str] = &[
    "29 size=18446744073709551615\n",
    "26 size=72057594037927935\n",
    "12 size=512\n",
    "11 size=-1\n",
    "17 path=b/头.csv\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_tar_loses_data_and_no_cut_matters(
        blocks in prop::collection::vec(block(), 0..12),
        size in 1usize..700,
    ) {
        let input = blocks.concat();
        let nothing = settings("keep", Repairs::NONE);
        prop_assert_eq!(&run(&nothing, Kind::Tar, &input, size).0, &input);
        let mending = settings("s2t", Repairs::default());
        let whole = run(&mending, Kind::Tar, &input, input.len());
        prop_assert_eq!(whole, run(&mending, Kind::Tar, &input, size));
    }
}
