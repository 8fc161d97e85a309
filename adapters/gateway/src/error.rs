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
    /// Two gateways of one process are of the same org.
    #[error("an org has two gateways")]
    OrgTwice,
    /// An id was made that is not valid: a bug in the caller's clock or randomness.
    #[error(transparent)]
    Id(#[from] carewire_fhir_core::InvalidId),
}

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
