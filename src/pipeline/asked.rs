//! What a builder was told of the bytes on both sides.

use super::{FixerBuilder, OutputEncoding};
use crate::decode::Encoding;
use crate::encode::{Bom, Unmappable};

/// For what decodes and encodes itself: a [format](crate::formats).
pub(crate) struct Asked {
    pub(crate) encoding: Option<Encoding>,
    pub(crate) output: OutputEncoding,
    pub(crate) unmappable: Unmappable,
    pub(crate) bom: Bom,
}

impl FixerBuilder {
    pub(crate) fn asked(&self) -> Asked {
        let options = &self.0;
        Asked {
            encoding: options.encoding,
            output: options.output,
            unmappable: options.unmappable,
            bom: options.bom,
        }
    }
}
