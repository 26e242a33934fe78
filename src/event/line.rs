//! Events as the report has them: the object that `--report` and `explain --json` write for each,
//! without the path.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Event, Outcome, Repair, Source, Step};

/// The keys of the object.
#[derive(Serialize, Deserialize)]
struct Line<'e> {
    repair: Cow<'e, str>,
    rule: Cow<'e, str>,
    certainty: Cow<'e, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'e, str>>,
    input: [u64; 2],
    output: [u64; 2],
    before: Cow<'e, str>,
    after: Cow<'e, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<Bytes>,
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    alternatives: Cow<'e, [String]>,
}

#[derive(Serialize, Deserialize)]
struct Bytes {
    range: [u64; 2],
    hex: String,
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let line = Line {
            repair: self.name().into(),
            rule: self.rule().into(),
            certainty: self.outcome.name().into(),
            reason: match &self.outcome {
                Outcome::Unrepaired(reason) => Some(Cow::Borrowed(reason)),
                _ => None,
            },
            input: ends(&self.input),
            output: ends(&self.output),
            before: Cow::Borrowed(&self.before),
            after: Cow::Borrowed(&self.after),
            bytes: self.source.as_ref().map(|source| Bytes {
                range: ends(&source.range),
                hex: source.bytes.iter().map(|b| format!("{b:02x}")).collect(),
            }),
            alternatives: Cow::Borrowed(&self.alternatives),
        };
        line.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Event, D::Error> {
        let line = Line::deserialize(deserializer)?;
        let outcome = match (&*line.certainty, line.reason) {
            ("sure", _) => Outcome::Sure,
            ("guess", _) => Outcome::Guess,
            ("unrepaired", reason) => {
                Outcome::Unrepaired(Cow::Owned(reason.unwrap_or_default().into_owned()))
            }
            (other, _) => {
                return Err(de::Error::unknown_variant(other, &["sure", "guess", "unrepaired"]));
            }
        };
        let source = line.bytes.map(|bytes| {
            let hex = bytes_of(&bytes.hex).ok_or_else(|| {
                de::Error::custom(format_args!("\"{}\" are no bytes in hexadecimal", bytes.hex))
            })?;
            Ok(Source { range: range(bytes.range), bytes: hex })
        });
        Ok(Event {
            steps: steps(&line.repair, &line.rule).map_err(de::Error::custom)?,
            outcome,
            input: range(line.input),
            output: range(line.output),
            before: line.before.into_owned(),
            after: line.after.into_owned(),
            source: source.transpose()?,
            alternatives: line.alternatives.into_owned(),
            joints: Vec::new(),
        })
    }
}

fn ends(range: &Range<u64>) -> [u64; 2] {
    [range.start, range.end]
}

fn range([start, end]: [u64; 2]) -> Range<u64> {
    start..end
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let (pairs, []) = hex.as_bytes().as_chunks::<2>() else { return None };
    pairs.iter().map(|[high, low]| Some((digit(*high)? * 16 + digit(*low)?) as u8)).collect()
}

/// The steps whose names were joined by `+`. Only the rule of a conversion, which comes last of the
/// text's, has a `+` of its own (`t2s+s2tw`).
fn steps(repairs: &str, rules: &str) -> Result<Vec<Step>, String> {
    let repairs: Vec<Repair> = repairs.split('+').map(Repair::named).collect::<Result<_, _>>()?;
    let mut rules: Vec<&str> = rules.split('+').collect();
    let Some(own) = (rules.len() + 1).checked_sub(repairs.len()).filter(|own| *own > 0) else {
        return Err(format!("{} repairs have {} rules", repairs.len(), rules.len()));
    };
    let convert = repairs.iter().position(|r| *r == Repair::Convert);
    if own > 1 && convert.is_none() {
        return Err(format!("{} repairs have {} rules", repairs.len(), rules.len()));
    }
    let steps = repairs.iter().enumerate().map(|(i, repair)| {
        let joined = if Some(i) == convert { own } else { 1 };
        let rule = rules.drain(..joined).collect::<Vec<_>>().join("+");
        Step { repair: *repair, rule: Cow::Owned(rule) }
    });
    Ok(steps.collect())
}

impl Repair {
    /// The repair of that name.
    fn named(name: &str) -> Result<Repair, String> {
        use Repair::{Convert, Decode, Encode};
        let all = [Decode, Convert, Encode].into_iter().chain(Repair::SWITCHED);
        let found = all.into_iter().find(|repair| repair.name() == name);
        found.ok_or_else(|| format!("there is no repair \"{name}\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Event, String> {
        serde_json::from_str(json).map_err(|e| e.to_string())
    }

    #[test]
    fn an_event_comes_back() {
        let sure = Event::change(Repair::Gloss, "list", Outcome::Sure, 3, 3, "實(shí)", "實");
        let json = serde_json::to_string(&sure).unwrap();
        assert_eq!(
            json,
            r#"{"repair":"gloss","rule":"list","certainty":"sure","input":[3,12],"output":[3,6],"before":"實(shí)","after":"實"}"#
        );
        assert_eq!(read(&json).unwrap(), sure);

        let mut mark = Event::unrepaired(Repair::Decode, "malformed", "no such", 9, 6, "\u{FFFD}");
        mark.source = Some(Source { range: 20..22, bytes: vec![0xFF, 0x0A] });
        let mut choice =
            Event::change(Repair::Convert, "t2s+s2tw", Outcome::Guess, 0, 0, "干", "幹");
        choice.alternatives = vec!["乾".to_owned(), "干".to_owned()];
        let mut several = choice.clone();
        several.steps.insert(0, Step { repair: Repair::Entity, rule: "named".into() });
        several.steps.push(Step { repair: Repair::Encode, rule: "reference".into() });
        for event in [mark, choice, several] {
            let json = serde_json::to_string(&event).unwrap();
            assert_eq!(read(&json).unwrap(), event, "{json}");
        }
    }

    /// Reports may get keys that an older reader does not know.
    #[test]
    fn other_keys_are_passed_over() {
        let line = r#"{"path":"a.txt","repair":"entity","rule":"named","certainty":"sure","input":[0,5],
            "output":[0,1],"before":"&amp;","after":"&","later":1}"#;
        assert_eq!(read(line).unwrap().after, "&");
    }

    #[test]
    fn what_is_no_event_is_an_error_that_says_so() {
        let line = |repair: &str, rule: &str, certainty: &str, hex: &str| {
            format!(
                r#"{{"repair":"{repair}","rule":"{rule}","certainty":"{certainty}","input":[0,1],
                "output":[0,1],"before":"a","after":"b","bytes":{{"range":[0,1],"hex":"{hex}"}}}}"#
            )
        };
        assert!(read(&line("entity", "named", "sure", "ff")).is_ok());
        for (json, said) in [
            (line("entities", "named", "sure", "ff"), "there is no repair \"entities\""),
            (line("entity", "named", "certain", "ff"), "unknown variant `certain`"),
            (line("entity", "named", "sure", "f"), "\"f\" are no bytes in hexadecimal"),
            (line("entity", "named", "sure", "é"), "\"é\" are no bytes in hexadecimal"),
            (line("entity+gloss", "named", "sure", "ff"), "2 repairs have 1 rules"),
            (line("entity", "named+list", "sure", "ff"), "1 repairs have 2 rules"),
        ] {
            let error = read(&json).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
