//! What a receiver's answers lead to.

use carewire_gateway::{Basis, OnReject};
use carewire_hl7_v2::ack::{AckCode, ErrorCode};
use carewire_sync_engine::{AuditAction, JobState};

use crate::receiver::{Act, Receiver};
use crate::support::{Machine, Process, adt, destination, numbers};

async fn receiver_that_rejects(control: &'static str) -> Receiver {
    Receiver::new(move |id, _| if id == control { Act::Nak(AckCode::AE, None) } else { Act::Accept }).await
}

/// Of five patients: over one connection they are in one order all the same.
async fn five(process: &Process) {
    for n in 0..5 {
        let message = adt(&format!("p{n}"), &n.to_string());
        process.hand_over("lab", &message, Basis::contract("dpa-7").unwrap()).await;
    }
}

async fn outcomes(process: &Process) -> Vec<String> {
    let records = process.records(AuditAction::Disclosed).await;
    records.into_iter().map(|record| format!("{} {}", record.outcome, record.details["answer"])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_stops_the_destination_until_it_is_sent_again() {
    let receiver = receiver_that_rejects("2").await;
    let machine = Machine::new([destination("lab", &receiver)]);
    let process = machine.start().await;
    five(&process).await;
    process.run_until(async || process.tally("lab").await.dead == 1).await;
    // A stopped destination stays so over a restart.
    process.store.close().await;
    let process = machine.start().await;
    process.outbox.run(tokio::time::sleep(std::time::Duration::from_millis(100))).await;
    assert_eq!(receiver.came(), ["0", "1", "2"]);
    let tally = process.tally("lab").await;
    assert_eq!((tally.delivered, tally.dead, tally.waiting), (2, 1, 2));
    let dead = process.outbox.dead("lab", 9).await.unwrap();
    assert_eq!(dead.iter().map(|job| job.reason.as_deref()).collect::<Vec<_>>(), [Some("nak-AE")]);
    assert_eq!(outcomes(&process).await, ["success AA", "success AA", "refused AE"]);
    assert_eq!(process.records(AuditAction::DeadLettered).await.len(), 1);

    receiver.acts_now(|_, _| Act::Accept);
    assert_eq!(process.outbox.send_again("lab", Some(dead[0].id)).await.unwrap(), 1);
    process.outbox.resume("lab").await.unwrap();
    process.run_until(async || process.tally("lab").await.delivered == 5).await;
    assert_eq!(receiver.came(), ["0", "1", "2", "2", "3", "4"], "it keeps its place");
    let acts = process.records(AuditAction::QueueAdministered).await;
    let acts: Vec<_> = acts.iter().map(|record| record.details["act"].as_str()).collect();
    assert_eq!(acts, ["send-again", "resume"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_message_can_be_left_out() {
    let receiver = receiver_that_rejects("2").await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    five(&process).await;
    process.run_until(async || process.tally("lab").await.dead == 1).await;
    process.outbox.resume("lab").await.unwrap();
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), numbers(0..5));
    assert_eq!(receiver.took(), ["0", "1", "3", "4"]);
    assert_eq!(process.tally("lab").await.dead, 1, "it is still there, for whoever asks");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_is_passed_over_where_that_is_wanted() {
    let receiver = receiver_that_rejects("2").await;
    let destination = destination("lab", &receiver).with_on_reject(OnReject::Skip);
    let process = Machine::new([destination]).start().await;
    five(&process).await;
    let reports = process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), numbers(0..5));
    let tally = process.tally("lab").await;
    assert_eq!((tally.delivered, tally.dead), (4, 1));
    assert_eq!((reports["lab"].completed, reports["lab"].dead), (4, 1));
    let counts = process.outbox.counts("lab").unwrap();
    assert_eq!((counts.rejected, counts.dead, counts.deferred), (1, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_destination_is_stopped_by_hand_too() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    process.outbox.stop("lab").await.unwrap();
    five(&process).await;
    process.outbox.run(tokio::time::sleep(std::time::Duration::from_millis(50))).await;
    assert!(receiver.came().is_empty());
    process.outbox.resume("lab").await.unwrap();
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), numbers(0..5));
}

#[tokio::test(flavor = "multi_thread")]
async fn not_now_is_asked_again_and_keeps_the_order() {
    let receiver = Receiver::new(|id, before| match (id, before) {
        ("1", 0..4) => Act::Nak(AckCode::AE, Some(ErrorCode::ApplicationInternalError)),
        ("3", 0) => Act::Nak(AckCode::AR, Some(ErrorCode::ApplicationRecordLocked)),
        _ => Act::Accept,
    })
    .await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    five(&process).await;
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), ["0", "1", "1", "1", "1", "1", "2", "3", "3", "4"]);
    assert_eq!(receiver.took(), numbers(0..5));
    let counts = process.outbox.counts("lab").unwrap();
    assert_eq!((counts.delivered, counts.deferred, counts.dead), (5, 5, 0));
    receiver.bytes();
}

#[tokio::test(flavor = "multi_thread")]
async fn not_now_counts_as_a_rejection_after_so_many_times() {
    let busy = |_: &str, _: usize| Act::Nak(AckCode::AE, Some(ErrorCode::ApplicationInternalError));
    let receiver = Receiver::new(busy).await;
    let destination = destination("lab", &receiver).with_deferrals(Some(2)).with_on_reject(OnReject::Skip);
    let process = Machine::new([destination]).start().await;
    process.enqueue("lab", 0).await;
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), ["0", "0", "0"], "it was said twice, and once more");
    let jobs = process.jobs().await;
    assert_eq!((jobs[0].state, jobs[0].reason.as_deref()), (JobState::Failed, Some("nak-AE")));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_enhanced_mode_the_last_answer_counts_and_a_stored_message_is_not_sent_again() {
    let receiver = Receiver::new(|id, before| match (id, before) {
        ("0" | "2", _) => Act::CommitAndAccept,
        ("1", _) => Act::CommitAndClose,
        ("3", 0) => Act::Nak(AckCode::CE, Some(ErrorCode::ApplicationInternalError)),
        _ => Act::CommitAndAccept,
    })
    .await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    for n in 0..4 {
        let wants_both =
            String::from_utf8(adt("77", &n.to_string())).unwrap().replacen("|P|2.5.1", "|P|2.5.1|||AL|AL", 1);
        process.hand_over("lab", wants_both.as_bytes(), Basis::contract("dpa-7").unwrap()).await;
    }
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), ["0", "1", "2", "3", "3"]);
    assert_eq!(
        outcomes(&process).await,
        ["success AA", "success CA", "success AA", "refused CE", "success AA"]
    );
    assert_eq!(process.tally("lab").await.delivered, 4);
}
