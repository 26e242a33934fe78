//! What the program says to programs is what docs/report.md says: the tables there are read, and
//! compared with the lines of real runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::support::{CLEAN, DAMAGED, Place};

/// A row of a table of keys.
struct Key {
    name: String,
    always: bool,
    types: Vec<String>,
}

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.md");
    std::fs::read_to_string(path).unwrap()
}

/// The rows of the table under `heading` of which the first column is called `first`.
fn rows(heading: &str, first: &str) -> Vec<Vec<String>> {
    let document = document();
    let part = document.split("\n## ").find(|part| part.lines().next() == Some(heading)).unwrap();
    let rows: Vec<Vec<String>> = part
        .lines()
        .skip_while(|line| !line.starts_with(&format!("| {first} |")))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(|c| c.trim().replace('`', "")).collect())
        .collect();
    assert!(!rows.is_empty(), "{heading} has no table of {first}");
    rows
}

fn keys(heading: &str) -> Vec<Key> {
    let key = |row: Vec<String>| {
        assert!(matches!(row[1].as_str(), "all" | "some"), "{row:?}");
        let types = row[2].split(" or ").map(str::to_owned).collect();
        Key { name: row[0].clone(), always: row[1] == "all", types }
    };
    rows(heading, "key").into_iter().map(key).collect()
}

fn type_of(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "string".to_owned(),
        Value::Object(_) => "object".to_owned(),
        Value::Array(items) => match &items[..] {
            [Value::Number(a), Value::Number(b)] if a.as_u64() <= b.as_u64() => "range".to_owned(),
            items => {
                let types: BTreeSet<String> = items.iter().map(type_of).collect();
                assert_eq!(types.len(), 1, "{items:?}");
                format!("list of {}", types.first().unwrap())
            }
        },
    }
}

/// Appends the keys of `value` and of what is in it, in their order.
fn flatten(prefix: &str, value: &Value, found: &mut Vec<(String, String)>) {
    let Value::Object(object) = value else { return };
    for (key, value) in object {
        // What has damage is named by its key.
        let name = format!("{prefix}{}", if prefix == "damage." { "*" } else { key });
        found.push((name.clone(), type_of(value)));
        let within = format!("{name}.");
        match value {
            Value::Array(items) => items.iter().for_each(|item| flatten(&within, item, found)),
            value => flatten(&within, value, found),
        }
    }
}

/// Compares lines with the table under `heading`.
fn compare(heading: &str, lines: &[&Value]) {
    let keys = keys(heading);
    let place = |name: &str| keys.iter().position(|key| key.name == name);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines {
        let mut found = Vec::new();
        flatten("", line, &mut found);
        for (name, kind) in &found {
            let key = place(name).map(|at| &keys[at]);
            let key = key.unwrap_or_else(|| panic!("{heading}: no row for {name}: {line}"));
            assert!(key.types.contains(kind), "{heading}: {name} is {kind}: {line}");
        }
        let mut names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        let top: Vec<_> = names.iter().filter(|n| !n.contains('.')).map(|n| place(n)).collect();
        assert!(top.is_sorted(), "{heading}: another order than the table: {line}");
        names.sort_unstable();
        names.dedup();
        for name in names {
            *seen.entry(name.to_owned()).or_default() += 1;
        }
    }
    for key in &keys {
        let times = seen.get(&key.name).copied().unwrap_or_default();
        let kind = if times == lines.len() { "all" } else { "some" };
        assert!(times > 0, "{heading}: {} is in no line", key.name);
        assert_eq!(key.always, kind == "all", "{heading}: {} is in {kind} lines", key.name);
    }
}

/// Inputs with damage of every repair, in several encodings, packed and in an archive.
fn place() -> Place {
    let path = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let file = |name: &str| std::fs::read(path(name)).unwrap();
    let gbk = encoding_rs::GBK.encode(&CLEAN.replace('來', "来")).0.repeat(3);
    let mixed = [CLEAN.repeat(3).as_bytes(), &gbk, CLEAN.as_bytes()].concat();
    let noise = "日?本?帝?國?的?軍?隊?在?這?裡?駐?紮?過\n";
    Place::with(&[
        ("in/gloss.txt", &file("examples/damaged-page.txt")),
        ("in/big5.html", &file("examples/page-big5.html")),
        ("in/escape.txt", DAMAGED.as_bytes()),
        ("in/clean.txt", CLEAN.as_bytes()),
        ("in/mixed.txt", &mixed),
        ("in/mojibake.txt", "鑰佸笀璇达紝瀹炵幇鐞嗘兂瑕侀潬鑷?宸辩殑鍔?鍔涖??\n".as_bytes()),
        ("in/lost.txt", b"\xEF\xBB\xBF\xE4\xBB\x96\xE5\x80\x91\xFF\xE8\xAA\xAA\n"),
        ("in/radicals.txt", "⼈⼒不足,⼤家都⾛了。\n".as_bytes()),
        ("in/noise.txt", noise.as_bytes()),
        ("in/choice.txt", "他在干什么\n".as_bytes()),
        ("in/archive.tar", &file("tests/data/formats/python-gnu.tar")),
        ("in/archive.warc.gz", &file("tests/data/formats/warcio.warc.gz")),
    ])
}

/// The lines of `ran`.
fn lines(text: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(text).unwrap();
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[test]
fn the_lines_have_the_keys_of_the_tables() {
    let place = place();
    let options = ["-r", "+noise", "-s", "s2t", "-E", "gbk", "--unmappable", "question", "-q"];
    let mut command = vec!["fix", "--report", "changes", "-O", "out", "in"];
    command.extend(options);
    place.run(&command).status(0);
    let mut all = lines(&place.read("changes"));
    all.extend(lines(&place.run(&["explain", "--json", "-s", "s2t", "in"]).status(0).stdout));
    for line in &all {
        assert!(line.get("version").is_none(), "version 1 says none: {line}");
        assert!(line.get("repair").is_some() != line.get("offset").is_some(), "{line}");
    }
    let (changes, encodings): (Vec<&Value>, _) =
        all.iter().partition(|l| l.get("repair").is_some());
    compare("Changes", &changes);
    compare("Encodings", &encodings);

    let documented: BTreeSet<String> =
        rows("Changes", "repair").iter().map(|r| r[0].clone()).collect();
    let mut seen = BTreeSet::new();
    for line in &changes {
        seen.extend(line["repair"].as_str().unwrap().split('+').map(str::to_owned));
        let left = line["certainty"] == "unrepaired";
        assert!(left || line["certainty"] == "sure" || line["certainty"] == "guess", "{line}");
        assert_eq!(line.get("reason").is_some(), left, "{line}");
    }
    assert_eq!(seen, documented);

    let detected = lines(&place.run(&["detect", "--json", "in"]).status(0).stdout);
    assert_eq!(detected.len(), place.tree("in").len());
    compare("Inputs", &detected.iter().collect::<Vec<_>>());
    for line in &detected {
        assert!(
            line["damage"].as_object().unwrap().keys().all(|k| documented.contains(k)),
            "{line}"
        );
    }
}

#[test]
fn changes_replay_and_undo_and_stand_in_order() {
    let place = place();
    let report =
        ["fix", "-r", "+noise", "-s", "s2t", "-q", "--report", "changes", "-O", "out", "in"];
    place.run(&report).status(0);
    let all = lines(&place.read("changes"));
    let mut groups: Vec<&str> = all.iter().map(|l| l["path"].as_str().unwrap()).collect();
    groups.dedup();
    assert!(groups.is_sorted(), "an input's lines stand together, in order: {groups:?}");

    let mut replayed = 0;
    for name in ["gloss", "escape", "mixed", "mojibake", "lost", "radicals", "noise", "choice"] {
        let path = format!("in/{name}.txt");
        let input = match name {
            "mixed" => (CLEAN.repeat(3) + &CLEAN.replace('來', "来").repeat(3)) + CLEAN,
            _ => String::from_utf8_lossy(&place.read(&path)).replace('\u{feff}', ""),
        };
        let output = String::from_utf8(place.read(&format!("out/{name}.txt"))).unwrap();
        let output = output.replace('\u{feff}', "");
        let changes: Vec<&Value> = all
            .iter()
            .filter(|l| l["path"] == *path && l.get("repair").is_some())
            .filter(|l| l["certainty"] != "unrepaired")
            .collect();
        replayed += changes.len();
        assert_eq!(spliced(&input, &changes, ["input", "before", "after"]), output, "{name}");
        assert_eq!(spliced(&output, &changes, ["output", "after", "before"]), input, "{name}");
    }
    assert!(replayed > 100, "{replayed}");
}

/// Puts at every `range` of `text`, which holds the text of key `old`, that of key `new`.
fn spliced(text: &str, changes: &[&Value], [range, old, new]: [&str; 3]) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for line in changes {
        let [start, end] = [0, 1].map(|i| line[range][i].as_u64().unwrap() as usize);
        assert!(at <= start, "changes overlap or are out of order: {line}");
        assert_eq!(text[start..end], *line[old].as_str().unwrap());
        out += &text[at..start];
        out += line[new].as_str().unwrap();
        at = end;
    }
    out + &text[at..]
}
