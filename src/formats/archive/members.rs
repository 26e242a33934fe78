//! Mends what is in an archive.

use crate::decode::{Encoding, detect};
use crate::encode::Unmappable;
use crate::error::Error;
use crate::event::{Silent, Sink};
use crate::{Fixer, OutputEncoding, Repairs};

use super::super::settings::Settings;
use super::super::{Kind, Listener, Member, Nature, Woven};
use super::{begins_warc, malformed};

/// Mends members.
pub(super) struct Members {
    pub(super) settings: Settings,
    /// What mends those in one encoding, or in any; it is made once.
    menders: Vec<(Option<Encoding>, Mender)>,
}

struct Mender {
    text: Fixer,
    format: Settings,
}

/// What is in a member, and what is said of it.
pub(super) struct Content<'m> {
    pub(super) bytes: &'m [u8],
    /// `None` for plain text.
    pub(super) kind: Option<Kind>,
    /// The encoding that someone says it has.
    pub(super) declared: Option<Encoding>,
}

impl Members {
    pub(super) fn new(settings: Settings) -> Members {
        Members { settings, menders: Vec::new() }
    }

    /// What comes in place of `content`, the content of `member`; `None` where it stays.
    pub(super) fn mended(
        &mut self,
        member: &Member,
        content: &Content<'_>,
        sink: &mut dyn Listener,
    ) -> Option<Vec<u8>> {
        if content.kind.is_some_and(Kind::is_archive) || begins_warc(content.bytes) {
            // The lengths in it would be wrong.
            malformed_in(member, "an archive in an archive stays as it is", sink);
            return None;
        }
        let mut nature = Nature::default();
        nature.settle(content.bytes, None, true);
        if matches!(nature, Nature::Binary) {
            return None;
        }
        let encoding = self.settings.encoding.or_else(|| vote(content.bytes, content.declared));
        // Nothing is told of a member that then turns out not to fit in the encoding that is written.
        if self.can_fail()
            && let Err(problem) = self.run(encoding, content, &mut Silent)
        {
            sink.refused(member, &problem);
            return None;
        }
        sink.member(Some(member));
        let mended = self.run(encoding, content, sink);
        sink.member(None);
        match mended {
            Ok(mended) => (mended != content.bytes).then_some(mended),
            Err(problem) => {
                sink.refused(member, &problem);
                None
            }
        }
    }

    /// Whether the encoding that is written may lack a character.
    fn can_fail(&self) -> bool {
        matches!(self.settings.unmappable, Unmappable::Error)
            && self.settings.output != OutputEncoding::default()
    }

    fn run(
        &mut self,
        encoding: Option<Encoding>,
        content: &Content<'_>,
        sink: &mut dyn Sink,
    ) -> Result<Vec<u8>, Error> {
        let Mender { text, format } = self.mender(encoding);
        let mut out = Vec::with_capacity(content.bytes.len());
        match content.kind {
            Some(kind) => {
                let mut woven = Woven::new(format.clone(), kind);
                woven.push(content.bytes, &mut out, sink)?;
                woven.finish(&mut out, sink)?;
            }
            None => {
                let mut stream = text.stream();
                stream.push(content.bytes, &mut out, sink)?;
                stream.finish(&mut out, sink)?;
            }
        }
        Ok(out)
    }

    fn mender(&mut self, encoding: Option<Encoding>) -> &Mender {
        let known = self.menders.iter().position(|(e, _)| *e == encoding);
        let at = known.unwrap_or_else(|| {
            let text = self.settings.text.clone().encoding(encoding).build();
            let format = self.settings.reading(encoding);
            self.menders.push((encoding, Mender { text, format }));
            self.menders.len() - 1
        });
        &self.menders[at].1
    }
}

/// Says that `member` is not as it should be, and stays.
pub(super) fn malformed_in(member: &Member, reason: impl Into<String>, sink: &mut dyn Listener) {
    sink.member(Some(member));
    malformed(0, reason, sink);
    sink.member(None);
}

/// What the bytes say so clearly that no declaration counts against it.
const CLEAR: f32 = 0.9;

/// The encoding that is declared, where the bytes leave it open and can be in it.
fn vote(bytes: &[u8], declared: Option<Encoding>) -> Option<Encoding> {
    let declared = declared?;
    let found = detect(bytes);
    if found.bom || found.confidence >= CLEAR || found.encoding == declared {
        return None;
    }
    let reader = Fixer::builder().encoding(Some(declared)).repairs(Repairs::NONE);
    reader.build().fix_bytes(bytes).events.is_empty().then_some(declared)
}
