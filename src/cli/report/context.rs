//! Where an example stands: the text around it, from the input, if that is still what it was.

use hanmend::{Fixer, Repairs};

use super::excerpt::Excerpt;

/// Inputs larger than this are not read for their examples.
const LARGEST: u64 = 8 << 20;

/// Characters shown on each side.
const AROUND: usize = 24;

/// Finds the surroundings of `excerpts`.
pub(super) fn find(excerpts: &mut [Excerpt]) {
    let fixer = Fixer::builder().repairs(Repairs::NONE).build();
    // An archive is no text; what is in it is not looked at.
    let is_text = |n: &usize| excerpts[*n].member.is_none();
    let mut order: Vec<usize> = (0..excerpts.len()).filter(is_text).collect();
    order.sort_by(|a, b| excerpts[*a].path.cmp(&excerpts[*b].path));
    let mut read: Option<(String, Option<String>)> = None;
    for n in order {
        let excerpt = &mut excerpts[n];
        if read.as_ref().is_none_or(|(path, _)| *path != excerpt.path) {
            read = Some((excerpt.path.clone(), text(&fixer, &excerpt.path)));
        }
        if let Some((_, Some(text))) = &read {
            excerpt.around = around(text, excerpt);
        }
    }
}

fn text(fixer: &Fixer, path: &str) -> Option<String> {
    let fits = std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() <= LARGEST);
    let bytes = fits.then(|| std::fs::read(path).ok())??;
    Some(fixer.fix_bytes(&bytes).text.into_owned())
}

/// What stands before and behind the example in its line.
fn around(text: &str, excerpt: &Excerpt) -> Option<(String, String)> {
    let [start, end] = excerpt.at.map(|n| n as usize);
    if text.get(start..end)? != excerpt.before {
        return None;
    }
    let line = |c: char| c == '\n' || c == '\r';
    let before = text[..start].rsplit(line).next().unwrap_or_default();
    let behind = text[end..].split(line).next().unwrap_or_default();
    let from = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let to = behind.char_indices().nth(AROUND).map_or(behind.len(), |(at, _)| at);
    Some((before[from..].to_owned(), behind[..to].to_owned()))
}
