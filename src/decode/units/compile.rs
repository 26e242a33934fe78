//! Makes `data/compiled/detect-codes.bin`, and checks that it is what the tables of the encodings and the
//! model make.

use std::path::Path;

use encoding_rs as rs;

use super::{Class, FIRST_TRAIL, Model, NONE, Number, ROW, SINGLES, SIZE, taiwan};
use crate::decode::model::{Language, NAT};

const COMPILED: &str = "data/compiled/detect-codes.bin";
/// What a frequent character costs less than.
const FREQUENT: u32 = 11 * NAT;

/// The numbers of one table.
struct Numbers(Vec<Number>);

impl Numbers {
    fn new() -> Numbers {
        Numbers(vec![NONE; SIZE])
    }

    fn place(lead: u8, trail: u8) -> usize {
        SINGLES + usize::from(lead & 0x7F) * ROW + usize::from(trail - FIRST_TRAIL)
    }

    fn set(&mut self, lead: u8, trail: u8, c: char) {
        self.0[Numbers::place(lead, trail)] = Model::get().number(c);
    }

    fn of_web(encoding: &'static rs::Encoding) -> Numbers {
        let mut numbers = Numbers::new();
        for lead in 0x80..=0xFF {
            for trail in FIRST_TRAIL..=0xFF {
                let code = [lead, trail];
                let (text, _) = encoding.decode_without_bom_handling(&code);
                let mut chars = text.chars();
                match (chars.next(), chars.next()) {
                    (Some('\u{FFFD}'), _) | (None, _) => {}
                    (Some(c), None) => numbers.set(lead, trail, c),
                    // Two characters: two singles, or a letter and its accent.
                    (Some(c), Some(_)) if !c.is_ascii() && encoding == rs::BIG5 => {
                        numbers.set(lead, trail, c);
                    }
                    _ => {}
                }
            }
        }
        numbers
    }

    fn of_pairs(decode: impl Fn(u8, u8) -> Option<char>) -> Numbers {
        let mut numbers = Numbers::new();
        for lead in 0x81..=0xFE {
            for trail in FIRST_TRAIL..=0xFE {
                if let Some(c) = decode(lead, trail) {
                    numbers.set(lead, trail, c);
                }
            }
        }
        numbers
    }
}

/// Of what Unicode-At-On adds to Big5 only what is frequent speaks for it: it has a character for nearly
/// every pair, and so would make something of any damage.
fn uao(plain: &Numbers) -> Numbers {
    let model = Model::get();
    Numbers::of_pairs(|lead, trail| {
        let c = taiwan::uao(lead, trail)?;
        let number = model.number(c);
        let frequent = model.cost(number, Language::Chinese) < FREQUENT;
        let is_plain = plain.0[Numbers::place(lead, trail)] == number;
        (is_plain || frequent && model.is_east(number)).then_some(c)
    })
}

fn compile() -> Vec<u8> {
    let model = Model::get();
    let mut gb18030 = Numbers::of_web(rs::GB18030);
    gb18030.0[0] = model.of_class(Class::Sign);
    let mut shift_jis = Numbers::of_web(rs::SHIFT_JIS);
    for (i, c) in ('\u{FF61}'..='\u{FF9F}').enumerate() {
        shift_jis.0[0x21 + i] = model.number(c);
    }
    let big5 = Numbers::of_web(rs::BIG5);
    let uao = uao(&big5);
    let cell = |row, cell| if cell < 0xA1 { None } else { taiwan::cns(1, row, cell) };
    // In the order of `Codes`.
    let tables = [
        gb18030,
        big5,
        uao,
        Numbers::of_pairs(cell),
        Numbers::of_web(rs::EUC_JP),
        shift_jis,
        Numbers::of_web(rs::EUC_KR),
    ];
    tables.iter().flat_map(|t| &t.0).flat_map(|n| n.to_le_bytes()).collect()
}

#[test]
fn the_codes_are_those_of_the_encodings() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(COMPILED);
    let compiled = compile();
    if std::env::var_os("HANMEND_REGENERATE").is_some() {
        std::fs::write(&path, &compiled).unwrap();
    }
    let found = std::fs::read(&path).unwrap();
    assert!(
        found == compiled,
        "{COMPILED} is not what the tables make: run with HANMEND_REGENERATE=1"
    );
}
