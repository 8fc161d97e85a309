//! What is written for programs (stdout) and people (stderr), without a panic when nobody reads it.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use crate::failure::Failure;

/// One line of data on stdout.
pub(crate) fn line(text: impl Display) -> Result<(), Failure> {
    writeln!(std::io::stdout().lock(), "{text}").map_err(|error| failed(&error))
}

/// One line for a person on stderr. Where nobody reads it there is nobody to tell.
pub(crate) fn note(text: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// What a failed write of output means.
pub(crate) fn failed(error: &std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure::Unread,
        _ => Failure::unreachable(format!("output: {error}")),
    }
}
