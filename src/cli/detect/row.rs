//! What is said about one input.

use std::collections::BTreeMap;

use hanmend::convert::script::Counts;
use hanmend::decode::Detection;
use serde::Serialize;

use crate::cli::print::ndjson;
use crate::cli::print::tally::Tally;

/// The heading of the table for people.
pub(super) const HEADING: &str =
    "ENCODING      SURE  RUNNER-UP           SCRIPT      DAMAGE              PATH\n";

/// One input's line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Row {
    encoding: &'static str,
    confidence: f64,
    runner_up: Option<RunnerUp>,
    bom: bool,
    declared: Option<String>,
    script: &'static str,
    damage: BTreeMap<&'static str, u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    switches: Vec<Switch>,
}

/// Where an input goes on in another encoding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Switch {
    /// In bytes of the input.
    pub(super) offset: u64,
    pub(super) encoding: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct RunnerUp {
    encoding: &'static str,
    confidence: f64,
}

impl Row {
    /// What was found.
    pub(super) fn new(
        found: &Detection,
        counts: &Counts,
        tally: &Tally,
        switches: Vec<Switch>,
    ) -> Row {
        let mut damage = BTreeMap::new();
        for (repair, number) in tally.changes.iter().chain(&tally.remains) {
            *damage.entry(repair.name()).or_default() += number;
        }
        Row {
            encoding: found.encoding.name(),
            confidence: rounded(found.confidence),
            runner_up: found.runner_up.map(|(encoding, confidence)| RunnerUp {
                encoding: encoding.name(),
                confidence: rounded(confidence),
            }),
            bom: found.bom,
            declared: found.declared.clone(),
            script: counts.script().name(),
            damage,
            switches,
        }
    }

    /// Appends the line for machines.
    pub(super) fn json(&self, path: &str, out: &mut Vec<u8>) {
        #[derive(Serialize)]
        struct Line<'r> {
            path: &'r str,
            #[serde(flatten)]
            row: &'r Row,
        }
        ndjson::object(out, &Line { path, row: self });
    }

    /// Appends the line for people.
    pub(super) fn people(&self, path: &str, out: &mut Vec<u8>) {
        let runner_up = match &self.runner_up {
            Some(r) => format!("{} {:.2}", r.encoding, r.confidence),
            None => "-".to_owned(),
        };
        let damage: Vec<String> = self.damage.iter().map(|(r, n)| format!("{r} {n}")).collect();
        let damage = if damage.is_empty() { "-".to_owned() } else { damage.join(", ") };
        // The other encodings that parts of it are in.
        let mut encoding = self.encoding.to_owned();
        let mut others: Vec<&str> = self.switches.iter().map(|s| &*s.encoding).collect();
        others.sort_unstable();
        others.dedup();
        for other in others.iter().filter(|o| **o != self.encoding) {
            encoding = encoding + "+" + other;
        }
        let line = format!(
            "{:<13} {:.2}  {runner_up:<19} {:<11} {damage:<19} {path}\n",
            encoding, self.confidence, self.script
        );
        out.extend_from_slice(line.as_bytes());
    }
}

/// Four decimals: more would pretend.
fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use hanmend::decode::detect;
    use hanmend::event::{Event, Outcome, Repair};

    #[test]
    fn lines_have_all_keys() {
        let mut tally = Tally::default();
        tally.count(&Event::change(Repair::Gloss, "list", Outcome::Sure, 0, 0, "a", ""));
        let row = Row::new(&detect(b""), &Counts::of("他们说这里很好"), &tally, Vec::new());
        let (mut json, mut people) = (Vec::new(), Vec::new());
        row.json("p", &mut json);
        row.people("p", &mut people);
        assert_eq!(
            String::from_utf8(json).unwrap(),
            "{\"path\":\"p\",\"encoding\":\"ascii\",\"confidence\":1.0,\"runner_up\":null,\"bom\":false,\
             \"declared\":null,\"script\":\"hans\",\"damage\":{\"gloss\":1}}\n"
        );
        let people = String::from_utf8(people).unwrap();
        assert_eq!(people.find("hans"), HEADING.find("SCRIPT"));
        assert_eq!(people.find("gloss 1"), HEADING.find("DAMAGE"));
        assert_eq!(people.find('p'), people.len().checked_sub(2));
        assert_eq!(people.len() - 2, HEADING.find("PATH").unwrap());
    }
}
