//! Messages about two patients: merges, bed swaps; nothing of either leaves without the consent of both.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as expected"
)]

use carewire_fhir_core::{PatientToken, Resource, Value};
use carewire_hl7_v2::ack::AckCode;
use carewire_sync_engine::{
    AuditAction, AuditRecord, IdentityMap, Intake, QueueAdmin, ReconcileOptions, Remembered,
};

use crate::support::{Bench, adt, bench, held, records};

/// The record that survives, and the one that it replaces.
const SURVIVOR: &str = "77001";
const REPLACED: &str = "66002";

fn merge(control: &str, hour: &str) -> Vec<u8> {
    format!(
        "MSH|^~\\&|APP|FAC|||20260301{hour}3000+0000||ADT^A40^ADT_A39|{control}|P|2.5.1\r\
         EVN||20260301{hour}3000+0000\r\
         PID|1||{SURVIVOR}^^^AUTH&1.2.3.4&ISO^MR||Secretname^Ada||19700101|F\r\
         MRG|{REPLACED}^^^AUTH&1.2.3.4&ISO^MR||||||Othersecret^Ada\r"
    )
    .into_bytes()
}

/// Two patients change beds; the first has a heart rate, and both wards are named in both visits.
fn swap() -> Vec<u8> {
    format!(
        "MSH|^~\\&|APP|FAC|||20260301123000+0000||ADT^A17^ADT_A17|S1|P|2.5.1\r\
         EVN||20260301123000+0000\r\
         PID|1||{SURVIVOR}^^^AUTH&1.2.3.4&ISO^MR||Secretname^Ada||19700101|F\r\
         PV1|1|I|WARD3^1^A|||WARD1^12^B|||||||||||||V1^^^AUTH&1.2.3.4&ISO^VN\r\
         OBX|1|NM|8867-4^Heart rate^LN||72|/min^per minute^UCUM|||||F\r\
         PID|2||{REPLACED}^^^AUTH&1.2.3.4&ISO^MR||Othersecret^Otto||19850214|M\r\
         PV1|2|I|WARD1^12^B|||WARD3^1^A|||||||||||||V2^^^AUTH&1.2.3.4&ISO^VN\r"
    )
    .into_bytes()
}

/// An ADT^A08 at another time of the day, about somebody of another sex.
fn update(mrn: &str, control: &str, hour: &str, sex: &str) -> Vec<u8> {
    let text = String::from_utf8(adt(mrn, control, "I")).unwrap();
    text.replace("2026030108", &format!("20260301{hour}")).replace("|F\r", &format!("|{sex}\r")).into_bytes()
}

async fn send(bench: &Bench, message: &[u8]) {
    assert_eq!(bench.send(message).await, AckCode::AA);
    bench.work().await;
}

/// The resources of a type at the remote, with the patient that they belong to.
async fn at_remote(bench: &Bench, resource_type: &str) -> Vec<(Option<PatientToken>, Resource)> {
    let rows = bench.store.scan(bench.gateway.org(), "main", None, 100).await.unwrap();
    let mut found = vec![];
    for row in rows.into_iter().filter(|row| row.key.resource_type == resource_type) {
        match bench.gateway.parts().remote.read(resource_type, &row.remote_id).await.unwrap() {
            Remembered::Present { resource, .. } => found.push((row.patient, *resource)),
            _ => panic!("it is there"),
        }
    }
    found
}

async fn patient(bench: &Bench, mrn: &str) -> Resource {
    let token = Some(bench.token(mrn).await);
    let mut all = at_remote(bench, "Patient").await.into_iter();
    all.find(|(patient, _)| *patient == token).unwrap().1
}

/// To whom a patient is linked, and how: by reference and by token.
async fn links(bench: &Bench, mrn: &str) -> Vec<(String, String, String)> {
    let text = |value: &Value, name: &str| value.str(name).unwrap().to_owned();
    let link = |link: &Value| {
        let other = link.get("other").unwrap();
        (text(link, "type"), text(other, "reference"), text(other.get("identifier").unwrap(), "value"))
    };
    patient(bench, mrn).await.value().list("link").iter().map(link).collect()
}

/// Whether the remote shows what it must after the merge: links both ways, the replaced one not active.
async fn assert_merged(bench: &Bench) {
    for (own, other, kind) in [(SURVIVOR, REPLACED, "replaces"), (REPLACED, SURVIVOR, "replaced-by")] {
        let place = format!("Patient/{}", patient(bench, other).await.id().unwrap());
        let token = bench.token(other).await.to_string();
        assert_eq!(links(bench, own).await, [(kind.to_owned(), place, token)]);
    }
    assert_eq!(active(bench, REPLACED).await, Some(false));
    assert_eq!(active(bench, SURVIVOR).await, None);
}

async fn active(bench: &Bench, mrn: &str) -> Option<bool> {
    patient(bench, mrn).await.value().get("active").and_then(Value::as_bool)
}

/// What the remote has of patients, for a comparison.
async fn picture(bench: &Bench) -> Vec<String> {
    at_remote(bench, "Patient").await.into_iter().map(|(_, resource)| resource.to_json()).collect()
}

async fn pushed(bench: &Bench) -> u64 {
    bench.store.tally(bench.gateway.org()).await.unwrap().pushed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_is_at_the_remote_and_no_later_message_undoes_it() {
    let bench = bench().await;
    bench.consent("c1", SURVIVOR).await;
    bench.consent("c2", REPLACED).await;
    send(&bench, &update(REPLACED, "1", "07", "F")).await;
    send(&bench, &update(SURVIVOR, "2", "07", "F")).await;
    send(&bench, &merge("3", "09")).await;
    assert_merged(&bench).await;
    // An update of the one that was replaced, a late one of the survivor, and the same merge under another number.
    send(&bench, &update(REPLACED, "4", "11", "M")).await;
    send(&bench, &update(SURVIVOR, "5", "08", "M")).await;
    assert_merged(&bench).await;
    assert_eq!(patient(&bench, REPLACED).await.value().str("gender"), Some("male"));
    let before = (picture(&bench).await, bench.gateway.counters().read().written);
    send(&bench, &merge("6", "09")).await;
    assert_eq!((picture(&bench).await, bench.gateway.counters().read().written), before);
    assert_eq!((bench.at_remote("Patient"), pushed(&bench).await), (2, 6));
    for secret in [SURVIVOR, REPLACED, "Secretname", "Othersecret"] {
        assert!(!before.0.concat().contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_that_comes_first_makes_both() {
    let bench = bench().await;
    bench.consent("c1", SURVIVOR).await;
    bench.consent("c2", REPLACED).await;
    send(&bench, &merge("1", "09")).await;
    assert_merged(&bench).await;
    // What comes late says more of the one that was replaced, and leaves the merge alone.
    send(&bench, &update(REPLACED, "2", "07", "F")).await;
    assert_merged(&bench).await;
    assert_eq!(patient(&bench, REPLACED).await.value().str("gender"), Some("female"));
    let disclosed = records(&bench, AuditAction::Disclosed).await;
    let of = |token: PatientToken| {
        let of_patient = disclosed.iter().filter(|record| record.patient.as_ref() == Some(&token));
        of_patient.filter(|record| record.details["resources"].matches("Patient/").count() == 2).count()
    };
    // The merge wrote each record with the other's token in it: a disclosure of both.
    assert_eq!((of(bench.token(SURVIVOR).await), of(bench.token(REPLACED).await)), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_consent_of_one_nothing_of_a_merge_leaves() {
    for (consents, denies) in [(SURVIVOR, REPLACED), (REPLACED, SURVIVOR)] {
        let bench = bench().await;
        bench.consent("c1", consents).await;
        send(&bench, &update(consents, "1", "07", "F")).await;
        let before = picture(&bench).await;
        assert_eq!(before.len(), 1);
        send(&bench, &merge("2", "09")).await;
        assert_eq!(picture(&bench).await, before);
        assert_eq!(held(&bench).await, [Some("consent".to_owned())]);
        // The record says of each patient, by token, what was decided.
        let mut decided = vec![];
        for record in records(&bench, AuditAction::ConsentDecided).await.split_off(1) {
            let shown = format!("{record:?}");
            assert!(!shown.contains(SURVIVOR) && !shown.contains(REPLACED) && !shown.contains("secret"));
            decided.push((record.patient.unwrap(), record.outcome));
        }
        decided.sort();
        let mut expected = vec![
            (bench.token(consents).await, "permit".to_owned()),
            (bench.token(denies).await, "deny".to_owned()),
        ];
        expected.sort();
        assert_eq!(decided, expected);
        // The consent that was missing releases it.
        bench.consent("c2", denies).await;
        bench.work().await;
        assert_merged(&bench).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_not_sent_again_after_one_of_the_two_has_revoked() {
    let bench = bench().await;
    bench.consent("c1", SURVIVOR).await;
    bench.consent("c2", REPLACED).await;
    send(&bench, &merge("1", "09")).await;
    bench.gateway.revoke_consent("c2").await.unwrap();
    let before = picture(&bench).await;
    // The survivor would go with the link in it.
    send(&bench, &update(SURVIVOR, "2", "11", "M")).await;
    assert_eq!(picture(&bench).await, before);
    assert_eq!(held(&bench).await.len(), 1);
    let denied = records(&bench, AuditAction::ConsentDecided).await;
    let denied: Vec<_> = denied.iter().filter(|record| record.outcome == "deny").collect();
    assert_eq!(denied.len(), 1);
    assert_eq!(denied[0].patient, Some(bench.token(REPLACED).await));
    // What is there does not go: a visit of the survivor, who is as before.
    send(&bench, &update(SURVIVOR, "3", "08", "F")).await;
    assert_eq!(
        (picture(&bench).await, bench.at_remote("Encounter"), held(&bench).await.len()),
        (before, 1, 1)
    );
    // Nor does a repair send it.
    let mut changed = patient(&bench, SURVIVOR).await;
    changed.value_mut().set("gender", "other");
    bench.client().update(&changed, None).await.unwrap();
    let report = bench.gateway.reconcile(&ReconcileOptions::default()).await.unwrap();
    assert_eq!((report.changed, report.blocked, report.repaired), (1, 1, 0), "{report:?}");
    bench.consent("c3", REPLACED).await;
    bench.work().await;
    assert_merged(&bench).await;
    assert_eq!(patient(&bench, SURVIVOR).await.value().str("gender"), Some("male"));
    assert_eq!(held(&bench).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_among_many_updates_of_both_is_not_lost() {
    let bench = bench().await;
    bench.consent("c1", SURVIVOR).await;
    bench.consent("c2", REPLACED).await;
    for n in 0..12 {
        let sex = if n % 2 == 0 { "F" } else { "M" };
        for mrn in [SURVIVOR, REPLACED] {
            let message = update(mrn, &format!("{mrn}-{n}"), &format!("{:02}", n + 6), sex);
            assert_eq!(bench.send(&message).await, AckCode::AA);
        }
        if n == 5 {
            assert_eq!(bench.send(&merge("M", "11")).await, AckCode::AA);
        }
    }
    bench.work().await;
    assert_merged(&bench).await;
    assert_eq!(pushed(&bench).await, 25);
}

/// The messages in the order in which they were worked on, by their place in the order of intake.
async fn worked_on(bench: &Bench) -> Vec<i64> {
    let received = records(bench, AuditAction::Received).await;
    let place = |record: &AuditRecord| {
        let received =
            received.iter().find(|one| one.details.get("message") == record.details.get("message"));
        received.unwrap().details.get("sequence").unwrap().parse().unwrap()
    };
    records(bench, AuditAction::Mapped).await.iter().map(place).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_is_worked_on_in_its_place_in_the_lines_of_both() {
    let bench = bench().await;
    bench.consent("c1", SURVIVOR).await;
    bench.consent("c2", REPLACED).await;
    // Six of the replaced one, two of the survivor; the merge; as many again.
    let lines = [REPLACED, REPLACED, REPLACED, SURVIVOR, REPLACED, SURVIVOR, REPLACED, REPLACED];
    for (part, name) in ["before", "after"].into_iter().enumerate() {
        for (n, mrn) in lines.iter().enumerate() {
            let message = update(mrn, &format!("{name}-{n}"), &format!("{:02}", n + 6), "F");
            assert_eq!(bench.send(&message).await, AckCode::AA);
        }
        if part == 0 {
            assert_eq!(bench.send(&merge("M", "11")).await, AckCode::AA);
        }
    }
    bench.work().await;
    let order = worked_on(&bench).await;
    let first = order.iter().min().unwrap();
    let at = order.iter().position(|place| place - first == 8).unwrap();
    assert_eq!((at, order.len()), (8, 17), "{order:?}");
    assert!(order[..at].iter().all(|place| place - first < 8), "{order:?}");
    assert_eq!(pushed(&bench).await, 17);
    // A job for each message, and none for a place.
    let stats = bench.store.stats(bench.gateway.org(), None, chrono::Utc::now()).await.unwrap();
    assert_eq!((stats.completed, stats.failed, stats.held), (17, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_merges_of_the_same_two_do_not_wait_for_each_other() {
    let bench = bench().await;
    bench.consent("c1", SURVIVOR).await;
    bench.consent("c2", REPLACED).await;
    let back = String::from_utf8(merge("2", "10")).unwrap();
    let back =
        back.replace(SURVIVOR, "x").replace(REPLACED, SURVIVOR).replace("||x^", &format!("||{REPLACED}^"));
    for message in [merge("1", "09"), back.into_bytes(), merge("3", "11"), swap()] {
        assert_eq!(bench.send(&message).await, AckCode::AA);
    }
    bench.work().await;
    assert_eq!(pushed(&bench).await, 4);
    let first = worked_on(&bench).await[0];
    assert_eq!(worked_on(&bench).await, [0, 1, 2, 3].map(|n| first + n));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_that_is_held_stops_nobody() {
    let bench = bench().await;
    bench.consent("c2", REPLACED).await;
    assert_eq!(bench.send(&merge("1", "09")).await, AckCode::AA);
    assert_eq!(bench.send(&update(REPLACED, "2", "10", "M")).await, AckCode::AA);
    bench.work().await;
    assert_eq!((pushed(&bench).await, held(&bench).await.len()), (1, 1));
    assert!(links(&bench, REPLACED).await.is_empty());
    bench.consent("c1", SURVIVOR).await;
    bench.work().await;
    assert_merged(&bench).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_does_not_cost_the_original_of_the_one_that_is_replaced() {
    let bench = bench().await;
    bench.consent("c1", SURVIVOR).await;
    bench.consent("c2", REPLACED).await;
    send(&bench, &update(REPLACED, "1", "07", "F")).await;
    let (vault, org) = (bench.gateway.parts().vault.clone(), bench.gateway.org());
    let [replaced, survivor] = [bench.token(REPLACED).await, bench.token(SURVIVOR).await];
    let before = vault.original(org, &replaced).await.unwrap();
    assert!(before.is_some() && vault.original(org, &survivor).await.unwrap().is_none());
    send(&bench, &merge("2", "09")).await;
    assert_eq!(vault.original(org, &replaced).await.unwrap(), before);
    assert!(vault.original(org, &survivor).await.unwrap().is_some());
}

/// A link of two records, or its end, as a message of two PIDs.
fn about_both(event: &str, control: &str, hour: &str) -> Vec<u8> {
    format!(
        "MSH|^~\\&|APP|FAC|||20260301{hour}3000+0000||ADT^{event}^ADT_{event}|{control}|P|2.5.1\r\
         EVN||20260301{hour}3000+0000\r\
         PID|1||{SURVIVOR}^^^AUTH&1.2.3.4&ISO^MR||Secretname^Ada||19700101|F\r\
         PID|2||{REPLACED}^^^AUTH&1.2.3.4&ISO^MR||Othersecret^Ada||19700101|F\r"
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_link_sets_both_free() {
    let bench = bench().await;
    bench.consent("c1", SURVIVOR).await;
    bench.consent("c2", REPLACED).await;
    send(&bench, &about_both("A24", "1", "09")).await;
    for (own, other) in [(SURVIVOR, REPLACED), (REPLACED, SURVIVOR)] {
        let [(kind, _, token)] = &links(&bench, own).await[..] else { panic!("one link") };
        assert_eq!((kind.as_str(), token.as_str()), ("seealso", bench.token(other).await.as_str()));
    }
    send(&bench, &about_both("A37", "2", "10")).await;
    for mrn in [SURVIVOR, REPLACED] {
        assert!(links(&bench, mrn).await.is_empty());
    }
    // Nobody has to be asked for the other any more.
    bench.gateway.revoke_consent("c2").await.unwrap();
    send(&bench, &update(SURVIVOR, "3", "11", "M")).await;
    assert_eq!((pushed(&bench).await, held(&bench).await.len()), (3, 0));
    assert_eq!(patient(&bench, SURVIVOR).await.value().str("gender"), Some("male"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_goes_on_under_another_record_needs_the_consent_of_both() {
    let bench = bench().await;
    bench.consent("c1", SURVIVOR).await;
    bench.consent("c2", REPLACED).await;
    send(&bench, &update(REPLACED, "1", "07", "F")).await;
    let visits = async || {
        let all = at_remote(&bench, "Encounter").await;
        all.into_iter().map(|(owner, visit)| (owner, visit.to_json())).collect::<Vec<_>>()
    };
    let before = visits().await;
    bench.gateway.revoke_consent("c2").await.unwrap();
    let moved = String::from_utf8(update(SURVIVOR, "2", "09", "F")).unwrap();
    let moved = moved.replace(&format!("V{SURVIVOR}"), &format!("V{REPLACED}"));
    send(&bench, moved.as_bytes()).await;
    assert_eq!((visits().await, held(&bench).await.len()), (before, 1), "what was said of the other stays");
    let denied = records(&bench, AuditAction::ConsentDecided).await.pop().unwrap();
    assert_eq!((denied.outcome.as_str(), denied.patient), ("deny", Some(bench.token(REPLACED).await)));
    bench.consent("c3", REPLACED).await;
    bench.work().await;
    let [(owner, _)] = &visits().await[..] else { panic!("one visit") };
    assert_eq!(owner, &Some(bench.token(SURVIVOR).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn patients_who_swap_beds_keep_what_is_theirs() {
    let bench = bench().await;
    bench.consent("c1", SURVIVOR).await;
    send(&bench, &swap()).await;
    let nothing = ["Patient", "Encounter", "Observation"].map(|kind| bench.at_remote(kind));
    assert_eq!((nothing, held(&bench).await.len()), ([0, 0, 0], 1), "the other has not consented");
    bench.consent("c2", REPLACED).await;
    bench.work().await;
    let [first, second] = [Some(bench.token(SURVIVOR).await), Some(bench.token(REPLACED).await)];
    let patients = at_remote(&bench, "Patient").await;
    let place = |token: &Option<PatientToken>| {
        let (_, patient) = patients.iter().find(|(owner, _)| owner == token).unwrap();
        format!("Patient/{}", patient.id().unwrap())
    };
    let mut owners = vec![];
    for kind in ["Encounter", "Observation"] {
        for (owner, resource) in at_remote(&bench, kind).await {
            let subject = resource.value().get("subject").unwrap().str("reference").unwrap().to_owned();
            assert_eq!(subject, place(&owner), "{kind}");
            owners.push((kind, owner));
        }
    }
    owners.sort();
    let mut expected = vec![("Encounter", first.clone()), ("Encounter", second), ("Observation", first)];
    expected.sort();
    assert_eq!(owners, expected);
    assert!(patients.iter().all(|(_, patient)| patient.value().get("link").is_none()));
}
