//! What the types of the library promise beside what they do.

use hanmend::convert::script::{Counts, Script};
use hanmend::convert::target::{Target, ToTarget};
use hanmend::convert::{Ambiguity, Conversion, Converter, ConverterBuilder, Overlay, Phrases};
use hanmend::decode::{Decoder, Detection, Detector, Encoding};
use hanmend::dict::{Row, Table};
use hanmend::encode::{Bom, Encoder, Unmappable};
use hanmend::event::{Collect, Event, Outcome, Repair, Silent};
use hanmend::pipeline::{End, Stream};
use hanmend::repair::{Entity, Gloss, Mojibake, Noise, Unicode};
use hanmend::{Error, Fixed, Fixer, FixerBuilder, Format, OutputEncoding, Repairs, ToScript};

fn shared<T: Send + Sync + 'static>() {}
fn handed_on<T: Send + 'static>() {}
fn cloned<T: Clone>() {}

#[test]
fn what_is_built_once_is_shared_between_threads() {
    shared::<Fixer>();
    shared::<FixerBuilder>();
    shared::<Converter>();
    shared::<ConverterBuilder>();
    shared::<Overlay>();
    shared::<Phrases>();
    shared::<Table>();
    cloned::<Fixer>();
    cloned::<Converter>();
}

#[test]
fn options_and_results_go_anywhere() {
    shared::<(Encoding, OutputEncoding, Unmappable, Bom, Format, Repairs, ToScript)>();
    shared::<(Detection, Counts, Script, Target, Ambiguity, Row)>();
    shared::<(Fixed, End, Event, Outcome, Repair, Collect, Silent)>();
    // So that `?` makes any of the usual boxes of it.
    shared::<Error>();
    let boxed: Box<dyn std::error::Error + Send + Sync> = ToScript::parse("zh").unwrap_err().into();
    assert!(boxed.downcast_ref::<Error>().is_some());
}

#[test]
fn what_works_on_one_text_can_be_handed_to_another_thread() {
    handed_on::<Stream>();
    handed_on::<Detector>();
    handed_on::<Decoder>();
    handed_on::<Encoder>();
    handed_on::<Conversion>();
    handed_on::<ToTarget>();
    handed_on::<(Mojibake, Entity, Gloss, Unicode, Noise)>();
}
