//! Several writes in one submission.

use std::sync::Arc;

use carewire_fhir_core::{Resource, Value};

use super::Server;
use super::trial::{Applied, Trial, applied, by_id, named};
use crate::{Refusal, Remote, Write, WriteOutcome};

/// `probe` says of atomicity what the server does, and its trial is gone afterwards.
pub async fn a_probe_finds_out_and_leaves_nothing<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    assert_eq!(remote.probe().await.unwrap().atomic, server.limits.atomic);
    // Whatever the first left behind would count against the server in the second.
    assert_eq!(remote.probe().await.unwrap().atomic, server.limits.atomic);
}

/// An update, a creation and what has not changed, in one submission, on a server that sorts them otherwise.
pub async fn outcomes_stand_in_the_order_of_the_writes<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let known = trial.all(&[trial.organization("changed"), trial.organization("same")]).await;
    let writes = [
        trial.organization("new"),
        by_id(named(trial.organization("changed"), "x"), &known[0].id, known[0].version.as_deref()),
        trial.organization("newer"),
        trial.organization("same"),
    ];
    let outcomes = trial.all(&writes).await;
    assert!(outcomes[0].created && outcomes[2].created, "{outcomes:?}");
    assert_eq!((&outcomes[1].id, outcomes[1].created), (&known[0].id, false));
    assert_ne!(outcomes[1].version, known[0].version);
    assert_eq!(outcomes[3], Applied { created: false, ..known[1].clone() });
    for (name, outcome) in ["new", "newer"].into_iter().zip([&outcomes[0], &outcomes[2]]) {
        assert_eq!(trial.one(trial.organization(name)).await.unwrap().id, outcome.id, "{name}");
    }
    trial.clean().await;
}

/// By `urn:uuid:`, to entries before and after, to new ones and to those that were found.
pub async fn entries_refer_to_each_other<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let found = trial.one(trial.organization("found")).await.unwrap();
    let referring = |name: &str, to: &str| {
        let mut write = trial.organization(name);
        write.resource.value_mut().set("partOf", Value::object().with("reference", trial.urn(to)));
        write
    };
    let writes = [
        referring("forwards", "new"),
        trial.organization("new"),
        trial.organization("found"),
        referring("backwards", "found"),
        within_an_extension(referring("deep", "new"), &trial.urn("found")),
    ];
    let made = trial.all(&writes).await;
    assert_eq!(made[2].id, found.id);
    for (referring, target) in [(0, 1), (3, 2), (4, 1)] {
        let (resource, _) = trial.present("Organization", &made[referring].id).await;
        assert_eq!(reference(resource.value().get("partOf")), format!("Organization/{}", made[target].id));
    }
    let (deep, _) = trial.present("Organization", &made[4].id).await;
    let extension = deep.value().list("extension")[0].get("valueReference");
    assert_eq!(reference(extension), format!("Organization/{}", found.id));
    trial.clean().await;
}

/// Two writes of one identity in one submission never make two resources; an atomic server takes neither.
pub async fn a_repeated_identity_is_refused<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let twice = |trial: &Trial<'_, R>| {
        let twin = Write { full_url: trial.urn("twin"), ..named(trial.organization("a"), "twin") };
        [trial.organization("a"), twin]
    };
    let new = trial.submit(&twice(&trial)).await;
    let made = trial.one(trial.organization("a")).await.unwrap();
    assert_eq!(made.created, server.limits.atomic, "an atomic server keeps neither: {new:?}");
    let found = trial.submit(&twice(&trial)).await;
    for submitted in [new, found] {
        match submitted {
            Err(refusal) => assert!(matches!(refusal, Refusal::Permanent { .. }), "{refusal:?}"),
            Ok(outcomes) => assert!(!server.limits.atomic, "an atomic server took both: {outcomes:?}"),
        }
    }
    assert_eq!(trial.one(trial.organization("a")).await.unwrap().id, made.id);
    trial.clean().await;
}

/// All or nothing where the server is atomic; elsewhere the good are kept, and each outcome tells which.
pub async fn a_bad_entry_spoils_an_atomic_transaction<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let known = trial.one(trial.organization("known")).await.unwrap();
    let mut bad = trial.organization("bad");
    bad.resource.value_mut().set("name", Value::null());
    let update = by_id(named(trial.organization("known"), "x"), &known.id, None);
    let submitted = trial.submit(&[trial.organization("good"), update, bad]).await;
    if server.limits.atomic {
        assert!(matches!(submitted, Err(Refusal::Permanent { .. })), "{submitted:?}");
        assert_eq!(trial.present("Organization", &known.id).await.1, known.version, "nothing was updated");
        assert!(trial.one(trial.organization("good")).await.unwrap().created, "nothing was created");
    } else {
        let mut outcomes = submitted.unwrap();
        let refused = outcomes.pop();
        assert!(
            matches!(refused, Some(WriteOutcome::Refused(Refusal::Permanent { .. }))),
            "{refused:?} for what is bad"
        );
        let kept: Vec<Applied> = outcomes.into_iter().map(|outcome| applied(outcome).unwrap()).collect();
        assert!(kept[0].created && kept[1].id == known.id, "{kept:?}");
        assert_eq!(trial.one(trial.organization("good")).await.unwrap().id, kept[0].id);
    }
    trial.clean().await;
}

/// One entry more than the limits say: refused as a whole, and never to be sent like that again.
pub async fn too_many_entries_are_refused_for_good<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    if !server.enforces_limits {
        return;
    }
    let trial = Trial::new(remote, server);
    let limits = server.limits;
    let many = |count: usize| (0..count).map(|n| trial.organization(&n.to_string())).collect::<Vec<_>>();
    let refused = trial.submit(&many(limits.conditional_entries + 1)).await;
    assert!(matches!(refused, Err(Refusal::Permanent { .. })), "{refused:?}");
    let mut known = Vec::new();
    for part in many(limits.update_entries + 1).chunks(limits.conditional_entries) {
        let made = trial.all(part).await;
        assert!(made.iter().all(|one| one.created), "a part of what was refused is there");
        known.extend(part.iter().zip(made).map(|(write, made)| by_id(write.clone(), &made.id, None)));
    }
    let refused = trial.submit(&known).await;
    assert!(matches!(refused, Err(Refusal::Permanent { .. })), "{refused:?}");
    let most = trial.all(&known[1..]).await;
    assert_eq!(most.len(), limits.update_entries);
    trial.clean().await;
}

fn within_an_extension(mut write: Write, urn: &str) -> Write {
    let extension = Value::object()
        .with("url", "urn:carewire:contract:see-also")
        .with("valueReference", Value::object().with("reference", urn));
    let resource: &mut Resource = &mut write.resource;
    resource.value_mut().set("extension", vec![extension]);
    write
}

fn reference(holder: Option<&Value>) -> String {
    holder.and_then(|holder| holder.str("reference")).unwrap_or_default().to_owned()
}
