//! The configured store, whichever it is, behind every trait at once.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use carewire_consent::ConsentStore;
use carewire_deid::TokenVault;
use carewire_postgres::{PostgresOptions, PostgresStore};
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::Scheduler;
use secrecy::{ExposeSecret as _, SecretString};

use crate::config::Config;
use crate::failure::Failure;
use crate::lock::Hold;
use crate::queue::Measured;

/// Where the store is.
#[derive(Clone, Debug)]
pub(crate) enum StorePlace {
    Sqlite(PathBuf),
    /// A URL, which may hold a password.
    Postgres(SecretString),
}

impl StorePlace {
    /// `sqlite:PATH` or `postgres://…`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if is_postgres(text) {
            return Some(Self::Postgres(SecretString::from(text)));
        }
        let path = text.strip_prefix("sqlite:").filter(|path| !path.is_empty())?;
        Some(Self::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path))))
    }

    /// Whether somebody made it already. What stands in a store cannot be opened with new keys.
    pub(crate) fn exists(&self) -> bool {
        match self {
            Self::Sqlite(path) => path.exists(),
            Self::Postgres(_) => true,
        }
    }

    /// Whether several processes may send from it.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Whether somebody between here and there could read along, or answer in its place.
    pub(crate) fn may_be_overheard(&self) -> bool {
        let Self::Postgres(url) = self else { return false };
        let shown = self.to_string();
        let host = shown.trim_start_matches("postgres://").split('/').next().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host).trim_matches(['[', ']']);
        let here = host.is_empty()
            || host == "localhost"
            || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
        !here && !url.expose_secret().contains("sslmode=verify-full")
    }

    /// The file beside the store with another extension, where the store is a file.
    pub(crate) fn beside(&self, extension: &str) -> Option<PathBuf> {
        match self {
            Self::Sqlite(path) => Some(path.with_extension(extension)),
            Self::Postgres(_) => None,
        }
    }

    /// The right to send from it. A revocation is exact within one process on a file, so only one may send from that; on
    /// PostgreSQL it binds all processes, and all may.
    pub(crate) fn hold(&self) -> Result<Option<Hold>, Failure> {
        match self {
            Self::Sqlite(path) => Hold::take(path)?.ok_or_else(|| in_use(path)).map(Some),
            Self::Postgres(_) => Ok(None),
        }
    }
}

pub(crate) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// Without user, password and parameters.
impl fmt::Display for StorePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(url) => {
                let (_, rest) = url.expose_secret().split_once("://").unwrap_or_default();
                let rest = rest.split('?').next().unwrap_or_default();
                let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
                write!(f, "postgres://{place}")
            }
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
pub(crate) trait AllStores:
    carewire_sync_engine::Store + Measured + ConsentStore + TokenVault
{
}

impl<T: carewire_sync_engine::Store + ConsentStore + TokenVault> AllStores for T {}

/// An open store.
pub(crate) enum Store {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

impl Store {
    /// Opens it. A SQLite file is made where it is not there.
    pub(crate) async fn open(config: &Config) -> Result<Self, Failure> {
        Self::open_with(config, SqliteOptions::default()).await
    }

    /// The same, where it is a SQLite file with these options.
    pub(crate) async fn open_with(config: &Config, options: SqliteOptions) -> Result<Self, Failure> {
        let failed = |error: String| Failure::unreachable(format!("{}: {error}", config.store));
        match &config.store {
            StorePlace::Sqlite(path) => {
                let opened = SqliteStore::open(path, options).await;
                opened.map(Self::Sqlite).map_err(|error| failed(error.to_string()))
            }
            StorePlace::Postgres(url) => {
                let opened = PostgresStore::connect(url.expose_secret(), pools(config)).await;
                opened.map(Self::Postgres).map_err(|error| failed(told(&error)))
            }
        }
    }

    /// The same, where it must be there already.
    pub(crate) async fn open_existing(config: &Config) -> Result<Self, Failure> {
        if !config.store.exists() {
            return Err(Failure::unreachable(format!("{}: there is no store", config.store)));
        }
        Self::open(config).await
    }

    /// Every trait of it.
    pub(crate) fn all(&self) -> Arc<dyn AllStores> {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
            Self::Postgres(store) => Arc::new(store.clone()),
        }
    }

    /// Its schedules.
    pub(crate) fn scheduler(&self) -> Arc<dyn Scheduler> {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
            Self::Postgres(store) => Arc::new(store.clone()),
        }
    }

    /// The commits of its writer so far, where it has one writer.
    pub(crate) fn commits(&self) -> u64 {
        match self {
            Self::Sqlite(store) => store.stats().commits,
            Self::Postgres(_) => 0,
        }
    }

    /// Waits for what is under way. Not needed for durability.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

/// Each worker may hold one guard of consents while it writes, and a reconcile run another.
fn pools(config: &Config) -> PostgresOptions {
    let workers = u32::try_from(config.workers).unwrap_or(u32::MAX);
    let options = PostgresOptions::default().hints(config.hints);
    options.connections(workers.saturating_add(4)).guards(workers.saturating_add(2))
}

/// What went wrong, with what to do about it where a command does.
pub(crate) fn told(error: &carewire_postgres::Error) -> String {
    match (error, std::error::Error::source(error)) {
        (carewire_postgres::Error::OlderSchema { .. }, _) => {
            format!("{error} with `carewire migrate`")
        }
        (_, Some(cause)) => format!("{error}: {cause}"),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_without_its_secrets() {
        let place =
            StorePlace::parse("postgres://app:hunter2@db.example:5432/health?password=hunter2").unwrap();
        assert_eq!(place.to_string(), "postgres://db.example:5432/health");
        assert!(!format!("{place:?}").contains("hunter"));
        assert_eq!(StorePlace::parse("postgresql://db/health").unwrap().to_string(), "postgres://db/health");
        assert_eq!(StorePlace::parse("sqlite://a/b.db").unwrap().to_string(), "a/b.db");
        assert!(StorePlace::parse("mysql://db/health").is_none());
        assert!(StorePlace::parse("sqlite:").is_none());
    }

    #[test]
    fn a_server_elsewhere_is_to_be_verified() {
        for (url, overheard) in [
            ("postgres://app@db.example:5432/health", true),
            ("postgres://app@db.example/health?sslmode=require", true),
            ("postgres://app@db.example/health?sslmode=verify-full", false),
            ("postgres://app@127.0.0.1:5432/health", false),
            ("postgres://app@[::1]:5432/health", false),
            ("postgres://app@localhost/health", false),
            ("postgres:///health", false),
            ("sqlite:a.db", false),
        ] {
            assert_eq!(StorePlace::parse(url).unwrap().may_be_overheard(), overheard, "{url}");
        }
    }
}
