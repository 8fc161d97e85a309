//! Whatever dies, nothing is lost, doubled in its effect, or out of order.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use carewire_sync_engine::{
    AuditAction, ClaimOptions, JobQueue, JobState, OutboundState, Outbox, PauseScope, QueueAdmin,
};

use crate::receiver::{Act, Receiver};
use crate::support::{Machine, destination, destination_at, numbers};

#[tokio::test(flavor = "multi_thread")]
async fn kills_lose_and_double_nothing_and_keep_the_order() {
    // Now and then the receiver takes a message and does not say so.
    let receiver = Receiver::new(|id, before| match id.parse::<usize>().unwrap() % 9 {
        3 if before == 0 => Act::TakeAndClose,
        5 => Act::TakeLate(Duration::from_millis(15)),
        _ => Act::Accept,
    })
    .await;
    let machine = Machine::new([destination("lab", &receiver)]);
    let mut handed_over = 0;
    for round in 0..10_u64 {
        let process = machine.start_with(|settings| settings.lease = Duration::from_millis(60)).await;
        let outbox = process.outbox.clone();
        let running = tokio::spawn(async move { outbox.run(std::future::pending()).await });
        for _ in 0..8 {
            process.enqueue("lab", handed_over).await;
            handed_over += 1;
        }
        tokio::time::sleep(Duration::from_millis(20 + 23 * (round * 7 % 10))).await;
        running.abort();
        running.await.unwrap_err();
        process.store.close().await;
    }
    let process = machine.start().await;
    process.drain(&["lab"]).await;
    assert_eq!(receiver.took(), numbers(0..handed_over), "each took effect once, in order");
    let mut came = receiver.came();
    assert!(came.len() > handed_over, "some came more than once");
    came.dedup();
    assert_eq!(came, numbers(0..handed_over), "a repetition comes before anything else");
    receiver.bytes();
    assert_eq!(process.tally("lab").await.delivered, handed_over as u64);
    let disclosed = process.records(AuditAction::Disclosed).await;
    let on_record = disclosed.iter().filter(|record| record.outcome == "success").count();
    assert!(on_record >= handed_over, "each delivery is on record: {on_record}");
}

const FOLDER: &str = "CAREWIRE_OUTBOX_CRASH_FOLDER";
const ADDRESS: &str = "CAREWIRE_OUTBOX_CRASH_ADDRESS";
const FIRST: &str = "CAREWIRE_OUTBOX_CRASH_FIRST";

/// The process that is killed. Without the variables it is an empty test.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_hands_over_and_sends_until_it_is_killed() {
    let (Ok(folder), Ok(address), Ok(first)) =
        (std::env::var(FOLDER), std::env::var(ADDRESS), std::env::var(FIRST))
    else {
        return;
    };
    let machine = Machine::at(Path::new(&folder), destination_at("lab", &address));
    let process = machine.start_with(|settings| settings.lease = Duration::from_millis(60)).await;
    let outbox = process.outbox.clone();
    tokio::spawn(async move { outbox.run(std::future::pending()).await });
    for n in first.parse::<usize>().unwrap().. {
        process.enqueue("lab", n).await;
        // One write of a whole line: a killed process leaves no half of it in the pipe.
        std::io::stdout().write_all(format!("ack {n}\n").as_bytes()).unwrap();
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_handed_over_survives_sigkill_and_arrives_once_in_order() {
    let receiver = Receiver::new(|id, _| match id.parse::<usize>().unwrap() % 7 {
        3 => Act::TakeLate(Duration::from_millis(9)),
        _ => Act::Accept,
    })
    .await;
    let machine = Machine::new([destination("lab", &receiver)]);
    let mut next = 0;
    for round in 0..8_u64 {
        let life = Duration::from_millis(30 + 29 * (round * 5 % 8));
        let (path, address) = (machine.path.clone(), receiver.address.to_string());
        next = tokio::task::spawn_blocking(move || run_and_kill(path, address, next, life)).await.unwrap();
    }
    let process = machine.start().await;
    process.drain(&["lab"]).await;
    let took = receiver.took();
    // What was stored and not yet acknowledged by the last process may be one more.
    assert!(took.len() == next || took.len() == next + 1, "{} of {next}", took.len());
    assert_eq!(took, numbers(0..took.len()), "each took effect once, in order");
    let mut came = receiver.came();
    let repeated = came.len() - took.len();
    came.dedup();
    assert_eq!(came, took, "a repetition comes before anything else");
    receiver.bytes();
    println!("{next} handed over, {repeated} sent more than once, over 8 kills");
}

/// Kills the child some time after its first acknowledgement; answers the number after the last that it acknowledged.
fn run_and_kill(folder: PathBuf, address: String, first: usize, life: Duration) -> usize {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "restarts::child_hands_over_and_sends_until_it_is_killed", "--nocapture"])
        .env(FOLDER, folder)
        .env(ADDRESS, address)
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut next, mut death) = (first, None);
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        if let Some(n) = line.unwrap().strip_prefix("ack ") {
            assert_eq!(n.parse::<usize>().unwrap(), next);
            next += 1;
            if Instant::now() >= *death.get_or_insert_with(|| Instant::now() + life) {
                child.kill().unwrap();
            }
        }
    }
    assert!(!child.wait().unwrap().success(), "the child was killed");
    assert!(next > first, "it acknowledged something");
    next
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_marked_and_not_completed_is_not_sent_again() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    let id = process.enqueue("lab", 0).await;
    process.enqueue("lab", 1).await;
    // A worker got so far, and died.
    let queue = process.outbox.queue_of("lab").unwrap().to_owned();
    let lease = Duration::from_millis(50);
    let options = ClaimOptions { queue, limit: 1, lease, now: chrono::Utc::now() };
    assert_eq!(process.store.claim(&options).await.unwrap().len(), 1);
    process.store.mark(process.gateway.org(), &id, OutboundState::Delivered, None).await.unwrap();
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), ["1"]);
    assert!(process.jobs().await.iter().all(|job| job.state == JobState::Completed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_with_a_message_again_and_again_does_not_lose_it() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    process.enqueue("lab", 0).await;
    let queue = process.outbox.queue_of("lab").unwrap().to_owned();
    let mut now = chrono::Utc::now();
    for _ in 0..50 {
        let options = ClaimOptions { queue: queue.clone(), limit: 1, lease: Duration::from_millis(1), now };
        assert_eq!(process.store.claim(&options).await.unwrap().len(), 1);
        now += chrono::Duration::milliseconds(1);
    }
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_whose_worker_died_before_it_was_stored_stays_stopped() {
    let receiver = Receiver::new(|_, _| Act::Nak(carewire_hl7_v2::ack::AckCode::AR, None)).await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    for n in 0..3 {
        process.enqueue("lab", n).await;
    }
    // A worker was told so, stopped the destination, and died.
    let queue = process.outbox.queue_of("lab").unwrap().to_owned();
    let lease = Duration::from_millis(20);
    let options = ClaimOptions { queue: queue.clone(), limit: 1, lease, now: chrono::Utc::now() };
    assert_eq!(process.store.claim(&options).await.unwrap().len(), 1);
    process.store.set_paused(&PauseScope::queue(process.gateway.org(), queue.as_str()), true).await.unwrap();
    process.outbox.run(tokio::time::sleep(Duration::from_millis(100))).await;
    assert!(receiver.came().is_empty());
    process.outbox.resume("lab").await.unwrap();
    process.run_until(async || process.tally("lab").await.dead == 1).await;
    assert_eq!(receiver.came(), ["0"], "asked again, rejected again, stopped again");
}
