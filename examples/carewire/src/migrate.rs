//! `carewire migrate`: the tables of a PostgreSQL store.

use std::path::Path;

use carewire_postgres::PostgresStore;
use secrecy::ExposeSecret as _;

use crate::failure::{Done, Failure};
use crate::out;
use crate::store::{StorePlace, told};
use crate::store_config::{self, OWNER};

pub(crate) async fn run(file: Option<&Path>) -> Result<Done, Failure> {
    let (place, owner) = store_config::with_owner(file)?;
    let StorePlace::Postgres(url) = &place else {
        return Err(Failure::usage(
            "a SQLite store needs no migration: it is brought up to date when it is opened",
        ));
    };
    let failed = |error: carewire_postgres::Error| match error {
        carewire_postgres::Error::Url => Failure::usage(format!("{error}: CAREWIRE_STORE or {OWNER}")),
        other => Failure::unreachable(format!("{place}: {}", told(&other))),
    };
    match &owner {
        Some(owner) => {
            let role = PostgresStore::role_of(url.expose_secret()).map_err(failed)?;
            PostgresStore::migrate(owner.expose_secret(), Some(&role)).await.map_err(failed)?;
            out::note(format_args!("{place}: the tables are up to date, and {role} may use them"));
        }
        None => {
            PostgresStore::migrate(url.expose_secret(), None).await.map_err(failed)?;
            out::note(format_args!("{place}: the tables are up to date"));
        }
    }
    Ok(Done::All)
}
