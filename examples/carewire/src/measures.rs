//! How much is in the queues, for `/metrics`.

use std::sync::Arc;
use std::time::Duration;

use carewire_fhir_core::OrgId;
use carewire_gateway::MllpOutbox;
use carewire_sync_engine::{Clock as _, measure_queue};
use tokio::sync::watch;

use crate::destinations::DestinationConfig;
use crate::keys::SystemClock;
use crate::queue::Measured;
use crate::stack::stopped;

/// Counts come from counters of the store; the age of the oldest job is one look into an index.
const EVERY: Duration = Duration::from_secs(5);

/// The queues of messages: those that came in, and one for each destination.
pub(crate) fn names(destinations: &[DestinationConfig], outbox: Option<&MllpOutbox>) -> Vec<String> {
    let mut names = vec![carewire_gateway::QUEUE.to_owned()];
    for destination in destinations {
        let queue = outbox.and_then(|outbox| outbox.queue_of(&destination.name).ok());
        names.extend(queue.map(str::to_owned));
    }
    names
}

/// Measures until `stop`. What all processes of a store have in common, each of them shows.
pub(crate) async fn run(
    queues: Vec<(Arc<dyn Measured>, String)>,
    orgs: Vec<OrgId>,
    stop: watch::Receiver<bool>,
) {
    let for_ever = async {
        loop {
            for (queue, name) in &queues {
                if let Err(error) = measure_queue(&**queue, &orgs, name, SystemClock.now()).await {
                    tracing::warn!(queue = name, %error, "queue not measured");
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    };
    tokio::select! {
        () = stopped(stop) => {}
        () = for_ever => {}
    }
}
