//! A PostgreSQL database of one test, with a role that owns its tables and one that a service works as.

use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use crate::{Error, Result, Rng};

/// A store that several gateways work on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SharedStore {
    /// The URL of the role that a service works as.
    pub url: String,
    /// The URL of the role that owns the tables.
    pub owner_url: String,
}

/// A database with two roles of its own, neither of them a superuser.
#[derive(Debug)]
pub struct Database {
    server: PgConnectOptions,
    name: String,
}

impl Database {
    /// Makes one on the server of the URL, whose role may make databases and roles.
    ///
    /// # Errors
    /// When the server cannot be reached, or refuses.
    pub async fn make(server: &str) -> Result<Self> {
        let server = PgConnectOptions::from_str(server).map_err(failed)?;
        let name = format!("carewire_{}_{}", std::process::id(), Rng::arbitrary_seed());
        let database = Self { server, name };
        let Self { name, .. } = &database;
        database
            .run([
                format!("CREATE ROLE {name}_owner LOGIN"),
                format!("CREATE ROLE {name}_app LOGIN"),
                format!("CREATE DATABASE {name} OWNER {name}_owner"),
            ])
            .await?;
        Ok(database)
    }

    /// What a gateway is told of it.
    #[must_use]
    pub fn store(&self) -> SharedStore {
        SharedStore { url: self.url_of("app"), owner_url: self.url_of("owner") }
    }

    fn url_of(&self, role: &str) -> String {
        let options = self.server.clone().username(&format!("{}_{role}", self.name)).database(&self.name);
        options.to_url_lossy().to_string()
    }

    /// Removes it, whoever is connected.
    ///
    /// # Errors
    /// When the server cannot be reached, or refuses.
    pub async fn remove(self) -> Result<()> {
        let name = &self.name;
        self.run([
            format!("DROP DATABASE {name} WITH (FORCE)"),
            format!("DROP ROLE {name}_app"),
            format!("DROP ROLE {name}_owner"),
        ])
        .await
    }

    async fn run(&self, statements: [String; 3]) -> Result<()> {
        let mut connection = self.server.connect().await.map_err(failed)?;
        for statement in statements {
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.map_err(failed)?;
        }
        connection.close().await.map_err(failed)
    }
}

fn failed(error: sqlx::Error) -> Error {
    Error::program("PostgreSQL", error.to_string())
}
