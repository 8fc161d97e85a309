//! One write at a time.

use std::sync::Arc;

use carewire_fhir_core::{Resource, Value, canonical_hash};

use super::trial::{Applied, Trial, applied, by_id, named};
use super::{SYSTEM, Server};
use crate::{Refusal, Remote, Write};

/// The first creates; the same again finds it, and makes no new version of it.
pub async fn a_write_creates_once<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let first = trial.one(trial.organization("a")).await.unwrap();
    assert!(first.created && first.version.is_some(), "{first:?}");
    let again = trial.one(trial.organization("a")).await.unwrap();
    assert_eq!(again, Applied { created: false, ..first.clone() });
    let by_id = trial.one(by_id(trial.organization("a"), &first.id, None)).await.unwrap();
    assert_eq!(by_id, again);
    let (resource, version) = trial.present("Organization", &first.id).await;
    assert_eq!(version, first.version);
    assert_eq!(resource.id(), Some(first.id.as_str()));
    trial.clean().await;
}

/// Other content is another version of the same resource, whichever way it was found.
pub async fn an_update_makes_a_new_version<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let made = trial.one(trial.organization("a")).await.unwrap();
    let found = trial.one(named(trial.organization("a"), "found")).await.unwrap();
    let known = by_id(named(trial.organization("a"), "known"), &made.id, found.version.as_deref());
    let known = trial.one(known).await.unwrap();
    for update in [&found, &known] {
        assert_eq!((update.id.as_str(), update.created), (made.id.as_str(), false));
    }
    let versions = [&made.version, &found.version, &known.version];
    assert!(versions[0] != versions[1] && versions[1] != versions[2] && versions[0] != versions[2]);
    let (resource, version) = trial.present("Organization", &made.id).await;
    assert_eq!((resource.value().str("name"), version), (Some("known"), known.version));
    trial.clean().await;
}

/// `If-Match` with a version that is no longer the newest: nothing is written.
pub async fn a_stale_version_is_a_conflict<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let made = trial.one(trial.organization("a")).await.unwrap();
    let newest = trial.one(named(trial.organization("a"), "theirs")).await.unwrap();
    let stale = by_id(named(trial.organization("a"), "ours"), &made.id, made.version.as_deref());
    assert_eq!(trial.one(stale).await, Err(Refusal::VersionConflict));
    let (resource, version) = trial.present("Organization", &made.id).await;
    assert_eq!((resource.value().str("name"), version), (Some("theirs"), newest.version));
    trial.clean().await;
}

/// Whatever the server does to numbers of up to 15 digits and to `meta`, the canonical form stays: else it would be drift.
pub async fn what_comes_back_is_what_was_sent<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let patient = trial.one(trial.patient("p")).await.unwrap();
    let subject = format!("Patient/{}", patient.id);
    for (n, value) in
        ["70.50", "0.0010", "100", "1.0e2", "-3.10", "6.02E-7", "123456789.012345"].into_iter().enumerate()
    {
        let write = trial.observation(&format!("o{n}"), &subject, value);
        let sent = canonical_hash(&write.resource);
        let made = trial.one(write.clone()).await.unwrap();
        let (resource, _) = trial.present("Observation", &made.id).await;
        assert_eq!(canonical_hash(&resource), sent, "{value} came back as another number");
        assert_eq!(trial.one(write).await.unwrap().version, made.version, "{value} again is no change");
    }
    trial.clean().await;
}

/// Types without `identifier` carry their identity as a tag.
pub async fn what_has_no_identifier_is_found_by_its_tag<R: Remote + ?Sized>(
    remote: &Arc<R>,
    server: &Server,
) {
    let trial = Trial::new(remote, server);
    let target = trial.one(trial.patient("p")).await.unwrap();
    let write = provenance(&trial, &format!("Patient/{}", target.id));
    let made = trial.one(write.clone()).await.unwrap();
    assert!(made.created);
    assert_eq!(trial.one(write).await.unwrap(), Applied { created: false, ..made });
    trial.clean().await;
}

/// What means something in a URL or in a search is part of the value here.
pub async fn an_identity_may_hold_any_character<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let names = ["a,b", "a b", "a&b=c", "a+b", "a%2Cb", "a/b?c#d", "é", "a\\b", "a$b"];
    let mut ids = Vec::new();
    for name in names {
        let made = trial.one(trial.organization(name)).await.unwrap();
        assert!(made.created, "`{name}` is new");
        let again = trial.one(trial.organization(name)).await.unwrap();
        assert_eq!((again.created, &again.id), (false, &made.id), "`{name}` is found again");
        ids.push(made.id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), names.len());
    trial.clean().await;
}

/// A conditional update that finds two is not applied to either.
pub async fn one_identity_of_two_resources_is_reported<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let made = trial.one(trial.organization("a")).await.unwrap();
    let twin = trial.one(trial.organization("b")).await.unwrap();
    assert_ne!(made.id, twin.id);
    trial.one(by_id(trial.organization("a"), &twin.id, None)).await.unwrap();
    assert_eq!(trial.one(named(trial.organization("a"), "x")).await, Err(Refusal::MultipleMatches));
    let (resource, _) = trial.present("Organization", &made.id).await;
    assert_eq!(resource.value().str("name"), None);
    trial.clean().await;
}

/// Eight clients with the same new identity: each gets the one resource, or is told to try again.
pub async fn many_at_once_make_one_resource<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let write = [trial.organization("a")];
    let (a, b, c, d, e, f, g, h) = tokio::join!(
        trial.submit(&write),
        trial.submit(&write),
        trial.submit(&write),
        trial.submit(&write),
        trial.submit(&write),
        trial.submit(&write),
        trial.submit(&write),
        trial.submit(&write),
    );
    let mut made = Vec::new();
    for submitted in [a, b, c, d, e, f, g, h] {
        match submitted.and_then(|mut outcomes| applied(outcomes.remove(0))) {
            Ok(one) => made.push(one),
            Err(refusal) => assert!(matches!(refusal, Refusal::Transient { .. }), "{refusal:?}"),
        }
    }
    let after = trial.one(write[0].clone()).await.unwrap();
    assert!(made.iter().all(|one| one.id == after.id), "several resources: {made:?}");
    assert_eq!(made.iter().filter(|one| one.created).count(), usize::from(!made.is_empty()));
    trial.clean().await;
}

/// A null is no FHIR: the refusal is for good, and names the element.
pub async fn what_cannot_be_taken_is_refused_for_good<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let mut bad = trial.organization("a");
    bad.resource.value_mut().set("name", Value::null());
    match trial.one(bad).await {
        Err(Refusal::Permanent { expressions, .. }) => {
            assert!(expressions.iter().all(|path| path.starts_with("Organization")), "{expressions:?}");
        }
        other => panic!("not refused for good: {other:?}"),
    }
    assert!(trial.one(trial.organization("a")).await.unwrap().created, "nothing of it was kept");
    trial.clean().await;
}

fn provenance<R: Remote + ?Sized>(trial: &Trial<'_, R>, target: &str) -> Write {
    let reference = Value::object().with("reference", target);
    let mut resource = Resource::new("Provenance");
    resource.value_mut().set("target", vec![reference.clone()]);
    resource.value_mut().set("recorded", "2026-01-01T00:00:00Z");
    resource.value_mut().set("agent", vec![Value::object().with("who", reference)]);
    let mut write = trial.write(resource, "provenance", Some("DEMOGRAPHICS"));
    let tag = Value::object().with("system", SYSTEM).with("code", write.key.value.as_str());
    write.resource.value_mut().remove("identifier");
    write.resource.value_mut().set("meta", Value::object().with("tag", vec![tag]));
    write
}
