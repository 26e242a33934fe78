//! The gloss repair against its forward model: text is damaged, and demanded back.

use hanmend::event::{self, Collect, Outcome};
use hanmend::repair::{Gloss, GlossOptions};
use hanmend::stage::{Stage, harness};
use proptest::prelude::*;

#[path = "support/gloss_model.rs"]
mod gloss_model;
#[path = "support/prose.rs"]
mod prose;

use gloss_model::{READERS, Reader, damage, naive_traditional};

fn mend(text: &str) -> (String, Collect) {
    let (mut stage, mut out, mut sink) = (Gloss::default(), String::new(), Collect::default());
    stage.push(text, &mut out, &mut sink);
    stage.finish(&mut out, &mut sink);
    (out, sink)
}

fn document(first: usize, count: usize, ascii: bool) -> String {
    let chosen = (first..first + count).map(|i| prose::PARAGRAPHS[i % prose::PARAGRAPHS.len()]);
    let text = naive_traditional(&chosen.collect::<Vec<_>>().join("\n")) + "\n";
    if ascii { prose::ascii_marks(&text) } else { text }
}

#[test]
fn the_model_gives_what_pages_show() {
    let order = [("務", "wù"), ("獎", "jiǎng"), ("驅", "qū"), ("實", "shí"), ("關", "guān")];
    let order: Vec<_> = order.iter().map(|(c, r)| (c.chars().next().unwrap(), *r)).collect();
    let shown = |text| gloss_model::read(Reader::Swallow, &gloss_model::insert(text, &order));
    assert_eq!(shown("要務的"), "要?jiǎng)?wù)的");
    assert_eq!(shown("夠實、相關制度"), "夠?qū)崱⑾嚓P(guān)制度");
    let order = [('數', "shù"), ('當', "dāng")];
    assert_eq!(
        gloss_model::read(Reader::Swallow, &gloss_model::insert("適當的方式", &order)),
        "適當(dāng)?shù)姆绞?"
    );
}

#[test]
fn whole_documents_come_back() {
    let mut wrong = Vec::new();
    let mut all = 0;
    for count in [8, 30, 70, 144] {
        for reader in READERS {
            for seed in 0..4 {
                let clean = document(seed as usize * 6, 6, seed % 2 == 1);
                let damaged = damage(&clean, count, reader, false, seed);
                let (mended, report) = mend(&damaged);
                assert_eq!(event::replay(&damaged, &report.events).unwrap(), mended);
                assert_eq!(event::undo(&mended, &report.events).unwrap(), damaged);
                // One or two glosses do not tell damage from annotation: they stay, and are reported.
                if damaged.matches(')').count() - clean.matches(')').count() < 3 {
                    assert_eq!(mended, damaged);
                    assert!(!report.events.is_empty() && report.events.iter().all(|e| e.is_mark()));
                    continue;
                }
                all += clean.lines().count();
                let lines: Vec<&str> = mended.lines().collect();
                for line in clean.lines().filter(|l| !lines.contains(l)) {
                    wrong.push(format!("{reader:?} {count} {seed} {line}"));
                }
                // What is called sure has to be.
                if report.events.iter().all(|e| e.outcome == Outcome::Sure) {
                    assert_eq!(mended, clean, "{reader:?} {count} {seed}\n{damaged}");
                }
            }
        }
    }
    assert!(wrong.len() * 100 <= all, "{} of {all}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_contract_holds_on_damaged_pages() {
    for reader in READERS {
        let clean = document(3, 3, true);
        let damaged = damage(&clean, 144, reader, false, 5);
        assert_ne!(damaged, clean);
        harness::prove(Gloss::default, &damaged);
    }
}

#[test]
fn the_contract_holds_across_windows() {
    // Several windows, lines too long for one, texts with and without glosses in turn.
    let clean = document(0, 24, false);
    let glossed = damage(&clean, 144, Reader::Swallow, false, 1);
    let text = [
        &*glossed.repeat(12),
        &clean.replace('\n', "").repeat(12),
        &glossed.replace('\n', " "),
        &clean.repeat(2),
    ]
    .concat();
    assert!(text.len() > 110_000, "{}", text.len());
    let (mended, _) = harness::prove(Gloss::default, &text);
    assert!(mended.starts_with(&clean.repeat(12)));
    assert!(mended.ends_with(&clean.repeat(2)));
}

#[test]
fn long_lines_pass_without_being_held() {
    let line = naive_traditional(&prose::PARAGRAPHS.concat()).repeat(40);
    let (mended, report) = harness::prove(Gloss::default, &line);
    assert_eq!(mended, line);
    assert!(report.events.is_empty());
}

#[test]
fn a_clean_text_beside_a_glossed_one_stays() {
    let clean = document(0, 6, false);
    let other = document(6, 6, false);
    let glossed = damage(&other, 144, Reader::Swallow, false, 1);
    let legitimate = "字典:醮:(jiào叫),准噶(gě)爾,一個會(kuài)計。\n";
    let text = [&*clean, legitimate, &glossed, &clean, legitimate].concat();
    let (mended, _) = mend(&text);
    let wanted = [&*clean, legitimate, &other, &clean, legitimate].concat();
    for (got, want) in mended.lines().zip(wanted.lines()) {
        assert_eq!(got, want);
    }
    assert_eq!(mended, wanted);
}

#[test]
fn without_guesses_the_lost_character_is_marked() {
    let clean = naive_traditional("當地的經濟發展很快,人們在這里營業,當地的\n學生學習認真。\n");
    let damaged = damage(&clean, 144, Reader::Swallow, false, 0);
    let (mut stage, mut out, mut sink) =
        (Gloss::new(GlossOptions { guess: false }), String::new(), Collect::default());
    stage.push(&damaged, &mut out, &mut sink);
    stage.finish(&mut out, &mut sink);
    assert!(sink.events.iter().all(|e| e.outcome != Outcome::Guess));
    let (guessed, report) = mend(&damaged);
    if report.events.iter().any(|e| e.outcome == Outcome::Guess) {
        assert!(out.contains('\u{FFFD}'), "{damaged}\n{guessed}");
    }
}

#[test]
fn readings_without_tones_come_out_whole() {
    for seed in 0..12 {
        let clean = document(seed as usize * 2, 5, seed % 2 == 0);
        let clean = if seed % 3 == 0 { prose::PARAGRAPHS[seed as usize].to_owned() } else { clean };
        let mut random = gloss_model::Random::new(seed);
        let damaged = gloss_model::toneless(&clean, gloss_model::bare_reading, &mut random);
        let (mended, report) = mend(&damaged);
        assert_eq!(mended, clean, "{damaged}");
        assert!(report.events.iter().all(|e| e.rule() == "toneless"));
        assert_eq!(event::undo(&mended, &report.events).unwrap(), damaged);
        let damaged = gloss_model::toneless_by_coin(&clean, gloss_model::bare_reading, &mut random);
        assert_eq!(mend(&damaged).0.replace("❤️✔️。", "。"), clean, "{damaged}");
        harness::prove(Gloss::default, damaged.lines().next().unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_sure_is_right(
        first in 0..24usize, paragraphs in 2..8usize, count in 5..=144usize,
        reader in 0..4usize, ascii: bool, seed in 0..1000u64,
    ) {
        let clean = document(first, paragraphs, ascii);
        let damaged = damage(&clean, count, READERS[reader], false, seed);
        let (mended, report) = mend(&damaged);
        prop_assert_eq!(event::replay(&damaged, &report.events).unwrap(), mended.clone());
        let glossed = gloss_model::order(count, &mut gloss_model::Random::new(seed));
        let aligned: usize = glossed.iter().map(|(c, r)| damaged.matches(&format!("{c}({r})")).count()).sum();
        if aligned >= 3 {
            for (c, r) in glossed {
                prop_assert!(!mended.contains(&format!("{c}({r})")), "{c} left in {}", mended);
            }
            if report.events.iter().all(|e| e.outcome == Outcome::Sure) {
                prop_assert_eq!(mended, clean);
            }
        }
    }

    #[test]
    fn any_text_passes_without_panic(text in "[a-z?()ǎī當的數(shù)\n\u{FFFD}\u{E000}\u{3000}€]{0,60}") {
        let (mended, report) = mend(&text);
        prop_assert_eq!(event::replay(&text, &report.events).unwrap(), mended);
    }
}

#[test]
fn what_was_cut_at_punctuation_is_joined() {
    let mut wrong = Vec::new();
    let (mut hurt, mut all) = (0, 0);
    for reader in [Reader::Swallow, Reader::Whatwg] {
        for (seed, count) in [(0, 144), (1, 30), (2, 0), (3, 0)] {
            let clean = document(seed as usize * 6, 6, false);
            let damaged = damage(&clean, count, reader, true, seed);
            let (mended, report) = mend(&damaged);
            assert_eq!(event::replay(&damaged, &report.events).unwrap(), mended);
            assert_eq!(event::undo(&mended, &report.events).unwrap(), damaged);
            all += clean.lines().count();
            let has = |text: &str, line: &str| text.lines().any(|l| l == line);
            for line in clean.lines() {
                hurt += usize::from(!has(&damaged, line));
                if !has(&mended, line) {
                    wrong.push(format!("{reader:?} {count} {line}"));
                }
                assert!(
                    has(&mended, line) || !has(&damaged, line),
                    "worse: {line}\n{damaged}\n{mended}"
                );
            }
            harness::prove(Gloss::default, &damaged[..damaged.floor_char_boundary(900)]);
        }
    }
    // A byte is lost at every cut: what it was is chosen by likelihood.
    assert!(hurt > 12 && wrong.len() * 8 <= all, "{} of {all}:\n{}", wrong.len(), wrong.join("\n"));
}
