//! What a job of a captured change says.

use std::collections::BTreeMap;
use std::fmt;

use carewire_sync_engine::BlindKey;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "SQL has no fourth")]
pub enum Operation {
    /// It came.
    Insert,
    /// It changed.
    Update,
    /// It went.
    Delete,
}

/// A captured change, as its job tells of it.
///
/// ```
/// use std::collections::BTreeMap;
/// use carewire_postgres::capture::{Operation, RowChange};
///
/// let refs = [("table", "app.encounter"), ("operation", "update"), ("key", r#"{"id": "7"}"#), ("changed", r#"["status"]"#)];
/// let refs: BTreeMap<String, String> = refs.map(|(name, value)| (name.into(), value.into())).into();
/// let change = RowChange::from_refs(&refs).ok_or("a job of something else")?;
/// assert_eq!(change.operation, Operation::Update);
/// assert_eq!(change.key["id"], "7");
/// assert_eq!(change.changed, ["status"]);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowChange {
    /// Schema and name of the table, quoted where that is needed.
    pub table: String,
    /// What happened; to a coalesced row last.
    pub operation: Operation,
    /// The primary key, column by column, as PostgreSQL writes the values (dates as ISO 8601, times in UTC).
    pub key: BTreeMap<String, String>,
    /// The columns that an update changed: none otherwise, and none where only columns changed that came after the capture
    /// was installed, or where changes are coalesced.
    pub changed: Vec<String>,
    /// Who wrote it, if the transaction said so.
    pub origin: Option<String>,
}

/// Without the values of the key.
impl fmt::Debug for RowChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("RowChange");
        shown.field("table", &self.table).field("operation", &self.operation);
        shown.field("key", &self.key.keys()).field("changed", &self.changed).finish_non_exhaustive()
    }
}

impl RowChange {
    /// Reads the references of a job; nothing where it is not one of a captured change.
    #[must_use]
    pub fn from_refs(refs: &BTreeMap<String, String>) -> Option<Self> {
        let operation = match refs.get("operation")?.as_str() {
            "insert" => Operation::Insert,
            "update" => Operation::Update,
            "delete" => Operation::Delete,
            _ => return None,
        };
        let changed = refs.get("changed").map(|changed| serde_json::from_str(changed)).transpose().ok()?;
        Some(Self {
            table: refs.get("table")?.clone(),
            operation,
            key: serde_json::from_str(refs.get("key")?).ok()?,
            changed: changed.unwrap_or_default(),
            origin: refs.get("origin").cloned(),
        })
    }

    /// The ordering key of the jobs of a row, for jobs of one's own that must keep order with them.
    #[must_use]
    pub fn ordering_key(table: &str, key: &BTreeMap<String, String>) -> BlindKey {
        // As the type `jsonb` writes it: shorter names first.
        let mut columns: Vec<(&String, &String)> = key.iter().collect();
        columns.sort_by_key(|(name, _)| (name.len(), name.as_bytes()));
        let columns: Vec<String> =
            columns.into_iter().map(|(name, value)| format!("{}: {}", text(name), text(value))).collect();
        let named = format!("[{}, {{{}}}]", text(table), columns.join(", "));
        BlindKey(Sha256::digest(named).into())
    }
}

fn text(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_a_key_are_not_shown() {
        let refs = [("table", "app.encounter"), ("operation", "delete"), ("key", r#"{"id": "CANARY"}"#)];
        let refs = refs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let change = RowChange::from_refs(&refs).unwrap();
        assert_eq!(change.key["id"], "CANARY");
        let shown = format!("{change:?}");
        assert!(
            shown.contains("app.encounter") && shown.contains("id") && !shown.contains("CANARY"),
            "{shown}"
        );
    }
}
