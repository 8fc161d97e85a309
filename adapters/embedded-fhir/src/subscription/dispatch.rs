use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use carewire_fhir_core::Value;
use tokio::sync::{Semaphore, mpsc};
use uuid::Uuid;

use super::SubscriptionOptions;
use super::backlog::Ticket;
use super::guard::Reach;
use super::hook::Hook;
use super::send::{Notification, send};
use crate::server::Server;
use crate::store::{Effect, JournalEntry, Position, State, Version};

/// So many endpoints are called at a time.
const AT_A_TIME: usize = 32;
/// No endpoint is left alone for longer between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// So many understood subscriptions are remembered.
const REMEMBERED: usize = 1_024;

/// The changes of one request, once they are durable up to the position.
pub(crate) struct Event {
    pub(crate) position: Position,
    pub(crate) changes: Vec<(JournalEntry, Effect)>,
    /// Held until it is known who is to be told.
    pub(crate) ticket: Ticket,
}

/// Hooks by the version of their Subscription; `None` for what is none.
type Hooks = HashMap<Uuid, Option<Arc<Hook>>>;

/// Finds out who is to be told of what, until the server is gone.
pub(crate) async fn dispatch(
    server: Weak<Server>,
    mut events: mpsc::Receiver<Event>,
    options: SubscriptionOptions,
) {
    let free = Arc::new(Semaphore::new(AT_A_TIME));
    let mut hooks = Hooks::new();
    while let Some(event) = events.recv().await {
        let Some(server) = server.upgrade() else { return };
        if server.journal.durable(event.position).await.is_err() {
            return;
        }
        if server.backlog.has_lost() {
            let row_ids = |state: &State| -> Vec<Uuid> {
                let table = state.table("Subscription").into_iter();
                table.flat_map(|table| table.rows()).map(|(id, _)| id).collect()
            };
            server.look(row_ids).0.into_iter().for_each(|id| server.fail_subscription(id));
        }
        for (entry, effect) in &event.changes {
            let due = server.look(|state| due(state, &mut hooks, entry, *effect, &server.rules.reach)).0;
            for (hook, notification) in due {
                let Some(ticket) = server.backlog.notification(hook.id) else {
                    give_up(&server, hook.id);
                    continue;
                };
                let (server, options, free) = (Arc::downgrade(&server), options.clone(), Arc::clone(&free));
                tokio::spawn(async move {
                    deliver(&server, &hook, &notification, &options, &free).await;
                    drop(ticket);
                });
            }
        }
        drop(event.ticket);
    }
}

/// The notifications of one change.
fn due(
    state: &State,
    hooks: &mut Hooks,
    entry: &JournalEntry,
    effect: Effect,
    reach: &Reach,
) -> Vec<(Arc<Hook>, Arc<Notification>)> {
    if hooks.len() > REMEMBERED {
        hooks.clear();
    }
    let sequence = entry.version.sequence;
    let subscriptions = state.table("Subscription").into_iter().flat_map(|table| table.rows());
    let active: Vec<Arc<Hook>> = subscriptions
        .filter_map(|(id, row)| {
            // It must have been there when the change was made, and must be there still.
            row.newest().filter(|newest| newest.text.is_some())?;
            let version = row.as_of(sequence)?;
            hooks.entry(version.id).or_insert_with(|| active_hook(id, version, reach)).clone()
        })
        .collect();
    if active.is_empty() {
        return Vec::new();
    }
    let before = || state.row(entry.resource_type, entry.id)?.as_of(sequence)?.resource();
    let Some(resource) = entry.version.resource().or_else(before) else { return Vec::new() };
    let wanting = active.into_iter().filter(|hook| hook.wants(entry.resource_type, effect, &resource));
    wanting.map(|hook| (Arc::clone(&hook), Arc::new(notification(&hook, entry, effect)))).collect()
}

fn active_hook(id: Uuid, version: &Version, reach: &Reach) -> Option<Arc<Hook>> {
    let subscription = version.resource().filter(|value| value.str("status") == Some("active"))?;
    Hook::read(id, &subscription, reach).ok().map(Arc::new)
}

fn notification(hook: &Hook, entry: &JournalEntry, effect: Effect) -> Notification {
    let deleted = (effect == Effect::Deleted).then(|| format!("{}/{}", entry.resource_type, entry.id));
    let body = match &entry.version.text {
        _ if !hook.has_payload => None,
        Some(text) => Some(text.clone()),
        None => Some("{}".into()),
    };
    Notification { body, effect, deleted }
}

/// Sends until somebody answers with success, not too often and not for too long. When nobody does, the Subscription gets
/// the status `error`.
async fn deliver(
    server: &Weak<Server>,
    hook: &Hook,
    notification: &Notification,
    options: &SubscriptionOptions,
    free: &Semaphore,
) {
    let reach = match server.upgrade() {
        Some(server) => server.rules.reach.clone(),
        None => return,
    };
    let started = Instant::now();
    let mut wait = options.first_wait;
    for attempt in 1..=hook.attempts {
        let Ok(permit) = free.acquire().await else { return };
        let status = send(hook, notification, &reach, options.timeout).await;
        drop(permit);
        if status.is_some_and(|status| (200..300).contains(&status)) {
            return;
        }
        tracing::info!(subscription = %hook.id, attempt, status, "notification was not taken");
        if started.elapsed().saturating_add(wait) > options.total_time {
            break;
        }
        if attempt < hook.attempts {
            tokio::time::sleep(wait).await;
            wait = wait.saturating_mul(2).min(LONGEST_WAIT);
        }
    }
    if let Some(server) = server.upgrade() {
        give_up(&server, hook.id);
    }
}

fn give_up(server: &Server, subscription: Uuid) {
    tracing::warn!(%subscription, "a notification was given up");
    server.backlog.give_up();
    server.fail_subscription(subscription);
}

/// A Subscription that failed, as it is to be stored; `None` when there is nothing to change.
pub(crate) fn failed(subscription: &Version) -> Option<Value> {
    let subscription = subscription.resource().filter(|value| value.str("status") == Some("active"))?;
    Some(subscription.with("status", "error").with("error", "a notification was not taken, or not sent"))
}
