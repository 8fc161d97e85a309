//! A database of one test, with the role that owns its tables and the one that its service works as.

use std::str::FromStr as _;

use carewire_postgres::{PostgresOptions, PostgresStore};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

pub(crate) struct Database {
    server: PgConnectOptions,
    name: String,
}

impl Database {
    /// `None`, and a line that says why, where there is no server.
    pub(crate) async fn make() -> Option<Self> {
        let Ok(url) = std::env::var("CAREWIRE_TEST_POSTGRES_URL") else {
            eprintln!("skipped: CAREWIRE_TEST_POSTGRES_URL names no PostgreSQL server");
            return None;
        };
        let mut random = [0; 8];
        getrandom::fill(&mut random).unwrap();
        let name = format!("carewire_{:016x}", u64::from_le_bytes(random));
        let database = Self { server: PgConnectOptions::from_str(&url).unwrap(), name };
        let mut server = database.server.connect().await.unwrap();
        run(&mut server, &format!("CREATE ROLE {}_owner LOGIN", database.name)).await;
        run(&mut server, &format!("CREATE ROLE {}_app LOGIN", database.name)).await;
        run(&mut server, &format!("CREATE DATABASE {0} OWNER {0}_owner", database.name)).await;
        server.close().await.unwrap();
        Some(database)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn role(&self) -> String {
        format!("{}_app", self.name)
    }

    /// As a superuser, whom no policy holds.
    pub(crate) fn superuser_url(&self) -> String {
        self.server.clone().database(&self.name).to_url_lossy().to_string()
    }

    /// As the owner of the tables, who is nobody else.
    pub(crate) fn owner_url(&self) -> String {
        let owner = format!("{}_owner", self.name);
        self.server.clone().username(&owner).database(&self.name).to_url_lossy().to_string()
    }

    /// As the role of the service.
    pub(crate) fn url(&self) -> String {
        self.server.clone().username(&self.role()).database(&self.name).to_url_lossy().to_string()
    }

    /// A connection of the service that goes past the store.
    pub(crate) async fn connection(&self) -> PgConnection {
        PgConnectOptions::from_str(&self.url()).unwrap().connect().await.unwrap()
    }

    pub(crate) async fn store(&self) -> PostgresStore {
        PostgresStore::migrate(&self.owner_url(), Some(&self.role())).await.unwrap();
        self.connect().await
    }

    pub(crate) async fn connect(&self) -> PostgresStore {
        PostgresStore::connect(&self.url(), PostgresOptions::default()).await.unwrap()
    }

    pub(crate) async fn remove(self) {
        let mut server = self.server.connect().await.unwrap();
        run(&mut server, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
        run(&mut server, &format!("DROP ROLE {0}_app, {0}_owner", self.name)).await;
        server.close().await.unwrap();
    }
}

pub(crate) async fn run(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}
