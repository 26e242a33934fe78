//! Bar charts as SVG.

use std::fmt::Write;

use super::markup::{escape, number};
use super::numbers::Ends;

/// One bar.
pub(super) struct Bar<'b> {
    pub(super) name: &'b str,
    pub(super) ends: Ends,
}

/// Sizes, in the units of the picture.
const WIDTH: u64 = 540;
const NAME: u64 = 210;
const VALUE: u64 = 80;
const ROW: u64 = 26;
const BAR: u64 = 16;

/// Characters of a name that fit; of a longer one the end tells more.
const FITS: usize = 30;

/// Appends a chart with a heading. `parts` where the ends of a bar are told apart.
pub(super) fn chart(out: &mut String, heading: &str, bars: &[Bar<'_>], parts: bool) {
    out.push_str("<figure><figcaption>");
    escape(out, heading);
    out.push_str("</figcaption>");
    if bars.is_empty() {
        out.push_str("<p class=\"none\">nothing to show</p></figure>\n");
        return;
    }
    let most = bars.iter().map(|b| b.ends.all()).max().unwrap_or_default().max(1);
    let height = ROW * bars.len() as u64;
    let _ = write!(out, "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"");
    escape(out, heading);
    for bar in bars {
        out.push_str("; ");
        escape(out, bar.name);
        let _ = write!(out, " {}", bar.ends.all());
    }
    out.push_str("\">");
    for (row, bar) in bars.iter().enumerate() {
        draw(out, row as u64 * ROW, bar, most, parts);
    }
    out.push_str("</svg></figure>\n");
}

fn draw(out: &mut String, y: u64, bar: &Bar<'_>, most: u64, parts: bool) {
    let Ends { sure, guess, unrepaired } = bar.ends;
    let said = match parts {
        true => format!("{}: {sure} sure, {guess} guessed, {unrepaired} unrepaired", bar.name),
        false => format!("{}: {sure}", bar.name),
    };
    out.push_str("<g><title>");
    escape(out, &said);
    let text = y + ROW / 2 + 5;
    let _ = write!(out, "</title><text class=\"label\" x=\"{}\" y=\"{text}\">", NAME - 10);
    let length = bar.name.chars().count();
    if length > FITS {
        out.push('…');
    }
    let name: String = bar.name.chars().skip(length.saturating_sub(FITS)).collect();
    escape(out, &name);
    out.push_str("</text>");
    let room = WIDTH - NAME - VALUE;
    let mut x = NAME as f64;
    for (class, n) in [("sure", sure), ("guess", guess), ("unrepaired", unrepaired)] {
        if n > 0 {
            // A bar that is there is seen.
            let width = (room as f64 * n as f64 / most as f64).max(2.0);
            let top = y + (ROW - BAR) / 2;
            let class = if parts { class } else { "plain" };
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{BAR}\"/>"
            );
            x += width;
        }
    }
    let value = number(bar.ends.all());
    let _ = write!(out, "<text x=\"{:.1}\" y=\"{text}\">{value}</text></g>", x + 8.0);
}
