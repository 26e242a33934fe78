//! A case for each stage.

use std::hint::black_box;

use hanmend::chain::Chain;
use hanmend::convert::Converter;
use hanmend::convert::target::Target;
use hanmend::decode::{Decoder, Encoding, detect};
use hanmend::encode::{Encoder, Unmappable};
use hanmend::event::Silent;
use hanmend::repair::{Entity, Gloss, Mojibake, Noise, Unicode};
use hanmend::stage::{Stage, TextStage};

use super::text::{Texts, encoded};
use super::{Case, whole::PIECE};

const CONFIGS: [(&str, &str); 4] = [("s2t", ""), ("t2s", "s2t"), ("s2twp", ""), ("tw2sp", "s2twp")];
/// Bytes of a short text whose encoding is to be found.
const SHORT: usize = 256;

pub(super) fn cases(texts: &Texts) -> Vec<Case> {
    let mut cases = Vec::new();
    decode(texts, &mut cases);
    repair(texts, &mut cases);
    convert(texts, &mut cases);
    encode(texts, &mut cases);
    cases
}

/// Encodings, and whether they are those of Traditional text.
const ENCODINGS: [(Encoding, bool); 7] = [
    (Encoding::UTF_8, false),
    (Encoding::GBK, false),
    (Encoding::GB18030, false),
    (Encoding::BIG5, true),
    (Encoding::EUC_TW, true),
    (Encoding::UTF_16LE, false),
    (Encoding::HZ, false),
];

fn decode(texts: &Texts, cases: &mut Vec<Case>) {
    for (encoding, traditional) in ENCODINGS {
        let text = if traditional { &texts.traditional } else { &texts.simplified };
        let bytes = encoded(text, encoding);
        let (short, whole) = (bytes[..SHORT].to_vec(), bytes.clone());
        let name = encoding.name();
        let (mut decoder, mut out) = (Decoder::auto(), String::with_capacity(text.len() * 2));
        cases.push(Case::new("decode", name, bytes.len(), move || {
            out.clear();
            for piece in bytes.chunks(PIECE) {
                decoder.push(black_box(piece), &mut out, &mut Silent);
            }
            decoder.finish(&mut out, &mut Silent);
            black_box(&out);
        }));
        cases.push(Case::new("detect", format!("{name}, {SHORT} bytes"), SHORT, move || {
            black_box(detect(black_box(&short)));
        }));
        cases.push(Case::new("detect", name, whole.len(), move || {
            black_box(detect(black_box(&whole)));
        }));
    }
}

type Make = fn() -> Box<dyn TextStage + Send + Sync>;

const REPAIRS: [(&str, Make); 5] = [
    ("mojibake", || Box::new(Mojibake::default())),
    ("entity", || Box::new(Entity::auto())),
    ("gloss", || Box::new(Gloss::default())),
    ("unicode", || Box::new(Unicode::default())),
    ("noise", || Box::new(Noise::default())),
];

fn repair(texts: &Texts, cases: &mut Vec<Case>) {
    for (repair, make) in REPAIRS {
        // In a chain, as it runs: what passes is not copied to the stage and back.
        let clean = [("Simplified", &texts.simplified), ("Traditional", &texts.traditional)];
        for (name, text) in clean {
            cases.push(through(repair, format!("clean {name}"), text, Chain::new(vec![make()])));
        }
        for damaged in texts.damaged.iter().filter(|damaged| damaged.repair == repair) {
            let chain = Chain::new(vec![make()]);
            cases.push(through(repair, damaged.name, &damaged.text, chain));
        }
    }
}

/// A case of a text stage.
fn through(
    group: &'static str,
    name: impl Into<String>,
    text: &str,
    mut stage: impl Stage<Input = str, Output = String> + 'static,
) -> Case {
    let (text, mut out) = (text.to_owned(), String::with_capacity(text.len() * 2));
    Case::new(group, name, text.len(), move || {
        out.clear();
        stage.push(black_box(&text), &mut out, &mut Silent);
        stage.finish(&mut out, &mut Silent);
        black_box(&out);
    })
}

fn convert(texts: &Texts, cases: &mut Vec<Case>) {
    let converter = |config: &str| Converter::new(config).expect("the name of a config");
    for (config, from) in CONFIGS {
        let text = match from {
            "" => texts.simplified.clone(),
            from => converter(from).convert(&texts.simplified),
        };
        let (converter, mut out) = (converter(config), String::with_capacity(text.len() * 2));
        cases.push(Case::new("convert", config, text.len(), move || {
            out.clear();
            converter.convert_into(black_box(&text), &mut out);
            black_box(&out);
        }));
    }
    for target in ["hans", "hant"] {
        let made = || Target::from_name(target).expect("the name of a target").stage();
        for (name, text) in [("Simplified", &texts.simplified), ("Traditional", &texts.traditional)]
        {
            cases.push(through("convert", format!("{target} of {name}"), text, made()));
        }
    }
}

fn encode(texts: &Texts, cases: &mut Vec<Case>) {
    for (encoding, traditional) in ENCODINGS {
        let text = if traditional { &texts.traditional } else { &texts.simplified };
        let text = text.clone();
        let mut out = Vec::with_capacity(text.len() * 2);
        cases.push(Case::new("encode", encoding.name(), text.len(), move || {
            out.clear();
            let mut encoder = Encoder::new(encoding, Unmappable::Question, false);
            encoder.push(black_box(&text), &mut out, &mut Silent);
            encoder.finish(&mut out, &mut Silent);
            black_box(&out);
        }));
    }
}
