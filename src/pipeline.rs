//! decode, repair, convert, encode, in that order: the [`Fixer`].

use std::borrow::Cow;
use std::fmt;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::chain::{Chain, Rounds};
use crate::decode::{Encoding, Sound, sound};
use crate::encode::{Bom, Unmappable};
use crate::event::{Event, Repair, Silent, Sink};
use crate::options::{Format, Repairs, ToScript};
use crate::repair::{Entity, Gloss, GlossOptions, Mojibake, MojibakeOptions, Noise, Unicode};
use crate::stage::TextStage;

mod adapters;
#[cfg(feature = "formats")]
mod asked;
mod kept;
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
#[derive(Clone)]
pub struct Fixer(Arc<Inner>);

struct Inner {
    options: Arc<Options>,
    /// Never pushed through, only asked what passes, by all threads at once.
    chain: Rounds,
    /// Streams that wait for the next text: building one costs more than mending a short text.
    idle: Mutex<Vec<Stream>>,
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
#[non_exhaustive]
pub struct Fixed<'b> {
    /// The mended text. Borrowed from the bytes when they were this text already.
    pub text: Cow<'b, str>,
    /// The encoding that was found or asked for.
    pub encoding: Encoding,
    /// Whether the input began with a byte order mark; it is not in the text.
    pub bom: bool,
    /// What was changed, and what was found and left.
    pub events: Vec<Event>,
}

impl Fixed<'_> {
    /// The same, without the bytes it came from.
    pub fn into_owned(self) -> Fixed<'static> {
        Fixed { text: Cow::Owned(self.text.into_owned()), ..self }
    }
}

impl Default for Fixer {
    fn default() -> Fixer {
        FixerBuilder::default().build()
    }
}

impl fmt::Debug for Fixer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fixer").field(&self.0.options).finish()
    }
}

impl Fixer {
    /// Begins with the default options.
    pub fn builder() -> FixerBuilder {
        FixerBuilder::default()
    }

    /// Mends text that is already decoded. Borrowed when nothing changes; nothing is allocated
    /// then, either, once the first few texts have gone through.
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
    ///
    /// ```
    /// use hanmend::event::Collect;
    ///
    /// let mut report = Collect::default();
    /// let fixed = hanmend::Fixer::default().fix_str_with("&#x5BE6;現", &mut report);
    /// assert_eq!((&*fixed, report.events[0].name()), ("實現", "entity".to_owned()));
    /// ```
    pub fn fix_str_with<'t>(&self, text: &'t str, sink: &mut dyn Sink) -> Cow<'t, str> {
        // Conversions are told of characters that stay, too.
        if !sink.wants_conversions() && self.0.chain.passes(text) {
            return Cow::Borrowed(text);
        }
        let mut stream = self.take_stream();
        let fixed = stream.fix_text(text, sink);
        self.give_stream(stream);
        fixed
    }

    /// Decodes and mends bytes. The text is borrowed when the bytes are that text already. It is not
    /// encoded again; [`stream`](Fixer::stream) does that.
    ///
    /// ```
    /// use std::borrow::Cow;
    ///
    /// let fixer = hanmend::Fixer::default();
    /// let fixed = fixer.fix_bytes(b"\xca\xb5\xcf\xd6\xd7\xd4\xbc\xba\xb5\xc4\xc0\xed\xcf\xeb");
    /// assert_eq!((&*fixed.text, fixed.encoding.name()), ("实现自己的理想", "gbk"));
    ///
    /// assert!(matches!(fixer.fix_bytes("這是好端端的一句話".as_bytes()).text, Cow::Borrowed(_)));
    /// ```
    pub fn fix_bytes<'b>(&self, bytes: &'b [u8]) -> Fixed<'b> {
        let mut events = Vec::new();
        let (text, End { encoding, bom }) = self.fix_bytes_with(bytes, &mut Events(&mut events));
        Fixed { text, encoding, bom, events }
    }

    /// Decodes and mends bytes, and tells `sink` what happened.
    ///
    /// ```
    /// use hanmend::event::Silent;
    ///
    /// let fixer = hanmend::Fixer::default();
    /// let (text, end) = fixer.fix_bytes_with("&#x5BE6;現".as_bytes(), &mut Silent);
    /// assert_eq!((&*text, end.encoding.name(), end.bom), ("實現", "utf-8", false));
    /// ```
    pub fn fix_bytes_with<'b>(&self, bytes: &'b [u8], sink: &mut dyn Sink) -> (Cow<'b, str>, End) {
        if let Some(sound) = sound(bytes, self.0.options.encoding) {
            return self.fix_sound(&sound, sink);
        }
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
        let end = self.decode_and_fix(bytes, &mut text, sink);
        (Cow::Owned(text), end)
    }

    /// Decodes and mends bytes, and appends the text to `text`. A loop that clears and reuses one
    /// `String` allocates nothing for documents without damage, whatever their encoding.
    ///
    /// ```
    /// use hanmend::event::Silent;
    ///
    /// let (fixer, mut text) = (hanmend::Fixer::default(), String::new());
    /// for big5 in [b"\xA4\xA4\xA4\xE5\xBD\xD2\xA5\xBB\xAA\xBA\xB2\xC4\xA4\x40\xAD\xB6"; 2] {
    ///     text.clear();
    ///     fixer.fix_bytes_into(big5, &mut text, &mut Silent);
    ///     assert_eq!(text, "中文課本的第一頁");
    /// }
    /// ```
    pub fn fix_bytes_into(&self, bytes: &[u8], text: &mut String, sink: &mut dyn Sink) -> End {
        match sound(bytes, self.0.options.encoding) {
            Some(sound) => {
                let (fixed, end) = self.fix_sound(&sound, sink);
                text.push_str(&fixed);
                end
            }
            None => self.decode_and_fix(bytes, text, sink),
        }
    }

    fn fix_sound<'b>(&self, sound: &Sound<'b>, sink: &mut dyn Sink) -> (Cow<'b, str>, End) {
        sink.encoding(sound.offset, sound.encoding.name(), sound.confidence);
        let end = End { encoding: sound.encoding, bom: false };
        (self.fix_str_with(sound.text, sink), end)
    }

    fn decode_and_fix(&self, bytes: &[u8], text: &mut String, sink: &mut dyn Sink) -> End {
        let mut stream = self.take_stream();
        let end = stream.fix_to_text(bytes, text, sink);
        self.give_stream(stream);
        end
    }

    /// The pipeline as a stream of pushes, bytes to bytes; [`Stream`] has an example.
    pub fn stream(&self) -> Stream {
        Stream::new(Arc::clone(&self.0.options))
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
        let idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| self.stream())
    }

    fn give_stream(&self, stream: Stream) {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
    }
}

impl Options {
    /// The text stages, in order.
    ///
    /// The order follows from what hides what: text read in a wrong encoding hides references,
    /// and references hide glosses (`實(sh&iacute;)`). Private-use characters are evidence to
    /// `gloss`, so `unicode` comes after it. What looks at its surroundings sees them as those that
    /// come later will leave them; where that does not suffice, the repairs run again.
    fn chain(&self) -> Rounds {
        let mut stages: Vec<Box<dyn TextStage + Send + Sync>> = Vec::new();
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
        let repairs = Chain::new(std::mem::take(&mut stages));
        match &self.script {
            ToScript::Keep => {}
            ToScript::Target(target) => stages.push(Box::new(target.stage())),
            ToScript::TargetWith(target, phrases) => {
                stages.push(Box::new(target.stage_with(Arc::clone(phrases))));
            }
            ToScript::Config(converter) => stages.push(Box::new(converter.stage())),
        }
        Rounds::new(repairs, Chain::new(stages))
    }
}

/// Keeps events.
struct Events<'e>(&'e mut Vec<Event>);

impl Sink for Events<'_> {
    fn event(&mut self, event: Event) {
        self.0.push(event);
    }
}

/// Builds a [`Fixer`].
#[derive(Clone, Debug, Default)]
pub struct FixerBuilder(Options);

impl FixerBuilder {
    /// The encoding of the input; `None`, the default, finds it out.
    ///
    /// ```
    /// use hanmend::{Encoding, Fixer};
    ///
    /// let fixer = Fixer::builder().encoding(Some(Encoding::BIG5)).build();
    /// assert_eq!(fixer.fix_bytes(b"\xA4\xA4\xA4\xE5").text, "中文");
    /// ```
    #[must_use]
    pub fn encoding(mut self, encoding: Option<Encoding>) -> Self {
        self.0.encoding = encoding;
        self
    }

    /// The script of the output. Default: as the text is.
    ///
    /// ```
    /// use hanmend::{Fixer, ToScript};
    ///
    /// let fixer = Fixer::builder().script(ToScript::parse("tw")?).build();
    /// assert_eq!(fixer.fix_str("他们在里面"), "他們在裡面");
    /// # Ok::<(), hanmend::Error>(())
    /// ```
    #[must_use]
    pub fn script(mut self, script: ToScript) -> Self {
        self.0.script = script;
        self
    }

    /// The repairs that are made. Default: all but `noise`.
    ///
    /// ```
    /// use hanmend::{Fixer, Repairs};
    ///
    /// let fixer = Fixer::builder().repairs(Repairs::parse("entity")?).build();
    /// assert_eq!(fixer.fix_str("&#x5BE6;現⼈"), "實現⼈");
    /// # Ok::<(), hanmend::Error>(())
    /// ```
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
        let chain = self.0.chain();
        Fixer(Arc::new(Inner { options: Arc::new(self.0), chain, idle: Mutex::default() }))
    }
}

#[cfg(test)]
mod tests;
