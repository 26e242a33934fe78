use super::*;
use crate::convert::Phrases;
use crate::dict::Row;
use crate::event::{Silent, replay, undo};
use crate::stage::harness::prove;

fn to(target: &str, text: &str) -> String {
    let target = Target::from_name(target).unwrap();
    let (output, report) = prove(|| target.stage(), text);
    assert_eq!(replay(text, &report.events).as_deref(), Some(output.as_str()), "{report:?}");
    assert_eq!(undo(&output, &report.events).as_deref(), Some(text), "{report:?}");
    output
}

/// For inputs that are too long for every cut: whole, and in pieces of a few sizes.
fn quick(target: &str, text: &str) -> String {
    let mut stage = Target::from_name(target).unwrap().stage();
    let mut outs = [text.len(), 4_099, 301].map(|size| {
        let mut out = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let piece = rest.floor_char_boundary(size.min(rest.len()));
            stage.push(&rest[..piece], &mut out, &mut crate::event::Silent);
            assert!(stage.held() <= stage.max_held());
            rest = &rest[piece..];
        }
        stage.finish(&mut out, &mut crate::event::Silent);
        out
    });
    assert!(outs.windows(2).all(|w| w[0] == w[1]), "output depends on the cut");
    std::mem::take(&mut outs[0])
}

#[test]
fn phrases_of_ones_own_go_over_a_target_wherever_they_stand() {
    let row = |key: &str, value: &str| Row { key: key.into(), values: vec![value.into()] };
    let rows = [row("云盘", "雲端硬碟"), row("雲端，硬碟", "网盘")];
    let phrases = Phrases::default().rows(rows).protect(["著名的后先生", "鼠标"]);
    let to = |target: Target, text: &str| {
        let phrases = phrases.compile().unwrap();
        let (output, report) = prove(|| target.stage_with(phrases.clone()), text);
        assert_eq!(replay(text, &report.events).as_deref(), Some(output.as_str()), "{report:?}");
        assert_eq!(undo(&output, &report.events).as_deref(), Some(text), "{report:?}");
        output
    };
    let simplified = "著名的后先生说，鼠标和云盘都在皇后后面。";
    assert_eq!(to(Target::Tw, simplified), "著名的后先生說，鼠标和雲端硬碟都在皇后後面。");
    // Also where the text is what it should be already, and across clauses of two scripts.
    assert_eq!(to(Target::Hans, simplified), "著名的后先生说，鼠标和雲端硬碟都在皇后后面。");
    assert_eq!(to(Target::Hans, "这里说，雲端，硬碟裡說。"), "这里说，网盘里说。");
    assert_eq!(to(Target::Hans, "云盘"), "雲端硬碟");
    assert_eq!(to(Target::Hans, ""), "");
}

#[test]
fn what_already_is_what_was_asked_stays() {
    // Each of these is changed by the plain config.
    for (target, text) in [
        ("hans", "著书立说的人藉口瞭望，这里没有答案。"),
        ("hant", "皇后與太后在宮裡商量，乾隆年間的台北後來變了。"),
        ("tw", "皇后與太后在宮裡商量，後來變了。"),
        ("hk", "他在屋裏寫字，後來寫了一封信，説得很明白。"),
    ] {
        assert_eq!(to(target, text), text, "{target}");
    }
}

#[test]
fn simplified_and_traditional() {
    let simplified = "后来他们在这里发现头发干了，于是写信给皇后。";
    assert_eq!(to("hant", simplified), "後來他們在這裏發現頭髮幹了，於是寫信給皇后。");
    assert_eq!(to("tw", simplified), "後來他們在這裡發現頭髮幹了，於是寫信給皇后。");
    assert_eq!(to("twp", "他的鼠标在哪里？软件坏了。"), "他的滑鼠在哪裡？軟體壞了。");
    assert_eq!(to("hans", "後來他們在這裏發現頭髮白了。"), "后来他们在这里发现头发白了。");
    assert_eq!(to("hans", "她還看著那本名著，等著。"), "她还看着那本名著，等着。");
    assert_eq!(to("hans", "衞生署説明：他寫着字。"), "卫生署说明：他写着字。");
    assert_eq!(to("jp", "広い国の话说来很长"), to("jp", "広い国の话说来很长"));
    assert_eq!(to("jp", "國學與經濟"), "国学与経済");
}

#[test]
fn naive_traditional_goes_through_simplified() {
    let naive = "本文來源于網絡，之后發表，這里說明：學習系統的制作干部于昨日并入聯絡處。";
    let text = to("hant", naive);
    assert!(text.starts_with("本文來源於網絡，之後發表，這裏說明"), "{text}");
    assert!(text.contains("並入") || text.contains("併入"), "{text}");
    assert!(text.contains("幹部於昨日"), "{text}");
    assert!(to("hans", naive).starts_with("本文来源于网络，之后发表，这里说明"));
}

#[test]
fn one_naive_word_is_enough_where_nothing_speaks_against_it() {
    assert_eq!(to("hant", "來源于網絡"), "來源於網絡");
    for text in ["于小姐來電", "皇后與國王", "全長五公里", "于是離開", "由于氏開設，後來轉讓"]
    {
        assert_eq!(to("hant", text), text);
    }
}

#[test]
fn quotations_in_the_other_script_are_converted() {
    assert_eq!(
        to("hans", "这本书说：「讀書可以明理」，著书的人都这么看。"),
        "这本书说：「读书可以明理」，著书的人都这么看。"
    );
    assert_eq!(
        to("hant", "這本書說：「读书可以明理」，台北的學者們這麼看。"),
        "這本書說：「讀書可以明理」，台北的學者們這麼看。"
    );
}

#[test]
fn japanese_and_korean_stay() {
    for target in ["hans", "hant", "tw", "hk", "jp"] {
        for text in
            ["東京都の図書館で國語の辞書を借りました。\n経済学部\n", "한국어 文章 속의 漢字입니다."]
        {
            assert_eq!(to(target, text), text, "{target}");
        }
    }
    let page = "图书馆的说明：\n東京の図書館で國語の辞書を借りました。\n这里是说明。\n";
    assert_eq!(
        to("hant", page),
        "圖書館的說明：\n東京の図書館で國語の辞書を借りました。\n這裏是說明。\n"
    );
}

#[test]
fn a_mixed_clause_keeps_what_fits_already() {
    assert_eq!(to("hans", "这個问題很複杂"), "这个问题很复杂");
    assert_eq!(to("hant", "这個问題很複杂"), "這個問題很複雜");
}

#[test]
fn no_evidence_no_change() {
    for text in ["", "a", "台北", "山川草木", "hello\n\nworld", "\u{FFFD}\0"] {
        assert_eq!(to("hans", text), text);
        assert_eq!(to("tw", text), text);
    }
}

#[test]
fn long_input_is_cut_where_the_content_says() {
    let line = "他们在这里说了很多，後來又寫信給她，讓她讀。\n";
    let long: String = line.repeat(LONGEST / line.len() + 100);
    let expected = to("hans", line).repeat(LONGEST / line.len() + 100);
    assert_eq!(quick("hans", &long), expected);
    let endless = long.replace('\n', "");
    assert_eq!(quick("hans", &endless), expected.replace('\n', ""));
    // Not one punctuation mark: the cut falls between two characters.
    let solid = "這个".repeat(LONGEST / 6 + 100);
    assert_eq!(quick("hant", &solid), "這個".repeat(LONGEST / 6 + 100));
}

#[test]
fn a_line_without_end_is_not_held_where_a_push_ends_with_the_longest_window() {
    let mut stage = Target::Hans.stage();
    let mut out = String::new();
    for _ in 0..8 {
        stage.push(&"x".repeat(LONGEST / 3), &mut out, &mut Silent);
        assert!(stage.held() <= stage.max_held(), "{} bytes are held", stage.held());
    }
    stage.finish(&mut out, &mut Silent);
    assert_eq!(out.len(), LONGEST / 3 * 8);
}
