//! Takes out junk that was put between characters. Off by default: every one of its shapes is
//! also something that people write, so all its changes are guesses.
//!
//! | rule | what it undoes | not |
//! |---|---|---|
//! | `separator` | `日?本?帝?國`: one mark between single characters, three times or more | `、` and `，`, which divide lists; rows of a table (`姓\|名\|性\|别` over another such); `走!跑!跳!飞!`, where the last has its mark, too |
//! | `spacing` | `中 国 共 产 党`: the same with a blank | `目 录`: once or twice |
//! | `symbol` | `会𝕴上公司`: one letter of the mathematical alphabets between Han | beside blanks, digits or Latin letters; letters of formulas (`设𝐴为集合`), or one that stands there again |
//! | `doubled` | `，，`: two of `，、；：` | three or more, and `。。 ！！ ？？ …… ——` |
//! | `decoration` | `❤️✔️。`: two symbols or more before a mark that ends a sentence, behind Han, or where that stands in the passage, too | one symbol, symbols elsewhere, ratings (`★★★☆☆。`) |
//!
//! ```
//! use hanmend::{repair::Noise, stage::harness};
//!
//! let (text, _) = harness::prove(Noise::default, "日?本?帝?國，，中 国 共 产 党❤️✔️。");
//! assert_eq!(text, "日本帝國，中国共产党。");
//! ```

mod rules;

use super::local::{Candidate, Local, Verdict, Window, stage_of_window};
use crate::event::Repair;

/// The repair; see the [module](self).
#[derive(Clone, Debug)]
pub struct Noise(Window<Junk>);

impl Default for Noise {
    fn default() -> Noise {
        Noise(Window::new(Junk::default()))
    }
}

/// How far a decision looks back, in bytes: a row of a table and the one before, or a sentence or two.
const KEEP: usize = 192;
/// So much of that is there for certain where the text does not begin within it, as no character is cut.
const FULL: usize = KEEP - 3;

/// The state between candidates.
#[derive(Clone, Debug, Default)]
struct Junk {
    /// Where a run of separators was left off because the view ended, and its separator.
    run: Option<(u64, char)>,
}

impl Local for Junk {
    const REPAIR: Repair = Repair::Noise;
    const KEEP: usize = KEEP;
    const VIEW: usize = 192;

    fn find(&self, text: &str, from: usize) -> Option<usize> {
        rules::find(text, from)
    }

    fn decide(&mut self, candidate: &Candidate<'_>) -> Verdict {
        let continues = self.run.filter(|run| run.0 == candidate.position).map(|run| run.1);
        let verdict = rules::decide(candidate, continues);
        if let Verdict::Change { len, rule: rules::SEPARATOR | rules::SPACING, .. } = verdict {
            let separator = candidate.view.chars().next().unwrap_or(' ');
            self.run = Some((candidate.position + len as u64, separator));
        }
        verdict
    }

    fn reset(&mut self) {
        self.run = None;
    }
}

stage_of_window!(Noise);
