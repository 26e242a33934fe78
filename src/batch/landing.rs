//! Where the result of one input lands.

use super::crew::Crew;
use super::in_place::Replacement;
use super::lanes::{Lane, Lanes};
use super::problem::Problem;
use super::repacked::Repacked;
use super::target::{Target, Whole};

/// The place of one result.
pub(crate) enum Landing<'k> {
    /// Standard output.
    Stdout,
    /// A file, which is there at the end.
    File(Target),
    /// One of many such.
    OneOfMany(Target, &'k Crew<Whole>),
    /// One of many such, which are compressed.
    Packed(Box<Repacked>, &'k Crew<Whole>),
    /// The input itself.
    InPlace(Box<Replacement<'k>>),
}

impl Landing<'_> {
    /// Takes the next bytes of the input, which the result may have to be compared with.
    pub(crate) fn input(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        match self {
            Landing::Packed(repacked, _) => repacked.input(bytes),
            Landing::InPlace(replacement) => replacement.input(bytes),
            _ => Ok(()),
        }
    }

    /// Takes the next bytes of the result.
    pub(crate) fn output(&mut self, bytes: &[u8], lanes: &mut Lanes<'_>) -> Result<(), Problem> {
        match self {
            Landing::Stdout => lanes.write(Lane::Data, bytes),
            Landing::File(target) | Landing::OneOfMany(target, _) => target.write(bytes)?,
            Landing::Packed(repacked, _) => repacked.output(bytes)?,
            Landing::InPlace(replacement) => replacement.output(bytes)?,
        }
        if lanes.stopped() { Err(Problem::BrokenPipe) } else { Ok(()) }
    }

    /// Ends the result; says whether the input is replaced.
    pub(crate) fn finish(self) -> Result<bool, Problem> {
        match self {
            Landing::Stdout => Ok(false),
            Landing::File(target) => target.finish().map(|()| false),
            Landing::OneOfMany(target, crew) => target.finish_by(crew).map(|()| false),
            Landing::Packed(repacked, crew) => repacked.finish_by(crew).map(|()| false),
            Landing::InPlace(replacement) => replacement.finish(),
        }
    }
}
