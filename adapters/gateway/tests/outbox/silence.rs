//! A receiver that is away, hangs or answers late.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use carewire_sync_engine::{AuditAction, JobState};

use crate::receiver::{Act, Receiver};
use crate::support::{Machine, client_options, destination, numbers};

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_away_for_long_costs_no_message() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    receiver.go_away().await;
    for n in 0..5 {
        process.enqueue("lab", n).await;
    }
    process.run_until(async || process.outbox.counts("lab").unwrap().unreachable >= 4).await;
    let jobs = process.jobs().await;
    assert!(jobs.iter().all(|job| job.state == JobState::Waiting && job.attempts == 0), "{jobs:?}");
    assert_eq!(jobs[0].reason.as_deref(), Some("receiver-away"));
    assert!(process.records(AuditAction::Disclosed).await.is_empty(), "nothing left");

    receiver.come_back().await;
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), numbers(0..5));
    // Also over the connection that stood when it went away.
    receiver.go_away().await;
    receiver.come_back().await;
    process.enqueue("lab", 5).await;
    process.drain(&["lab"]).await;
    assert_eq!(receiver.took(), numbers(0..6));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_is_asked_again_and_every_attempt_is_on_record() {
    let receiver = Receiver::new(|_, _| Act::Hang).await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    process.enqueue("lab", 0).await;
    process.enqueue("lab", 1).await;
    process.run_until(async || process.outbox.counts("lab").unwrap().unanswered >= 2).await;
    let jobs = process.jobs().await;
    assert!(jobs.iter().all(|job| job.attempts == 0 && job.state == JobState::Waiting), "{jobs:?}");
    let disclosed = process.records(AuditAction::Disclosed).await;
    assert!(disclosed.len() >= 2 && disclosed.iter().all(|record| record.outcome == "unknown"));

    receiver.acts_now(|_, _| Act::Accept);
    process.drain(&["lab"]).await;
    assert_eq!(receiver.took(), ["0", "1"]);
    receiver.bytes();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_late_is_not_taken_for_that_of_the_next_message() {
    // The first answer to each even message comes after the sender has given up on it.
    let receiver = Receiver::new(|id, before| {
        let late = id.parse::<usize>().unwrap() % 2 == 0 && before == 0;
        if late { Act::TakeLate(Duration::from_millis(450)) } else { Act::Accept }
    })
    .await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    for n in 0..4 {
        process.enqueue("lab", n).await;
    }
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), ["0", "0", "1", "2", "2", "3"]);
    assert_eq!(receiver.took(), numbers(0..4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_while_the_receiver_hangs_ends_at_the_drain_deadline() {
    let receiver = Receiver::new(|_, _| Act::Hang).await;
    let client = carewire_mllp::ClientOptions { ack_timeout: Duration::from_secs(60), ..client_options() };
    let machine = Machine::new([destination("lab", &receiver).with_client(client)]);
    let process = machine.start_with(|settings| settings.drain = Duration::from_millis(300)).await;
    process.enqueue("lab", 0).await;
    process.enqueue("lab", 1).await;
    let seen = receiver.clone();
    let shutdown = async move {
        while seen.came().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let begin = Instant::now();
    let reports = process.outbox.run(shutdown).await;
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    assert_eq!((reports["lab"].abandoned, reports["lab"].completed), (1, 0));
    let jobs = process.jobs().await;
    assert_eq!((jobs[0].attempts, jobs[0].reason.as_deref()), (0, Some("shutdown")));
    receiver.acts_now(|_, _| Act::Accept);
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), ["0", "0", "1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_does_not_wait_for_a_store_that_does_not_answer() {
    let receiver = Receiver::new(|_, _| Act::TakeLate(Duration::from_millis(100))).await;
    let process = Machine::new([destination("lab", &receiver)]);
    let process = process.start_with(|settings| settings.drain = Duration::from_millis(200)).await;
    process.enqueue("lab", 0).await;
    let (seen, stuck) = (receiver.clone(), std::sync::Arc::clone(&process.stuck));
    let shutdown = async move {
        while seen.came().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stuck.store(true, Ordering::SeqCst);
    };
    let begin = Instant::now();
    let reports = process.outbox.run(shutdown).await;
    assert!(begin.elapsed() < Duration::from_secs(6), "{:?}", begin.elapsed());
    assert!(reports.is_empty(), "{reports:?}");
    process.stuck.store(false, Ordering::SeqCst);
    assert_eq!(process.tally("lab").await.delivered, 1, "what was answered is known");
    process.run_until(async || process.jobs().await[0].state == JobState::Completed).await;
    assert_eq!(receiver.came(), ["0"], "and is not sent again");
}
