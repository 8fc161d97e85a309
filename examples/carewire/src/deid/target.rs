//! Where transformed documents go, so that a file is there whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::out;

/// Lines of output.
pub(super) enum Target {
    Stdout(BufWriter<std::io::Stdout>),
    /// A file that is written under another name, and its own.
    File {
        file: BufWriter<File>,
        part: PathBuf,
        path: PathBuf,
    },
}

impl Target {
    pub(super) fn stdout() -> Self {
        Self::Stdout(BufWriter::new(std::io::stdout()))
    }

    /// A file; what an earlier run left half-written is replaced.
    pub(super) fn file(path: &Path) -> Result<Self, Failure> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(|error| named(&part, &error))?;
        Ok(Self::File { file: BufWriter::new(file), part, path: path.to_path_buf() })
    }

    /// A document or message, and the end of its line.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<(), Failure> {
        let to: &mut dyn Write = match self {
            Self::Stdout(lines) => lines,
            Self::File { file, .. } => file,
        };
        let written = to.write_all(line).and_then(|()| to.write_all(b"\n"));
        written.map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &std::io::Error) -> Failure {
        match self {
            Self::Stdout(_) => out::failed(error),
            Self::File { part, .. } => {
                // Half a file is of no use, and may be what fills the disk.
                let _ = std::fs::remove_file(part);
                named(part, error)
            }
        }
    }

    /// All is written and, in a file, durable under its own name.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Stdout(mut lines) => lines.flush().map_err(|error| out::failed(&error)),
            Self::File { file, part, path } => {
                let written = file.into_inner().map_err(std::io::IntoInnerError::into_error);
                written.and_then(|file| file.sync_all()).map_err(|error| {
                    let _ = std::fs::remove_file(&part);
                    named(&part, &error)
                })?;
                std::fs::rename(&part, &path).map_err(|error| named(&path, &error))?;
                sync_directory(&path);
                Ok(())
            }
        }
    }
}

/// The new name is durable, where a directory can be synced.
fn sync_directory(path: &Path) {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = File::open(directory).and_then(|directory| directory.sync_all());
}

fn named(path: &Path, error: &std::io::Error) -> Failure {
    Failure::unreachable(format!("{}: {error}", path.display()))
}
