//! The labelled cases of the repair `entity`, and the tables of the HTML standard.

use std::path::Path;

use hanmend::event::{Repair, Silent};
use hanmend::repair::Entity;
use hanmend::stage::Stage;

#[path = "support/cases.rs"]
mod cases;

const CASES: cases::Cases<Entity> = cases::Cases {
    repair: Repair::Entity,
    make: |mode| match mode {
        "plain" => Entity::plain(),
        "html" => Entity::html(),
        "auto" => Entity::auto(),
        other => panic!("no mode {other}"),
    },
};

labelled_cases!(CASES);

/// All 2,231 names of the standard, with and without semicolon.
#[test]
fn every_name_of_the_standard() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tables/html-entities.tsv");
    let table = std::fs::read_to_string(path).unwrap();
    let mut names = 0;
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let text: String = fields[1]
            .split(' ')
            .map(|hex| char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap())
            .collect();
        let mut check = |reference: String| {
            names += 1;
            let markup = text.contains(['<', '>', '&', '"', '\'']);
            let html = if markup { &reference } else { &text };
            assert_eq!(&mend(Entity::html(), &reference), html, "{reference}");
            assert_eq!(mend(Entity::plain(), &reference), text, "{reference}");
            let double = reference.replace('&', "&amp;");
            assert_eq!(mend(Entity::plain(), &double), text, "{double}");
        };
        check(format!("&{};", fields[0]));
        if fields[2] == "bare" {
            check(format!("&{}", fields[0]));
        }
    }
    assert_eq!(names, 2231);
}

/// Every number, by the standard's table and rules.
#[test]
fn every_number() {
    for value in (0..0x3000).chain((0x3000..0x11_0100).step_by(97)).chain(0xD7FF..0xE001) {
        let want = match value {
            0 | 0xD800..=0xDFFF | 0x11_0000.. => '\u{FFFD}',
            0x80..=0x9F => {
                let byte = [value as u8];
                let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
                text.chars().next().unwrap()
            }
            _ => char::from_u32(value).unwrap(),
        };
        let want = want.to_string();
        assert_eq!(mend(Entity::plain(), &format!("&#{value};")), want, "{value}");
        assert_eq!(mend(Entity::plain(), &format!("&#x{value:x};")), want, "{value:x}");
    }
}

#[test]
fn any_mixture_keeps_the_contract() {
    const PIECES: [&str; 40] = [
        "&",
        "#",
        "x",
        "amp;",
        "&amp;",
        "&#38;",
        "&#23454;",
        "&#x5B9E",
        ";",
        "；",
        "＆",
        "＃",
        "２",
        "ｘ",
        "5B9E",
        "&#55357;",
        "&#56832;",
        "\\u5b9e",
        "\\ud83d",
        "\\ude00",
        "\\",
        "%u5B9E",
        "%E5%AE%9E",
        "%E5",
        "%",
        "\"",
        "'",
        " ",
        "\n",
        "实",
        "，",
        "<p>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "http://a.cn/?a=1&copy=2",
        "&nbsp",
        "=",
        "<a b=\"",
    ];
    CASES.any_mixture_keeps_the_contract(&PIECES, &["plain", "html", "auto"]);
}

fn mend(mut stage: Entity, input: &str) -> String {
    let mut out = String::new();
    stage.push(input, &mut out, &mut Silent);
    stage.finish(&mut out, &mut Silent);
    out
}
