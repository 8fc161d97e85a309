//! Keys, randomness and time from the operating system.

use std::io::Write;
use std::path::Path;

use carewire_deid::{Entropy, KeyRing};
use carewire_sync_engine::Clock;
use chrono::{DateTime, Utc};

use crate::failure::Failure;

/// The operating system's randomness.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), carewire_deid::Error> {
        getrandom::fill(bytes).map_err(|_| carewire_deid::Error::Entropy)
    }
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn jitter(&self) -> u64 {
        getrandom::u64().unwrap_or_else(|_| u64::from(Utc::now().timestamp_subsec_nanos()))
    }
}

/// Reads the key file; makes it first where that is allowed.
pub(crate) fn load(path: &Path, create: bool) -> Result<KeyRing, Failure> {
    if create && !path.exists() {
        write_new(path)?;
        tracing::warn!(file = %path.display(), "key file made: back it up, without it nothing can be opened");
    }
    refuse_wide_mode(path)?;
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!("key file {}: {error}; without it nothing can be opened", path.display()))
    })?;
    KeyRing::parse(&text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// A fresh key file, readable by its owner only.
pub(crate) fn write_new(path: &Path) -> Result<(), Failure> {
    let ring = generate()?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(ring.to_json().as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| Failure::usage(format!("key file {}: {error}", path.display())))
}

/// Fresh keys for every use.
pub(crate) fn generate() -> Result<KeyRing, Failure> {
    let created = Utc::now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    KeyRing::generate(&OsEntropy, &created).map_err(|error| Failure::unreachable(error.to_string()))
}

#[cfg(unix)]
fn refuse_wide_mode(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
            Err(Failure::usage(format!("key file {} can be read by others; `chmod 600` it", path.display())))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn refuse_wide_mode(_: &Path) -> Result<(), Failure> {
    Ok(())
}
