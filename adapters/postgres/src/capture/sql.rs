//! The SQL of a capture. All that comes from outside goes through [`name`] or [`literal`].

use serde_json::json;

use super::catalog::Table;
use super::{Capture, CaptureError, OrgOf, Truncate};

/// Function and triggers, one after the other: whoever runs it does so in one transaction.
pub(super) fn install(table: &Table, capture: &Capture) -> Result<String, CaptureError> {
    check(table, capture)?;
    let function = format!("carewire.{}()", name(&table.function));
    let body = body(table, capture);
    let quote = quote_for(&body);
    let noted = json!({ "table": table.name, "all_columns": table.columns, "settings": capture.settings() })
        .to_string();
    let triggers: String = [
        ("insert", "AFTER INSERT", "REFERENCING NEW TABLE AS new_rows "),
        ("update", "AFTER UPDATE", "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows "),
        ("delete", "AFTER DELETE", "REFERENCING OLD TABLE AS old_rows "),
        ("truncate", "BEFORE TRUNCATE", ""),
    ]
    .map(|(suffix, when, rows)| {
        format!(
            "CREATE OR REPLACE TRIGGER carewire_capture_{suffix} {when} ON {}\n    {rows}FOR EACH STATEMENT EXECUTE FUNCTION {function};\n",
            table.name
        )
    })
    .concat();
    Ok(format!(
        "CREATE OR REPLACE FUNCTION {function} RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = carewire, pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET timezone = 'UTC' SET extra_float_digits = 1
SET bytea_output = 'hex'
AS {quote}
{body}{quote};
ALTER FUNCTION {function} OWNER TO {};
REVOKE ALL ON FUNCTION {function} FROM PUBLIC;
COMMENT ON FUNCTION {function} IS {};
{triggers}",
        table.owner,
        literal(&noted),
    ))
}

/// The triggers go with the function.
pub(super) fn uninstall(function: &str) -> String {
    format!("DROP FUNCTION carewire.{}() CASCADE", name(function))
}

fn check(table: &Table, capture: &Capture) -> Result<(), CaptureError> {
    let org_column = match &capture.org {
        OrgOf::Column(column) => Some(column),
        OrgOf::Constant(_) => None,
    };
    if let Some(column) =
        capture.columns.iter().chain(org_column).find(|column| !table.columns.contains(column))
    {
        return Err(CaptureError::NoSuchColumn { table: table.asked.clone(), column: column.clone() });
    }
    let custom = capture.origin_setting.split('.').collect::<Vec<_>>();
    let word = |part: &&str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.chars().all(|each| each.is_ascii_alphanumeric() || each == '_')
    };
    if custom.len() < 2 || !custom.iter().all(word) {
        return Err(CaptureError::Option {
            what: "the setting of the origin: a name such as `app.sync_origin` is expected",
        });
    }
    if capture.queue.is_empty() || capture.kind.is_empty() {
        return Err(CaptureError::Option { what: "queue and kind: a name is expected" });
    }
    Ok(())
}

fn skip(capture: &Capture, origin: &str) -> String {
    let skipped: Vec<String> = capture.skip_origins.iter().map(|origin| literal(origin)).collect();
    if skipped.is_empty() {
        return String::new();
    }
    format!(
        "    -- What the sync itself wrote does not come back to it.
    IF {origin} IN ({}) THEN
        RETURN NULL;
    END IF;\n",
        skipped.join(", ")
    )
}

fn truncate(table: &Table, capture: &Capture) -> String {
    match capture.truncate {
        Truncate::Ignore => String::new(),
        Truncate::Refuse => format!(
            "        RAISE EXCEPTION USING ERRCODE = 'CW003', MESSAGE = {},
            HINT = 'Delete the rows, or remove the capture.';\n",
            literal(&format!("carewire: TRUNCATE of {} names no rows to capture", table.name))
        ),
    }
}

fn body(table: &Table, capture: &Capture) -> String {
    let rows = Rows { table, capture };
    let origin = format!("current_setting({}, true)", literal(&capture.origin_setting));
    let (skip, truncate) = (skip(capture, &origin), truncate(table, capture));
    // Transactions that replace waiting jobs take them in one order, so that they never wait for each other in a ring.
    let sorted = if capture.coalesce { " ORDER BY 1, 3" } else { "" };
    let enqueue = Enqueue { table, capture, origin: &origin };
    let (key_of_new, key_of_old) = (rows.key("n"), rows.key("o"));
    format!(
        "BEGIN
{skip}    IF TG_OP = 'INSERT' THEN
{}            FROM (SELECT {} AS org, 'insert' AS operation, {key_of_new} AS key, NULL::jsonb AS changed
                FROM new_rows n{sorted}) AS c;
    ELSIF TG_OP = 'UPDATE' THEN
        -- A row that has another key, or another org, now is a delete there and an insert here.
{}            FROM (SELECT CASE WHEN n.{first} IS NULL THEN {} ELSE {} END AS org,
                    CASE WHEN n.{first} IS NULL THEN 'delete' WHEN o.{first} IS NULL THEN 'insert' ELSE 'update' END AS operation,
                    CASE WHEN n.{first} IS NULL THEN {key_of_old} ELSE {key_of_new} END AS key,
                    {} AS changed
                FROM old_rows o FULL JOIN new_rows n ON {} *= {}
                WHERE o.{first} IS NULL OR n.{first} IS NULL OR {} *<> {}{sorted}) AS c;
    ELSIF TG_OP = 'DELETE' THEN
{}            FROM (SELECT {} AS org, 'delete' AS operation, {key_of_old} AS key, NULL::jsonb AS changed
                FROM old_rows o{sorted}) AS c;
    ELSIF TG_OP = 'TRUNCATE' THEN
{truncate}        NULL;
    END IF;
    RETURN NULL;
END
",
        enqueue.call(),
        rows.org("n"),
        enqueue.call(),
        rows.org("o"),
        rows.org("n"),
        rows.changed(),
        rows.identity("o"),
        rows.identity("n"),
        rows.watched("o"),
        rows.watched("n"),
        enqueue.call(),
        rows.org("o"),
        first = name(table.key.first().map_or("", String::as_str)),
    )
}

/// The call that turns the rows of `c` into jobs.
struct Enqueue<'a> {
    table: &'a Table,
    capture: &'a Capture,
    origin: &'a str,
}

impl Enqueue<'_> {
    fn call(&self) -> String {
        let Self { table, capture, origin } = self;
        let optional = |text: &Option<String>| text.as_deref().map_or("NULL".to_owned(), literal);
        format!(
            "        PERFORM capture_enqueue(
            p_table => {}, p_queue => {}, p_kind => {}, p_priority => {}, p_attempts => {},
            p_remote => {}, p_type => {}, p_coalesce => {}, p_origin => {origin},
            p_orgs => array_agg(c.org), p_operations => array_agg(c.operation), p_keys => array_agg(c.key),
            p_changed => array_agg(c.changed))\n",
            literal(&table.name),
            literal(&capture.queue),
            literal(&capture.kind),
            capture.priority.number(),
            i32::try_from(capture.max_attempts).unwrap_or(i32::MAX),
            literal(capture.remote.as_deref().unwrap_or_default()),
            optional(&capture.resource_type),
            capture.coalesce,
        )
    }
}

/// Expressions over a row. They compare images of values, and write values by the output functions of their types: an operator
/// or a cast may be somebody's own, and would run as the owner of the queue.
struct Rows<'a> {
    table: &'a Table,
    capture: &'a Capture,
}

impl Rows<'_> {
    fn org(&self, row: &str) -> String {
        match &self.capture.org {
            OrgOf::Constant(org) => literal(org.as_str()),
            OrgOf::Column(column) => format!("format('%s', {row}.{})", name(column)),
        }
    }

    fn key(&self, row: &str) -> String {
        let parts = self.table.key.iter();
        let parts: Vec<String> = parts
            .map(|column| format!("{}, format('%s', {row}.{})", literal(column), name(column)))
            .collect();
        format!("jsonb_build_object({})", parts.join(", "))
    }

    /// By which an old row and a new one are the same.
    fn identity(&self, row: &str) -> String {
        let org_column = match &self.capture.org {
            OrgOf::Column(column) => Some(column),
            OrgOf::Constant(_) => None,
        };
        record(row, self.table.key.iter().chain(org_column))
    }

    /// What an update must change.
    fn watched(&self, row: &str) -> String {
        match self.capture.columns.is_empty() {
            true => format!("ROW({row}.*)::record"),
            false => record(row, &self.capture.columns),
        }
    }

    /// The names of the columns that an update changed.
    fn changed(&self) -> String {
        if self.capture.coalesce {
            return "NULL::jsonb".to_owned();
        }
        let columns = self.table.columns.iter().filter(|column| !self.table.key.contains(column));
        let cases: Vec<String> = columns
            .map(|column| {
                let quoted = name(column);
                format!(
                    "CASE WHEN ROW(o.{quoted})::record *<> ROW(n.{quoted})::record THEN {} END",
                    literal(column)
                )
            })
            .collect();
        let first = name(self.table.key.first().map_or("", String::as_str));
        format!(
            "CASE WHEN o.{first} IS NOT NULL AND n.{first} IS NOT NULL THEN to_jsonb(array_remove(ARRAY[
                        {}]::text[], NULL)) END",
            cases.join(",\n                        ")
        )
    }
}

fn record<'a>(row: &str, columns: impl IntoIterator<Item = &'a String>) -> String {
    let columns: Vec<String> = columns.into_iter().map(|column| format!("{row}.{}", name(column))).collect();
    format!("ROW({})::record", columns.join(", "))
}

/// A quoted identifier.
fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A quoted text, whatever `standard_conforming_strings` says.
fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

/// A dollar quote that does not end inside.
fn quote_for(body: &str) -> String {
    let tags = (0_u64..)
        .map(|number| if number == 0 { "$capture$".to_owned() } else { format!("$capture{number}$") });
    let mut free = tags.filter(|tag| !body.contains(tag.as_str()));
    free.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_ends_where_it_should() {
        assert_eq!(name(r#"a"b"#), r#""a""b""#);
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal(r"\'"), r"E'\\'''");
        assert_eq!(quote_for("a $capture$ b $capture1$"), "$capture2$");
    }
}
