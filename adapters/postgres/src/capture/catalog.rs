//! What the database says of itself.

use serde_json::Value;
use sqlx::PgConnection;

use super::{CaptureError, Installed};
use crate::{Error, schema};

/// A table that can be captured.
pub(super) struct Table {
    /// As it was asked for.
    pub(super) asked: String,
    /// Schema and name, quoted where that is needed.
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    /// The columns of the primary key, in its order.
    pub(super) key: Vec<String>,
    /// The function of its capture: the one that is there, or a name that is free.
    pub(super) function: String,
    /// The owner of the schema `carewire`, quoted.
    pub(super) owner: String,
}

/// `insufficient_privilege`.
const NO_RIGHT: &str = "42501";

/// Refuses a schema of another version, and a role that does not own it.
pub(super) async fn check_schema(connection: &mut PgConnection) -> Result<(), CaptureError> {
    let owns: Option<bool> = sqlx::query_scalar(
        "SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'carewire'",
    )
    .fetch_optional(&mut *connection)
    .await?;
    let needed = schema::newest();
    match owns {
        None => return Err(Error::OlderSchema { found: 0, needed }.into()),
        Some(false) => return Err(CaptureError::NotOwner),
        Some(true) => {}
    }
    match schema::version(connection).await? {
        found if found < needed => Err(Error::OlderSchema { found, needed }.into()),
        found if found > needed => Err(Error::NewerSchema { found, supported: needed }.into()),
        _ => Ok(()),
    }
}

/// The object id of what a name stands for.
async fn resolve(connection: &mut PgConnection, table: &str) -> Result<i64, CaptureError> {
    let found: Result<Option<i64>, sqlx::Error> =
        sqlx::query_scalar("SELECT to_regclass($1)::oid::bigint").bind(table).fetch_one(connection).await;
    match found {
        Ok(Some(oid)) => Ok(oid),
        Ok(None) => Err(CaptureError::NoSuchTable { table: table.to_owned() }),
        Err(error) => match error.as_database_error().and_then(|cause| cause.code()).as_deref() {
            Some(NO_RIGHT) => Err(CaptureError::NoRight { table: table.to_owned() }),
            // It is not a name, or one in another database.
            Some(code) if code.starts_with("42") || code.starts_with("0A") || code.starts_with("22") => {
                Err(CaptureError::NoSuchTable { table: table.to_owned() })
            }
            _ => Err(error.into()),
        },
    }
}

/// Why a table cannot be captured, whether the role may, and what it is called.
const TABLE: &str = "
    SELECT CASE
            WHEN c.relkind IN ('v', 'm') THEN 'a view'
            WHEN c.relkind = 'f' THEN 'a foreign table'
            WHEN c.relkind = 'p' OR c.relispartition THEN 'a partitioned table or a partition'
            WHEN c.relkind <> 'r' THEN 'what is no table'
            WHEN c.relpersistence = 't' THEN 'a temporary table'
            WHEN n.nspname IN ('carewire', 'pg_catalog', 'information_schema') THEN 'a table of the queue or the server'
            WHEN EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)) THEN 'an inherited table'
        END,
        has_table_privilege(c.oid, 'TRIGGER') AND has_schema_privilege(n.oid, 'USAGE'),
        format('%I.%I', n.nspname, c.relname),
        (SELECT quote_ident(r.rolname) FROM pg_namespace q JOIN pg_roles r ON r.oid = q.nspowner
         WHERE q.nspname = 'carewire')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::oid";

/// The columns in their order, and the place of each in the primary key.
const COLUMNS: &str = "
    SELECT a.attname::text, array_position(i.indkey::int2[], a.attnum)
    FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
    WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

/// The functions of the schema that triggers of a table call.
const FUNCTIONS: &str = "
    SELECT DISTINCT p.proname::text FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = $1::oid AND p.pronamespace = 'carewire'::regnamespace AND p.proname LIKE 'capture\\_%'";

/// Object ids are others after a restore, so the name that one makes may be taken.
const FREE: &str = "
    SELECT name FROM (SELECT concat('capture_', $1::bigint, CASE WHEN n > 0 THEN '_' || n END) AS name, n
                      FROM generate_series(0, 100) AS n) AS names
    WHERE NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = 'carewire'::regnamespace AND p.proname = names.name)
    ORDER BY n LIMIT 1";

impl Table {
    pub(super) async fn find(connection: &mut PgConnection, asked: &str) -> Result<Self, CaptureError> {
        let table = || asked.to_owned();
        let oid = resolve(connection, asked).await?;
        let (obstacle, allowed, name, owner): (Option<String>, bool, String, String) =
            sqlx::query_as(TABLE).bind(oid).fetch_one(&mut *connection).await?;
        if let Some(what) = obstacle {
            return Err(CaptureError::NotCapturable { table: table(), what: known(&what) });
        }
        if !allowed {
            return Err(CaptureError::NoRight { table: table() });
        }
        let columns: Vec<(String, Option<i32>)> =
            sqlx::query_as(COLUMNS).bind(oid).fetch_all(&mut *connection).await?;
        let mut key: Vec<(i32, String)> =
            columns.iter().filter_map(|(name, place)| Some(((*place)?, name.clone()))).collect();
        key.sort();
        if key.is_empty() {
            return Err(CaptureError::NoPrimaryKey { table: table() });
        }
        let there: Option<String> =
            sqlx::query_scalar(FUNCTIONS).bind(oid).fetch_optional(&mut *connection).await?;
        let function = match there {
            Some(function) => function,
            None => sqlx::query_scalar(FREE).bind(oid).fetch_one(connection).await?,
        };
        let columns = columns.into_iter().map(|(name, _)| name).collect();
        let key = key.into_iter().map(|(_, name)| name).collect();
        Ok(Self { asked: table(), name, columns, key, function, owner })
    }
}

/// The words of [`TABLE`].
fn known(what: &str) -> &'static str {
    const WORDS: [&str; 7] = [
        "a view",
        "a foreign table",
        "a partitioned table or a partition",
        "what is no table",
        "a temporary table",
        "a table of the queue or the server",
        "an inherited table",
    ];
    WORDS.into_iter().find(|word| *word == what).unwrap_or("what is no table")
}

pub(super) async fn functions_of(
    connection: &mut PgConnection,
    table: &str,
) -> Result<Vec<String>, CaptureError> {
    let oid = resolve(connection, table).await?;
    Ok(sqlx::query_scalar(FUNCTIONS).bind(oid).fetch_all(connection).await?)
}

/// The comment of a function holds what was asked for, and the table as it was.
const INSTALLED: &str = "
    SELECT format('%I.%I', n.nspname, c.relname), p.proname::text, count(*) = 4 AND bool_and(t.tgenabled <> 'D'),
        obj_description(p.oid, 'pg_proc'),
        ARRAY(SELECT a.attname::text FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
    FROM pg_proc p JOIN pg_trigger t ON t.tgfoid = p.oid JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE p.pronamespace = 'carewire'::regnamespace AND p.proname LIKE 'capture\\_%'
    GROUP BY n.nspname, c.relname, c.oid, p.proname, p.oid ORDER BY n.nspname, c.relname";

pub(super) async fn installed(connection: &mut PgConnection) -> Result<Vec<Installed>, CaptureError> {
    type Row = (String, String, bool, Option<String>, Vec<String>);
    let rows: Vec<Row> = sqlx::query_as(INSTALLED).fetch_all(connection).await?;
    let installed = |(table, function, enabled, comment, columns): Row| {
        let noted: Value =
            comment.and_then(|comment| serde_json::from_str(&comment).ok()).unwrap_or(Value::Null);
        let now = Value::from(columns);
        let current = noted.get("table").and_then(Value::as_str) == Some(&table)
            && noted.get("all_columns") == Some(&now);
        let settings = noted.get("settings").cloned().unwrap_or(Value::Null);
        Installed { table, function, enabled, current, settings }
    };
    Ok(rows.into_iter().map(installed).collect())
}
