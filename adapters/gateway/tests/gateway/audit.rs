//! One audit record for each decision, on a store that outlives its process; none that holds a value.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as expected"
)]

use std::time::Duration;

use carewire_canary::{Canaries, Searcher};
use carewire_consent::{DataClass, Decision, Purpose, Request};
use carewire_embedded_fhir::{Fault, FaultKind};
use carewire_fhir_core::CorrelationId;
use carewire_sync_engine::{
    AuditAction, AuditLog, AuditRecord, IdentityMap, JobFilter, QueueAdmin, ReconcileOptions, Verification,
};
use serde_json::json;

use crate::lives::{Machine, Process};
use crate::support::adt;

/// A message of which every free value is a canary.
fn secret(canaries: &mut Canaries, mrn: &str, control: &str) -> Vec<u8> {
    let text = String::from_utf8(adt(mrn, control, "I")).unwrap();
    let text =
        text.replace("Secretname", &canaries.word("PID-5.1")).replace("Ada", &canaries.word("PID-5.2"));
    text.replace("WARD", &canaries.word("PV1-3.1")).into_bytes()
}

/// What one process does: messages, some of them sent while the remote stumbles; a revocation, a grant, a question, repairs.
async fn a_day(process: &Process, canaries: &mut Canaries, mrns: &[String], day: usize) {
    process.consent("c0", &mrns[0]).await;
    process.server.add_fault(Fault::new(FaultKind::Transient400).every(3).times(2).method("POST"));
    process.server.add_fault(Fault::new(FaultKind::DropAfterApply).every(4).times(1).method("POST"));
    for mrn in mrns {
        let control = canaries.word("MSH-10");
        process.send(&secret(canaries, mrn, &control)).await;
    }
    process.work().await;
    process.consent("c1", &mrns[1]).await;
    process.work().await;
    process.gateway.revoke_consent("c0").await.unwrap();
    process.send(&secret(canaries, &mrns[0], &format!("late{day}"))).await;
    process.work().await;
    process.server.clear_faults();
    process.lose_the_patients_at_the_remote().await;
    let report = process.gateway.reconcile(&ReconcileOptions::default()).await.unwrap();
    assert!(report.repaired + report.blocked > 0, "{report:?}");
    let (org, token) = (process.gateway.org().clone(), process.token(&mrns[1]).await);
    let purpose = Purpose::parse(&canaries.word("purpose"));
    let mut question = Request::new(org, token, purpose).with_classes([DataClass::Vitals]);
    question.actor.reference = Some(canaries.word("actor"));
    let correlation = CorrelationId::new("question").unwrap();
    assert_eq!(process.gateway.decide(&question, &correlation).await.unwrap().decision, Decision::Deny);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_decision_has_one_record_over_grants_revocations_retries_and_restarts() {
    let machine = Machine::new().await;
    let mut canaries = Canaries::new(7);
    let mrns: Vec<String> = (0..3).map(|_| canaries.digits("PID-3.1")).collect();
    for day in 0..3 {
        let process = machine.start().await;
        a_day(&process, &mut canaries, &mrns, day).await;
        process.store.close().await;
    }
    let process = machine.start().await;
    let trail = process.trail().await;
    let decided = trail.iter().filter(|record| record.action == AuditAction::ConsentDecided);
    assert_eq!(decided.clone().count(), machine.decisions(), "one record for each decision");
    assert!(machine.decisions() > 20, "{}", machine.decisions());
    for record in decided {
        for name in ["epoch", "purpose", "classes", "kind", "policy", "reasons"] {
            assert!(record.details.contains_key(name), "{name}: {record:?}");
        }
        assert!(record.patient.is_some());
    }
    for entry in &trail {
        let text = format!("{entry:?} {}", json!(entry));
        assert_eq!(Searcher::new(&canaries).search("the trail", text.as_bytes()), []);
    }
    let verified = process.store.verify(process.gateway.org()).await.unwrap();
    assert!(matches!(verified, Verification::Intact { .. }), "{verified:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_left_before_a_crash_is_on_record_although_nothing_leaves_any_more() {
    let machine = Machine::new().await;
    let process = machine.start().await;
    process.consent("c1", "77").await;
    process.server.add_fault(Fault::new(FaultKind::Delay).wait(Duration::from_millis(300)).method("POST"));
    process.send(&adt("77", "1", "I")).await;
    let gateway = process.gateway.clone();
    let working = tokio::spawn(async move { gateway.run_workers(std::future::pending()).await });
    while process.records(AuditAction::ConsentDecided).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(process.at_remote("Patient"), 0, "on record before it is there");
    while process.at_remote("Patient") == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    working.abort();
    working.await.unwrap_err();
    process.store.close().await;

    let process = machine.start().await;
    process.gateway.revoke_consent("c1").await.unwrap();
    process.server.clear_faults();
    process.work().await;
    assert_eq!(process.tally().await.held, 1);
    let outcomes: Vec<_> = process
        .records(AuditAction::ConsentDecided)
        .await
        .into_iter()
        .map(|record| (record.outcome, record.details))
        .collect();
    let [(first, details), .., (last, _)] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!((first.as_str(), last.as_str()), ("permit", "deny"));
    assert_eq!((details["remote"].as_str(), details["epoch"].as_str()), ("main", "1"));
    assert_eq!(outcomes.len(), machine.decisions());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_record_nothing_leaves() {
    let machine = Machine::new().await;
    let process = machine.start().await;
    process.consent("c1", "77").await;
    process.send(&adt("77", "1", "I")).await;
    process.stop_the_trail(true);
    process.gateway.run_workers(tokio::time::sleep(Duration::from_millis(400))).await;
    assert_eq!((process.at_remote("Patient"), process.tally().await.pushed), (0, 0));
    let question = Request::new(process.gateway.org().clone(), process.token("77").await, Purpose::Treat);
    let correlation = CorrelationId::new("question").unwrap();
    assert!(process.gateway.decide(&question, &correlation).await.is_err(), "no record, no answer");
    process.stop_the_trail(false);
    process.work().await;
    assert_eq!((process.at_remote("Patient"), process.tally().await.pushed), (1, 1));
    let permits = process.records(AuditAction::ConsentDecided).await;
    assert_eq!(permits.iter().map(|record| record.outcome.as_str()).collect::<Vec<_>>(), ["permit"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn held_messages_are_released_once_and_in_order_and_none_starts_after_a_revocation() {
    let machine = Machine::new().await;
    let process = machine.start().await;
    let classes = ["O", "I", "E", "O", "I"];
    for (number, class) in classes.iter().enumerate() {
        process.send(&adt("77", &format!("m{number}"), class)).await;
    }
    process.work().await;
    assert_eq!((process.tally().await.held, process.at_remote("Patient")), (5, 0));
    process.store.close().await;

    // Another process stores the grant; the jobs are released by it, one after the other.
    let process = machine.start().await;
    process.consent("c1", "77").await;
    process.work().await;
    assert_eq!((process.tally().await.pushed, process.at_remote("Encounter")), (5, 1));
    let order = |records: Vec<AuditRecord>| -> Vec<_> {
        records.into_iter().map(|record| record.correlation.to_string()).collect()
    };
    let received = order(process.records(AuditAction::Received).await);
    assert_eq!(received.len(), 5);
    let left = order(process.records(AuditAction::Deidentified).await);
    assert_eq!(left, received, "each once, in the order in which they came");

    // What is queued when consent is revoked does not start.
    let disclosed = process.records(AuditAction::Disclosed).await.len();
    for number in 0..4 {
        process.send(&adt("77", &format!("n{number}"), "E")).await;
    }
    process.gateway.revoke_consent("c1").await.unwrap();
    process.work().await;
    assert_eq!((process.tally().await.held, process.tally().await.pushed), (4, 5));
    assert_eq!(process.records(AuditAction::Disclosed).await.len(), disclosed);
    let rows = process.store.scan(process.gateway.org(), "main", None, 100).await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.key.resource_type == "Encounter").count(), 1);
    let jobs = process.store.list(process.gateway.org(), &JobFilter::default(), 100).await.unwrap();
    assert!(jobs.iter().all(|job| job.attempts == 0), "a denial is no attempt");
}
