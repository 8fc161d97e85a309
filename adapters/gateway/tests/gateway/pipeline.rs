//! The way of one message, with a real server at its end.

use carewire_consent::{DataClass, Purpose, SimpleConsent};
use carewire_embedded_fhir::{Fault, FaultKind};
use carewire_hl7_v2::ack::AckCode;
use carewire_sync_engine::{
    AuditAction, AuditLog, AuditQuery, IdentityMap, Intake, JobFilter, JobState, QueueAdmin,
    ReconcileOptions, Verification,
};

use crate::support::{adt, bench};

#[tokio::test(flavor = "multi_thread")]
async fn a_consented_message_reaches_the_remote_without_its_identifiers() {
    let bench = bench().await;
    bench.consent("c1", "77").await;
    assert_eq!(bench.send(&adt("77", "1", "I")).await, AckCode::AA);
    bench.work().await;
    let tally = bench.store.tally(bench.gateway.org()).await.unwrap();
    assert_eq!((tally.pushed, tally.total()), (1, 1));
    assert_eq!((bench.at_remote("Patient"), bench.at_remote("Encounter")), (1, 1));
    let row = bench.store.scan(bench.gateway.org(), "main", None, 100).await.unwrap();
    let patient = row.iter().find(|row| row.key.resource_type == "Patient").unwrap();
    let read = bench.gateway.parts().remote.read("Patient", &patient.remote_id).await.unwrap();
    let carewire_sync_engine::Remembered::Present { resource, .. } = read else {
        panic!("the patient is there")
    };
    let json = resource.to_json();
    assert!(!json.contains("Secretname") && !json.contains("1970") && !json.contains("\"77\""), "{json}");
    assert!(json.contains(bench.token("77").await.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_message_is_held_and_released_by_the_grant() {
    let bench = bench().await;
    assert_eq!(bench.send(&adt("77", "1", "I")).await, AckCode::AA);
    bench.work().await;
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().held, 1);
    assert_eq!(bench.at_remote("Patient"), 0);
    bench.consent("c1", "77").await;
    bench.work().await;
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().pushed, 1);
    assert_eq!(bench.at_remote("Patient"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_after_a_revocation() {
    let bench = bench().await;
    bench.consent("c1", "77").await;
    assert_eq!(bench.send(&adt("77", "1", "I")).await, AckCode::AA);
    bench.gateway.revoke_consent("c1").await.unwrap();
    bench.work().await;
    assert_eq!(bench.at_remote("Patient"), 0);
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().held, 1);
    assert!(bench.gateway.revoke_consent("no-such-consent").await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resend_has_the_same_answer_and_no_second_effect() {
    let bench = bench().await;
    bench.consent("c1", "77").await;
    let first = bench.answer(&adt("77", "1", "I")).await;
    let again = bench.answer(&adt("77", "1", "I")).await;
    assert_eq!(first, again);
    let later =
        String::from_utf8(adt("77", "1", "I")).unwrap().replacen("20260301083000", "20260301083500", 1);
    assert_eq!(
        first,
        bench.answer(later.as_bytes()).await,
        "the time of sending does not make another message"
    );
    assert_eq!(bench.send(&adt("77", "1", "O")).await, AckCode::AA);
    bench.work().await;
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().total(), 2);
    let counts = bench.gateway.counters().read();
    assert_eq!((counts.resent, counts.control_id_reused, counts.pushed), (2, 1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_kept_and_answered_with_an_error() {
    let bench = bench().await;
    assert_eq!(bench.send(b"PID|1||77\r").await, AckCode::AE);
    assert_eq!(bench.send(b"\xff\xfe\x00").await, AckCode::AE);
    let tally = bench.store.tally(bench.gateway.org()).await.unwrap();
    assert_eq!((tally.refused, tally.total()), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_type_goes_to_the_dead_letter_and_can_be_redriven() {
    let bench = bench().await;
    let bytes =
        b"MSH|^~\\&|APP|FAC|||20260301083000+0000||ZZZ^Z01|1|P|2.5.1\rPID|1||77^^^AUTH&1.2.3.4&ISO^MR\r";
    assert_eq!(bench.send(bytes).await, AckCode::AA);
    bench.work().await;
    let org = bench.gateway.org();
    assert_eq!(bench.store.tally(org).await.unwrap().dead, 1);
    let failed = JobFilter { state: Some(JobState::Failed), ..JobFilter::default() };
    let jobs = bench.store.list(org, &failed, 10).await.unwrap();
    assert_eq!(jobs.first().unwrap().reason.as_deref(), Some("unsupported-message-type"));
    let mapped = AuditQuery { action: Some(AuditAction::Mapped), ..AuditQuery::default() };
    let failure = bench.store.search(org, &mapped, 10).await.unwrap();
    assert_eq!(failure.first().unwrap().record.outcome, "failure");
    let dead = AuditQuery { action: Some(AuditAction::DeadLettered), ..AuditQuery::default() };
    assert_eq!(bench.store.search(org, &dead, 10).await.unwrap().len(), 1);
    assert_eq!(bench.store.redrive(org, &JobFilter::default(), chrono::Utc::now()).await.unwrap(), 1);
    bench.work().await;
    assert_eq!(bench.store.tally(org).await.unwrap().dead, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_the_remote_lose_and_double_nothing() {
    let bench = bench().await;
    for kind in [
        FaultKind::DropBefore,
        FaultKind::DropAfterApply,
        FaultKind::Serialization409,
        FaultKind::Transient400,
    ] {
        bench.server.add_fault(Fault::new(kind).every(5).times(3).method("POST"));
    }
    for mrn in 0..12 {
        bench.consent(&format!("c{mrn}"), &mrn.to_string()).await;
        for (number, class) in ["O", "I", "E"].iter().enumerate() {
            assert_eq!(
                bench.send(&adt(&mrn.to_string(), &format!("{mrn}-{number}"), class)).await,
                AckCode::AA
            );
        }
    }
    bench.work().await;
    let tally = bench.store.tally(bench.gateway.org()).await.unwrap();
    assert_eq!((tally.pushed, tally.total()), (36, 36));
    assert_eq!((bench.at_remote("Patient"), bench.at_remote("Encounter")), (12, 12));
    let after = bench.gateway.reconcile(&ReconcileOptions::default().with_dry_run(true)).await.unwrap();
    assert_eq!((after.missing, after.changed, after.errors), (0, 0, 0), "{after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_message_never_overwrites_a_newer_one() {
    let bench = bench().await;
    let org = bench.gateway.org().clone();
    // The first one is held; the second arrives after the grant, and is pushed first.
    assert_eq!(bench.send(&adt("77", "1", "O")).await, AckCode::AA);
    bench.work().await;
    assert_eq!(bench.send(&adt("77", "2", "I")).await, AckCode::AA);
    bench.consent("c1", "77").await;
    bench.work().await;
    assert_eq!(bench.store.tally(&org).await.unwrap().pushed, 2);
    let rows = bench.store.scan(&org, "main", None, 100).await.unwrap();
    let encounter = rows.iter().find(|row| row.key.resource_type == "Encounter").unwrap();
    let read = bench.gateway.parts().remote.read("Encounter", &encounter.remote_id).await.unwrap();
    let carewire_sync_engine::Remembered::Present { resource, .. } = read else {
        panic!("the visit is there")
    };
    assert!(resource.to_json().contains("\"IMP\""), "the newer class stays: {}", resource.to_json());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_stands_in_the_trail_under_one_correlation_id() {
    let bench = bench().await;
    let org = bench.gateway.org().clone();
    // What is not known to be atomic goes in several requests, each with a record of its own.
    assert!(bench.gateway.probe_remote().await.unwrap().atomic);
    bench.consent("c1", "77").await;
    assert_eq!(bench.send(&adt("77", "1", "I")).await, AckCode::AA);
    bench.work().await;
    let disclosed = AuditQuery { action: Some(AuditAction::Disclosed), ..AuditQuery::default() };
    let first = bench.store.search(&org, &disclosed, 10).await.unwrap();
    let correlation = first.first().unwrap().record.correlation.clone();
    let all = AuditQuery { correlation: Some(correlation), ..AuditQuery::default() };
    let actions: Vec<AuditAction> = bench
        .store
        .search(&org, &all, 100)
        .await
        .unwrap()
        .iter()
        .map(|chained| chained.record.action)
        .collect();
    let expected = [
        AuditAction::Received,
        AuditAction::Mapped,
        AuditAction::ConsentDecided,
        AuditAction::Deidentified,
        AuditAction::Disclosed,
    ];
    assert_eq!(actions, expected);
    assert!(matches!(bench.store.verify(&org).await.unwrap(), Verification::Intact { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_worker_died_again_and_again_is_dead_and_counted_once() {
    let bench = bench().await;
    bench.consent("c1", "77").await;
    assert_eq!(bench.send(&adt("77", "1", "I")).await, AckCode::AA);
    let org = bench.gateway.org().clone();
    bench.lose_every_lease().await;
    assert_eq!(bench.store.tally(&org).await.unwrap().received, 1, "nobody has said so yet");
    for _ in 0..2 {
        bench.work().await;
        let tally = bench.store.tally(&org).await.unwrap();
        assert_eq!((tally.dead, tally.received), (1, 0));
        assert_eq!(bench.gateway.counters().read().dead, 1);
    }
    assert_eq!(bench.store.redrive(&org, &JobFilter::default(), chrono::Utc::now()).await.unwrap(), 1);
    bench.work().await;
    assert_eq!(bench.store.tally(&org).await.unwrap().pushed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_whose_release_was_lost_is_found_at_the_next_start() {
    let bench = bench().await;
    assert_eq!(bench.send(&adt("77", "1", "I")).await, AckCode::AA);
    bench.work().await;
    // The process ended between the grant and the release: the store has the consent, the queue still holds the job.
    let token = bench.token("77").await;
    let org = bench.gateway.org().clone();
    let consent = SimpleConsent::new("c1", org.clone(), token, Purpose::Treat, DataClass::permittable());
    bench.gateway.parts().consents.put(consent.into()).await.unwrap();
    bench.work_for(std::time::Duration::from_millis(400)).await;
    assert_eq!(bench.store.tally(&org).await.unwrap().pushed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remote_that_is_away_uses_up_no_attempts() {
    let bench = bench().await;
    bench.consent("c1", "77").await;
    assert_eq!(bench.send(&adt("77", "1", "I")).await, AckCode::AA);
    bench.server.add_fault(Fault::new(FaultKind::DropBefore));
    bench.work_for(std::time::Duration::from_millis(600)).await;
    let org = bench.gateway.org().clone();
    assert_eq!(bench.store.tally(&org).await.unwrap().dead, 0);
    let unknown = AuditQuery { action: Some(AuditAction::Disclosed), ..AuditQuery::default() };
    let records = bench.store.search(&org, &unknown, 100).await.unwrap();
    assert!(!records.is_empty() && records.iter().all(|chained| chained.record.outcome == "unknown"));
    bench.server.clear_faults();
    bench.work().await;
    assert_eq!(bench.store.tally(&org).await.unwrap().pushed, 1);
}
