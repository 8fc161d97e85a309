//! That the statements of the queue walk indexes, whatever the tables hold.

use sqlx::{Connection as _, Row as _, SqliteConnection};

use super::{claim, due, enqueue, fair, lines, settle};
use crate::schema;

async fn plan(sql: &str) -> Vec<String> {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    schema::migrate(&mut connection).await.unwrap();
    let mut steps = Vec::new();
    let sql = with_a_row(sql);
    for statement in sql.split(';') {
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let rows = sqlx::query(explain).fetch_all(&mut connection).await.unwrap();
        steps.extend(rows.iter().map(|step| step.get::<String, _>("detail")));
    }
    steps
}

/// With a row of as many values as stand before the list of rows.
fn with_a_row(sql: &str) -> String {
    let Some((head, _)) = sql.split_once("(rows)") else { return sql.to_owned() };
    let named = head.trim_end().trim_end_matches("AS").trim_end_matches("IN").trim_end();
    let columns =
        if named.ends_with(')') { named.rsplit('(').next().unwrap().split(',').count() } else { 15 };
    sql.replacen("rows", &format!("VALUES ({})", vec!["1"; columns].join(",")), 1)
}

/// No table is read from end to end but the lists that a statement is given, and the few pauses, limits and debts.
async fn assert_walks_indexes(sql: &str) {
    let plan = plan(sql).await;
    let scans: Vec<_> = plan
        .iter()
        .filter(|step| step.starts_with("SCAN"))
        .filter(|step| {
            let read = step.trim_start_matches("SCAN ").split(' ').next().unwrap_or_default();
            ![
                "asked",
                "json_each",
                "lane",
                "line",
                "turn",
                "moved",
                "parked",
                "rest",
                "found",
                "lease",
                "job_pause",
                "rate_limit",
                "CONSTANT",
            ]
            .contains(&read)
        })
        .collect();
    assert!(scans.is_empty(), "{sql}\n{plan:#?}");
}

#[tokio::test]
async fn a_claim_walks_indexes() {
    for sql in [
        due::LANES,
        due::REST,
        fair::CANDIDATES,
        claim::PROMOTE,
        claim::LEASE,
        claim::LEASED,
        settle::HELD,
        enqueue::LINES,
    ] {
        assert_walks_indexes(sql).await;
    }
    let lanes = plan(due::LANES).await;
    assert!(!lanes.iter().any(|step| step.contains("TEMP B-TREE")), "{lanes:#?}");
    let candidates = plan(fair::CANDIDATES).await;
    let walk = "SEARCH next USING COVERING INDEX job_ready (lane=? AND rank>?)";
    assert!(candidates.iter().any(|step| step == walk), "{candidates:#?}");
}

#[tokio::test]
async fn turns_are_given_on_by_indexes() {
    for sql in
        [lines::LEAVE, lines::LOOK, lines::MOVE, lines::FREED, lines::PARK_ENDED, lines::WAIT_FOR_PARKED]
    {
        assert_walks_indexes(sql).await;
    }
}
