//! An identified message leaves only under a live consent, or under a contract.

use std::time::Duration;

use carewire_consent::{Consent, DataClass, Purpose, SimpleConsent};
use carewire_gateway::Basis;
use carewire_sync_engine::AuditAction;

use crate::receiver::{Act, Receiver};
use crate::support::{Machine, Meanwhile, SYSTEM, adt, destination};

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_message_is_held_and_goes_when_consent_is_given() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    for (mrn, control) in [("77", "1"), ("78", "2"), ("77", "3")] {
        process.hand_over("lab", &adt(mrn, control), Basis::Consent).await;
    }
    process.consent("c78", "78", DataClass::permittable()).await;
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), ["2"], "what is held stands in nobody's way");
    assert_eq!(process.tally("lab").await.held, 2);
    assert!(process.jobs().await.iter().all(|job| job.attempts == 0), "a denial is no attempt");

    process.consent("c77", "77", DataClass::permittable()).await;
    process.run_until(async || process.tally("lab").await.delivered == 3).await;
    assert_eq!(receiver.came(), ["2", "1", "3"], "in their old order");
    let decided = process.records(AuditAction::ConsentDecided).await;
    let decided: Vec<_> = decided.iter().map(|record| record.outcome.as_str()).collect();
    assert_eq!(decided, ["deny", "permit", "deny", "permit", "permit"]);
    let disclosed = process.records(AuditAction::Disclosed).await;
    assert!(disclosed.iter().all(|record| record.details["basis"] == "consent" && record.patient.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_asks_for_no_consent() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    process.hand_over("lab", &adt("77", "1"), Basis::contract("report").unwrap()).await;
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), ["1"]);
    assert!(process.records(AuditAction::ConsentDecided).await.is_empty());
    assert_eq!(process.records(AuditAction::Disclosed).await[0].details["basis"], "contract:report");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_out_after_a_revocation_has_returned() {
    let receiver = Receiver::new(|_, _| Act::TakeLate(Duration::from_millis(150))).await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    process.consent("c77", "77", DataClass::permittable()).await;
    for n in 0..20 {
        process.hand_over("lab", &adt("77", &n.to_string()), Basis::Consent).await;
    }
    let revoked = std::sync::Mutex::new(None);
    process
        .run_until(async || {
            if receiver.came().len() >= 2 && revoked.lock().unwrap().is_none() {
                process.gateway.revoke_consent("c77").await.unwrap();
                *revoked.lock().unwrap() = Some(receiver.came_and_done());
            }
            process.tally("lab").await.waiting == 0
        })
        .await;
    let (came, done) = revoked.lock().unwrap().unwrap();
    assert_eq!(came, done, "it waited for the one under way");
    assert_eq!(receiver.came().len(), came, "none began after it returned");
    assert!(came < 20, "{came}");
    let tally = process.tally("lab").await;
    assert_eq!((tally.delivered, tally.held), (came as u64, 20 - came as u64));
    let decided = process.records(AuditAction::ConsentDecided).await;
    let decisions = process.decisions.load(std::sync::atomic::Ordering::SeqCst);
    assert_eq!(decided.len(), decisions, "one record for each decision");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_is_revoked_between_the_decision_and_the_exchange_is_noticed() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    process.consent("c77", "77", DataClass::permittable()).await;
    process.hand_over("lab", &adt("77", "1"), Basis::Consent).await;
    // As another process would.
    *process.meanwhile.lock().unwrap() = Some(Meanwhile::Revoked("c77".into()));
    process.drain(&["lab"]).await;
    assert!(receiver.came().is_empty());
    assert_eq!(process.tally("lab").await.held, 1);
    let decided = process.records(AuditAction::ConsentDecided).await;
    assert_eq!(decided.iter().map(|record| record.outcome.as_str()).collect::<Vec<_>>(), ["permit", "deny"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_is_given_between_the_denial_and_the_hold_is_noticed() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    process.hand_over("lab", &adt("77", "1"), Basis::Consent).await;
    // Another process stored it, and found nothing to release yet.
    let consent = process.consent_of("c77", "77", DataClass::permittable()).await;
    *process.meanwhile.lock().unwrap() = Some(Meanwhile::Granted(Box::new(consent)));
    process.run_until(async || process.tally("lab").await.delivered == 1).await;
    assert_eq!(receiver.came(), ["1"]);
    let decided = process.records(AuditAction::ConsentDecided).await;
    assert_eq!(decided.iter().map(|record| record.outcome.as_str()).collect::<Vec<_>>(), ["deny", "permit"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_map_does_not_read_needs_a_consent_for_every_class() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)]).start().await;
    let plain = adt("77", "plain");
    let with_more = [&adt("77", "more")[..], b"ZPV|psychotherapy\r"].concat();
    process.hand_over("lab", &with_more, Basis::Consent).await;
    process.hand_over("lab", &plain, Basis::Consent).await;
    let some = [DataClass::Demographics, DataClass::Encounters];
    process.consent("c1", "77", some).await;
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), ["plain"]);
    assert_eq!(process.tally("lab").await.held, 1);
    process.consent("c2", "77", DataClass::permittable()).await;
    process.run_until(async || process.tally("lab").await.delivered == 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_with_a_duty_that_nobody_fulfils_is_held() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)])
        .start_with(|settings| {
            settings.purpose = Purpose::CareMgt;
            // It leaves as it is: that the gateway de-identifies elsewhere is no fulfilment here.
            settings.consent.apply_policy = Some("pseudonymous".into());
        })
        .await;
    let (org, token) =
        (process.gateway.org().clone(), process.gateway.resolve_patient(SYSTEM, "77").await.unwrap());
    let all =
        SimpleConsent::new("c1", org.clone(), token.clone(), Purpose::CareMgt, DataClass::permittable());
    process.gateway.put_consent(all).await.unwrap();
    process.hand_over("lab", &adt("77", "1"), Basis::Consent).await;
    process.drain(&["lab"]).await;
    assert!(receiver.came().is_empty());
    assert_eq!(process.jobs().await[0].reason.as_deref(), Some("duty-not-fulfilled"));
    let decided = &process.records(AuditAction::ConsentDecided).await[0];
    assert_eq!((decided.outcome.as_str(), decided.details["duties"].as_str()), ("deny", "apply_policy"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artefact_with_a_duty_holds_what_it_permits_until_it_is_given_without() {
    let receiver = Receiver::accepting().await;
    let process = Machine::new([destination("lab", &receiver)])
        .start_with(|settings| settings.purpose = Purpose::CareMgt)
        .await;
    let (org, token) =
        (process.gateway.org().clone(), process.gateway.resolve_patient(SYSTEM, "77").await.unwrap());
    let other = DataClass::permittable().filter(|class| *class != DataClass::Medications);
    let others = SimpleConsent::new("c1", org.clone(), token.clone(), Purpose::CareMgt, other);
    process.gateway.put_consent(others).await.unwrap();
    let artefact = |permission: serde_json::Value| {
        let text = serde_json::json!({"status": "GRANTED", "consentDetail": {"consentId": "a1",
            "patient": {"id": token.as_str()}, "hiu": {"id": org.as_str()}, "purpose": {"code": "CAREMGT"},
            "hiTypes": ["Prescription"], "permission": permission}});
        Consent::parse(text.to_string().as_bytes(), &org).unwrap()
    };
    let erased = serde_json::json!({"accessMode": "VIEW", "dataEraseAt": "2100-01-01T00:00:00Z"});
    process.gateway.put_consent(artefact(erased)).await.unwrap();
    let of_any_class = [&adt("77", "1")[..], b"ZPV|more\r"].concat();
    process.hand_over("lab", &of_any_class, Basis::Consent).await;
    process.drain(&["lab"]).await;
    assert!(receiver.came().is_empty());
    let decided = &process.records(AuditAction::ConsentDecided).await[0];
    assert!(decided.details["reasons"].split(' ').any(|why| why == "duty-not-fulfilled"));
    assert_eq!(decided.details["duties"], "erase_by");

    process.gateway.put_consent(artefact(serde_json::json!({"accessMode": "VIEW"}))).await.unwrap();
    process.run_until(async || process.tally("lab").await.delivered == 1).await;
    assert_eq!(receiver.came(), ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_left_before_a_death_is_on_record_even_if_nothing_leaves_any_more() {
    let receiver = Receiver::new(|_, _| Act::Hang).await;
    let machine = Machine::new([destination("lab", &receiver)]);
    let process = machine.start_with(|settings| settings.lease = Duration::from_millis(60)).await;
    process.consent("c77", "77", DataClass::permittable()).await;
    process.hand_over("lab", &adt("77", "1"), Basis::Consent).await;
    let outbox = process.outbox.clone();
    let running = tokio::spawn(async move { outbox.run(std::future::pending()).await });
    while receiver.came().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    running.abort();
    running.await.unwrap_err();
    process.store.close().await;

    let process = machine.start().await;
    process.gateway.revoke_consent("c77").await.unwrap();
    process.drain(&["lab"]).await;
    assert_eq!(receiver.came(), ["1"], "it is held");
    let disclosed = process.records(AuditAction::Disclosed).await;
    let [record] = &disclosed[..] else { panic!("one disclosure: {disclosed:?}") };
    assert_eq!((record.outcome.as_str(), record.details["answer"].as_str()), ("unknown", "none"));
    assert!(record.patient.is_some());
}
