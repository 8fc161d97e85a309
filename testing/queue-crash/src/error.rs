//! Why a torment could not be carried out.

/// What could not be done.
#[derive(Debug)]
pub struct Error(String);

/// `Result` with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn failed(what: &str, why: impl std::fmt::Display) -> Self {
        Self(format!("{what}: {why}"))
    }

    pub(crate) fn not_understood(what: &str) -> Self {
        Self(format!("{what} is not understood"))
    }

    pub(crate) fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::failed(what, error)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}
