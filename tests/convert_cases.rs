//! OpenCC's own cases, `data/opencc/test-data/testcases.json`.

use std::collections::HashMap;

use hanmend::convert::{CONFIGS, Converter};
use serde_json::Value;

/// How many expectations the file has; fewer read means that the file was not read right.
const EXPECTATIONS: usize = 556;

#[test]
fn all_of_opencc_s_cases() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/opencc/test-data/testcases.json");
    let text = std::fs::read_to_string(path).unwrap();
    let root: Value = serde_json::from_str(&without_last_commas(&text)).unwrap();
    let converters: HashMap<&str, Converter> =
        CONFIGS.iter().map(|&name| (name, Converter::new(name).unwrap())).collect();
    let mut count = 0;
    let mut wrong = Vec::new();
    for case in root["cases"].as_array().unwrap() {
        let input = case["input"].as_str().unwrap();
        for (config, want) in case["expected"].as_object().unwrap() {
            count += 1;
            let got = converters[config.as_str()].convert(input);
            if got != want.as_str().unwrap() {
                wrong.push(format!("{} {config}: {input} gave {got}, want {want}", case["id"]));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(count, EXPECTATIONS);
}

/// The file has commas before closing brackets, which JSON does not.
fn without_last_commas(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with(['}', ']']) && out.trim_end().ends_with(',') {
            out.truncate(out.trim_end().len() - 1);
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}
