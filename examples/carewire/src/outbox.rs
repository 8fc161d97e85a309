//! `carewire outbox …`: triggers that enqueue a job for each change of a table.

use std::path::Path;

use carewire_fhir_core::OrgId;
use carewire_postgres::capture::{Capture, CaptureError, Captures, OrgOf, Truncate};
use carewire_sync_engine::Priority;
use clap::{Args, Subcommand, ValueEnum};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::failure::{Done, Failure};
use crate::out;
use crate::store::{StorePlace, told};
use crate::store_config;

#[derive(Subcommand)]
pub(crate) enum Outbox {
    /// Let INSERT, UPDATE and DELETE on a table enqueue a job in the same transaction, or change how.
    ///
    /// It works as the role of `CAREWIRE_STORE_OWNER`, which needs the right TRIGGER on the table. Who writes the table needs
    /// no right on anything of Carewire's.
    Install(Box<Install>),
    /// Take the triggers of a table away. Jobs stay.
    Uninstall {
        /// As SQL writes it: `schema.table`, quoted where that is needed.
        #[arg(long, value_name = "SCHEMA.TABLE")]
        table: String,
    },
    /// The captured tables as NDJSON; exit 1 if one of them is disabled, or has changed since.
    List,
}

#[derive(Args)]
pub(crate) struct Install {
    /// As SQL writes it: `schema.table`, quoted where that is needed. It must have a primary key.
    #[arg(long, value_name = "SCHEMA.TABLE")]
    table: String,
    #[command(flatten)]
    org: Org,
    /// The queue of the jobs.
    #[arg(long, default_value = "capture")]
    queue: String,
    /// The kind of the jobs.
    #[arg(long, default_value = "row-changed")]
    kind: String,
    /// An update enqueues a job only where one of these columns changed.
    #[arg(long, value_delimiter = ',', value_name = "COLUMN,…")]
    columns: Vec<String>,
    /// From 1, the most urgent, to 5.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=5))]
    priority: u8,
    /// After this many attempts a job goes to the dead letter.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    max_attempts: u32,
    /// The remote of the jobs.
    #[arg(long)]
    remote: Option<String>,
    /// The type of the resource that a row becomes.
    #[arg(long = "type")]
    resource_type: Option<String>,
    /// The setting in which a transaction says who writes.
    #[arg(long, default_value = "app.sync_origin", value_name = "NAME")]
    origin_setting: String,
    /// Changes of this origin are not captured; '' for none such.
    #[arg(long, default_value = "carewire", value_name = "ORIGIN")]
    skip_origin: Vec<String>,
    /// Changes of a row whose job still waits join it.
    #[arg(long)]
    coalesce: bool,
    /// TRUNCATE names no rows: it fails, or empties the table without a job.
    #[arg(long, value_enum, default_value_t = OnTruncate::Refuse)]
    on_truncate: OnTruncate,
    /// Only print the SQL.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Org {
    /// All rows belong to this org.
    #[arg(long)]
    org: Option<String>,
    /// Each row belongs to the org that this column names.
    #[arg(long, value_name = "COLUMN")]
    org_column: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OnTruncate {
    Refuse,
    Ignore,
}

pub(crate) async fn run(file: Option<&Path>, what: Outbox) -> Result<Done, Failure> {
    let (place, owner) = store_config::with_owner(file)?;
    let StorePlace::Postgres(url) = &place else {
        return Err(Failure::usage(
            "a SQLite store is a file of Carewire's own, with no tables of others; `outbox` is for a store on PostgreSQL",
        ));
    };
    let failed = |error: CaptureError| fault(&place, &error);
    let url = owner.as_ref().unwrap_or(url);
    let mut captures = Captures::connect(url.expose_secret()).await.map_err(failed)?;
    match what {
        Outbox::Install(options) => {
            let dry_run = options.dry_run;
            let capture = options.capture()?;
            if dry_run {
                out::line(format_args!("BEGIN;\n{}COMMIT;", captures.plan(&capture).await.map_err(failed)?))?;
            } else {
                captures.install(&capture).await.map_err(failed)?;
                out::note(format_args!(
                    "{}: changes enqueue jobs in the queue {}",
                    capture.table, capture.queue
                ));
            }
        }
        Outbox::Uninstall { table } => {
            if !captures.uninstall(&table).await.map_err(failed)? {
                out::note(format_args!("{table}: is not captured"));
                return Ok(Done::Some);
            }
            out::note(format_args!("{table}: is captured no more"));
        }
        Outbox::List => return list(captures.list().await.map_err(failed)?),
    }
    Ok(Done::All)
}

fn list(installed: Vec<carewire_postgres::capture::Installed>) -> Result<Done, Failure> {
    let sound = installed.iter().all(|each| each.enabled && each.current);
    for each in installed {
        out::line(json!({
            "table": each.table,
            "function": each.function,
            "enabled": each.enabled,
            "current": each.current,
            "settings": each.settings,
        }))?;
    }
    Ok(if sound { Done::All } else { Done::Some })
}

impl Install {
    fn capture(self) -> Result<Capture, Failure> {
        let org =
            match (self.org.org, self.org.org_column) {
                (Some(org), _) => OrgOf::Constant(OrgId::new(&org).map_err(|_| {
                    Failure::usage("--org: one to 64 letters, digits, `_` or `-` are expected")
                })?),
                (None, column) => OrgOf::Column(column.unwrap_or_default()),
            };
        Ok(Capture {
            queue: self.queue,
            kind: self.kind,
            columns: self.columns,
            priority: Priority::new(self.priority).unwrap_or_default(),
            max_attempts: self.max_attempts,
            remote: self.remote,
            resource_type: self.resource_type,
            origin_setting: self.origin_setting,
            skip_origins: self.skip_origin.into_iter().filter(|origin| !origin.is_empty()).collect(),
            coalesce: self.coalesce,
            truncate: match self.on_truncate {
                OnTruncate::Refuse => Truncate::Refuse,
                OnTruncate::Ignore => Truncate::Ignore,
            },
            ..Capture::new(self.table, org)
        })
    }
}

/// What the database could not do is not the fault of who asked; all else is.
fn fault(place: &StorePlace, error: &CaptureError) -> Failure {
    match error {
        CaptureError::Store(carewire_postgres::Error::Url) => Failure::usage(error.to_string()),
        CaptureError::Store(error) => Failure::unreachable(format!("{place}: {}", told(error))),
        CaptureError::Busy => Failure::unreachable(format!("{place}: {error}")),
        _ => Failure::usage(error.to_string()),
    }
}
