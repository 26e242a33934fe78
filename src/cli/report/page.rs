//! The page.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::chart::{Bar, chart};
use super::markup::number;
use super::numbers::{Ends, Numbers};

/// So many inputs are among the worst.
const WORST: usize = 15;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page, which needs nothing but itself.
pub(super) fn page(numbers: &Numbers) -> String {
    let mut out = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>hanmend report</title>\n<style>\n",
    );
    out.push_str(STYLE);
    out.push_str(
        "</style>\n<header class=\"top\"><h1>hanmend report</h1>\
         <button id=\"theme\" type=\"button\">dark or light <kbd>t</kbd></button></header>\n<main>\n",
    );
    totals(&mut out, numbers);
    out.push_str("<section class=\"charts\" aria-label=\"Charts\">\n");
    let counts = |counts: &BTreeMap<String, u64>| -> Vec<(String, Ends)> {
        let ends =
            |(name, n): (&String, &u64)| (name.clone(), Ends { sure: *n, ..Ends::default() });
        let mut all: Vec<(String, Ends)> = counts.iter().map(ends).collect();
        all.sort_by_key(|(_, ends)| std::cmp::Reverse(ends.all()));
        all
    };
    if numbers.detected > 0 {
        draw(&mut out, "Encodings, by inputs", &counts(&numbers.encodings), false);
        draw(&mut out, "Scripts, by inputs", &counts(&numbers.scripts), false);
    }
    let mut repairs: Vec<(String, Ends)> =
        numbers.repairs.iter().map(|(name, ends)| (name.clone(), *ends)).collect();
    repairs.sort_by_key(|(_, ends)| std::cmp::Reverse(ends.all()));
    draw(&mut out, "Repairs, by places", &repairs, true);
    let Ends { sure, guess, unrepaired } = numbers.total;
    let certainty = [
        ("sure".to_owned(), Ends { sure, ..Ends::default() }),
        ("guess".to_owned(), Ends { guess, ..Ends::default() }),
        ("unrepaired".to_owned(), Ends { unrepaired, ..Ends::default() }),
    ];
    draw(&mut out, "Certainty, by places", &certainty, true);
    let worst: Vec<(String, Ends)> =
        numbers.worst(WORST).into_iter().map(|(path, ends)| (path.to_owned(), ends)).collect();
    draw(&mut out, "Inputs with most of it, by places", &worst, true);
    out.push_str(
        "</section>\n<p class=\"legend\"><span class=\"key sure\"></span> sure \
         <span class=\"key guess\"></span> guessed <span class=\"key unrepaired\"></span> unrepaired</p>\n",
    );
    examples(&mut out, numbers);
    out.push_str("</main>\n<script>\n");
    out.push_str(SCRIPT);
    out.push_str("</script>\n</html>\n");
    out
}

fn totals(out: &mut String, numbers: &Numbers) {
    let Ends { sure, guess, unrepaired } = numbers.total;
    out.push_str("<section class=\"totals\" aria-label=\"Totals\">");
    for (n, name) in [
        (numbers.files.len() as u64, "inputs with damage"),
        (sure + guess, "changes"),
        (guess, "of them guessed"),
        (unrepaired, "places unrepaired"),
        (numbers.detected, "inputs looked at by detect"),
    ] {
        let _ = write!(out, "<div><b>{}</b> <span>{name}</span></div>", number(n));
    }
    out.push_str("</section>\n");
}

fn draw(out: &mut String, heading: &str, bars: &[(String, Ends)], parts: bool) {
    let bars: Vec<Bar<'_>> = bars.iter().map(|(name, ends)| Bar { name, ends: *ends }).collect();
    chart(out, heading, &bars, parts);
}

fn examples(out: &mut String, numbers: &Numbers) {
    let _ = write!(
        out,
        "<section aria-label=\"Examples\"><h2>Examples</h2>\n<p class=\"keys\"><label>show \
         <input id=\"filter\" type=\"search\" placeholder=\"gloss, guess, a path …\" aria-label=\"Filter\">\
         </label> <kbd>/</kbd> filter <kbd>j</kbd> <kbd>k</kbd> next, previous · \
         <span id=\"shown\" role=\"status\">{} examples</span></p>\n",
        numbers.excerpts.len()
    );
    numbers.excerpts.iter().for_each(|excerpt| excerpt.show(out));
    if numbers.excerpts.is_empty() {
        out.push_str(
            "<p class=\"none\">nothing was changed, and nothing found that was left</p>\n",
        );
    }
    out.push_str("</section>\n");
}
