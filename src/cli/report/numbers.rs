//! The numbers of a report.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::excerpt::Excerpt;
use hanmend::formats::Member;

/// So many examples are kept of each rule, and so many in all.
const OF_A_RULE: usize = 6;
const IN_ALL: usize = 300;

/// Longer texts than this are no examples, in bytes.
const LONGEST: usize = 2000;

/// How often something ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) sure: u64,
    pub(super) guess: u64,
    pub(super) unrepaired: u64,
}

impl Ends {
    pub(super) fn all(self) -> u64 {
        self.sure + self.guess + self.unrepaired
    }

    fn count(&mut self, certainty: &str) {
        match certainty {
            "sure" => self.sure += 1,
            "guess" => self.guess += 1,
            _ => self.unrepaired += 1,
        }
    }
}

/// All that a page shows.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Inputs by encoding, and by script.
    pub(super) encodings: BTreeMap<String, u64>,
    pub(super) scripts: BTreeMap<String, u64>,
    /// Events by repair.
    pub(super) repairs: BTreeMap<String, Ends>,
    pub(super) total: Ends,
    /// Events by input.
    pub(super) files: HashMap<String, Ends>,
    /// Inputs that were detected.
    pub(super) detected: u64,
    pub(super) excerpts: Vec<Excerpt>,
    /// Examples of a repair and rule, by certainty.
    kept: HashMap<(String, String, String), usize>,
}

#[derive(Deserialize)]
struct Line {
    /// Lines of the version that is known have none (docs/report.md).
    version: Option<serde::de::IgnoredAny>,
    path: String,
    member: Option<Member>,
    repair: Option<String>,
    rule: Option<String>,
    certainty: Option<String>,
    reason: Option<String>,
    input: Option<[u64; 2]>,
    before: Option<String>,
    after: Option<String>,
    encoding: Option<String>,
    script: Option<String>,
    offset: Option<u64>,
}

/// Whether a line is one of the report of a run: what `detect` says of an input is none, and other programs say much the same.
pub(super) fn is_of_a_run(line: &[u8]) -> bool {
    let line = serde_json::from_slice::<Line>(line);
    line.is_ok_and(|line| {
        line.repair.is_some() && line.certainty.is_some()
            || line.encoding.is_some() && line.offset.is_some()
    })
}

impl Numbers {
    /// Counts one line; whether it is one of a report.
    pub(super) fn take(&mut self, line: &[u8]) -> bool {
        let Ok(line) = serde_json::from_slice::<Line>(line) else { return false };
        match line {
            Line { version: Some(_), .. } => false,
            Line { path, repair: Some(repair), certainty: Some(certainty), .. } => {
                self.total.count(&certainty);
                self.files.entry(path.clone()).or_default().count(&certainty);
                self.repairs.entry(repair.clone()).or_default().count(&certainty);
                let excerpt = Excerpt {
                    path,
                    member: line.member,
                    repair,
                    certainty,
                    rule: line.rule.unwrap_or_default(),
                    reason: line.reason,
                    at: line.input.unwrap_or_default(),
                    before: line.before.unwrap_or_default(),
                    after: line.after.unwrap_or_default(),
                    around: None,
                };
                self.keep(excerpt);
                true
            }
            // A place where the encoding changes says nothing of the input as a whole, nor does a member.
            Line { encoding: Some(_), offset: Some(_), .. } => true,
            Line { encoding: Some(encoding), script, .. } => {
                self.detected += 1;
                *self.encodings.entry(encoding).or_default() += 1;
                if let Some(script) = script {
                    *self.scripts.entry(script).or_default() += 1;
                }
                true
            }
            _ => false,
        }
    }

    /// Keeps an example, if there are few of its kind.
    fn keep(&mut self, excerpt: Excerpt) {
        let kind = (excerpt.repair.clone(), excerpt.rule.clone(), excerpt.certainty.clone());
        let kept = self.kept.entry(kind).or_default();
        let fits = excerpt.before.len().max(excerpt.after.len()) <= LONGEST;
        if *kept < OF_A_RULE && self.excerpts.len() < IN_ALL && fits {
            *kept += 1;
            self.excerpts.push(excerpt);
        }
    }

    /// The inputs with most events, the most first, so many at most.
    pub(super) fn worst(&self, most: usize) -> Vec<(&str, Ends)> {
        let mut files: Vec<(&str, Ends)> =
            self.files.iter().map(|(path, ends)| (path.as_str(), *ends)).collect();
        files.sort_by(|a, b| b.1.all().cmp(&a.1.all()).then(a.0.cmp(b.0)));
        files.truncate(most);
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_all_reports_are_counted_and_others_are_not() {
        let mut numbers = Numbers::default();
        for line in [
            r#"{"path":"a","repair":"gloss","rule":"list","certainty":"sure","input":[0,6],"output":[0,3],"before":"實(shí)","after":"實"}"#,
            r#"{"path":"a","repair":"gloss","rule":"list","certainty":"guess","input":[9,9],"output":[3,3],"before":"","after":"x"}"#,
            r#"{"path":"b","encoding":"gbk","confidence":1.0,"offset":12}"#,
            r#"{"path":"b","encoding":"big5","confidence":1.0,"script":"hant","damage":{}}"#,
        ] {
            assert!(numbers.take(line.as_bytes()), "{line}");
        }
        for line in [
            r#"{"version":2,"path":"b","encoding":"gbk","confidence":1.0,"offset":12}"#,
            "",
            "{}",
            "[]",
            "{\"path\":\"a\"}",
            "{\"repair\":\"gloss\"}",
            "\u{fffd}",
        ] {
            assert!(!numbers.take(line.as_bytes()), "{line}");
        }
        assert_eq!(numbers.repairs["gloss"], Ends { sure: 1, guess: 1, unrepaired: 0 });
        assert_eq!(numbers.encodings.get("big5"), Some(&1));
        assert_eq!((numbers.encodings.len(), numbers.excerpts.len()), (1, 2));
        assert_eq!(numbers.worst(5), [("a", Ends { sure: 1, guess: 1, unrepaired: 0 })]);
    }
}
