//! The one error of this crate.

/// What the gateway could not do, named by what the caller can do about it. No variant carries a value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A store or the remote failed; the cause says which.
    #[error(transparent)]
    Engine(#[from] carewire_sync_engine::Error),
    /// The consent store failed, or the consent is not there.
    #[error(transparent)]
    Consents(#[from] carewire_consent::StoreError),
    /// Keys, vault or policy: the cause says which.
    #[error(transparent)]
    Deid(#[from] carewire_deid::Error),
    /// The resource that came in is not FHIR: mend it and send it again.
    #[error("not a FHIR resource: {0}")]
    NotFhir(#[from] carewire_fhir_core::ResourceError),
    /// The request is about another org than the gateway's.
    #[error("the request is about another org")]
    OtherOrg,
    /// The consent says nothing about a patient of this gateway, or nobody could take it back: mend it.
    #[error("the consent cannot be stored: {reason}")]
    NotStorable {
        /// What it lacks, in fixed words.
        reason: &'static str,
    },
    /// Two gateways of one process are of the same org.
    #[error("an org has two gateways")]
    OrgTwice,
    /// The outbox has no destination of that name.
    #[error("no such destination")]
    UnknownDestination,
    /// Two destinations of an outbox have the same name.
    #[error("two destinations have the same name")]
    DestinationTwice,
    /// The message was not stored, because it can never be sent: mend it and hand it over again.
    #[error("message cannot be sent: {reason}")]
    NotSendable {
        /// A stable code: `not-encodable`, `message-unreadable`, `no-control-id`, or why consent cannot be decided.
        reason: &'static str,
    },
    /// A name is empty, longer than 64, or holds anything but ASCII letters, digits, `_`, `-` and `.`.
    #[error("not a name of a {what}")]
    BadName {
        /// What was to be named.
        what: &'static str,
    },
    /// An id was made that is not valid: a bug in the caller's clock or randomness.
    #[error(transparent)]
    Id(#[from] carewire_fhir_core::InvalidId),
}

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
