//! What is handed over arrives once, in order, and is on record.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use carewire_gateway::{Basis, Error, Outgoing};
use carewire_sync_engine::{AuditAction, AuditLog, JobState, OutboundState, Outbox, Verification};

use crate::receiver::{Act, Receiver};
use crate::support::{Machine, adt, destination, numbers};

#[tokio::test(flavor = "multi_thread")]
async fn messages_arrive_in_the_order_of_handing_over_with_their_bytes() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    for n in 0..60 {
        process.enqueue("lab", n).await;
    }
    assert!(receiver.came().is_empty(), "nothing is sent before it runs");
    let reports = process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), numbers(0..60));
    assert_eq!(receiver.bytes()["7"], adt("77", "7"));
    assert_eq!(reports["lab"].completed, 60);
    let tally = process.tally("lab").await;
    assert_eq!((tally.delivered, tally.total()), (60, 60));
    assert_eq!(process.outbox.counts("lab").unwrap().delivered, 60);
    assert!(process.jobs().await.iter().all(|job| job.state == JobState::Completed));
    assert_eq!(receiver.stats().served(), 1, "over one connection");
    let begin = Instant::now();
    while receiver.stats().open() > 0 {
        assert!(
            begin.elapsed() < Duration::from_secs(5),
            "it is closed at the end, although the outbox lives on"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_delivery_is_on_record_without_a_value() {
    let receiver = Receiver::accepting().await;
    let machine = Machine::new([destination("lab", &receiver)]);
    let process = machine.start().await;
    let id = process.enqueue("lab", "C1").await;
    process.drain(&["lab"]).await;
    let records = process.records(AuditAction::Disclosed).await;
    let [record] = &records[..] else { panic!("one disclosure: {records:?}") };
    assert_eq!(record.outcome, "success");
    let told: Vec<_> = record.details.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let expected =
        [("answer", "AA"), ("basis", "contract:dpa-7"), ("destination", "lab"), ("message", id.as_str())];
    assert_eq!(told, expected);
    assert!(record.patient.is_some(), "who was it about");
    let org = process.gateway.org();
    assert!(matches!(process.store.verify(org).await.unwrap(), Verification::Intact { records: 1 }));
    let stored = process.store.outbound(org, &id).await.unwrap().unwrap();
    assert_eq!(stored.state, OutboundState::Delivered);
    assert!(stored.sealed_answer.is_some(), "the receiver's answer is kept");
    process.store.close().await;
    for file in std::fs::read_dir(&machine.path).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for value in [&b"Secretname"[..], b"19700101", b"urn:oid:1.2.3.4"] {
            assert!(!bytes.windows(value.len()).any(|found| found == value), "a value is on disk");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_message_is_stored_once_and_another_one_under_its_id_is_counted() {
    let receiver = Receiver::accepting().await;
    let machine = Machine::new([destination("lab", &receiver), destination("ward", &receiver)]);
    let process = machine.start().await;
    let first = process.enqueue("lab", 1).await;
    assert_eq!(process.enqueue("lab", 1).await, first);
    let later = String::from_utf8(adt("77", "1")).unwrap().replacen("083000", "083500", 1);
    let contract = || Basis::contract("dpa-7").unwrap();
    assert_eq!(process.hand_over("lab", later.as_bytes(), contract()).await, first, "MSH-7 does not matter");
    assert_ne!(process.enqueue("ward", 1).await, first, "another destination");
    assert_ne!(process.hand_over("lab", &adt("78", "1"), contract()).await, first);
    let counts = process.outbox.counts("lab").unwrap();
    assert_eq!((counts.enqueued, counts.known, counts.control_id_reused), (2, 2, 1));
    process.drain(&["lab", "ward"]).await;
    assert_eq!(process.enqueue("lab", 1).await, first, "also when it is delivered");
    assert_eq!(receiver.came(), ["1", "1", "1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_is_refused_and_not_stored() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    let contract = || Basis::contract("dpa-7").unwrap();
    let unknown = process.outbox.enqueue(Outgoing::new("nobody", &adt("1", "1"), contract())).await;
    assert!(matches!(unknown, Err(Error::UnknownDestination)));
    let mfn = b"MSH|^~\\&|A|B|||2026||MFN^M02|1|P|2.5.1\rMFI|STF\r";
    let cases: [(&[u8], Basis, &str); 6] = [
        (b"MSH|^~\\&|A\x1c\rB|", contract(), "not-encodable"),
        (b"junk", contract(), "message-unreadable"),
        (b"MSH|^~\\&|A|B|||2026||ADT^A08||P|2.5.1\rPID|1||7\r", contract(), "no-control-id"),
        (
            b"MSH|^~\\&|A|B|||2026||ADT^A08|1|P|2.5.1\rMSH|^~\\&|A|B|||2026||ADT^A08|2|P|2.5.1\r",
            contract(),
            "several-messages",
        ),
        (mfn, Basis::Consent, "unsupported-message-type"),
        (b"MSH|^~\\&|A|B|||2026||ADT^A08|1|P|2.5.1\rEVN||2026\r", Basis::Consent, "no-patient-segment"),
    ];
    for (message, basis, expected) in cases {
        match process.outbox.enqueue(Outgoing::new("lab", message, basis)).await {
            Err(Error::NotSendable { reason }) => assert_eq!(reason, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
    assert_eq!(process.tally("lab").await.total(), 0);
    assert!(process.jobs().await.is_empty());
    process.hand_over("lab", mfn, contract()).await;
    process.drain(&["lab"]).await;
    assert_eq!(process.records(AuditAction::Disclosed).await[0].patient, None, "it is about nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_connections_keep_the_order_of_each_patient() {
    let receiver = Receiver::new(|id, _| {
        // The first messages of each patient are slow, so that later ones could overtake them.
        let slow = id.ends_with("-0") || id.ends_with("-1");
        if slow { Act::TakeLate(Duration::from_millis(30)) } else { Act::Accept }
    })
    .await;
    let process = Machine::new([destination("lab", &receiver).with_connections(4)]).start().await;
    for n in 0..8 {
        for mrn in 0..6 {
            let message = adt(&mrn.to_string(), &format!("{mrn}-{n}"));
            process.hand_over("lab", &message, Basis::contract("dpa-7").unwrap()).await;
        }
    }
    process.drain(&["lab"]).await;
    let came = receiver.came();
    assert_eq!(came.len(), 48);
    for mrn in 0..6 {
        let of_patient: Vec<_> =
            came.iter().filter(|id| id.starts_with(&format!("{mrn}-"))).cloned().collect();
        assert_eq!(of_patient, (0..8).map(|n| format!("{mrn}-{n}")).collect::<Vec<_>>());
    }
    assert_ne!(came[..6], came.iter().take(6).map(|_| "0-0".to_owned()).collect::<Vec<_>>());
    let in_turn: Vec<_> = (0..8).flat_map(|n| (0..6).map(move |mrn| format!("{mrn}-{n}"))).collect();
    assert_ne!(came, in_turn, "patients do not wait for each other");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_of_ones_own_does_not_wait_for_the_others() {
    let receiver = Receiver::new(|id, _| {
        if id == "a0" { Act::Nak(carewire_hl7_v2::ack::AckCode::AE, Some(LOCKED)) } else { Act::Accept }
    })
    .await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    for id in ["a0", "b0", "a1", "b1"] {
        let message = adt("77", id);
        let outgoing = Outgoing::new("lab", &message, Basis::contract("dpa-7").unwrap());
        process.outbox.enqueue(outgoing.in_order_of(id.trim_end_matches(['0', '1']))).await.unwrap();
    }
    process.run_until(async || receiver.took().len() == 2).await;
    assert_eq!(receiver.took(), ["b0", "b1"]);
    assert!(!receiver.came().contains(&"a1".to_owned()), "it waits for a0");
}

const LOCKED: carewire_hl7_v2::ack::ErrorCode = carewire_hl7_v2::ack::ErrorCode::ApplicationRecordLocked;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_destinations_do_not_wait_for_one_that_hangs() {
    let hanging = Receiver::new(|_, _| Act::Hang).await;
    let mut receivers = Vec::new();
    for _ in 0..49 {
        receivers.push(Receiver::accepting().await);
    }
    let names: Vec<String> = (0..49).map(|n| format!("d{n}")).collect();
    let good = names.iter().zip(&receivers).map(|(name, receiver)| destination(name, receiver));
    let machine = Machine::new(good.chain([destination("hangs", &hanging)]));
    let process = machine.start().await;
    for n in 0..6 {
        process.enqueue("hangs", n).await;
        for name in &names {
            process.enqueue(name, n).await;
        }
    }
    let begin = Instant::now();
    process.drain(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
    for receiver in &receivers {
        assert_eq!(receiver.came(), numbers(0..6));
    }
    assert_eq!(hanging.came().into_iter().collect::<HashSet<_>>(), HashSet::from(["0".to_owned()]));
    assert_eq!(process.tally("hangs").await.waiting, 6);
}
