//! Consents that messages carry: a sender may take away, and give only where he may.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use carewire_consent::{ConTerms, Consent, DataClass, Purpose, State};
use carewire_gateway::{Settings, TakeConsents};
use carewire_hl7_v2::ack::AckCode;
use carewire_sync_engine::{AuditAction, Intake};

use crate::support::{Bench, adt, bench, bench_with, held, records, settings};

/// An ADT^A08 with a consent segment.
fn with_con(mrn: &str, control: &str, con: &str) -> Vec<u8> {
    [adt(mrn, control, "I"), format!("CON|1|{con}\r").into_bytes()].concat()
}

fn taking_all() -> Settings {
    let mut settings = settings();
    let terms = ConTerms { purpose: Purpose::Treat, data_classes: DataClass::permittable().collect() };
    settings.message_consents.take = TakeConsents::All;
    settings.message_consents.types.insert("001".into(), terms);
    settings
}

async fn send(bench: &Bench, message: &[u8]) {
    assert_eq!(bench.send(message).await, AckCode::AA);
    bench.work().await;
}

async fn stored(bench: &Bench) -> Vec<Consent> {
    bench.gateway.parts().consents.list(bench.gateway.org(), None, None, 100).await.unwrap()
}

/// What became of the consents of messages, by the trail.
async fn said(bench: &Bench) -> Vec<(String, Option<String>)> {
    let changed = records(bench, AuditAction::ConsentChanged).await;
    let carried = changed.into_iter().filter(|record| record.details.contains_key("message"));
    carried.map(|mut record| (record.outcome, record.details.remove("reason"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_stops_its_own_message_and_what_follows() {
    for status in ["X", "R"] {
        let bench = bench().await;
        bench.consent("c1", "77").await;
        send(&bench, &adt("77", "1", "O")).await;
        send(&bench, &with_con("77", "2", &format!("001|||||||||{status}"))).await;
        send(&bench, &adt("77", "3", "E")).await;
        let tally = bench.store.tally(bench.gateway.org()).await.unwrap();
        assert_eq!((tally.pushed, tally.held), (1, 2), "{status}");
        assert_eq!(said(&bench).await, [("stored".to_owned(), None)]);
        // The patient of another number is not meant.
        bench.consent("c2", "78").await;
        send(&bench, &adt("78", "4", "O")).await;
        assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().pushed, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_permits_is_not_taken_unless_that_is_switched_on() {
    let bench = bench().await;
    send(&bench, &with_con("77", "1", "001|||||||||A")).await;
    assert_eq!(held(&bench).await, [Some("consent".to_owned())]);
    assert_eq!(said(&bench).await, [("not-taken".to_owned(), Some("permits".to_owned()))]);
    assert!(stored(&bench).await.is_empty());

    let bench = bench_with(taking_all()).await;
    send(&bench, &with_con("77", "1", "001|||||||||A")).await;
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().pushed, 1);
    send(&bench, &with_con("77", "2", "001|||||||||X")).await;
    assert_eq!(held(&bench).await.len(), 1, "taken back");
    send(&bench, &with_con("78", "3", "999|||||||||A")).await;
    assert_eq!(held(&bench).await.len(), 2, "nobody agreed on that type");

    let mut off = settings();
    off.message_consents.take = TakeConsents::None;
    let bench = bench_with(off).await;
    bench.consent("c1", "77").await;
    send(&bench, &with_con("77", "1", "001|||||||||R")).await;
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().pushed, 1, "not read");
    assert!(said(&bench).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_has_its_say_once() {
    let bench = bench_with(taking_all()).await;
    let given = with_con("77", "1", "001||F7^GEN|||||||A");
    send(&bench, &given).await;
    let withdrawn = with_con("77", "2", "001||F7^GEN|||||||X");
    send(&bench, &withdrawn).await;
    // A resend is known by its answer, and what comes later under another control id says nothing new.
    send(&bench, &withdrawn).await;
    send(&bench, &with_con("77", "3", "001||F7^GEN|||||||X")).await;
    let [consent] = &stored(&bench).await[..] else { panic!("one consent") };
    let outcomes: Vec<String> = said(&bench).await.into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(outcomes, ["stored", "stored", "unchanged"]);
    let token = bench.token("77").await;
    assert_eq!(bench.gateway.parts().consents.epoch(bench.gateway.org(), &token).await.unwrap().0, 2);

    // Somebody settles it by hand. The held messages come again, and do not forbid it again.
    bench.gateway.revoke_consent(consent.id()).await.unwrap();
    bench.consent("c1", "77").await;
    bench.work().await;
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().pushed, 3);
    let states: Vec<State> = stored(&bench).await.iter().map(Consent::state).collect();
    assert_eq!(states, [State::Active, State::Revoked]);
    assert_eq!(said(&bench).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_counts_although_its_message_cannot_be_mapped() {
    let bench = bench().await;
    bench.consent("c1", "77").await;
    let text = String::from_utf8(with_con("77", "1", "001|||||||||R")).unwrap();
    send(&bench, text.replace("ADT^A08^ADT_A01", "ZZZ^Z01").as_bytes()).await;
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().dead, 1);
    send(&bench, &adt("77", "2", "O")).await;
    assert_eq!((held(&bench).await.len(), bench.at_remote("Patient")), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_patients_all_are_forbidden_and_none_is_permitted() {
    let merge = |control: &str, status: &str| {
        let text = String::from_utf8(with_con("77", control, &format!("001|||||||||{status}"))).unwrap();
        let text = text.replace("ADT^A08^ADT_A01", "ADT^A40^ADT_A39");
        text.replace("PV1|1|I|WARD", "MRG|78^^^AUTH&1.2.3.4&ISO^MR\rPV1|1|I|WARD").into_bytes()
    };
    let bench = bench_with(taking_all()).await;
    send(&bench, &merge("1", "A")).await;
    assert!(stored(&bench).await.is_empty());
    assert_eq!(said(&bench).await, vec![("not-taken".to_owned(), Some("several-patients".to_owned())); 2]);
    send(&bench, &merge("2", "R")).await;
    let forbidden: Vec<_> = stored(&bench).await.iter().map(|consent| consent.patient().clone()).collect();
    assert_eq!(forbidden.len(), 2);
    assert!(forbidden.contains(&bench.token("77").await) && forbidden.contains(&bench.token("78").await));
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_store_nor_trail_holds_what_the_segment_says() {
    let bench = bench_with(taking_all()).await;
    for (control, status) in [("1", "A"), ("2", "R"), ("3", "Canary9")] {
        let con = format!("Canary1^Canary2|Canary3|Canary4^Canary5|||||Canary6||{status}");
        send(&bench, &with_con("77", control, &con)).await;
    }
    let kept: Vec<String> = stored(&bench).await.iter().map(Consent::to_json).collect();
    let trail = records(&bench, AuditAction::ConsentChanged).await;
    assert_eq!((kept.len(), trail.len()), (1, 3));
    assert!(!format!("{kept:?} {trail:?}").contains("anary"), "{kept:?} {trail:?}");
}
