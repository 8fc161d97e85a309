//! What is to be captured, and how.

use carewire_fhir_core::OrgId;
use carewire_sync_engine::Priority;
use serde_json::{Value, json};

/// Whose the rows of a table are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum OrgOf {
    /// All of this org.
    Constant(OrgId),
    /// Each of the org that this column names. A write of a row that names none there fails.
    Column(String),
}

/// What becomes of TRUNCATE, which names no rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Truncate {
    /// It fails.
    #[default]
    Refuse,
    /// It empties the table, and no job says so.
    Ignore,
}

/// What is to be captured, and how.
///
/// ```
/// use carewire_postgres::capture::{Capture, OrgOf};
/// let capture = Capture {
///     columns: vec!["status".into()],
///     coalesce: true,
///     ..Capture::new("app.encounter", OrgOf::Column("clinic".into()))
/// };
/// assert_eq!(capture.queue, "capture");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The table, as SQL writes it: `schema.table`, quoted where that is needed.
    pub table: String,
    /// Whose its rows are.
    pub org: OrgOf,
    /// The queue of the jobs: `capture`.
    pub queue: String,
    /// Their kind: `row-changed`.
    pub kind: String,
    /// An update enqueues a job only where one of these columns changed; of any column, if there are none here.
    pub columns: Vec<String>,
    /// The priority of the jobs.
    pub priority: Priority,
    /// After this many counted attempts a job goes to the dead letter: 3.
    pub max_attempts: u32,
    /// The remote of the jobs.
    pub remote: Option<String>,
    /// The type of the resource that a row becomes.
    pub resource_type: Option<String>,
    /// The setting in which a transaction says who writes: `app.sync_origin`, as in `SET LOCAL app.sync_origin = 'carewire'`.
    pub origin_setting: String,
    /// Origins whose changes are not captured: `carewire`, so that what the sync writes does not come back to it. Changes
    /// of other origins, and of none, are.
    pub skip_origins: Vec<String>,
    /// While a job of a row waits, further changes of the row replace it, and while it runs they are one job more
    /// ([`Unique::replace_after_run`](carewire_sync_engine::Unique::replace_after_run)). Such a job does not say which
    /// columns changed, and its operation is that of the last change. Off: each change is a job.
    pub coalesce: bool,
    /// What becomes of TRUNCATE.
    pub truncate: Truncate,
}

impl Capture {
    /// Everything that changes in a table, each change a job.
    #[must_use]
    pub fn new(table: impl Into<String>, org: OrgOf) -> Self {
        Self {
            table: table.into(),
            org,
            queue: "capture".into(),
            kind: "row-changed".into(),
            columns: Vec::new(),
            priority: Priority::NORMAL,
            max_attempts: 3,
            remote: None,
            resource_type: None,
            origin_setting: "app.sync_origin".into(),
            skip_origins: vec!["carewire".into()],
            coalesce: false,
            truncate: Truncate::Refuse,
        }
    }

    /// What [`Installed`](super::Installed) shows.
    pub(super) fn settings(&self) -> Value {
        let (org, org_column) = match &self.org {
            OrgOf::Constant(org) => (Some(org.as_str()), None),
            OrgOf::Column(column) => (None, Some(column)),
        };
        json!({
            "org": org,
            "org_column": org_column,
            "queue": self.queue,
            "kind": self.kind,
            "columns": self.columns,
            "priority": self.priority,
            "max_attempts": self.max_attempts,
            "remote": self.remote,
            "resource_type": self.resource_type,
            "origin_setting": self.origin_setting,
            "skip_origins": self.skip_origins,
            "coalesce": self.coalesce,
            "truncate": match self.truncate { Truncate::Refuse => "refuse", Truncate::Ignore => "ignore" },
        })
    }
}
