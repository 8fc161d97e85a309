//! How long a claim takes, whatever lies in the store.

use std::time::Duration;

use crate::contender::{Contender, Place};
use crate::engine::{self, BATCH, Carewire};
use crate::figures::median;
use crate::handler::Payload;
use crate::services::Server;
use crate::{LEASE, Options, Result, table};

/// Jobs that are due in every case: more than are claimed.
const DUE: u64 = 5_000;
const MANY: u64 = 100_000;
const CLAIMS: usize = 30;
/// Far from due.
const DAY: Duration = Duration::from_hours(24);

/// What lies in the store beside the jobs that are due.
#[derive(Clone, Copy, Debug)]
enum Case {
    Nothing,
    Due,
    Delayed,
    BehindOneKey,
    Completed,
}

/// Compares each case with that of few jobs.
pub(crate) fn run(options: &Options) -> Result<()> {
    let postgres = Server::postgres()?;
    println!("a claim of {BATCH} and its completion, median of {CLAIMS}, with {DUE} jobs due and");
    for contender in Contender::ours(options) {
        let mut few = f64::NAN;
        for case in [Case::Nothing, Case::Due, Case::Delayed, Case::BehindOneKey, Case::Completed] {
            let (claim, complete) = times(contender, case, options.completed, &postgres)?;
            println!("{:<10} {:<24} {claim:>7.2} ms {complete:>7.2} ms", contender.name, case.shown(options));
            if matches!(case, Case::Nothing) {
                few = claim;
            } else {
                table::at_most("claim, x few jobs", Some(claim / few), 1.5);
            }
        }
    }
    Ok(())
}

impl Case {
    fn shown(self, options: &Options) -> String {
        match self {
            Self::Nothing => "nothing else".to_owned(),
            Self::Due => format!("{MANY} more"),
            Self::Delayed => format!("{MANY} delayed"),
            Self::BehindOneKey => format!("{MANY} behind one key"),
            Self::Completed => format!("{} completed", options.completed),
        }
    }

    async fn prepare(self, store: &Carewire, completed: u64) -> Result<()> {
        let (many, spread) = (0..MANY, engine::Place::of);
        match self {
            Self::Nothing => Ok(()),
            Self::Due => enqueue(store, many, spread).await,
            Self::Delayed => {
                // With keys of their own: older jobs of a key stand in the way of later ones, delayed or not.
                let key = |number| u64::MAX / 2 + number % 1_000;
                enqueue(store, many, |number| engine::Place {
                    key: key(number),
                    delay: DAY,
                    ..spread(number)
                })
                .await
            }
            Self::BehindOneKey => {
                // Of an org that has others as well, and older than those.
                enqueue(store, many, |_| engine::Place { org: 0, key: u64::MAX, delay: Duration::ZERO }).await
            }
            Self::Completed => {
                enqueue(store, 0..completed, spread).await?;
                loop {
                    let (leases, _) = store.claim().await?;
                    if leases.is_empty() {
                        return Ok(());
                    }
                    store.complete(&leases).await?;
                }
            }
        }
    }
}

fn times(contender: Contender, case: Case, completed: u64, postgres: &Server) -> Result<(f64, f64)> {
    let place = Place::new(contender.store, postgres)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let store = engine::open_ours(contender.name, place.address(), LEASE).await?;
        case.prepare(&store, completed).await?;
        enqueue(&store, 0..DUE, engine::Place::of).await?;
        let (mut claims, mut completions) = (Vec::new(), Vec::new());
        for _ in 0..CLAIMS {
            let (leases, took) = store.claim().await?;
            if leases.len() != BATCH {
                return Err(format!("{case:?}: a claim gave {} jobs", leases.len()).into());
            }
            claims.push(took);
            completions.push(store.complete(&leases).await?);
        }
        let milliseconds = |times: Vec<Duration>| median(times.iter().map(|time| time.as_secs_f64() * 1e3));
        Ok((milliseconds(claims), milliseconds(completions)))
    })
}

async fn enqueue(
    store: &Carewire,
    numbers: std::ops::Range<u64>,
    place: impl Fn(u64) -> engine::Place,
) -> Result<()> {
    let numbers: Vec<u64> = numbers.collect();
    for numbers in numbers.chunks(10 * BATCH) {
        store.enqueue_at(numbers.iter().map(|number| (place(*number), Payload::new(*number, 0)))).await?;
    }
    Ok(())
}
