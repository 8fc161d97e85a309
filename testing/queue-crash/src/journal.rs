//! What a process did, line by line, in a file of its own: a line is written by one call, so a killed process leaves none in part.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::{Error, Result};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// The queue gave the job.
    Claimed,
    /// The effect happens.
    Effect,
    /// The end of the attempt is about to be sent.
    Sent,
    /// It was taken.
    Done,
    /// It was refused: the lease was lost.
    Stale,
}

impl What {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Claimed, "claimed"),
        (Self::Effect, "effect"),
        (Self::Sent, "sent"),
        (Self::Done, "done"),
        (Self::Stale, "stale"),
    ];

    fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(what, _)| *what == self).map_or("", |(_, name)| name)
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Nanoseconds of the machine's clock.
    pub at: u128,
    /// What was done.
    pub what: What,
    /// With which job.
    pub job: i64,
    /// In which epoch.
    pub epoch: u64,
    /// What the job is about.
    pub effect: u64,
}

/// A file of entries.
#[derive(Debug)]
pub struct Journal(Mutex<File>);

impl Journal {
    /// Opens or makes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        Ok(Self(Mutex::new(file.map_err(Error::io("journal"))?)))
    }

    /// Writes that something is done now. Whoever cannot write must not go on.
    ///
    /// # Errors
    /// When the file takes no more.
    pub fn write(&self, what: What, job: i64, epoch: u64, effect: u64) -> std::io::Result<()> {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let line = format!("{at} {} {job} {epoch} {effect}\n", what.name());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes())
    }

    /// All entries of the journals in a directory, by time.
    ///
    /// # Errors
    /// When a file cannot be read, or has a line that no journal writes.
    pub fn read_all(directory: &Path) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for file in std::fs::read_dir(directory).map_err(Error::io("journals"))? {
            let path = file.map_err(Error::io("journals"))?.path();
            if path.extension().is_some_and(|extension| extension == "journal") {
                let text = std::fs::read_to_string(&path).map_err(Error::io("journal"))?;
                for line in text.lines() {
                    entries.push(parse(line).ok_or_else(|| Error::not_understood("line of a journal"))?);
                }
            }
        }
        entries.sort_by_key(|entry| entry.at);
        Ok(entries)
    }
}

fn parse(line: &str) -> Option<Entry> {
    let mut words = line.split(' ');
    let at = words.next()?.parse().ok()?;
    let name = words.next()?;
    let what = What::ALL.into_iter().find(|(_, known)| *known == name)?.0;
    let entry = Entry {
        at,
        what,
        job: words.next()?.parse().ok()?,
        epoch: words.next()?.parse().ok()?,
        effect: words.next()?.parse().ok()?,
    };
    words.next().is_none().then_some(entry)
}
