//! The exact rules over a whole text without description sequences: what the scan hands over.

use super::format::Fast;
use super::scan::code_at;
use crate::convert::description::{Description, description, operands};
use crate::convert::plan::Step;
use crate::dict::table::char_len;

/// Converts `text`, which stands alone, and appends the result to `out`. `scratch` has as many
/// buffers as there are steps.
pub(crate) fn convert(
    steps: &[Step],
    fast: Option<&Fast>,
    text: &[u8],
    out: &mut Vec<u8>,
    scratch: &mut [Vec<u8>],
) {
    run(steps, 0, fast, text, out, scratch);
}

fn run(
    steps: &[Step],
    k: usize,
    fast: Option<&Fast>,
    text: &[u8],
    out: &mut Vec<u8>,
    scratch: &mut [Vec<u8>],
) {
    let Some((step, later)) = steps.split_first() else {
        out.extend_from_slice(text);
        return;
    };
    if step.segments {
        let mut start = 0;
        let mut at = 0;
        while at < text.len() {
            let (len, value) = token(step, k, fast, &text[at..]);
            if value.is_some() {
                if start < at {
                    run(later, k + 1, fast, &text[start..at], out, scratch);
                }
                run(later, k + 1, fast, &text[at..at + len], out, scratch);
                start = at + len;
            }
            at += len;
        }
        if start < at {
            run(later, k + 1, fast, &text[start..at], out, scratch);
        }
    } else if later.is_empty() {
        replace(step, k, fast, text, out);
    } else if let Some((own, scratch)) = scratch.split_first_mut() {
        own.clear();
        replace(step, k, fast, text, own);
        run(later, k + 1, fast, own, out, scratch);
    }
}

fn replace(step: &Step, k: usize, fast: Option<&Fast>, text: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < text.len() {
        let (len, value) = token(step, k, fast, &text[at..]);
        out.extend_from_slice(value.unwrap_or(&text[at..at + len]));
        at += len;
    }
}

/// The next piece of a text that is not empty: its length, and its value if it is a key.
#[inline]
fn token<'s>(
    step: &'s Step,
    k: usize,
    fast: Option<&Fast>,
    text: &[u8],
) -> (usize, Option<&'s [u8]>) {
    let one = char_len(text[0]).min(text.len());
    if let Some(fast) = fast
        && !fast.starts(code_at(text, 0), k)
        && operands(text) == 0
    {
        return (one, None);
    }
    match step.dict.longest(text) {
        Some(found) => (found.len, Some(found.value)),
        None => match description(text) {
            Description::Whole(len) => (len, None),
            _ => (one, None),
        },
    }
}
