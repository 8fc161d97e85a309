//! The promises of [`AuditLog`].

use std::collections::BTreeMap;
use std::sync::Arc;

use carewire_fhir_core::{CorrelationId, OrgId, PatientToken};
use tokio::task::JoinSet;

use super::scope::{Scope, at, unique};
use crate::chain;
use crate::{AuditAction, AuditLog, AuditQuery, AuditRecord, Verification};

/// Runs this suite.
pub async fn run_all<S: AuditLog + ?Sized + 'static>(store: &Arc<S>) {
    records_come_back_in_their_order(store).await;
    a_search_filters_and_pages(store).await;
    every_org_has_a_trail_of_its_own(store).await;
    the_chain_is_intact_and_is_the_shared_one(store).await;
    appends_at_the_same_time_keep_the_chain(store).await;
}

/// Numbered from 1, every field as given.
pub async fn records_come_back_in_their_order<S: AuditLog + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let full = AuditRecord {
        patient: Some(PatientToken::new("pt_a").unwrap()),
        details: BTreeMap::from([("count".into(), "2".into()), ("type".into(), "Patient".into())]),
        ..record(&scope.org, AuditAction::Disclosed)
    };
    let records = vec![record(&scope.org, AuditAction::Received), full];
    store.append(records.clone()).await.unwrap();
    store.append(Vec::new()).await.unwrap();
    let found = store.search(&scope.org, &AuditQuery::default(), 9).await.unwrap();
    assert_eq!(found.iter().map(|row| row.sequence).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(found.into_iter().map(|row| row.record).collect::<Vec<_>>(), records);
}

/// By action and correlation, after a position, at most so many.
pub async fn a_search_filters_and_pages<S: AuditLog + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let records: Vec<_> = AuditAction::ALL.map(|action| record(&scope.org, action)).into();
    let wanted = records[4].correlation.clone();
    store.append(records[..5].to_vec()).await.unwrap();
    store.append(records[5..].to_vec()).await.unwrap();

    let search = async |query: AuditQuery, limit: usize| -> Vec<i64> {
        let rows = store.search(&scope.org, &query, limit).await.unwrap();
        rows.iter().map(|row| row.sequence).collect()
    };
    let all = AuditQuery::default;
    for (n, action) in (1..).zip(AuditAction::ALL) {
        assert_eq!(search(AuditQuery { action: Some(action), ..all() }, 9).await, [n]);
    }
    assert_eq!(search(AuditQuery { correlation: Some(wanted), ..all() }, 9).await, [5]);
    assert_eq!(search(AuditQuery { after: Some(3), ..all() }, 3).await, [4, 5, 6]);
    let last = i64::try_from(records.len()).unwrap();
    assert_eq!(search(AuditQuery { after: Some(last), ..all() }, 3).await, [0_i64; 0]);
    assert_eq!(search(all(), 2).await, [1, 2]);
}

/// One append may serve several orgs; each sees its own records, numbered from 1.
pub async fn every_org_has_a_trail_of_its_own<S: AuditLog + ?Sized>(store: &Arc<S>) {
    let (ours, theirs) = (Scope::new().org, Scope::new().org);
    let mixed = [&ours, &theirs, &ours].map(|org| record(org, AuditAction::Mapped));
    store.append(mixed.to_vec()).await.unwrap();
    for (org, expected) in [(&ours, 2), (&theirs, 1), (&Scope::new().org, 0)] {
        let rows = store.search(org, &AuditQuery::default(), 9).await.unwrap();
        assert_eq!(
            rows.iter().map(|row| row.sequence).collect::<Vec<_>>(),
            (1..=expected).collect::<Vec<_>>()
        );
        let records = expected.unsigned_abs();
        assert_eq!(store.verify(org).await.unwrap(), Verification::Intact { records });
    }
}

/// The adapter's own check and the shared function over its rows agree; a changed row is found by the latter.
pub async fn the_chain_is_intact_and_is_the_shared_one<S: AuditLog + ?Sized>(store: &Arc<S>) {
    let org = Scope::new().org;
    for batch in [2, 1, 3] {
        let records = (0..batch).map(|_| record(&org, AuditAction::ConsentDecided)).collect();
        store.append(records).await.unwrap();
    }
    let intact = Verification::Intact { records: 6 };
    assert_eq!(store.verify(&org).await.unwrap(), intact);
    let mut rows = store.search(&org, &AuditQuery::default(), 9).await.unwrap();
    assert_eq!(chain::verify(&org, &rows), intact);
    let hashes: Vec<_> = rows.iter().map(|row| row.batch_hash.clone()).collect();
    assert!(
        hashes[0] == hashes[1] && hashes[1] != hashes[2] && hashes[3] == hashes[5],
        "one hash for a batch"
    );
    rows[2].record.outcome = "denied".into();
    assert_eq!(chain::verify(&org, &rows), Verification::Broken { sequence: 3 });
}

/// Sixteen appends in any order, one unbroken chain.
pub async fn appends_at_the_same_time_keep_the_chain<S: AuditLog + ?Sized + 'static>(store: &Arc<S>) {
    let org = Scope::new().org;
    let mut tasks = JoinSet::new();
    for _ in 0..16 {
        let store = Arc::clone(store);
        let records = vec![record(&org, AuditAction::Received), record(&org, AuditAction::Mapped)];
        tasks.spawn(async move { store.append(records).await.unwrap() });
    }
    tasks.join_all().await;
    assert_eq!(store.verify(&org).await.unwrap(), Verification::Intact { records: 32 });
    let rows = store.search(&org, &AuditQuery::default(), 99).await.unwrap();
    assert!(rows.iter().map(|row| row.sequence).eq(1..=32), "no gap and no double");
}

fn record(org: &OrgId, action: AuditAction) -> AuditRecord {
    AuditRecord {
        org: org.clone(),
        at: at(1),
        action,
        outcome: "success".into(),
        correlation: CorrelationId::new(&unique()).unwrap(),
        patient: None,
        details: BTreeMap::new(),
    }
}
