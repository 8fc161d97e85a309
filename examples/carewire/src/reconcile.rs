//! `carewire reconcile …`.

use std::path::Path;

use carewire_fhir_core::OrgId;
use carewire_sqlite::SqliteOptions;
use carewire_sync_engine::ReconcileOptions;
use chrono::{Duration, Utc};
use serde_json::json;
use tokio::sync::watch;

use crate::cli::Reconcile;
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::serve::remote_base;
use crate::stack::Stack;
use crate::{later, out};

pub(crate) async fn run(file: Option<&Path>, what: Reconcile) -> Result<Done, Failure> {
    let (org, dry_run, stale_days, batch) = match what {
        Reconcile::Run { org, dry_run, stale_days, batch } => (org, dry_run, stale_days, batch),
        Reconcile::Later(words) => return Err(later::part("reconcile", &words)),
    };
    let mut config = Config::read(file)?;
    if let Some(org) = org {
        config.org = OrgId::new(&org).map_err(|error| Failure::usage(format!("--org: {error}")))?;
    }
    let mut options = ReconcileOptions::default().with_dry_run(dry_run);
    if let Some(batch) = batch {
        options = options.with_batch(batch);
    }
    if let Some(days) = stale_days {
        options = options.with_synced_before(Utc::now() - Duration::days(days.clamp(0, 36_500)));
    }
    let (_stop, stopping) = watch::channel(false);
    let base = remote_base(&config, stopping).await?;
    let stack = Stack::open(&config, &base.url, SqliteOptions::default()).await?;
    stack.reach_remote().await?;
    let report = stack.gateway.reconcile(&options).await;
    stack.store.close().await;
    let report = report?;
    out::line(json!(report))?;
    let clean = report.errors == 0 && report.interrupted.is_none();
    Ok(if clean { Done::All } else { Done::Some })
}
