//! decode, repair, convert, encode, in that order: the [`Fixer`].

use std::borrow::Cow;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::chain::Chain;
use crate::decode::Encoding;
use crate::encode::{Bom, Unmappable};
use crate::event::{Collect, Event, Repair, Silent, Sink};
use crate::options::{Format, Repairs, ToScript};
use crate::repair::{Entity, Gloss, GlossOptions, Mojibake, MojibakeOptions, Noise, Unicode};
use crate::stage::{Stage, TextStage};

mod adapters;
#[cfg(feature = "formats")]
mod asked;
mod stream;

pub use adapters::{Reader, Writer};
#[cfg(feature = "formats")]
pub(crate) use asked::Asked;
pub use stream::{End, Stream};

/// Mends text: the whole pipeline with its options, ready to use.
///
/// Immutable, `Send + Sync`, cheap to clone; one is enough for a process.
///
/// ```
/// use hanmend::{Fixer, ToScript};
///
/// let fixer = Fixer::builder().script(ToScript::parse("hans")?).build();
/// assert_eq!(fixer.fix_str("&#x5BE6;現"), "实现");
///
/// let gbk = b"\xca\xb5\xcf\xd6\xd7\xd4\xbc\xba\xb5\xc4\xc0\xed\xcf\xeb";
/// let fixed = fixer.fix_bytes(gbk);
/// assert_eq!(fixed.text, "实现自己的理想");
/// assert_eq!(fixed.encoding.name(), "gbk");
/// # Ok::<(), hanmend::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Fixer {
    options: Arc<Options>,
    /// Streams that wait for the next text: building one costs more than mending a short text.
    idle: Arc<Mutex<Vec<Stream>>>,
}

/// The options of a [`Fixer`].
#[derive(Clone, Debug)]
struct Options {
    encoding: Option<Encoding>,
    script: ToScript,
    repairs: Repairs,
    guess: bool,
    format: Format,
    output: OutputEncoding,
    unmappable: Unmappable,
    bom: Bom,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            encoding: None,
            script: ToScript::Keep,
            repairs: Repairs::default(),
            guess: true,
            format: Format::Auto,
            output: OutputEncoding::default(),
            unmappable: Unmappable::Error,
            bom: Bom::Keep,
        }
    }
}

/// Which encoding comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutputEncoding {
    /// This one.
    Encoding(Encoding),
    /// The input's.
    Same,
}

impl Default for OutputEncoding {
    fn default() -> OutputEncoding {
        OutputEncoding::Encoding(Encoding::UTF_8)
    }
}

/// What [`Fixer::fix_bytes`] gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Fixed {
    /// The mended text.
    pub text: String,
    /// The encoding that was found or asked for.
    pub encoding: Encoding,
    /// Whether the input began with a byte order mark; it is not in the text.
    pub bom: bool,
    /// What was changed, and what was found and left.
    pub events: Vec<Event>,
}

impl Fixer {
    /// Begins with the default options.
    pub fn builder() -> FixerBuilder {
        FixerBuilder::default()
    }

    /// Mends text that is already decoded. Borrowed when nothing changes.
    ///
    /// ```
    /// use std::borrow::Cow;
    ///
    /// let fixer = hanmend::Fixer::default();
    /// assert!(matches!(fixer.fix_str("好端端的一句話"), Cow::Borrowed(_)));
    /// ```
    pub fn fix_str<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.fix_str_with(text, &mut Silent)
    }

    /// Mends text that is already decoded, and tells `sink` what happened.
    pub fn fix_str_with<'t>(&self, text: &'t str, sink: &mut dyn Sink) -> Cow<'t, str> {
        let mut stream = self.take_stream();
        let chain = stream.chain();
        let fixed = if chain.is_empty() || chain.passes(text) {
            Cow::Borrowed(text)
        } else {
            let mut out = String::with_capacity(text.len() + 64);
            chain.push(text, &mut out, sink);
            chain.finish(&mut out, sink);
            if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
        };
        self.give_stream(stream);
        fixed
    }

    /// Decodes and mends bytes. The text is not encoded again; [`stream`](Fixer::stream) does
    /// that.
    pub fn fix_bytes(&self, bytes: &[u8]) -> Fixed {
        let mut sink = Collect::default();
        let mut stream = self.take_stream();
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
        let end = stream.fix_to_text(bytes, &mut text, &mut sink);
        self.give_stream(stream);
        Fixed { text, encoding: end.encoding, bom: end.bom, events: sink.events }
    }

    /// The pipeline as a stream of pushes, bytes to bytes.
    pub fn stream(&self) -> Stream {
        Stream::new(self.options.clone())
    }

    /// The pipeline around a reader: reads damaged bytes from `inner`, gives mended ones.
    pub fn reader<R: Read>(&self, inner: R) -> Reader<R> {
        Reader::new(self.stream(), inner)
    }

    /// The pipeline around a writer: takes damaged bytes, writes mended ones to `inner`.
    /// [`Writer::finish`] has to be called at the end.
    pub fn writer<W: Write>(&self, inner: W) -> Writer<W> {
        Writer::new(self.stream(), inner)
    }

    fn take_stream(&self) -> Stream {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| self.stream())
    }

    fn give_stream(&self, stream: Stream) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
    }
}

impl Options {
    /// The text stages, in order.
    ///
    /// The order follows from what hides what: text read in a wrong encoding hides references,
    /// and references hide glosses (`實(sh&iacute;)`). Private-use characters are evidence to
    /// `gloss`, so `unicode` comes after it. Each runs once: what looks at its surroundings sees
    /// them as those that come later will leave them.
    fn chain(&self) -> Chain {
        let mut stages: Vec<Box<dyn TextStage + Send>> = Vec::new();
        if self.repairs.contains(Repair::Mojibake) {
            stages.push(Box::new(Mojibake::new(MojibakeOptions { guess: self.guess })));
        }
        if self.repairs.contains(Repair::Entity) {
            let entity = match self.format {
                Format::Auto => Entity::auto(),
                Format::Text => Entity::plain(),
                Format::Html => Entity::html(),
            };
            stages.push(Box::new(entity.guess(self.guess)));
        }
        if self.repairs.contains(Repair::Gloss) {
            stages.push(Box::new(Gloss::new(GlossOptions { guess: self.guess })));
        }
        if self.repairs.contains(Repair::Unicode) {
            stages.push(Box::new(Unicode::default().guess(self.guess)));
        }
        if self.repairs.contains(Repair::Noise) {
            stages.push(Box::new(Noise::default()));
        }
        match &self.script {
            ToScript::Keep => {}
            ToScript::Target(target) => stages.push(Box::new(target.stage())),
            ToScript::TargetWith(target, phrases) => {
                stages.push(Box::new(target.stage_with(Arc::clone(phrases))));
            }
            ToScript::Config(converter) => stages.push(Box::new(converter.stage())),
        }
        Chain::new(stages)
    }
}

/// Builds a [`Fixer`].
#[derive(Clone, Debug, Default)]
pub struct FixerBuilder(Options);

impl FixerBuilder {
    /// The encoding of the input; `None`, the default, finds it out.
    #[must_use]
    pub fn encoding(mut self, encoding: Option<Encoding>) -> Self {
        self.0.encoding = encoding;
        self
    }

    /// The script of the output. Default: as the text is.
    #[must_use]
    pub fn script(mut self, script: ToScript) -> Self {
        self.0.script = script;
        self
    }

    /// The repairs that are made. Default: all but `noise`.
    #[must_use]
    pub fn repairs(mut self, repairs: Repairs) -> Self {
        self.0.repairs = repairs;
        self
    }

    /// Whether lost bytes are restored by likelihood, where the evidence is strong. Default: yes.
    #[must_use]
    pub fn guess(mut self, guess: bool) -> Self {
        self.0.guess = guess;
        self
    }

    /// Whether the input is markup. Default: found out from the content.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.0.format = format;
        self
    }

    /// The encoding of the output of [`Fixer::stream`] and the adapters. Default: UTF-8.
    #[must_use]
    pub fn output(mut self, output: OutputEncoding) -> Self {
        self.0.output = output;
        self
    }

    /// What to do with a character that the output encoding lacks. Default: an error.
    #[must_use]
    pub fn unmappable(mut self, unmappable: Unmappable) -> Self {
        self.0.unmappable = unmappable;
        self
    }

    /// Whether the output begins with a byte order mark. Default: if the input did.
    #[must_use]
    pub fn bom(mut self, bom: Bom) -> Self {
        self.0.bom = bom;
        self
    }

    /// The fixer.
    pub fn build(self) -> Fixer {
        Fixer { options: Arc::new(self.0), idle: Arc::default() }
    }
}

#[cfg(test)]
mod tests;
