//! The configured store, whichever it is, behind every trait at once.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use carewire_consent::ConsentStore;
use carewire_deid::TokenVault;
use carewire_sqlite::{SqliteOptions, SqliteStore};

use crate::failure::Failure;
use crate::lock::Hold;

/// Where the store is.
#[derive(Clone, Debug)]
pub(crate) enum StorePlace {
    Sqlite(PathBuf),
}

impl StorePlace {
    /// `sqlite:PATH`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let path = text.strip_prefix("sqlite:").filter(|path| !path.is_empty())?;
        Some(Self::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path))))
    }

    /// Whether somebody made it already. What stands in a store cannot be opened with new keys.
    pub(crate) fn exists(&self) -> bool {
        match self {
            Self::Sqlite(path) => path.exists(),
        }
    }

    /// The file beside the store with another extension.
    pub(crate) fn beside(&self, extension: &str) -> PathBuf {
        match self {
            Self::Sqlite(path) => path.with_extension(extension),
        }
    }

    /// The right to send from it. A revocation is exact within one process, so of a file only one process may send.
    pub(crate) fn hold(&self) -> Result<Hold, Failure> {
        match self {
            Self::Sqlite(path) => Hold::take(path)?.ok_or_else(|| in_use(path)),
        }
    }
}

impl fmt::Display for StorePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
        }
    }
}

fn in_use(store: &Path) -> Failure {
    Failure::unreachable(format!(
        "{}: another process serves this store; that one reconciles by POST /fhir/admin/reconciliation/run, and takes consents by POST /api/consents",
        store.display()
    ))
}

/// All that the gateway and the commands want of a store.
pub(crate) trait AllStores: carewire_sync_engine::Store + ConsentStore + TokenVault {}

impl<T: carewire_sync_engine::Store + ConsentStore + TokenVault> AllStores for T {}

/// An open store.
pub(crate) enum Store {
    Sqlite(SqliteStore),
}

impl Store {
    /// Opens it. A SQLite file is made where it is not there.
    pub(crate) async fn open(place: &StorePlace) -> Result<Self, Failure> {
        Self::open_with(place, SqliteOptions::default()).await
    }

    /// The same, where it is a SQLite file with these options.
    pub(crate) async fn open_with(place: &StorePlace, options: SqliteOptions) -> Result<Self, Failure> {
        let StorePlace::Sqlite(path) = place;
        let opened = SqliteStore::open(path, options).await;
        opened.map(Self::Sqlite).map_err(|error| Failure::unreachable(format!("{place}: {error}")))
    }

    /// The same, where it must be there already.
    pub(crate) async fn open_existing(place: &StorePlace) -> Result<Self, Failure> {
        if !place.exists() {
            return Err(Failure::unreachable(format!("{place}: there is no store")));
        }
        Self::open(place).await
    }

    /// Every trait of it.
    pub(crate) fn all(&self) -> Arc<dyn AllStores> {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
        }
    }

    /// The commits of its writer so far, where it has one writer.
    pub(crate) fn commits(&self) -> u64 {
        match self {
            Self::Sqlite(store) => store.stats().commits,
        }
    }

    /// Waits for what is under way. Not needed for durability.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
        }
    }
}
