//! One process at a time for a file that is loaded at start and written as a whole.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The only process that may use a file, for as long as it is held. A process that ends, however it does, gives it up.
#[derive(Debug)]
pub(crate) struct Hold {
    _file: File,
}

impl Hold {
    /// Takes the file for this process; `None` when another one has it.
    pub(crate) fn take(file: &Path) -> Result<Option<Self>, Failure> {
        let place = place(file);
        let failed = |error| Failure::unreachable(format!("{}: {error}", place.display()));
        let lock = OpenOptions::new().create(true).append(true).open(&place).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { _file: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

fn place(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_holder_until_it_lets_go() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("a.db");
        let hold = Hold::take(&file).unwrap();
        assert!(hold.is_some());
        assert!(Hold::take(&file).unwrap().is_none());
        assert!(Hold::take(&directory.path().join("b.db")).unwrap().is_some());
        drop(hold);
        assert!(Hold::take(&file).unwrap().is_some());
        assert!(Hold::take(&directory.path().join("no/such/c.db")).is_err());
    }
}
