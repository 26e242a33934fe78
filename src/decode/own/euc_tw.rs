//! EUC-TW and Big5-UAO: two bytes a character, four for the higher planes of CNS 11643.

use encoding_rs::Encoding as Standard;

use super::{Parse, Step, bad_pair};
use crate::decode::taiwan;

/// Single shift two: a plane byte, a row and a cell follow.
const SHIFT: u8 = 0x8E;

pub(super) struct EucTw;

impl Parse for EucTw {
    fn step(&mut self, bytes: &[u8], _last: bool) -> Step {
        match bytes[0] {
            0..=0x7F => Step::Plain(Standard::ascii_valid_up_to(bytes)),
            SHIFT => {
                for (i, least) in [(1, 0xA1), (2, 0xA1), (3, 0xA1)] {
                    match bytes.get(i) {
                        None => return Step::More,
                        Some(byte) if (least..=0xFE).contains(byte) => {}
                        // The bytes before it were the start of a unit.
                        Some(_) => return Step::Bad(i),
                    }
                }
                match taiwan::cns(bytes[1] - 0xA0, bytes[2], bytes[3]) {
                    Some(c) => Step::Char(4, c),
                    None => Step::Bad(4),
                }
            }
            0xA1..=0xFE => match bytes.get(1) {
                None => Step::More,
                Some(0xA1..=0xFE) => match taiwan::cns(1, bytes[0], bytes[1]) {
                    Some(c) => Step::Char(2, c),
                    None => Step::Bad(2),
                },
                Some(_) => bad_pair(&bytes[..2]),
            },
            _ => Step::Bad(1),
        }
    }

    fn reset(&mut self) {}
}

pub(super) struct Uao;

impl Parse for Uao {
    fn step(&mut self, bytes: &[u8], _last: bool) -> Step {
        match bytes[0] {
            0..=0x7F => Step::Plain(Standard::ascii_valid_up_to(bytes)),
            0x81..=0xFE => match bytes.get(1) {
                None => Step::More,
                Some(trail) => match taiwan::uao(bytes[0], *trail) {
                    Some(c) => Step::Char(2, c),
                    None => bad_pair(&bytes[..2]),
                },
            },
            _ => Step::Bad(1),
        }
    }

    fn reset(&mut self) {}
}
