//! How a command ends.

/// A command ended as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// Every input succeeded.
    All,
    /// Some inputs failed; the others are written, each failure was named.
    Some,
}

/// A command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Wrong usage or configuration.
    #[error("{0}")]
    Usage(String),
    /// A needed service, file or store could not be reached.
    #[error("{0}")]
    Unreachable(String),
    /// Whoever read the output stopped reading: the rest of it has nowhere to go, and nobody to be told.
    #[error("the output is not read")]
    Unread,
}

impl Failure {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    pub(crate) fn unreachable(text: impl Into<String>) -> Self {
        Self::Unreachable(text.into())
    }

    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Unread => 1,
            Self::Usage(_) => 2,
            Self::Unreachable(_) => 3,
        }
    }
}

impl From<carewire_gateway::Error> for Failure {
    fn from(error: carewire_gateway::Error) -> Self {
        Self::Unreachable(error.to_string())
    }
}

impl From<carewire_sync_engine::Error> for Failure {
    fn from(error: carewire_sync_engine::Error) -> Self {
        Self::Unreachable(error.to_string())
    }
}
