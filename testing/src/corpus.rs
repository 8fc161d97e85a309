//! Real HL7 v2 messages, read where they lie.

use std::path::{Path, PathBuf};

use carewire_hl7_v2::batch::Batch;

use crate::{Error, Result};

/// What a test says when there is no corpus.
pub const NOT_SET: &str = "skipped: CAREWIRE_CORPUS is not set";

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

/// The corpus: `CAREWIRE_CORPUS`.
#[must_use]
pub fn directory() -> Option<PathBuf> {
    std::env::var_os("CAREWIRE_CORPUS").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// All messages of all files of messages below a folder of the corpus, in the order of their names.
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

/// The message with an identifier put into PID-3, before what is there, and with a PID where it has none: many of the
/// corpus are about one field and name no patient.
#[must_use]
pub fn with_patient(bytes: &[u8]) -> Vec<u8> {
    const IDENTIFIER: &str = "TEST1^^^TEST^MR";
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\r").replace('\n', "\r");
    let mut segments: Vec<String> = text.split('\r').map(str::to_owned).collect();
    let named = |names: &'static [&str]| {
        move |segment: &String| names.contains(&segment.get(..3).unwrap_or_default())
    };
    if !segments.iter().any(named(&["PID"])) {
        let heads =
            segments.iter().take_while(|segment| named(&["MSH", "SFT", "UAC", "EVN"])(segment)).count();
        segments.insert(heads, "PID|1".to_owned());
    }
    for segment in segments.iter_mut().filter(|segment| segment.starts_with("PID")) {
        let mut fields: Vec<&str> = segment.split('|').collect();
        fields.resize(fields.len().max(4), "");
        let identifiers = format!("{IDENTIFIER}~{}", fields.get(3).copied().unwrap_or_default());
        fields.splice(3..4, [identifiers.as_str()]);
        *segment = fields.join("|");
    }
    segments.join("\r").into_bytes()
}

/// By its name: `.hl7`, or a text that was one.
fn is_message(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".hl7") || (name.contains(".hl7_") && name.ends_with(".txt"))
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let listing = std::fs::read_dir(folder).map_err(Error::io(folder.display().to_string()))?;
    for entry in listing {
        let path = entry.map_err(Error::io(folder.display().to_string()))?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else if is_message(&path) {
            files.push(path);
        }
    }
    Ok(())
}
