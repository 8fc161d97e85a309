//! The settings that are about the store.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::config::{Config, Source};
use crate::failure::Failure;
use crate::store::{StorePlace, is_postgres};

/// The URL of the role that owns the tables of a store on PostgreSQL.
pub(crate) const OWNER: &str = "CAREWIRE_STORE_OWNER";

pub(crate) fn read(source: &mut Source) -> StorePlace {
    let text = source.text("CAREWIRE_STORE").or_else(|| source.text("DATABASE_URL"));
    let text = text.unwrap_or_else(|| "sqlite:carewire.db".into());
    StorePlace::parse(&text).unwrap_or_else(|| {
        source.problem("CAREWIRE_STORE: `sqlite:PATH` or `postgres://…` is expected");
        StorePlace::Sqlite(PathBuf::new())
    })
}

/// Nobody can listen on a connection that a pooler gives to others after each transaction.
pub(crate) fn hints(source: &mut Source) -> bool {
    source.parsed("CAREWIRE_STORE_HINTS", true, "`on` or `off`", |text| match text {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    })
}

/// The configured key file, or the one beside a store that is a file.
pub(crate) fn key_file(source: &mut Source, place: &StorePlace) -> PathBuf {
    let named = source.text("CAREWIRE_KEY_FILE").map(PathBuf::from);
    named.or_else(|| place.beside("keys.json")).unwrap_or_else(|| {
        source.problem(
            "CAREWIRE_KEY_FILE: a store on PostgreSQL needs one, the same for each process; `carewire deid keygen` makes it",
        );
        PathBuf::new()
    })
}

/// What a store that several processes share needs beside it.
pub(crate) fn check(source: &mut Source, config: &Config) {
    // Each process would have an embedded remote of its own, with ids of its own.
    if config.store.is_shared() && config.remote.is_none() {
        source.problem("CAREWIRE_REMOTE: a store on PostgreSQL needs a remote that all its processes reach");
    }
    if source.is_production() && config.store.may_be_overheard() {
        source.problem("CAREWIRE_STORE: production needs `sslmode=verify-full` to another machine");
    }
}

/// Where the store is, and as whom its tables are made. Nothing else needs to be configured for that.
pub(crate) fn with_owner(file: Option<&Path>) -> Result<(StorePlace, Option<SecretString>), Failure> {
    let mut source = Source::open(file)?;
    let place = read(&mut source);
    let owner = source.text(OWNER);
    if owner.as_deref().is_some_and(|url| !is_postgres(url)) {
        source.problem(&format!("{OWNER}: `postgres://…` is expected"));
    }
    source.finish((place, owner.map(SecretString::from)))
}
