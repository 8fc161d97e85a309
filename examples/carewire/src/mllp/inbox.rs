//! A directory of received messages: each a file, there durably before anybody is told that it is.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use carewire_hl7_v2::light::around_message_time;
use carewire_mllp::{Decoder, Event, Limits, encode};
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::lock::Hold;

/// A message as received is `NUMBER-DIGEST.hl7`, one that was not accepted `NUMBER-DIGEST.refused`, and what was answered
/// `NUMBER-DIGEST.ack`, as it went over the wire. The digest is of the message but for MSH-7, the time at which it was sent,
/// so that a resend is known by it.
pub(crate) struct Inbox {
    directory: PathBuf,
    known: Mutex<Known>,
    _hold: Hold,
}

#[derive(Default)]
struct Known {
    last: u64,
    /// The names without ending, and whether the message was accepted, by digest.
    names: HashMap<String, (String, bool)>,
}

/// What became of a message.
#[derive(PartialEq, Eq)]
pub(crate) struct Kept {
    /// The name of its file, without the ending.
    pub(crate) name: String,
    /// It was there already.
    pub(crate) resend: bool,
    pub(crate) accepted: bool,
    /// What to answer: for a resend what was answered the first time.
    pub(crate) answers: Vec<Vec<u8>>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept")
            .field("name", &self.name)
            .field("resend", &self.resend)
            .field("accepted", &self.accepted)
            .field("answers", &self.answers.len())
            .finish()
    }
}

/// What is to be kept.
pub(crate) struct New {
    pub(crate) answers: Vec<Vec<u8>>,
    pub(crate) accepted: bool,
}

impl Inbox {
    /// Opens a directory, for this process alone; makes it where it is not there.
    pub(crate) fn open(directory: &Path) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::usage(format!("{}: {error}", directory.display()));
        fs::create_dir_all(directory).map_err(failed)?;
        let hold = Hold::take(&directory.join("inbox"))?;
        let hold = hold.ok_or_else(|| {
            Failure::unreachable(format!("{}: another process receives into it", directory.display()))
        })?;
        let known = Known::read(directory).map_err(failed)?;
        Ok(Self { directory: directory.to_path_buf(), known: Mutex::new(known), _hold: hold })
    }

    /// Keeps a message that was not kept before. When this returns, a power failure does not lose it.
    pub(crate) fn keep(&self, message: &[u8], new: impl FnOnce() -> New) -> io::Result<Kept> {
        let digest = digest(message);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((name, accepted)) = known.names.get(&digest).cloned() {
            let answers = frames(&fs::read(self.place(&name, "ack"))?);
            return Ok(Kept { name, resend: true, accepted, answers });
        }
        let New { answers, accepted } = new();
        let name = format!("{:08}-{digest}", known.last + 1);
        // The message comes last: where it is, its answer is.
        let sent: Vec<u8> = answers.iter().flat_map(|answer| encode(answer)).collect();
        self.write(&self.place(&name, "ack"), &sent)?;
        self.write(&self.place(&name, if accepted { "hl7" } else { "refused" }), message)?;
        known.last += 1;
        known.names.insert(digest, (name.clone(), accepted));
        Ok(Kept { name, resend: false, accepted, answers })
    }

    fn place(&self, name: &str, ending: &str) -> PathBuf {
        self.directory.join(format!("{name}.{ending}"))
    }

    /// A file that is there whole or not at all.
    fn write(&self, place: &Path, bytes: &[u8]) -> io::Result<()> {
        let part = place.with_extension("part");
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, place)?;
        // The name is durable once its directory is.
        File::open(&self.directory)?.sync_all()
    }
}

impl Known {
    fn read(directory: &Path) -> io::Result<Self> {
        let mut known = Self::default();
        for entry in fs::read_dir(directory)? {
            let place = entry?.path();
            let ending = place.extension().and_then(|ending| ending.to_str());
            let accepted = match ending {
                Some("hl7") => true,
                Some("refused") => false,
                _ => continue,
            };
            let Some(name) = place.file_stem().and_then(|name| name.to_str()) else { continue };
            let Some((number, digest)) = name.split_once('-') else { continue };
            let Ok(number) = number.parse() else { continue };
            known.last = known.last.max(number);
            known.names.insert(digest.to_owned(), (name.to_owned(), accepted));
        }
        Ok(known)
    }
}

fn digest(message: &[u8]) -> String {
    let [before, after] = around_message_time(message);
    // The length keeps the parts apart.
    let length = u64::try_from(before.len()).unwrap_or(u64::MAX).to_be_bytes();
    let digest = Sha256::new().chain_update(length).chain_update(before).chain_update(after).finalize();
    data_encoding::HEXLOWER.encode(digest.get(..16).unwrap_or_default())
}

/// The payloads of what went over the wire.
fn frames(sent: &[u8]) -> Vec<Vec<u8>> {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(sent);
    let events = std::iter::from_fn(|| decoder.poll());
    events
        .filter_map(|event| match event {
            Event::Message { payload, .. } => Some(payload),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
#[path = "inbox_tests.rs"]
mod tests;
