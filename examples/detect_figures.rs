//! Prints how well encodings are found, beside chardetng, on text that was not trained on.
//!
//! ```text
//! python3 benches/detect/texts.py --packages DIR --debian DIR --out target/detect-texts
//! cargo run --release --example detect_figures -- target/detect-texts/untouched [--misses]
//! ```
//!
//! `--only NAME` prints one table: aligned, cut, markup, damage, declared, others, calibration, speed.
//! `--rounds N` takes N snippets of each kind in place of 500. `--files DIR` measures on real files instead, in folders named by their encodings, such as
//! chardet's tests. `--misses` shows what was taken for what; `--dump` writes the snippets for
//! benches/detect/peers.py, which measures other programs on the same ones.
//!
//! An answer is right when what it names decodes the snippet to exactly the right text: a passage of
//! Big5-UAO without any character of its additions is Big5. Where this makes a difference, the table
//! has in brackets how often the name itself was found.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use hanmend::decode::{Encoding, detect};
use hanmend::encode::{Unmappable, encode};
use hanmend::event::Silent;
use hanmend::stage::Stage;

const SIZES: [usize; 7] = [8, 16, 32, 64, 256, 1024, 4096];
/// Snippets of a kind, if `--rounds` says no other.
const ROUNDS: usize = 500;

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap_or_else(|| "target/detect-texts".to_owned());
    let rest: Vec<String> = args.collect();
    if let Some(at) = rest.iter().position(|a| a == "--files") {
        return files(Path::new(rest.get(at + 1).map_or(".", String::as_str)));
    }
    let texts = Texts::read(Path::new(&folder));
    let value = |name: &str| rest.iter().position(|a| a == name).and_then(|i| rest.get(i + 1));
    let dump =
        |path: &String| std::io::BufWriter::new(std::fs::File::create(path).expect("dump file"));
    let mut run = Run {
        misses: rest.iter().any(|a| a == "--misses"),
        dump: value("--dump").map(dump),
        rounds: value("--rounds").map_or(ROUNDS, |n| n.parse().expect("a number of rounds")),
        random: Random(88_172_645_463_325_252),
    };
    let only = value("--only");
    let tables: [(&str, Print); 8] = [
        ("aligned", |run, texts| run.snippets(texts, "aligned snippets", Cut::Aligned)),
        ("cut", |run, texts| run.snippets(texts, "cut at arbitrary bytes", Cut::Anywhere)),
        ("markup", Run::markup),
        ("damage", Run::damage),
        ("declared", Run::declared),
        ("others", Run::others),
        ("calibration", Run::calibration),
        ("speed", Run::speed),
    ];
    for (name, table) in tables {
        if only.is_none_or(|only| only == name) {
            table(&mut run, &texts);
        }
    }
}

type Row = (&'static str, &'static str, &'static [&'static str], fn(&str) -> String);
/// Prints a table.
type Print = fn(&mut Run, &Texts);
type Hurt = fn(&mut Vec<u8>, &mut Random, &[u8]);

/// Rows of the tables: a name, an encoding, the texts, and what is done to the text.
const ROWS: &[Row] = &[
    ("utf-8", "utf-8", HANS, same),
    ("gbk", "gbk", HANS, same),
    ("gbk, traditional", "gbk", HANT, same),
    ("gb18030, four bytes", "gb18030", HANS, with_rare),
    ("big5", "big5", HANT, same),
    ("big5-hkscs", "big5-hkscs", &["hong-kong"], same),
    ("big5-uao", "big5-uao", HANT, with_simplified),
    ("euc-tw", "euc-tw", HANT, same),
    ("utf-16le", "utf-16le", HANS, same),
    ("utf-16be", "utf-16be", HANT, same),
    ("utf-32le", "utf-32le", HANS, same),
    ("hz-gb-2312", "hz-gb-2312", HANS, same),
    ("iso-2022-cn", "iso-2022-cn", HANS, same),
];
/// All texts whose names begin so.
const HANS: &[&str] = &["hans-"];
const HANT: &[&str] = &["hant-", "hong-kong"];

const OTHERS: &[(&str, &str, &[&str])] = &[
    ("shift_jis", "shift_jis", &["ja"]),
    ("euc-jp", "euc-jp", &["ja"]),
    ("euc-kr", "euc-kr", &["ko"]),
    ("windows-1251", "windows-1251", &["ru"]),
    ("koi8-r", "koi8-r", &["ru"]),
    ("windows-1252 fr", "windows-1252", &["fr"]),
    ("windows-1252 de", "windows-1252", &["de"]),
    ("windows-1252 es", "windows-1252", &["es"]),
    ("windows-1250 cs", "windows-1250", &["cs"]),
    ("windows-1253 el", "windows-1253", &["el"]),
    ("windows-1258 vi", "windows-1258", &["vi"]),
];

fn same(text: &str) -> String {
    text.to_owned()
}

/// Every twelfth character is one that GBK lacks.
fn with_rare(text: &str) -> String {
    let rare = ['㐂', '䶮', '𠀀', '𬭎', '㛃', '鿍'];
    let mut count = 0;
    let swap = |c: char| {
        count += usize::from(!c.is_ascii());
        if !c.is_ascii() && count % 12 == 0 { rare[count / 12 % rare.len()] } else { c }
    };
    text.chars().map(swap).collect()
}

/// Every third character is one of the Simplified ones that only Unicode-At-On has.
fn with_simplified(text: &str) -> String {
    let mut count = 0;
    let swap = |c: char| {
        count += usize::from(!c.is_ascii());
        if !c.is_ascii() && count % 9 == 0 {
            ['国', '这', '们', '説', '个'][count / 9 % 5]
        } else {
            c
        }
    };
    text.chars().map(swap).collect()
}

struct Texts(BTreeMap<String, Vec<String>>);

impl Texts {
    fn read(folder: &Path) -> Texts {
        let mut texts = BTreeMap::new();
        let entries = std::fs::read_dir(folder).unwrap_or_else(|e| {
            eprintln!("{}: {e}; see the head of examples/detect_figures.rs", folder.display());
            std::process::exit(2)
        });
        for entry in entries.flatten() {
            let name = entry.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            texts.insert(name, text.lines().map(str::to_owned).collect());
        }
        Texts(texts)
    }

    /// A passage of about `size` characters that begins with a random line.
    fn passage(&self, names: &[&str], size: usize, random: &mut Random) -> String {
        let mut texts = self.0.iter().filter(|(n, _)| names.iter().any(|p| n.starts_with(p)));
        let some = random.below(texts.clone().count());
        let lines = texts.nth(some).map(|(_, lines)| lines).expect("texts.py writes all of them");
        let mut passage = String::new();
        let mut at = random.below(lines.len());
        while passage.chars().count() < size {
            let line = &lines[at % lines.len()];
            // Short snippets begin anywhere in a line.
            if passage.is_empty() && size <= 256 {
                let skip = random.below(line.chars().count().max(1));
                passage.extend(line.chars().skip(skip));
            } else {
                passage.push_str(line);
            }
            passage.push('\n');
            at += 1;
        }
        passage.chars().take(size).collect()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Cut {
    Aligned,
    Anywhere,
}

/// Some bytes, of which the first `cut` are the rest of a character.
struct Snippet {
    bytes: Vec<u8>,
    cut: usize,
}

impl Snippet {
    /// The encodings of other names in which it is exactly the same text as in `label`.
    fn alike(&self, label: &str) -> Vec<&'static str> {
        let whole = &self.bytes[self.cut..];
        let Some(right) = Encoding::for_label(label).map(|e| decode(whole, e)) else {
            return Vec::new();
        };
        let others = ["gb18030", "big5", "big5-hkscs", "big5-uao", "euc-tw"].into_iter();
        let others = others.filter(|o| !is_same(o, label));
        others
            .filter(|o| Encoding::for_label(o).is_some_and(|e| decode(whole, e) == right))
            .collect()
    }
}

struct Run {
    misses: bool,
    dump: Option<std::io::BufWriter<std::fs::File>>,
    rounds: usize,
    random: Random,
}

impl Run {
    fn snippet(&mut self, texts: &Texts, row: usize, size: usize, cut: Cut) -> Option<Snippet> {
        let (_, label, names, change) = ROWS[row];
        self.make(texts, label, names, change, size, cut)
    }

    fn whole(&mut self, texts: &Texts, row: usize, size: usize) -> Option<Vec<u8>> {
        self.snippet(texts, row, size, Cut::Aligned).map(|s| s.bytes)
    }

    fn make(
        &mut self,
        texts: &Texts,
        label: &str,
        names: &[&str],
        change: fn(&str) -> String,
        size: usize,
        cut: Cut,
    ) -> Option<Snippet> {
        let encoding = Encoding::for_label(label)?;
        for _ in 0..200 {
            let text = change(&texts.passage(names, size + 8, &mut self.random));
            let snippet = match cut {
                // As many whole characters as there is room for.
                Cut::Aligned => Snippet { bytes: whole_characters(&text, encoding, size), cut: 0 },
                Cut::Anywhere => {
                    let from = self.random.below(8);
                    let bytes = encode_lossy(&text, encoding);
                    let ends = text.char_indices().map(|(i, _)| encode_lossy(&text[..i], encoding));
                    let begins = ends.map(|part| part.len()).find(|len| *len >= from)?;
                    let bytes = bytes.get(from..from + size)?.to_vec();
                    Snippet { bytes, cut: begins - from }
                }
            };
            let found = &snippet.bytes;
            // Half of it at least is what there is to see.
            let telling = match label {
                "hz-gb-2312" | "iso-2022-cn" => {
                    found.len() > size / 2
                        && found.windows(2).any(|w| matches!(w, b"~{" | b"\x1B$"))
                }
                "utf-16le" | "utf-16be" | "utf-32le" => {
                    // Half of it Han: ASCII in it tells nothing of the order of bytes after a cut.
                    let nul = found.iter().filter(|b| **b == 0).count();
                    nul * 8 < found.len() * (if label == "utf-32le" { 5 } else { 1 })
                }
                "windows-1252" | "windows-1250" | "windows-1258" => {
                    found.iter().any(|b| *b >= 0x80)
                }
                _ => found.iter().filter(|b| **b >= 0x80).count() * 2 >= found.len().max(4),
            };
            if telling {
                return Some(snippet);
            }
        }
        None
    }

    fn snippets(&mut self, texts: &Texts, title: &str, cut: Cut) {
        println!("\n## {title}: % right, hanmend / chardetng\n");
        print!("| |");
        SIZES.iter().for_each(|s| print!(" {s} |"));
        println!("\n|---|{}", "---|".repeat(SIZES.len()));
        for (row, (name, label, ..)) in ROWS.iter().enumerate() {
            // Without an escape in them, seven bits are ASCII.
            if cut == Cut::Anywhere && matches!(*label, "hz-gb-2312" | "iso-2022-cn") {
                continue;
            }
            print!("| {name} |");
            for size in SIZES {
                let rounds = if size > 200 { self.rounds / 10 } else { self.rounds };
                let mut score = Score::default();
                for _ in 0..rounds {
                    let Some(snippet) = self.snippet(texts, row, size, cut) else { continue };
                    self.count_snippet(&mut score, &snippet, label, title, size);
                }
                print!(" {score} |");
                let _ = std::io::stdout().flush();
            }
            println!();
        }
    }

    fn count(&mut self, score: &mut Score, bytes: &[u8], label: &str, what: &str, size: usize) {
        let snippet = Snippet { bytes: bytes.to_vec(), cut: 0 };
        self.count_snippet(score, &snippet, label, what, size);
    }

    fn count_snippet(
        &mut self,
        score: &mut Score,
        snippet: &Snippet,
        label: &str,
        what: &str,
        size: usize,
    ) {
        let bytes = &snippet.bytes;
        let (found, other) = (detect(bytes).encoding.name(), chardetng(bytes));
        let alike = snippet.alike(label);
        self.write(what, label, size, bytes, [found, other], &alike);
        let is_right = |name| is_same(name, label) || alike.iter().any(|a| is_same(name, a));
        score.all += 1;
        score.ours += usize::from(is_right(found));
        score.theirs += usize::from(is_right(other));
        score.ours_named += usize::from(is_same(found, label));
        score.theirs_named += usize::from(is_same(other, label));
        if !is_right(found) && self.misses {
            let text = Encoding::for_label(label).map(|e| decode(bytes, e)).unwrap_or_default();
            let shown: String = text.chars().take(40).collect();
            eprintln!("{what}, {size}: {label} taken for {found}: {shown:?}");
        }
    }

    /// Writes a snippet, and what the two say of it, for benches/detect/peers.py.
    fn write(
        &mut self,
        what: &str,
        label: &str,
        size: usize,
        bytes: &[u8],
        said: [&str; 2],
        alike: &[&str],
    ) {
        if let Some(dump) = &mut self.dump {
            let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
            let (alike, [ours, theirs]) = (alike.join(","), said);
            let _ = writeln!(dump, "{what}\t{label}\t{size}\t{ours}\t{theirs}\t{alike}\t{hex}");
        }
    }

    fn markup(&mut self, texts: &Texts) {
        println!("\n## in 3 KB of markup, 84 bytes of text: % right, hanmend / chardetng\n");
        println!("| | |\n|---|---|");
        for (row, &(name, label, ..)) in ROWS.iter().enumerate() {
            if Encoding::for_label(label).is_none()
                || label.starts_with("utf-16")
                || label.starts_with("utf-32")
            {
                continue;
            }
            let mut score = Score::default();
            for _ in 0..300 {
                let Some(bytes) = self.whole(texts, row, 84) else { continue };
                let page = page(&bytes, "");
                self.count(&mut score, &page, label, "markup", 3000);
            }
            println!("| {name} | {score} |");
        }
    }

    fn damage(&mut self, texts: &Texts) {
        println!("\n## damaged documents of 4 and 16 KB: % right, hanmend / chardetng\n");
        let kinds: [(&str, Hurt); 8] = [
            ("cut at the end", |b, _, _| {
                b.pop();
            }),
            ("cut at both ends", |b, _, _| {
                b.pop();
                b.remove(0);
            }),
            ("one FF", |b, r, _| {
                let at = r.below(b.len());
                b.insert(at, 0xFF);
            }),
            ("one byte deleted", |b, r, _| {
                let at = r.below(b.len());
                b.remove(at);
            }),
            ("0.1 % random bytes", |b, r, _| {
                for _ in 0..b.len() / 1000 {
                    let at = r.below(b.len());
                    b[at] = r.below(256) as u8;
                }
            }),
            ("5 % foreign lines", |b, _, foreign| {
                let at = b.iter().position(|c| *c == b'\n').map_or(0, |i| i + 1);
                b.splice(at..at, foreign.iter().copied());
            }),
            ("a stray B7 or A9", |b, r, _| {
                let at = r.below(b.len());
                b.insert(at, if at % 2 == 0 { 0xB7 } else { 0xA9 });
            }),
            ("a lone 80", |b, r, _| {
                let at = r.below(b.len());
                b.insert(at, 0x80);
            }),
        ];
        print!("| |");
        kinds.iter().for_each(|k| print!(" {} |", k.0));
        println!("\n|---|{}", "---|".repeat(kinds.len()));
        for (row, &(name, label, ..)) in ROWS.iter().enumerate() {
            if Encoding::for_label(label).is_none() {
                continue;
            }
            print!("| {name} |");
            for (kind, hurt) in kinds {
                let mut score = Score::default();
                for round in 0..self.rounds / 25 {
                    let size = if round % 2 == 0 { 4096 } else { 16384 };
                    let Some(mut bytes) = self.whole(texts, row, size) else {
                        continue;
                    };
                    let inner = if label == "utf-8" { 1 } else { 0 };
                    let foreign = self.whole(texts, inner, size / 20).unwrap_or_default();
                    hurt(&mut bytes, &mut self.random, &foreign);
                    self.count(&mut score, &bytes, label, kind, size);
                }
                print!(" {score} |");
                let _ = std::io::stdout().flush();
            }
            println!();
        }
    }

    fn declared(&mut self, texts: &Texts) {
        println!(
            "\n## with a declared charset, text of 8 / 16 / 64 bytes: % right, hanmend / chardetng\n"
        );
        println!("| | absent | right | wrong |\n|---|---|---|---|");
        for row in [0, 1, 2, 4, 5, 7] {
            let (name, label, ..) = ROWS[row];
            if Encoding::for_label(label).is_none() {
                continue;
            }
            print!("| {name} |");
            let wrong = if label == "utf-8" { "gb2312" } else { "utf-8" };
            let other = if label.starts_with("gb") { "big5" } else { "gbk" };
            for said in [None, Some([label; 2]), Some([wrong, other])] {
                for size in [8, 16, 64] {
                    let mut score = Score::default();
                    for round in 0..300 {
                        let Some(text) = self.whole(texts, row, size) else {
                            continue;
                        };
                        let head = said
                            .map_or(String::new(), |l| format!("<meta charset={}>", l[round % 2]));
                        let what = ["declared: absent", "declared: right", "declared: wrong"]
                            [said.map_or(0, |l| if l[0] == label { 1 } else { 2 })];
                        self.count(&mut score, &page(&text, &head), label, what, size);
                    }
                    print!(" {score}");
                }
                print!(" |");
            }
            println!();
        }
    }

    fn others(&mut self, texts: &Texts) {
        println!("\n## other scripts called Chinese: % of snippets, hanmend / chardetng\n");
        print!("| |");
        SIZES.iter().for_each(|s| print!(" {s} |"));
        println!("\n|---|{}", "---|".repeat(SIZES.len()));
        for (name, label, names) in OTHERS {
            print!("| {name} |");
            for size in SIZES {
                let mut score = Score::default();
                for _ in 0..if size > 200 { self.rounds / 10 } else { self.rounds } {
                    let Some(Snippet { bytes, .. }) =
                        self.make(texts, label, names, same, size, Cut::Aligned)
                    else {
                        continue;
                    };
                    let (found, other) = (detect(&bytes).encoding.name(), chardetng(&bytes));
                    self.write("other", name, size, &bytes, [found, other], &[]);
                    score.all += 1;
                    score.ours += usize::from(is_chinese(found));
                    score.theirs += usize::from(is_chinese(other));
                    if self.misses && is_chinese(found) {
                        let text = Encoding::for_label(label)
                            .map(|e| decode(&bytes, e))
                            .unwrap_or_default();
                        let from = text.chars().position(|c| !c.is_ascii()).unwrap_or(0);
                        let shown: String =
                            text.chars().skip(from.saturating_sub(15)).take(40).collect();
                        eprintln!("other, {size}: {name} taken for {found}: {shown:?}");
                    }
                }
                print!(" {score} |");
                let _ = std::io::stdout().flush();
            }
            println!();
        }
    }

    /// How often what was said with a confidence was right.
    fn calibration(&mut self, texts: &Texts) {
        println!("\n## calibration: confidence said, % right, snippets\n");
        let mut bins = [(0usize, 0usize, 0f64); 8];
        for size in [2, 4, 6, 8, 12, 16] {
            for row in [0, 1, 2, 4, 5, 7] {
                let label = ROWS[row].1;
                for _ in 0..600 {
                    let Some(bytes) = self.whole(texts, row, size) else {
                        continue;
                    };
                    let found = detect(&bytes);
                    let bin = match found.confidence {
                        0.0..0.5 => 0,
                        0.5..0.6 => 1,
                        0.6..0.7 => 2,
                        0.7..0.8 => 3,
                        0.8..0.9 => 4,
                        0.9..0.95 => 5,
                        0.95..0.99 => 6,
                        _ => 7,
                    };
                    bins[bin].0 += 1;
                    bins[bin].1 += usize::from(is_same(found.encoding.name(), label));
                    bins[bin].2 += f64::from(found.confidence);
                }
            }
        }
        println!("| said | right | snippets |\n|---|---|---|");
        for (all, right, said) in bins.into_iter().filter(|b| b.0 > 0) {
            let of = |n: f64| 100.0 * n / all as f64;
            println!("| {:.1} % | {:.1} % | {all} |", of(said), of(right as f64));
        }
    }

    /// Both in turn on the same forty pieces, the median of nine rounds.
    fn speed(&mut self, texts: &Texts) {
        const SIZES: [usize; 4] = [256, 1024, 4096, 65536];
        println!("\n## speed: MB/s of hanmend, times chardetng\n");
        println!("| | 256 B | 1 KB | 4 KB | 64 KB |\n|---|---|---|---|---|");
        for row in [0, 1, 2, 4, 5, 8] {
            print!("| {} |", ROWS[row].0);
            for size in SIZES {
                let (_, label, names, change) = ROWS[row];
                let encoding = Encoding::for_label(label).expect("known");
                let piece = || {
                    let text = change(&texts.passage(names, size, &mut self.random));
                    let mut bytes = encode_lossy(&text, encoding);
                    bytes.truncate(size);
                    bytes
                };
                let pieces: Vec<Vec<u8>> =
                    std::iter::repeat_with(piece).take(if size > 4096 { 3 } else { 40 }).collect();
                let time = |f: &dyn Fn(&[u8]) -> usize| {
                    let start = Instant::now();
                    let sum: usize = pieces.iter().map(|p| f(p)).sum();
                    assert!(sum > 0);
                    start.elapsed().as_secs_f64()
                };
                let (mut ours, mut theirs) = ([0.0; 9], [0.0; 9]);
                for (ours, theirs) in ours.iter_mut().zip(&mut theirs) {
                    *ours = time(&|b| detect(b).encoding.name().len());
                    *theirs = time(&|b| chardetng(b).len());
                }
                ours.sort_by(f64::total_cmp);
                theirs.sort_by(f64::total_cmp);
                let all: usize = pieces.iter().map(Vec::len).sum();
                print!(" {:.0}, {:.1} × |", all as f64 / ours[4] / 1e6, theirs[4] / ours[4]);
                let _ = std::io::stdout().flush();
            }
            println!();
        }
    }
}

/// Files in folders that are named by their encodings: how many are found, and what was missed.
fn files(folder: &Path) {
    println!("| folder | hanmend | chardetng | missed |\n|---|---|---|---|");
    let list = |folder: &Path| {
        let mut paths: Vec<_> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
        paths.sort();
        paths
    };
    for folder in list(folder).into_iter().filter(|p| p.is_dir()) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Names such as windows-1251-russian.
        let mut label = name.to_ascii_lowercase();
        while Encoding::for_label(&label).is_none() {
            let Some(at) = label.rfind('-') else { break };
            label.truncate(at);
        }
        let (mut all, mut ours, mut theirs, mut missed) = (0, 0, 0, Vec::new());
        for path in list(&folder).into_iter().filter(|p| p.is_file()) {
            let bytes = std::fs::read(&path).unwrap_or_default();
            let found = detect(&bytes).encoding.name();
            all += 1;
            theirs += usize::from(is_same(chardetng(&bytes), &label));
            if is_same(found, &label) {
                ours += 1;
            } else {
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                missed.push(format!("{file}: {found}"));
            }
        }
        println!("| {name} | {ours} of {all} | {theirs} of {all} | {} |", missed.join(", "));
    }
}

fn page(text: &[u8], head: &str) -> Vec<u8> {
    let link = "<li class=\"item\"><a href=\"/archive/2008/05/index.html\">next</a></li>\n";
    let before = format!(
        "<!DOCTYPE html>\n<html><head>{head}<title>page</title></head><body>\n<ul>{}</ul>\n<p>",
        link.repeat(21)
    );
    let after = format!("</p>\n{}</body></html>\n", link.repeat(20));
    [before.as_bytes(), text, after.as_bytes()].concat()
}

/// The longest start of `text` that has `size` bytes at most; what cannot be encoded is left out.
fn whole_characters(text: &str, encoding: Encoding, size: usize) -> Vec<u8> {
    let can = |c: char| encode(c.encode_utf8(&mut [0; 4]), encoding, Unmappable::Error).is_ok();
    let mut part = String::new();
    for c in text.chars().take(size) {
        if c.is_ascii() || can(c) {
            part.push(c);
        }
    }
    let ends: Vec<usize> = part.char_indices().map(|(i, c)| i + c.len_utf8()).collect();
    let fits = |end: &usize| encode_lossy(&part[..*end], encoding).len() <= size;
    match ends.partition_point(fits) {
        0 => Vec::new(),
        n => encode_lossy(&part[..ends[n - 1]], encoding),
    }
}

fn encode_lossy(text: &str, encoding: Encoding) -> Vec<u8> {
    encode(text, encoding, Unmappable::Question).expect("what it lacks is a question mark")
}

fn decode(bytes: &[u8], encoding: Encoding) -> String {
    let mut decoder = hanmend::decode::Decoder::with_encoding(encoding);
    let mut text = String::new();
    decoder.push(bytes, &mut text, &mut Silent);
    decoder.finish(&mut text, &mut Silent);
    text
}

fn chardetng(bytes: &[u8]) -> &'static str {
    let mut other = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    other.feed(bytes, true);
    other.guess(None, chardetng::Utf8Detection::Allow).name()
}

/// Names of encodings that decode alike are the same.
fn is_same(found: &str, label: &str) -> bool {
    let write = |name: &str| Encoding::for_label(name).map(Encoding::to_write);
    found == label || (write(found).is_some() && write(found) == write(label))
}

fn is_chinese(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["gb", "big5", "euc-tw", "hz", "iso-2022-cn", "utf-16", "utf-32"]
        .iter()
        .any(|p| name.starts_with(p))
}

#[derive(Default)]
struct Score {
    all: usize,
    ours: usize,
    theirs: usize,
    /// Where the name alone counts.
    ours_named: usize,
    theirs_named: usize,
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = |n: usize| 100.0 * n as f64 / self.all.max(1) as f64;
        write!(f, "{:.1} / {:.0}", of(self.ours), of(self.theirs))?;
        let named = (self.ours_named, self.theirs_named);
        if named != (0, 0) && named != (self.ours, self.theirs) {
            write!(f, " (by name {:.1} / {:.0})", of(named.0), of(named.1))?;
        }
        Ok(())
    }
}

/// A small deterministic generator, so that every run has the same snippets.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }
}
