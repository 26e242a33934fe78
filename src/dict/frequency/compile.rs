//! Compiles the tables that training wrote, and checks that the compiled form is theirs.

use std::collections::BTreeMap;
use std::path::Path;

use super::{MAGIC, VERSION};

const COMPILED: &str = "data/compiled/frequencies.bin";
const MOST: usize = 400_000;

fn compile(characters: &str, bigrams: &str) -> Vec<u8> {
    let mut table: BTreeMap<char, (u8, u8, char)> = BTreeMap::new();
    for row in rows(characters) {
        let cells: Vec<&str> = row.split('\t').collect();
        let c = cells[0].chars().next().unwrap();
        let fold = cells[3].chars().next().unwrap_or(c);
        table.insert(c, (cells[1].parse().unwrap(), cells[2].parse().unwrap(), fold));
    }
    let index: BTreeMap<char, u16> =
        table.keys().enumerate().map(|(i, &c)| (c, i as u16)).collect();
    let mut pairs: BTreeMap<u16, BTreeMap<u16, u8>> = BTreeMap::new();
    for row in rows(bigrams) {
        let mut cells = row.split('\t');
        let first = index[&cells.next().unwrap().chars().next().unwrap()];
        for cell in cells {
            let (weight, seconds) = cell.split_once(':').unwrap();
            for second in seconds.chars() {
                pairs.entry(first).or_default().insert(index[&second], weight.parse().unwrap());
            }
        }
    }
    let count: usize = pairs.values().map(BTreeMap::len).sum();
    let mut out = MAGIC.to_vec();
    out.extend(VERSION.to_le_bytes());
    out.extend((table.len() as u16).to_le_bytes());
    out.extend((count as u32).to_le_bytes());
    out.extend(table.keys().flat_map(|&c| (c as u16).to_le_bytes()));
    out.extend(table.values().map(|row| row.0));
    out.extend(table.values().map(|row| row.1));
    out.extend(table.values().flat_map(|row| index[&row.2].to_le_bytes()));
    let mut start = 0u32;
    for i in 0..table.len() as u16 {
        out.extend(start.to_le_bytes());
        start += pairs.get(&i).map_or(0, |p| p.len() as u32);
    }
    out.extend(start.to_le_bytes());
    out.extend(pairs.values().flat_map(|p| p.keys()).flat_map(|s| s.to_le_bytes()));
    out.extend(pairs.values().flat_map(|p| p.values()));
    out
}

#[test]
fn the_compiled_form_is_that_of_the_tables() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tables = root.join("data/tables/frequencies");
    let read = |name: &str| std::fs::read_to_string(tables.join(name)).unwrap();
    let compiled = compile(&read("characters.tsv"), &read("bigrams.tsv"));
    assert!(compiled.len() <= MOST, "{} bytes, {MOST} is the limit", compiled.len());
    if std::env::var_os("HANMEND_REGENERATE").is_some() {
        std::fs::write(root.join(COMPILED), &compiled).unwrap();
    }
    assert!(
        std::fs::read(root.join(COMPILED)).unwrap() == compiled,
        "{COMPILED} is not what the tables give: \
         run HANMEND_REGENERATE=1 cargo test --lib dict::frequency"
    );
}

fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|l| !l.starts_with("# "))
}
