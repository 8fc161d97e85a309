//! Order, stopping and skipping, in paused time.

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
