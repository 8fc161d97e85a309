//! Real HL7 v2 messages, read where they lie.

use std::path::{Path, PathBuf};

use carewire_hl7_v2::batch::Batch;
use carewire_hl7_v2::{Message, ParseOptions};

use crate::{Error, Result};

/// What a test says when there is no corpus.
pub const NOT_SET: &str = "skipped: CAREWIRE_CORPUS is not set";

/// The message types of which every well-formed message becomes a Bundle.
pub const MAPPED: [(&str, &str); 8] = [
    ("ADT", "A01"),
    ("ADT", "A03"),
    ("ADT", "A04"),
    ("ADT", "A08"),
    ("ORU", "R01"),
    ("SIU", "S12"),
    ("VXU", "V04"),
    ("MDM", "T02"),
];

/// A message with the place that it is from. `Debug` shows the place only.
#[derive(Clone)]
#[non_exhaustive]
pub struct Sample {
    /// The file, below the corpus.
    pub file: String,
    /// Its number in the file, from 1.
    pub number: usize,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl std::fmt::Display for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} message {}", self.file, self.number)
    }
}

impl Sample {
    /// Whether it is of one of these types: MSH-9.1 and MSH-9.2.
    #[must_use]
    pub fn is_of(&self, types: &[(&str, &str)]) -> bool {
        let Ok(message) = Message::parse(&self.bytes, &ParseOptions::default()) else { return false };
        let (code, event) = (message.message_code(), message.trigger_event());
        let found = (code.as_deref().unwrap_or_default(), event.as_deref().unwrap_or_default());
        types.contains(&found)
    }
}

/// The corpus: `CAREWIRE_CORPUS`.
#[must_use]
pub fn directory() -> Option<PathBuf> {
    std::env::var_os("CAREWIRE_CORPUS").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// All messages of all `.hl7` files below a folder of the corpus, in the order of their names.
///
/// # Errors
/// When the folder or a file cannot be read.
pub fn messages(corpus: &Path, folder: &str) -> Result<Vec<Sample>> {
    let mut files = Vec::new();
    walk(&corpus.join(folder), &mut files)?;
    files.sort();
    let mut samples = Vec::new();
    for file in files {
        let bytes = std::fs::read(&file).map_err(Error::io(file.display().to_string()))?;
        let name = file.strip_prefix(corpus).unwrap_or(&file).display().to_string();
        for (number, message) in (1..).zip(Batch::split(&bytes).messages()) {
            samples.push(Sample { file: name.clone(), number, bytes: message.to_vec() });
        }
    }
    Ok(samples)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let listing = std::fs::read_dir(folder).map_err(Error::io(folder.display().to_string()))?;
    for entry in listing {
        let path = entry.map_err(Error::io(folder.display().to_string()))?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "hl7") {
            files.push(path);
        }
    }
    Ok(())
}
