//! What a converter does, ready to run: the dictionaries of each step, and how they are matched.

use crate::dict::{Match, Table};

/// A dictionary, or a group of them.
#[derive(Clone, Debug)]
pub(crate) enum Dict {
    Table(Table),
    /// The first that has any key here wins.
    ShortCircuit(Vec<Dict>),
    /// The longest key of all wins, the earlier where two are as long.
    Union(Vec<Dict>),
}

impl Dict {
    /// The key that `text` begins with, by the rules of the group.
    #[inline]
    pub(crate) fn longest(&self, text: &[u8]) -> Option<Match<'_>> {
        match self {
            Dict::Table(table) => table.longest(text),
            Dict::ShortCircuit(dicts) => dicts.iter().find_map(|dict| dict.longest(text)),
            Dict::Union(dicts) => {
                let mut best: Option<Match<'_>> = None;
                for found in dicts.iter().filter_map(|dict| dict.longest(text)) {
                    if best.is_none_or(|best| found.len > best.len) {
                        best = Some(found);
                    }
                }
                best
            }
        }
    }

    /// The tables, in order.
    pub(crate) fn tables(&self) -> Vec<&Table> {
        match self {
            Dict::Table(table) => vec![table],
            Dict::ShortCircuit(dicts) | Dict::Union(dicts) => {
                dicts.iter().flat_map(Dict::tables).collect()
            }
        }
    }
}

/// One step: a dictionary over the text that the step before it gave.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) dict: Dict,
    /// Whether the keys cut the text into segments, and are not replaced.
    pub(crate) segments: bool,
    /// Bytes of the longest key.
    pub(crate) longest: usize,
    /// Most bytes of key for one byte of value.
    pub(crate) shrink: usize,
}

impl Step {
    pub(crate) fn new(dict: Dict, segments: bool) -> Step {
        let tables = dict.tables();
        let longest = tables.iter().map(|t| t.longest_bytes()).max().unwrap_or(0);
        let shrink = tables.iter().map(|t| t.shrink()).max().unwrap_or(1);
        Step { dict, segments, longest, shrink: if segments { 1 } else { shrink } }
    }
}

/// All steps of a config, in order.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) steps: Vec<Step>,
}
