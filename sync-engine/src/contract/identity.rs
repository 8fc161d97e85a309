//! The promises of [`IdentityMap`].

use std::sync::Arc;

use carewire_fhir_core::PatientToken;

use super::scope::{Scope, at};
use crate::{Identity, IdentityMap, LocalKey};

/// Runs this suite.
pub async fn run_all<S: IdentityMap + ?Sized + 'static>(store: &Arc<S>) {
    a_row_comes_back_as_it_was_recorded(store).await;
    lookup_answers_in_the_order_of_the_keys(store).await;
    an_older_message_never_overwrites(store).await;
    a_scan_pages_in_the_order_of_the_keys(store).await;
    orgs_and_remotes_have_maps_of_their_own(store).await;
}

/// Every field, with and without the optional ones.
pub async fn a_row_comes_back_as_it_was_recorded<S: IdentityMap + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let full = row("Patient", "a", 1);
    let bare =
        Identity { remote_version: None, patient: None, classes: Vec::new(), ..row("Location", "b", 1) };
    store.record(&scope.org, "main", vec![full.clone(), bare.clone()]).await.unwrap();
    let found = store.lookup(&scope.org, "main", &[full.key.clone(), bare.key.clone()]).await.unwrap();
    assert!(found == [Some(full), Some(bare)], "rows differ: {found:?}");
}

/// An unknown key is `None` in its place; a key may be asked for twice.
pub async fn lookup_answers_in_the_order_of_the_keys<S: IdentityMap + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let rows: Vec<_> = ["a", "b", "c"].map(|value| row("Patient", value, 1)).into();
    store.record(&scope.org, "main", rows.clone()).await.unwrap();
    let unknown = LocalKey { resource_type: "Encounter".into(), ..rows[0].key.clone() };
    let keys = [rows[2].key.clone(), unknown, rows[0].key.clone(), rows[2].key.clone()];
    let found = store.lookup(&scope.org, "main", &keys).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|row| row.map(|row| row.key.value)).collect();
    assert_eq!(found, [Some("c".into()), None, Some("a".into()), Some("c".into())]);
    assert!(store.lookup(&scope.org, "main", &[]).await.unwrap().is_empty());
}

/// The others of the same call are recorded; an equal sequence replaces.
pub async fn an_older_message_never_overwrites<S: IdentityMap + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let newer = row("Patient", "a", 7);
    store.record(&scope.org, "main", vec![newer.clone()]).await.unwrap();
    let older = Identity { remote_id: "older".into(), ..row("Patient", "a", 6) };
    let other = row("Patient", "b", 6);
    store.record(&scope.org, "main", vec![older, other.clone()]).await.unwrap();
    let keys = [newer.key.clone(), other.key.clone()];
    let found = store.lookup(&scope.org, "main", &keys).await.unwrap();
    assert!(found == [Some(newer.clone()), Some(other)], "rows differ: {found:?}");

    let same = Identity { remote_version: Some("v2".into()), hash: [9; 32], base: vec![9], ..newer };
    store.record(&scope.org, "main", vec![same.clone()]).await.unwrap();
    let found = store.lookup(&scope.org, "main", &keys[..1]).await.unwrap();
    assert!(found == [Some(same)], "rows differ: {found:?}");
}

/// By type, system, value; every row once.
pub async fn a_scan_pages_in_the_order_of_the_keys<S: IdentityMap + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let mut rows: Vec<_> = (0..7).map(|n| row("Observation", &format!("o{n}"), 1)).collect();
    rows.push(row("Encounter", "z", 1));
    rows.push(row("Patient", "B", 1));
    rows.push(row("Patient", "a", 1));
    let mut expected: Vec<_> = rows.iter().map(|row| row.key.clone()).collect();
    expected.sort();
    rows.reverse();
    store.record(&scope.org, "main", rows).await.unwrap();

    let mut seen: Vec<LocalKey> = Vec::new();
    loop {
        let page = store.scan(&scope.org, "main", seen.last(), 3).await.unwrap();
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        seen.extend(page.into_iter().map(|row| row.key));
    }
    assert_eq!(seen, expected);
}

/// Same key, other org or other remote: another row.
pub async fn orgs_and_remotes_have_maps_of_their_own<S: IdentityMap + ?Sized>(store: &Arc<S>) {
    let (ours, theirs) = (Scope::new(), Scope::new());
    let key = row("Patient", "a", 1).key;
    let places = [(&ours.org, "main"), (&ours.org, "backup"), (&theirs.org, "main")];
    for (n, (org, remote)) in places.into_iter().enumerate() {
        let row = Identity { remote_id: n.to_string(), ..row("Patient", "a", 1) };
        store.record(org, remote, vec![row]).await.unwrap();
    }
    for (n, (org, remote)) in places.into_iter().enumerate() {
        let found = store.lookup(org, remote, std::slice::from_ref(&key)).await.unwrap();
        assert_eq!(found[0].as_ref().map(|row| row.remote_id.clone()), Some(n.to_string()));
        assert_eq!(store.scan(org, remote, None, 9).await.unwrap().len(), 1);
    }
    assert!(store.scan(&theirs.org, "backup", None, 9).await.unwrap().is_empty());
}

fn row(resource_type: &str, value: &str, source_sequence: i64) -> Identity {
    Identity {
        key: LocalKey {
            resource_type: resource_type.into(),
            system: "urn:carewire:token".into(),
            value: value.into(),
        },
        remote_id: format!("remote-{value}"),
        remote_version: Some("v1".into()),
        hash: [7; 32],
        base: vec![0, 1, 2, 255],
        source_sequence,
        patient: Some(PatientToken::new("pt_a").unwrap()),
        classes: vec!["DEMOGRAPHICS".into(), "LAB_RESULTS".into()],
        synced_at: at(5),
    }
}
