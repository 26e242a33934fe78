use super::*;
use crate::chain::tests::{KINDS, Replace, chain, losing, marking, proved, replace, stages};
use crate::event::Repair;
use crate::stage::Stage;

/// A stage, so that it can be proved one.
impl Stage for Rounds {
    type Input = str;
    type Output = String;

    fn push(&mut self, input: &str, out: &mut String, sink: &mut dyn Sink) {
        self.run(input, false, &mut |text| out.push_str(text), sink);
    }
    fn finish(&mut self, out: &mut String, sink: &mut dyn Sink) {
        self.run("", true, &mut |text| out.push_str(text), sink);
    }
    fn held(&self) -> usize {
        let waits = |round: &Round| round.since.len() - round.given + round.chain.held();
        self.rounds.iter().map(waits).sum::<usize>() + self.then.held()
    }
    fn max_held(&self) -> usize {
        self.max_held()
    }
    fn settled(&self, _: u64) -> u64 {
        0
    }
}

fn rounds(repairs: Vec<Replace>, then: Vec<Replace>) -> Rounds {
    Rounds::new(chain(repairs), chain(then))
}

#[test]
fn a_round_sees_what_the_one_before_uncovered() {
    let make = || {
        let repairs = vec![replace(Repair::Entity, "ab", "-"), replace(Repair::Gloss, "(x)", "")];
        rounds(repairs, vec![replace(Repair::Convert, "-", "=")])
    };
    for sound in ["", "lines of sound text\n", "as many lines of sound text\nas take many copies\n"]
    {
        let (output, report) = proved(make, &format!("{sound}a(x)b and (x) and ab{sound}"));
        assert_eq!(output, format!("{sound}= and  and ={sound}"));
        let names: Vec<String> = report.events.iter().map(Event::name).collect();
        assert_eq!(names, ["gloss+entity+convert", "gloss", "entity+convert"]);
        assert_eq!(report.events[0].before, "a(x)b");
    }
}

#[test]
fn a_text_that_never_settles_ends_after_the_last_round() {
    let make = || rounds(vec![replace(Repair::Gloss, "aab", "ab")], vec![]);
    assert_eq!(proved(make, "aaab").0, "ab");
    let (output, _) = proved(make, "aaaaaaaaaab");
    assert_eq!(output, "aaaaaaaaaab"[ROUNDS..]);
}

#[test]
fn what_two_rounds_mark_is_told_once() {
    let make = || rounds(vec![marking("?!"), replace(Repair::Gloss, "(x)", "")], vec![]);
    let (output, report) = proved(make, "?! and ?!(x) and ?(x)!");
    assert_eq!(output, "?! and ?! and ?!");
    let marks: Vec<_> = report.events.iter().filter(|event| event.is_mark()).collect();
    let at: Vec<_> = marks.iter().map(|mark| mark.output.clone()).collect();
    assert_eq!(at, [0..2, 7..9, 14..16]);
    // The last shows only when what parted it has gone.
    assert_eq!((&*marks[2].before, &*marks[2].after), ("?(x)!", "?!"));
}

#[test]
fn what_a_mark_lies_over_is_counted_once() {
    let make = || {
        let repairs = vec![losing("&lost;", "?"), replace(Repair::Entity, "ab", "-")];
        rounds([repairs, vec![replace(Repair::Gloss, "(x)", "")]].concat(), vec![])
    };
    let (output, report) =
        proved(make, "&lost;\n as many lines of sound text\n as it takes\na(x)b");
    assert_eq!(output, "?\n as many lines of sound text\n as it takes\n-");
    assert_eq!(report.events.last().unwrap().input, 49..54);
}

mod random {
    use super::*;
    use proptest::prelude::*;

    const WORDS: [&str; 7] = ["a", "b", "ab", "ba", "", "aab", "\n"];
    const LONGEST: usize = 4096;

    type Picks = Vec<(usize, usize, usize)>;

    /// What a stage replaces by itself is a change to none but the stage.
    fn picks(most: usize) -> impl Strategy<Value = Picks> {
        let pick = (0..7usize, 0..7usize, 0..KINDS).prop_filter("no change", |(a, b, _)| a != b);
        prop::collection::vec(pick, 0..most)
    }

    proptest! {
        #[test]
        fn any_stages_in_rounds_keep_the_contract_and_can_be_replayed(
            sound in "[xy\n]{0,80}",
            input in "[abxy\n]{0,40}",
            repairs in picks(3),
            then in picks(2),
        ) {
            let (repairs, then) = (|| stages(&WORDS, &repairs), || stages(&WORDS, &then));
            let run = |mut chain: Chain, text: String| {
                let mut out = String::new();
                chain.push(&text, &mut out, &mut crate::event::Silent);
                chain.finish(&mut out, &mut crate::event::Silent);
                out
            };
            let input = sound + &input;
            let mut text = input.clone();
            for _ in 0..ROUNDS {
                text = run(chain(repairs()), text);
                // Some stages together double what they get, in each round.
                prop_assume!(text.len() <= LONGEST);
            }
            // The rounds are the whole chain over the whole text, again and again.
            let (output, _) = proved(|| rounds(repairs(), then()), &input);
            prop_assert_eq!(run(chain(then()), text), output);
        }
    }
}
