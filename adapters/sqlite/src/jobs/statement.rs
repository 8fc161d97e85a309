//! Statements over lists of rows: bound values on the way in, one text on the way out.
//!
//! Each trip to the thread of a connection, and each row on the way back, costs more than what SQLite does for one job. So what
//! belongs together is one text of several statements, and what they answer is one JSON array for each.

use serde::de::DeserializeOwned;
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{Arguments as _, AssertSqlSafe, Encode, SqliteConnection, Type};

use crate::error::Failure;

/// So many rows at most stand in one statement.
const MOST: usize = 256;

/// Statements to run in one trip. Parameters are written `?`, in the order in which they are bound.
#[derive(Default)]
pub(super) struct Statement {
    sql: String,
    values: Values,
}

/// The parameters that were bound.
#[derive(Default)]
pub(super) struct Values {
    arguments: SqliteArguments,
    failed: bool,
}

impl Values {
    pub(super) fn add<'q, T: Encode<'q, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> &mut Self {
        self.failed |= self.arguments.add(value).is_err();
        self
    }
}

impl Statement {
    /// One more statement without a list.
    pub(super) fn then(&mut self, sql: &str) -> &mut Values {
        self.sql.push_str(sql);
        self.sql.push(';');
        &mut self.values
    }

    /// One more statement over a list: `rows` stands for the rows, each of which `bind` fills with `columns` values; `last` binds
    /// the parameters behind them. The list is filled up with rows of nulls, so that there are few texts to prepare.
    pub(super) fn over<R>(
        &mut self,
        sql: &str,
        columns: usize,
        rows: &[R],
        bind: impl Fn(&R, &mut Values),
        last: impl Fn(&mut Values),
    ) {
        for rows in rows.chunks(MOST) {
            let padded = rows.len().next_power_of_two();
            let (head, tail) = sql.split_once("rows").unwrap_or((sql, ""));
            self.sql.push_str(head);
            push_places(&mut self.sql, columns, padded);
            self.sql.push_str(tail);
            self.sql.push(';');
            rows.iter().for_each(|row| bind(row, &mut self.values));
            for _ in rows.len() * columns..padded * columns {
                self.values.add(None::<i64>);
            }
            last(&mut self.values);
        }
    }

    pub(super) async fn run(self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        if self.sql.is_empty() {
            return Ok(());
        }
        self.query()?.execute(connection).await?;
        Ok(())
    }

    /// What the statements answer: each a JSON array that [`array`] made.
    pub(super) async fn answers(self, connection: &mut SqliteConnection) -> Result<Vec<String>, Failure> {
        let Self { sql, values } = self;
        if values.failed {
            return Err(Failure::Corrupt("row"));
        }
        Ok(sqlx::query_scalar_with(AssertSqlSafe(sql), values.arguments).fetch_all(connection).await?)
    }

    /// All rows of all answers.
    pub(super) async fn rows<T: DeserializeOwned>(
        self,
        connection: &mut SqliteConnection,
    ) -> Result<Vec<T>, Failure> {
        if self.sql.is_empty() {
            return Ok(Vec::new());
        }
        let answers = self.answers(connection).await?;
        let parsed = answers.iter().map(|answer| parse::<Vec<T>>(answer)).collect::<Result<Vec<_>, _>>()?;
        Ok(parsed.into_iter().flatten().collect())
    }

    fn query(self) -> Result<sqlx::query::Query<'static, Sqlite, SqliteArguments>, Failure> {
        let Self { sql, values } = self;
        if values.failed {
            return Err(Failure::Corrupt("row"));
        }
        Ok(sqlx::query_with(AssertSqlSafe(sql), values.arguments))
    }
}

/// What SQLite made of JSON's parts.
pub(super) fn parse<T: DeserializeOwned>(answer: &str) -> Result<T, Failure> {
    serde_json::from_str(answer).map_err(|_| Failure::Corrupt("row"))
}

/// `VALUES (?,?),(?,?)`
fn push_places(sql: &mut String, columns: usize, rows: usize) {
    let row = format!("({})", vec!["?"; columns].join(","));
    sql.push_str("VALUES ");
    for n in 0..rows {
        if n > 0 {
            sql.push(',');
        }
        sql.push_str(&row);
    }
}
