//! What is done to the text of a format.

use std::fmt;

use crate::decode::Encoding;
use crate::encode::{Bom, Unmappable};
use crate::pipeline::Asked;
use crate::{Fixer, FixerBuilder, Format, OutputEncoding, Repairs, ToScript};

use super::Kind;

/// What is done to the text of a format. Cheap to clone.
#[derive(Clone)]
pub struct Settings {
    /// Decodes, and does no more.
    pub(super) decode: Fixer,
    /// Mends text.
    mend: Fixer,
    /// Mends the text of markup.
    markup: Fixer,
    pub(super) output: OutputEncoding,
    pub(super) unmappable: Unmappable,
    pub(super) bom: Bom,
    pub(super) wanted: Wanted,
    /// The encoding that was asked for.
    pub(super) encoding: Option<Encoding>,
    /// What `decode` is made with, and what does all that is done to a plain text.
    decoder: FixerBuilder,
    pub(super) text: FixerBuilder,
}

impl Settings {
    /// What a fixer of `builder` would do to a plain text.
    pub fn new(builder: FixerBuilder) -> Settings {
        let Asked { encoding, output, unmappable, bom } = builder.asked();
        let inner = builder.clone().output(OutputEncoding::default()).bom(Bom::Remove);
        let decoder = inner.clone().repairs(Repairs::NONE).script(ToScript::Keep);
        let mend = inner.encoding(Some(Encoding::UTF_8));
        Settings {
            decode: decoder.clone().build(),
            markup: mend.clone().format(Format::Html).build(),
            mend: mend.build(),
            output,
            unmappable,
            bom,
            wanted: Wanted::default(),
            encoding,
            decoder,
            text: builder,
        }
    }

    /// Which parts of a file are mended. Default: all that are text.
    #[must_use]
    pub fn wanted(mut self, wanted: Wanted) -> Settings {
        self.wanted = wanted;
        self
    }

    /// The encoding that the builder was told the input has.
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// The same for a file in `encoding`.
    pub(super) fn reading(&self, encoding: Option<Encoding>) -> Settings {
        Settings { decode: self.decoder.clone().encoding(encoding).build(), ..self.clone() }
    }

    /// What mends the text of files of `kind`.
    pub(super) fn fixer(&self, kind: Kind) -> &Fixer {
        if kind.is_markup() { &self.markup } else { &self.mend }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("text", &self.text)
            .field("wanted", &self.wanted)
            .finish_non_exhaustive()
    }
}

/// Which parts of a file are mended. Default: all that are text.
///
/// ```
/// use hanmend::Fixer;
/// use hanmend::event::Silent;
/// use hanmend::formats::{Kind, Settings, Stream, Wanted};
///
/// let wanted = Wanted::default().fields(["2"]).delimiter(Some(b'|'));
/// let settings = Settings::new(Fixer::builder()).wanted(wanted);
/// let (mut stream, mut out) = (Stream::new(settings, Kind::Csv), Vec::new());
/// stream.push("&#x5B9E;|&#x5B9E;\n".as_bytes(), &mut out, &mut Silent)?;
/// stream.finish(&mut out, &mut Silent)?;
/// # let out = String::from_utf8(out).unwrap();
/// assert_eq!(out, "&#x5B9E;|实\n");
/// # Ok::<(), hanmend::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wanted {
    /// Fields of records, by name, number or JSON Pointer; none for all.
    pub fields: Vec<String>,
    /// What separates the fields of a csv file; `None` finds it in the first record.
    pub delimiter: Option<u8>,
}

impl Wanted {
    /// These fields of records only, by name, number (from 1) or JSON Pointer; none for all.
    #[must_use]
    pub fn fields(self, fields: impl IntoIterator<Item = impl Into<String>>) -> Wanted {
        Wanted { fields: fields.into_iter().map(Into::into).collect(), ..self }
    }

    /// What separates the fields of a csv file; `None` finds it in the first record.
    #[must_use]
    pub fn delimiter(self, delimiter: Option<u8>) -> Wanted {
        Wanted { delimiter, ..self }
    }
}
