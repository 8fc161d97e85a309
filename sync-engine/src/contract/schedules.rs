//! The promises of [`Scheduler`].
//!
//! The lease of the leader is one for the whole store: run this suite on a store of its own, or alone.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::scope::{Scope, at, unique};
use crate::{
    Cron, Error, Fired, Firing, JobQueue, Leadership, QueueAdmin, Schedule, ScheduleView, Scheduler,
};

/// Runs this suite.
pub async fn run_all<S: Scheduler + JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    a_schedule_is_kept_as_it_was_put(store).await;
    putting_again_what_is_there_changes_nothing(store).await;
    another_definition_takes_the_place(store).await;
    a_removed_schedule_is_gone(store).await;
    a_name_that_cannot_be_an_id_is_refused(store).await;
    due_schedules_come_with_the_longest_due_first(store).await;
    one_holder_leads_at_a_time(store).await;
    a_leader_that_resigned_makes_room(store).await;
    firing_enqueues_and_moves_on(store).await;
    an_occurrence_is_fired_once(store).await;
    who_was_replaced_fires_nothing(store).await;
    what_was_disabled_or_removed_is_not_fired(store).await;
    concurrent_leaders_fire_once(store).await;
}

fn nightly(scope: &Scope, name: &str) -> Schedule {
    let cron = Cron::parse("0 3 * * *", Some("Europe/Berlin")).unwrap();
    Schedule {
        refs: [("window".to_owned(), "week".to_owned())].into(),
        ..Schedule::new(scope.org.clone(), name, cron, scope.queue.as_str(), "reconcile")
    }
}

/// Long before everything else, so that other tests' schedules are never due.
fn past(seconds: i64) -> DateTime<Utc> {
    at(seconds) - TimeDelta::days(3650)
}

async fn view<S: Scheduler + ?Sized>(store: &Arc<S>, scope: &Scope, name: &str) -> Option<ScheduleView> {
    store.schedules(&scope.org).await.unwrap().into_iter().find(|view| view.schedule.name == name)
}

/// Takes the lease at an instant at which no other lease can still hold.
async fn lead<S: Scheduler + ?Sized>(store: &Arc<S>) -> (Leadership, DateTime<Utc>) {
    static LATER: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);
    loop {
        let hours = LATER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let now = at(0) + TimeDelta::hours(hours);
        if let Some(led) = store.lead(&unique(), now + TimeDelta::seconds(30), now).await.unwrap() {
            return (led, now);
        }
    }
}

fn firing(scope: &Scope, name: &str, due: i64, next: i64) -> Firing {
    Firing {
        org: scope.org.clone(),
        name: name.into(),
        due: past(due),
        next: Some(past(next)),
        last: Some(past(due)),
        jobs: vec![scope.job()],
    }
}

/// Every field, and the next occurrence; other orgs do not see it.
pub async fn a_schedule_is_kept_as_it_was_put<S: Scheduler + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let schedule = Schedule { enabled: false, overlap: true, max_attempts: 7, ..nightly(&scope, "b") };
    assert!(store.put_schedule(&schedule, Some(at(5))).await.unwrap());
    assert!(store.put_schedule(&nightly(&scope, "a"), None).await.unwrap());
    let listed = store.schedules(&scope.org).await.unwrap();
    let expected = [
        ScheduleView { schedule: nightly(&scope, "a"), next_at: None, last_at: None },
        ScheduleView { schedule, next_at: Some(at(5)), last_at: None },
    ];
    assert_eq!(listed, expected, "by name");
    assert!(store.schedules(&scope.neighbour().org).await.unwrap().is_empty());
}

/// Not its next occurrence either: a service may start as often as it likes.
pub async fn putting_again_what_is_there_changes_nothing<S: Scheduler + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    store.put_schedule(&nightly(&scope, "n"), Some(at(5))).await.unwrap();
    assert!(!store.put_schedule(&nightly(&scope, "n"), Some(at(99))).await.unwrap());
    assert_eq!(view(store, &scope, "n").await.unwrap().next_at, Some(at(5)));
}

/// With its own next occurrence; what was fired last is remembered.
pub async fn another_definition_takes_the_place<S: Scheduler + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    store.put_schedule(&nightly(&scope, "n"), Some(past(1))).await.unwrap();
    let (led, _) = lead(store).await;
    assert_eq!(store.fire(&led, &firing(&scope, "n", 1, 2)).await.unwrap(), Fired::Done);
    let other = Schedule { kind: "audit-mirror".into(), ..nightly(&scope, "n") };
    assert!(store.put_schedule(&other, Some(at(7))).await.unwrap());
    let expected = ScheduleView { schedule: other, next_at: Some(at(7)), last_at: Some(past(1)) };
    assert_eq!(view(store, &scope, "n").await, Some(expected));
}

/// From its own org only.
pub async fn a_removed_schedule_is_gone<S: Scheduler + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    store.put_schedule(&nightly(&scope, "n"), Some(at(5))).await.unwrap();
    assert!(!store.remove_schedule(&scope.neighbour().org, "n").await.unwrap());
    assert!(store.remove_schedule(&scope.org, "n").await.unwrap());
    assert!(!store.remove_schedule(&scope.org, "n").await.unwrap());
    assert!(store.schedules(&scope.org).await.unwrap().is_empty());
}

/// It becomes part of correlation ids.
pub async fn a_name_that_cannot_be_an_id_is_refused<S: Scheduler + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    for name in ["", "a b", "é", &"x".repeat(65)] {
        let refused = store.put_schedule(&nightly(&scope, name), None).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    }
}

/// Disabled ones are not due.
pub async fn due_schedules_come_with_the_longest_due_first<S: Scheduler + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    for (name, seconds) in [("a", 30), ("b", 10), ("c", 20), ("d", 40)] {
        store.put_schedule(&nightly(&scope, name), Some(past(seconds))).await.unwrap();
    }
    let disabled = Schedule { enabled: false, ..nightly(&scope, "e") };
    store.put_schedule(&disabled, Some(past(1))).await.unwrap();
    let names = async |limit| -> Vec<String> {
        let due = store.due_schedules(past(30), limit).await.unwrap();
        let ours = due.into_iter().filter(|view| view.schedule.org == scope.org);
        ours.map(|view| view.schedule.name).collect()
    };
    assert_eq!(names(999).await, ["b", "c", "a"]);
    assert!(store.due_schedules(past(30), 1).await.unwrap().len() <= 1);
    assert!(store.next_firing().await.unwrap().is_some_and(|next| next <= past(10)));
    for name in ["a", "b", "c", "d", "e"] {
        store.remove_schedule(&scope.org, name).await.unwrap();
    }
}

/// The holder renews under its epoch; when the lease has ended another gets a higher one, and so does the same.
pub async fn one_holder_leads_at_a_time<S: Scheduler + ?Sized>(store: &Arc<S>) {
    let (_, now) = lead(store).await;
    let after = |seconds| now + TimeDelta::seconds(seconds);
    let (us, them) = (unique(), unique());
    let first = store.lead(&us, after(70), after(40)).await.unwrap().unwrap();
    assert_eq!(first.until, after(70));
    assert_eq!(store.lead(&them, after(90), after(60)).await.unwrap(), None);
    let renewed = store.lead(&us, after(90), after(60)).await.unwrap().unwrap();
    assert_eq!((renewed.epoch, renewed.until), (first.epoch, after(90)));
    let second = store.lead(&them, after(120), after(90)).await.unwrap().unwrap();
    assert!(second.epoch > first.epoch);
    assert_eq!(store.lead(&us, after(130), after(100)).await.unwrap(), None);
    let third = store.lead(&them, after(160), after(130)).await.unwrap().unwrap();
    assert!(third.epoch > second.epoch, "somebody else may have led in between");
}

/// At once; who does not lead cannot resign for another.
pub async fn a_leader_that_resigned_makes_room<S: Scheduler + ?Sized>(store: &Arc<S>) {
    let (first, now) = lead(store).await;
    let until = now + TimeDelta::seconds(30);
    store.resign(&Leadership { epoch: first.epoch - 1, until }).await.unwrap();
    assert_eq!(store.lead(&unique(), until, now).await.unwrap(), None);
    store.resign(&first).await.unwrap();
    let second = store.lead(&unique(), until, now).await.unwrap().unwrap();
    assert!(second.epoch > first.epoch);
}

/// The jobs are there, the next occurrence and the last one stand.
pub async fn firing_enqueues_and_moves_on<S: Scheduler + JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    store.put_schedule(&nightly(&scope, "n"), Some(past(1))).await.unwrap();
    let (led, _) = lead(store).await;
    let both = Firing { jobs: vec![scope.job(), scope.job()], ..firing(&scope, "n", 1, 9) };
    assert_eq!(store.fire(&led, &both).await.unwrap(), Fired::Done);
    assert_eq!(scope.claim(store, 9, 0).await.len(), 2);
    let moved = view(store, &scope, "n").await.unwrap();
    assert_eq!((moved.next_at, moved.last_at), (Some(past(9)), Some(past(1))));
    let left_out = Firing { jobs: vec![], last: None, next: None, ..firing(&scope, "n", 9, 9) };
    assert_eq!(store.fire(&led, &left_out).await.unwrap(), Fired::Done);
    let ended = view(store, &scope, "n").await.unwrap();
    assert_eq!((ended.next_at, ended.last_at), (None, Some(past(1))));
}

/// Whoever saw it due.
pub async fn an_occurrence_is_fired_once<S: Scheduler + JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    store.put_schedule(&nightly(&scope, "n"), Some(past(1))).await.unwrap();
    let (led, _) = lead(store).await;
    assert_eq!(store.fire(&led, &firing(&scope, "n", 1, 2)).await.unwrap(), Fired::Done);
    assert_eq!(store.fire(&led, &firing(&scope, "n", 1, 2)).await.unwrap(), Fired::Stale);
    assert_eq!(scope.claim(store, 9, 0).await.len(), 1);
    let foreign = Firing { jobs: vec![scope.neighbour().job()], ..firing(&scope, "n", 2, 3) };
    assert!(matches!(store.fire(&led, &foreign).await, Err(Error::Conflict { .. })), "a job of another org");
    assert_eq!(view(store, &scope, "n").await.unwrap().next_at, Some(past(2)));
}

/// However sure it is that it leads.
pub async fn who_was_replaced_fires_nothing<S: Scheduler + JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    store.put_schedule(&nightly(&scope, "n"), Some(past(1))).await.unwrap();
    let (old, _) = lead(store).await;
    let (new, _) = lead(store).await;
    assert_eq!(store.fire(&old, &firing(&scope, "n", 1, 2)).await.unwrap(), Fired::Stale);
    assert!(scope.claim(store, 9, 0).await.is_empty());
    assert_eq!(store.fire(&new, &firing(&scope, "n", 1, 2)).await.unwrap(), Fired::Done);
}

/// Although a runner has seen it before.
pub async fn what_was_disabled_or_removed_is_not_fired<S: Scheduler + JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    store.put_schedule(&nightly(&scope, "n"), Some(past(1))).await.unwrap();
    let (led, _) = lead(store).await;
    let disabled = Schedule { enabled: false, ..nightly(&scope, "n") };
    store.put_schedule(&disabled, Some(past(1))).await.unwrap();
    assert_eq!(store.fire(&led, &firing(&scope, "n", 1, 2)).await.unwrap(), Fired::Stale);
    store.remove_schedule(&scope.org, "n").await.unwrap();
    assert_eq!(store.fire(&led, &firing(&scope, "n", 1, 2)).await.unwrap(), Fired::Stale);
    assert!(scope.claim(store, 9, 0).await.is_empty());
}

/// Eight try at once.
pub async fn concurrent_leaders_fire_once<S>(store: &Arc<S>)
where
    S: Scheduler + JobQueue + QueueAdmin + ?Sized + 'static,
{
    let scope = Scope::new();
    store.put_schedule(&nightly(&scope, "n"), Some(past(1))).await.unwrap();
    let (led, _) = lead(store).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, led, firing) = (Arc::clone(store), led.clone(), firing(&scope, "n", 1, 2));
        tasks.spawn(async move { store.fire(&led, &firing).await.unwrap() });
    }
    let done = tasks.join_all().await.into_iter().filter(|fired| *fired == Fired::Done).count();
    assert_eq!(done, 1);
    assert_eq!(scope.claim(store, 9, 0).await.len(), 1);
}
