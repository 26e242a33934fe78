//! What the targets share: how the first bytes of an input choose options, how the rest is cut, and
//! what holds for every conversion.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use hanmend::convert::Converter;
use hanmend::decode::{Decoder, Encoding};
use hanmend::encode::{Bom, Unmappable};
use hanmend::event::{Collect, Event, Silent, replay, undo};
use hanmend::stage::Stage;
use hanmend::{Fixer, Format, OutputEncoding, Repairs, ToScript};

/// The scripts that a byte chooses from.
const SCRIPTS: [&str; 8] = ["keep", "hans", "hant", "s2twp", "twp", "hkp", "jp", "tw2sp"];

/// The repairs that two bits choose from.
const REPAIRS: [&str; 4] = ["+noise", "-gloss", "entity,unicode", "none"];

/// What the first bytes of an input ask for.
pub struct Setup {
    /// The fixer. Those that were built before are kept.
    pub fixer: Fixer,
    /// What it writes.
    pub output: OutputEncoding,
    /// What it does with a character that this lacks.
    pub unmappable: Unmappable,
    /// Whether a byte order mark is added.
    pub bom: Bom,
    /// Whether the input is made long, and how.
    long: Option<Long>,
}

/// How an input of hundreds of bytes comes to stand where windows of kilobytes meet.
#[derive(Clone, Copy)]
pub enum Long {
    /// Behind a line's worth of prose, so that the line is cut within it.
    Line,
    /// Behind lines of prose and glosses, so that what is looked at as one ends within it.
    Lines,
    /// Again and again.
    Repeated,
}

/// Where the windows end that a long line is cut into, and those that glosses are looked for in, in bytes.
const LINE: usize = 8192;
const WINDOW: usize = 32 * 1024;

const SOUND: &str = "船到碼頭的時候，天還沒有亮，他把帽子放在桌上，看了看窗外。";
const GLOSSED: &str = "實(shí)現(xiàn)了發(fā)展，要學(xué)習(xí)業(yè)務(wù)。\n";
const ASCII: &str = "The boat came in before dawn, and nobody was on the pier; ";

impl Long {
    /// The input, made long.
    pub fn make(self, input: &[u8]) -> Vec<u8> {
        // In another encoding the prose would be damage.
        let sound = if std::str::from_utf8(input).is_ok() { SOUND } else { ASCII };
        let (head, full, line_end) = match self {
            Long::Line => ("", LINE, ""),
            Long::Lines => (if sound == SOUND { GLOSSED } else { "" }, WINDOW, "\n"),
            Long::Repeated => {
                return input.repeat(2 * LINE / input.len().max(1) + 1);
            }
        };
        let mut long = head.as_bytes().to_vec();
        while long.len() + sound.len() + input.len() / 2 < full {
            long.extend_from_slice(sound.as_bytes());
            long.extend_from_slice(line_end.as_bytes());
        }
        long.extend_from_slice(input);
        long.extend_from_slice(sound.as_bytes());
        long
    }
}

impl Setup {
    /// Takes two bytes: script, format, and whether the input is made long; repairs, guess and output.
    pub fn take(bytes: &[u8]) -> Option<(Setup, &[u8])> {
        thread_local! {
            static BUILT: RefCell<HashMap<[u8; 2], Fixer>> = RefCell::default();
        }
        let (&[script, how], rest) = bytes.split_first_chunk()?;
        let (output, unmappable, bom) = match how >> 3 & 7 {
            0 => (OutputEncoding::Same, Unmappable::Reference, Bom::Keep),
            1 => (OutputEncoding::Same, Unmappable::Error, Bom::Keep),
            2 => (OutputEncoding::Encoding(Encoding::BIG5), Unmappable::Question, Bom::Keep),
            3 => (OutputEncoding::Encoding(Encoding::UTF_16LE), Unmappable::Error, Bom::Add),
            _ => (OutputEncoding::default(), Unmappable::Error, Bom::Keep),
        };
        let long = match script >> 5 {
            5 => Some(Long::Line),
            6 => Some(Long::Lines),
            7 => Some(Long::Repeated),
            _ => None,
        };
        let format = usize::from(script >> 3) % 3;
        let build = || {
            Fixer::builder()
                .script(ToScript::parse(SCRIPTS[usize::from(script) % 8]).unwrap())
                .format([Format::Auto, Format::Text, Format::Html][format])
                .repairs(Repairs::parse(REPAIRS[usize::from(how) % 4]).unwrap())
                .guess(how & 4 == 0)
                .output(output)
                .unmappable(unmappable)
                .bom(bom)
                .build()
        };
        let key = [script % 8 + 8 * format as u8, how & 0x3F];
        let fixer = BUILT.with_borrow_mut(|built| built.entry(key).or_insert_with(build).clone());
        Some((Setup { fixer, output, unmappable, bom, long }, rest))
    }

    /// The input as it is, or made long.
    pub fn input<'i>(&self, input: &'i [u8]) -> Cow<'i, [u8]> {
        self.long.map_or(Cow::Borrowed(input), |long| Cow::Owned(long.make(input)))
    }

    /// Whether what comes out is the text itself, without a byte order mark.
    pub fn is_text(&self, bom: bool) -> bool {
        self.output == OutputEncoding::default() && !self.bom.wanted(bom)
    }
}

/// A sink that keeps everything.
pub fn listen() -> Collect {
    Collect { conversions: true, ..Collect::default() }
}

/// Cuts into pieces of many sizes, empty ones too, that follow from `seed`; 0 is byte by byte.
pub fn pieces(input: &[u8], seed: u8) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let (mut rest, mut state) = (input, u32::from(seed) | 1);
    while !rest.is_empty() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let size = if seed == 0 { 1 } else { (state >> 16) as usize % (usize::from(seed) + 1) };
        let (piece, more) = rest.split_at(size.min(rest.len()));
        pieces.push(piece);
        rest = more;
    }
    pieces
}

/// The same for text: cut between characters.
pub fn text_pieces(text: &str, seed: u8) -> Vec<&str> {
    let mut at = 0;
    let mut pieces: Vec<&str> = pieces(text.as_bytes(), seed)
        .iter()
        .scan(0, |end, piece| {
            *end += piece.len();
            let to = text.ceil_char_boundary(*end).max(at);
            let piece = &text[at..to];
            at = to;
            Some(piece)
        })
        .collect();
    pieces.push(&text[at..]);
    pieces
}

/// Runs a stage over an input that comes in pieces, and looks at what it holds.
pub fn run<S: Stage>(stage: &mut S, pieces: &[&S::Input]) -> (S::Output, Collect)
where
    S::Output: Default,
{
    let (mut out, mut sink) = (S::Output::default(), listen());
    for piece in pieces {
        stage.push(piece, &mut out, &mut sink);
        assert!(stage.held() <= stage.max_held(), "holds {} bytes", stage.held());
    }
    stage.finish(&mut out, &mut sink);
    assert_eq!(stage.held(), 0, "holds something after the end");
    (out, sink)
}

/// Bytes to text, the encoding found out.
pub fn decode(bytes: &[u8]) -> String {
    run(&mut Decoder::auto(), &[bytes]).0
}

/// What holds of every list of events: they lead from `input` to `output` and back.
pub fn leads(input: &str, events: &[Event], output: &str) {
    assert_eq!(replay(input, events).as_deref(), Some(output), "replayed");
    assert_eq!(undo(output, events).as_deref(), Some(input), "undone");
}

/// Both engines and all pieces give the same, and the report leads there. Returns what comes out.
pub fn convert(converter: &Converter, text: &str, seed: u8) -> String {
    let out = converter.convert(text);
    let name = converter.name();
    let (exact, report) = run(&mut converter.stage(), &[text]);
    assert_eq!(out, exact, "{name}: the engines differ");
    leads(text, &report.events, &out);
    let (cut, cut_report) = run(&mut converter.stage(), &text_pieces(text, seed));
    assert_eq!(exact, cut, "{name}: the exact engine, in pieces");
    assert_eq!(report, cut_report, "{name}: the report, in pieces");

    let (mut stage, mut cut) = (converter.stage(), String::new());
    for piece in text_pieces(text, seed) {
        stage.push(piece, &mut cut, &mut Silent);
        assert!(stage.held() <= stage.max_held(), "{name}: holds {} bytes", stage.held());
    }
    stage.finish(&mut cut, &mut Silent);
    assert_eq!(out, cut, "{name}: the fast engine, in pieces");
    out
}
