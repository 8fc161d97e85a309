use std::error::Error as StdError;

use carewire_fhir_core::http::{Failure, PageError, RequestError};

/// Why a remote could not be set up or a token not be had.
///
/// What a server answers to a request is a [`CallError`], or a [`carewire_sync_engine::Refusal`] of the remote.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The base URL may not be used.
    #[error("base url {reason}")]
    BaseUrl {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A root certificate is not PEM.
    #[error("root certificate is not readable")]
    Certificate,
    /// The platform's root certificates cannot be used.
    #[error("tls cannot be set up")]
    Tls {
        /// The cause.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The HTTP client cannot be made.
    #[error("http client cannot be made")]
    Client {
        /// The cause.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// A token source could not give a token; asking later may succeed.
    #[error("no access token")]
    Token {
        /// The cause, which must not hold the token.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The remote did not let itself be probed.
    #[error("probe was not answered: {code}")]
    Probe {
        /// The code of the refusal.
        code: String,
    },
}

impl Error {
    pub(crate) fn tls(source: impl StdError + Send + Sync + 'static) -> Self {
        Self::Tls { source: Box::new(source) }
    }

    pub(crate) fn client(source: impl StdError + Send + Sync + 'static) -> Self {
        Self::Client { source: Box::new(source) }
    }
}

/// Why a call did not do what was asked. Shows no data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// No request can be made of it; nothing was sent.
    #[error("no request: {0}")]
    Request(RequestError),
    /// The server refused, or did not answer.
    #[error("{0}")]
    Failed(Failure),
    /// The next page must not be asked for.
    #[error("no next page: {0}")]
    Page(PageError),
}

impl CallError {
    /// The failure, when the request was sent.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) => Some(failure),
            Self::Request(_) | Self::Page(_) => None,
        }
    }
}
