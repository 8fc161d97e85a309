//! A filter as the arguments of a statement.

use carewire_sync_engine::{JobFilter, JobState};
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;

/// Binds the filter as nine arguments: queue, kind, remote, type, state, reason, correlation, id, after.
pub(super) fn bind<'q, T>(
    query: QueryAs<'q, Postgres, T, PgArguments>,
    filter: &JobFilter,
) -> QueryAs<'q, Postgres, T, PgArguments> {
    query
        .bind(filter.queue.clone())
        .bind(filter.kind.clone())
        .bind(filter.remote.clone())
        .bind(filter.resource_type.clone())
        .bind(filter.state.map(JobState::as_str))
        .bind(filter.reason.clone())
        .bind(filter.correlation.clone())
        .bind(filter.id.map(|id| id.0))
        .bind(filter.after.map(|id| id.0))
}
