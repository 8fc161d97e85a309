//! One org with very many jobs, and what the others feel of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::contender::{Contender, Place};
use crate::engine::{self, BATCH, Carewire, Engine as _};
use crate::figures::quantile;
use crate::handler::{Handler, Payload};
use crate::services::Server;
use crate::{LEASE, Options, Result, table};

/// The jobs of the large org, and those of each of the others.
const LARGE: u64 = 100_000;
const SMALL: u64 = 10;
const OTHERS: u64 = 99;

/// Compares the others' wait alone and beside.
pub(crate) fn run(options: &Options) -> Result<()> {
    let postgres = Server::postgres()?;
    println!(
        "{OTHERS} orgs with {SMALL} jobs each, alone and beside one with {LARGE}: ms until their jobs begin"
    );
    for contender in Contender::ours(options) {
        let mut p99 = [0.0, 0.0];
        for (large, p99) in [0, LARGE].into_iter().zip(&mut p99) {
            let waits = (0..options.rounds).map(|_| waits(contender, large, &postgres));
            let waits: Vec<f64> = waits.collect::<Result<Vec<_>>>()?.concat();
            *p99 = quantile(waits.clone(), 99);
            println!(
                "{:<10} beside {large:>7}: p50 {:>7.2}, p99 {p99:>7.2}",
                contender.name,
                quantile(waits, 50)
            );
        }
        let [alone, beside] = p99;
        table::at_most("p99 beside, x alone", Some(beside / alone), 2.0);
    }
    Ok(())
}

fn waits(contender: Contender, large: u64, postgres: &Server) -> Result<Vec<f64>> {
    let place = Place::new(contender.store, postgres)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let store = engine::open_ours(contender.name, place.address(), LEASE).await?;
        enqueue(&store, (0..large).map(|number| (0, number))).await?;
        let others = (0..OTHERS * SMALL).map(|number| (1 + number % OTHERS, large + number));
        enqueue(&store, others).await?;
        let begun = Instant::now();
        let handler = Arc::new(Handler::new(begun, OTHERS * SMALL).from(large).timed());
        let working = store.work(Arc::clone(&handler)).await?;
        tokio::time::timeout(Duration::from_secs(120), handler.done()).await?;
        working.stop().await?;
        Ok(handler.waits().into_iter().map(|nanoseconds| nanoseconds as f64 / 1e6).collect())
    })
}

/// Each job with its org; every one has a key of its own, which another org may have as well.
async fn enqueue(store: &Carewire, jobs: impl Iterator<Item = (u64, u64)>) -> Result<()> {
    let jobs = jobs.map(|(org, number)| {
        let place = engine::Place { org, key: number, delay: Duration::ZERO };
        // At nought, so that what the handler measures is the time since work began.
        (place, Payload::new(number, 0))
    });
    let jobs: Vec<(engine::Place, Payload)> = jobs.collect();
    for jobs in jobs.chunks(10 * BATCH) {
        store.enqueue_at(jobs.iter().cloned()).await?;
    }
    Ok(())
}
