//! The pairs, read where they lie.

use std::path::Path;

use serde_json::Value;

use super::xml;
use crate::{Error, Result};

/// The folders of the corpus that have pairs, below `v2-to-fhir`.
pub const CORPORA: [&str; 4] = ["reportstream-inventory", "ms-liquid", "google-wstl1", "hl7-ig"];

/// A message and the Bundle that is expected of it. `Debug` shows where they are.
#[non_exhaustive]
pub struct Pair {
    /// The folder: one of [`CORPORA`].
    pub corpus: &'static str,
    /// The name of the message's file.
    pub file: String,
    /// The message.
    pub message: Vec<u8>,
    /// The Bundle.
    pub expected: Value,
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.corpus, self.file)
    }
}

/// All pairs of the corpus, in the order of their names. A message without an expected Bundle is no pair.
///
/// # Errors
/// When a file cannot be read, or what is expected is neither JSON nor XML.
pub fn pairs(corpus: &Path) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for name in CORPORA {
        let folder = corpus.join("v2-to-fhir").join(name);
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder.join("in")).map_err(Error::io(name))? {
            files.push(entry.map_err(Error::io(name))?.file_name().to_string_lossy().into_owned());
        }
        files.sort();
        for file in files {
            let expected = folder.join("expected").join(format!("{file}.json"));
            if expected.is_file() {
                let message = std::fs::read(folder.join("in").join(&file)).map_err(Error::io(&file))?;
                let expected = std::fs::read_to_string(expected).map_err(Error::io(&file))?;
                pairs.push(Pair { corpus: name, expected: read(&expected, &file)?, message, file });
            }
        }
    }
    Ok(pairs)
}

fn read(text: &str, file: &str) -> Result<Value> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('<') {
        return xml::read(text).ok_or_else(|| Error::not_understood(file));
    }
    serde_json::from_str(text).map_err(|_| Error::not_understood(file))
}
