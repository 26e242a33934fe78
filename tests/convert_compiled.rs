//! The compiled dictionaries are what the text dictionaries compile to. With the environment
//! variable `HANMEND_REGENERATE` set, they are written anew.

use std::fmt::Write;
use std::path::Path;

use hanmend::convert::{CONFIGS, Converter};
use hanmend::dict::builtin::BUILTIN;
use hanmend::dict::{Table, compile, parse_rows};
use sha2::{Digest, Sha256};

#[test]
fn compiled_dictionaries_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let compiled = root.join("compiled/opencc");
    let mut index = String::from(
        "# What data/opencc compiles to. HANMEND_REGENERATE=1 cargo test --test convert_compiled\n\
         # name\tkeys\tlongest key, characters\tbytes\tsha256\n",
    );
    let mut stale = Vec::new();
    for dict in BUILTIN {
        let text = std::fs::read_to_string(root.join(format!("opencc/{}.txt", dict.name))).unwrap();
        let bytes = compile(&parse_rows(&text).unwrap());
        let table = Table::from_vec(bytes.clone()).unwrap();
        let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        let (name, keys, chars) = (dict.name, table.keys(), table.longest_chars());
        writeln!(index, "{name}\t{keys}\t{chars}\t{}\t{hash}", bytes.len()).unwrap();
        update(&compiled.join(format!("{name}.dict")), &bytes, &mut stale);
    }
    for config in CONFIGS {
        let bytes = Converter::facts(config).unwrap();
        let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        writeln!(index, "{config}\t-\t-\t{}\t{hash}", bytes.len()).unwrap();
        update(&compiled.join(format!("{config}.fast")), &bytes, &mut stale);
    }
    update(&compiled.join("index.tsv"), index.as_bytes(), &mut stale);
    assert!(
        stale.is_empty(),
        "not what data/opencc compiles to: {stale:?}; \
         HANMEND_REGENERATE=1 cargo test --test convert_compiled writes them"
    );
}

fn update(path: &Path, bytes: &[u8], stale: &mut Vec<String>) {
    if std::fs::read(path).is_ok_and(|have| have == bytes) {
        return;
    }
    if std::env::var_os("HANMEND_REGENERATE").is_some() {
        std::fs::write(path, bytes).unwrap();
    } else {
        stale.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
}

#[test]
fn every_row_is_found_with_its_values() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/opencc");
    for dict in BUILTIN {
        let table = Table::open(dict.bytes).unwrap();
        let text = std::fs::read_to_string(root.join(format!("{}.txt", dict.name))).unwrap();
        let rows = parse_rows(&text).unwrap();
        assert_eq!(table.keys(), rows.len(), "{}", dict.name);
        for row in rows {
            let found = table.exact(row.key.as_bytes()).unwrap();
            assert_eq!(found.value, row.values[0].as_bytes(), "{} {}", dict.name, row.key);
            assert_eq!(found.others, row.values[1..].join(" ").as_bytes(), "{}", row.key);
        }
    }
}
