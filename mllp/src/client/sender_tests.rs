//! Order, stopping and skipping, in paused time.

use proptest::prelude::*;
use tokio::time::timeout;

use super::*;
use crate::{
    LinkOptions,
    client::link::tests::{Does, Server, link, options},
};

const MESSAGES: [&[u8]; 4] = [b"one", b"two", b"three", b"four"];

fn sender(server: &std::sync::Arc<Server>, on_reject: OnReject) -> Sender {
    Sender::new(link(server, LinkOptions { attempts: 3, ..options() }), on_reject)
}

#[tokio::test(start_paused = true)]
async fn a_temporary_refusal_holds_the_next_messages_back() {
    for on_reject in [OnReject::Stop, OnReject::Skip] {
        let server = Server::new(
            &[Does::Answers("AA"), Does::Answers("AE"), Does::Answers("AE")],
            Does::Answers("AA"),
        );
        let report = sender(&server, on_reject).send_all(MESSAGES).await;
        assert_eq!((report.taken, report.skipped.len(), report.stopped.is_none()), (4, 0, true));
        assert_eq!(server.messages(), [&b"one"[..], b"two", b"two", b"two", b"three", b"four"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejection_stops_and_nothing_overtakes_it() {
    let server = Server::new(&[Does::Answers("AA"), Does::Answers("AR")], Does::Answers("AA"));
    let mut sender = sender(&server, OnReject::Stop);
    let mut queue = MESSAGES.into_iter();
    let report = sender.send_all(queue.by_ref()).await;
    assert_eq!((report.taken, report.stopped.map(|stopped| stopped.index)), (1, Some(1)));
    assert_eq!(queue.len(), 2, "those behind it were not even taken from the queue");
    assert!(sender.is_stopped());
    assert!(matches!(sender.send(b"three").await, Sent::HeldBack));
    assert_eq!(sender.send_all(["three"]).await.taken, 0);
    assert_eq!(server.messages(), [b"one", b"two"]);

    sender.resume();
    assert_eq!(sender.send_all(queue).await.taken, 2);
    assert_eq!(server.messages(), [&b"one"[..], b"two", b"three", b"four"]);
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_skipped_and_named() {
    let server = Server::new(&[Does::Answers("AA"), Does::Answers("AR")], Does::Answers("AA"));
    let report = sender(&server, OnReject::Skip).send_all(MESSAGES).await;
    assert_eq!((report.taken, report.stopped.is_none()), (3, true));
    let [skipped] = &report.skipped[..] else { panic!("one was skipped") };
    let Outcome::Rejected(answer) = &skipped.delivery.outcome else { panic!("it was rejected") };
    assert_eq!((skipped.index, answer.payload.as_slice()), (1, &b"AR two"[..]));
    assert_eq!(server.messages(), MESSAGES);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_does_not_pass_is_skipped_after_its_attempts() {
    let server = Server::new(&[Does::Answers("AE"); 3], Does::Answers("AA"));
    let report = sender(&server, OnReject::Skip).send_all(MESSAGES).await;
    assert_eq!(report.taken, 3);
    assert_eq!(report.skipped.iter().map(|skipped| skipped.delivery.attempts).collect::<Vec<_>>(), [3]);
}

/// A receiver that is down rejects nothing: skipping would lose every message.
#[tokio::test(start_paused = true)]
async fn a_receiver_that_is_down_stops_also_where_rejections_are_skipped() {
    let server = Server::new(&[], Does::Closes);
    let report = sender(&server, OnReject::Skip).send_all(MESSAGES).await;
    assert_eq!((report.taken, report.skipped.len()), (0, 0));
    assert_eq!(report.stopped.map(|stopped| (stopped.index, stopped.delivery.attempts)), Some((0, 3)));
    assert_eq!(server.messages(), [b"one"; 3]);
}

#[tokio::test(start_paused = true)]
async fn what_can_never_be_sent_is_like_a_rejection() {
    let server = Server::new(&[], Does::Answers("AA"));
    let messages: [&[u8]; 3] = [b"one", b"a\x1c\rb", b"three"];
    let report = sender(&server, OnReject::Skip).send_all(messages).await;
    assert_eq!((report.taken, report.skipped.len()), (2, 1));
    let report = sender(&server, OnReject::Stop).send_all(messages).await;
    assert_eq!((report.taken, report.stopped.is_some()), (1, true));
}

#[tokio::test(start_paused = true)]
async fn what_was_stored_counts_as_taken() {
    let server = Server::new(&[Does::Answers("CA")], Does::Answers("AA"));
    let report = sender(&server, OnReject::Stop).send_all(MESSAGES).await;
    assert_eq!((report.taken, report.stopped.is_none()), (4, true));
    assert_eq!(server.messages(), MESSAGES);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_stops() {
    let server = Server::new(&[Does::Nothing], Does::Answers("AA"));
    let mut sender = sender(&server, OnReject::Skip);
    assert!(timeout(std::time::Duration::from_secs(1), sender.send(b"one")).await.is_err());
    assert!(matches!(sender.send(b"two").await, Sent::HeldBack));
}

fn anything() -> impl Strategy<Value = Does> {
    prop_oneof![
        3 => Just(Does::Answers("AA")),
        2 => Just(Does::Answers("AE")),
        1 => Just(Does::Answers("AR")),
        1 => Just(Does::Answers("CA")),
        1 => Just(Does::AnswersBoth("CA", "AA")),
        1 => Just(Does::AnswersBoth("AA", "AA")),
        1 => Just(Does::AnswersAnother),
        1 => Just(Does::Nothing),
        1 => Just(Does::Closes),
        1 => Just(Does::AnswersAndCloses("AA")),
        1 => Just(Does::Says(b"\x0bno end")),
        1 => Just(Does::Says(b"no frame\r")),
    ]
}

/// The messages in the order of their arrival, each as often as it came in a row.
fn arrivals(server: &Server) -> Vec<(Vec<u8>, u32)> {
    let mut found: Vec<(Vec<u8>, u32)> = Vec::new();
    for message in server.messages() {
        match found.last_mut() {
            Some((last, times)) if *last == message => *times += 1,
            _ => found.push((message, 1)),
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the receiver does: no message overtakes another, none is sent more often than it may be, and each that is
    /// reported as taken was answered, or stored, by name.
    #[test]
    fn the_order_stays_and_every_answer_is_of_its_message(
        script in proptest::collection::vec(anything(), 0..40), skip in any::<bool>(), count in 1..12_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let server = Server::new(&script, Does::Answers("AA"));
            let mut sender = sender(&server, if skip { OnReject::Skip } else { OnReject::Stop });
            let (mut taken, mut tried) = (0, 0);
            for n in 0..count {
                let message = format!("message {n}").into_bytes();
                let sent = sender.send(&message).await;
                tried += 1;
                match &sent {
                    Sent::Taken(delivery) => match &delivery.outcome {
                        Outcome::Accepted(answer) => prop_assert_eq!(&answer.payload, &[b"AA ", &message[..]].concat()),
                        _ => prop_assert_eq!(&delivery.interim, &[[b"CA ", &message[..]].concat()]),
                    },
                    Sent::Skipped(delivery) => prop_assert!(skip && delivery.attempts <= 3),
                    Sent::Stopped(delivery) => prop_assert!(delivery.attempts <= 3),
                    Sent::HeldBack => prop_assert!(false, "held back"),
                }
                taken += usize::from(matches!(sent, Sent::Taken(_)));
                if sender.is_stopped() {
                    break;
                }
            }
            let found = arrivals(&server);
            let order: Vec<Vec<u8>> = (0..tried).map(|n| format!("message {n}").into_bytes()).collect();
            prop_assert_eq!(found.iter().map(|(message, _)| message.clone()).collect::<Vec<_>>(), order);
            prop_assert!(found.iter().all(|(_, times)| *times <= 3) && taken <= found.len());
            Ok(())
        })?;
    }
}
