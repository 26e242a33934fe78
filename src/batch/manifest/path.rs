//! Paths in JSON.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A path as JSON: text where it is text, else its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum PathText {
    Text(String),
    Bytes { bytes: Vec<u8> },
}

impl PathText {
    pub(crate) fn new(path: &Path) -> PathText {
        match path.to_str() {
            Some(text) => PathText::Text(text.to_owned()),
            None => PathText::Bytes { bytes: path.as_os_str().as_encoded_bytes().to_vec() },
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        match self {
            PathText::Text(text) => text.into(),
            PathText::Bytes { bytes } => from_bytes(bytes),
        }
    }
}

#[cfg(unix)]
fn from_bytes(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn from_bytes(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn any_path_comes_back() {
        for bytes in [&b"/a b"[..], b"/\xff\xfe", "/書/頁".as_bytes()] {
            let path = from_bytes(bytes);
            let json = serde_json::to_string(&PathText::new(&path)).unwrap();
            assert_eq!(serde_json::from_str::<PathText>(&json).unwrap().path(), path);
        }
    }
}
