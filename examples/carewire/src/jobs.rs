//! `carewire jobs …`: the queue of the configured store.

use std::path::Path;

use carewire_gateway::QUEUE;
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{JobFilter, JobId, JobState, QueueAdmin};
use chrono::{Duration, Utc};
use serde_json::json;

use crate::cli::Jobs;
use crate::config::Config;
use crate::failure::{Done, Failure};

pub(crate) async fn run(file: Option<&Path>, what: Jobs) -> Result<Done, Failure> {
    let config = Config::read(file)?;
    if !config.store.exists() {
        return Err(Failure::unreachable(format!("{}: there is no store", config.store.display())));
    }
    let store = SqliteStore::open(&config.store, SqliteOptions::default())
        .await
        .map_err(|error| Failure::unreachable(error.to_string()))?;
    let done = act(&store, &config, what).await;
    store.close().await;
    done
}

async fn act(admin: &dyn QueueAdmin, config: &Config, what: Jobs) -> Result<Done, Failure> {
    let (org, now) = (&config.org, Utc::now());
    match what {
        Jobs::Stats => println!("{}", json!(admin.stats(org, now).await?)),
        Jobs::List { state, limit } => {
            let state =
                state.map(|name| JobState::from_name(&name).ok_or_else(|| wrong_state(&name))).transpose()?;
            for job in admin.list(org, &JobFilter { state, ..JobFilter::default() }, limit).await? {
                println!("{}", json!(job));
            }
        }
        Jobs::Show { id } => match admin.list(org, &one(&id)?, 1).await?.first() {
            Some(job) => println!("{}", json!(job)),
            None => return missing(&id),
        },
        Jobs::Retry { id } => match admin.redrive(org, &one(&id)?, now).await? {
            0 => return missing(&id),
            _ => eprintln!("{id} runs again"),
        },
        Jobs::Redrive { reason } => {
            let count = admin.redrive(org, &JobFilter { reason, ..JobFilter::default() }, now).await?;
            println!("{}", json!({"redriven": count}));
        }
        Jobs::Pause => admin.set_paused(org, QUEUE, true).await?,
        Jobs::Resume => admin.set_paused(org, QUEUE, false).await?,
        Jobs::Clean => {
            let count = admin.clean(org, now - Duration::days(7), now - Duration::days(30)).await?;
            println!("{}", json!({"removed": count}));
        }
    }
    Ok(Done::All)
}

fn one(id: &str) -> Result<JobFilter, Failure> {
    let id: JobId = id.parse().map_err(|_| Failure::usage("a job id such as job_7 is expected"))?;
    Ok(JobFilter { id: Some(id), ..JobFilter::default() })
}

fn missing(id: &str) -> Result<Done, Failure> {
    eprintln!("{id}: no such job, or not in a state for this");
    Ok(Done::Some)
}

fn wrong_state(name: &str) -> Failure {
    let names: Vec<&str> = JobState::ALL.iter().map(|state| state.as_str()).collect();
    Failure::usage(format!("--state {name}: one of {} is expected", names.join(", ")))
}
