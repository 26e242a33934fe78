//! The options of a file as words of the command line.

use std::any::TypeId;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use toml::{Table, Value};

use super::{COMMANDS, Trust};

/// Names that are more alike than this may be meant: of three letters, one may be in a wrong place.
const ALIKE: f64 = 0.6;

/// Headings of the options that only a file may have that was named.
const TRUSTED: [&str; 2] = ["Which inputs", "Where it goes"];

/// Whether only a file may have `arg` that was named.
fn needs_trust(arg: &Arg) -> bool {
    let heading = arg.get_help_heading().unwrap_or_default();
    TRUSTED.contains(&heading) || arg.get_long() == Some("report")
}

/// The words for the command `name`, of which `typed` was typed. `text` is the file, in `folder`.
pub(super) fn of(
    command: &Command,
    name: &str,
    typed: &ArgMatches,
    text: &str,
    folder: &Path,
    trust: Trust,
) -> Result<Vec<OsString>, String> {
    let file: Table = text.parse().map_err(|e: toml::de::Error| e.to_string().trim().to_owned())?;
    let commands: Vec<&Command> =
        COMMANDS.iter().filter_map(|name| command.find_subcommand(name)).collect();
    check(&file, &commands, trust)?;
    let Some(command) = command.find_subcommand(name) else { return Ok(Vec::new()) };
    let own = match file.get(name) {
        Some(Value::Table(own)) => own.clone(),
        _ => Table::new(),
    };
    let mut words = Vec::new();
    for arg in options(command) {
        let long = arg.get_long().unwrap_or_default();
        let Some(value) = own.get(long).or_else(|| file.get(long)) else { continue };
        if trust != Trust::Named && needs_trust(arg) {
            continue;
        }
        if is_typed(arg, typed)
            || command.get_arg_conflicts_with(arg).iter().any(|a| is_typed(a, typed))
        {
            continue;
        }
        let against = |other: &&Arg| {
            command.get_arg_conflicts_with(other).iter().any(|a| a.get_id() == arg.get_id())
        };
        if options(command).filter(against).any(|other| is_typed(other, typed)) {
            continue;
        }
        add(&mut words, arg, value, folder)?;
    }
    Ok(words)
}

/// Checks that every key of `file` is an option, and of the right type.
fn check(file: &Table, commands: &[&Command], trust: Trust) -> Result<(), String> {
    for (key, value) in file {
        match (commands.iter().find(|c| c.get_name() == key), value) {
            (Some(command), Value::Table(own)) => {
                for (key, value) in own {
                    let place = format!("[{}] ", command.get_name());
                    known(key, value, &[*command], &place, trust)?;
                }
            }
            (Some(_), _) => {
                return Err(format!("{key} is a command: write [{key}], then its options"));
            }
            (None, _) => known(key, value, commands, "", trust)?,
        }
    }
    Ok(())
}

/// Checks that `key` is an option of one of `commands`, and may have `value`.
fn known(
    key: &str,
    value: &Value,
    commands: &[&Command],
    place: &str,
    trust: Trust,
) -> Result<(), String> {
    if key == "no-config" {
        return Err(format!("{place}{key} is typed; no file has it"));
    }
    let all = || commands.iter().flat_map(|c| options(c));
    let Some(arg) = all().find(|arg| arg.get_long() == Some(key)) else {
        let mut names: Vec<&str> = all().filter_map(Arg::get_long).collect();
        if commands.len() > 1 {
            names.extend(commands.iter().map(|c| c.get_name()));
        }
        let key_typed = key.replace('_', "-");
        let alike = |name: &&str| strsim::normalized_damerau_levenshtein(&key_typed, name);
        let best = names.into_iter().max_by(|a, b| alike(a).total_cmp(&alike(b)));
        return Err(match best.filter(|name| alike(name) > ALIKE) {
            Some(name) => format!("{place}there is no option \"{key}\"; did you mean \"{name}\"?"),
            None => format!("{place}there is no option \"{key}\"; hanmend help fix has all"),
        });
    };
    if trust == Trust::Found && needs_trust(arg) {
        return Err(format!(
            "{place}{key} says what is read or where results go, which this file may not, as nobody named \
             it; type it, or name the file with --config"
        ));
    }
    add(&mut Vec::new(), arg, value, Path::new("")).map_err(|e| format!("{place}{e}"))
}

/// The options of `command` that a file may have: all with a long name, but for those about the file.
fn options(command: &Command) -> impl Iterator<Item = &Arg> {
    let about = ["help", "version", "config_file", "no_config"];
    command
        .get_arguments()
        .filter(move |arg| arg.get_long().is_some() && !about.contains(&arg.get_id().as_str()))
}

fn is_typed(arg: &Arg, typed: &ArgMatches) -> bool {
    let id = arg.get_id().as_str();
    // An id that the parser does not know is asked for by nobody.
    typed.ids().any(|known| known == id) && typed.value_source(id) == Some(ValueSource::CommandLine)
}

/// Adds the words for `arg` with `value` to `words`.
fn add(words: &mut Vec<OsString>, arg: &Arg, value: &Value, folder: &Path) -> Result<(), String> {
    let long = arg.get_long().unwrap_or_default();
    let flag = matches!(arg.get_action(), ArgAction::SetTrue);
    let optional = arg.get_num_args().is_some_and(|n| n.min_values() == 0);
    let several = matches!(arg.get_action(), ArgAction::Append);
    let path = arg.get_value_parser().type_id() == TypeId::of::<PathBuf>();
    let mut with = |value: &str| {
        let is_file = path || (matches!(long, "script" | "config") && value.ends_with(".json"));
        let mut word = OsString::from(format!("--{long}="));
        // "-" is a stream and no file.
        match is_file && value != "-" {
            true => word.push(folder.join(value)),
            false => word.push(value),
        }
        words.push(word);
    };
    match value {
        Value::Boolean(false) if flag || optional => {}
        Value::Boolean(true) if flag || optional => words.push(format!("--{long}").into()),
        Value::String(value) if !flag => with(value),
        Value::Integer(value) if !flag => with(&value.to_string()),
        Value::Array(values) if several => {
            for value in values {
                match value {
                    Value::String(value) => with(value),
                    Value::Integer(value) => with(&value.to_string()),
                    _ => return Err(format!("{long} is a list of strings")),
                }
            }
        }
        _ if flag => return Err(format!("{long} is true or false")),
        _ if several => return Err(format!("{long} is a string or a list of strings")),
        _ => return Err(format!("{long} is a string")),
    }
    Ok(())
}
