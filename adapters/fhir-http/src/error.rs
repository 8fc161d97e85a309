use std::error::Error as StdError;

/// Why a remote could not be set up or a token not be had.
///
/// What a server answers to a request is no error of this crate: it is a [`carewire_sync_engine::Refusal`].
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
    Tls(#[from] rustls::Error),
    /// The HTTP client cannot be made.
    #[error("http client cannot be made")]
    Client(#[source] reqwest::Error),
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
