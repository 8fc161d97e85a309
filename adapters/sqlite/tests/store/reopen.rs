//! What was answered is there after closing and opening again, and only a store is opened as a store.

use std::path::Path;

use crate::deliveries::delivery;
use crate::samples::{at, claim, job, key, message, org};
use carewire_consent::{ConsentStore, DataClass, Purpose, SimpleConsent};
use carewire_deid::TokenVault;
use carewire_fhir_core::PatientToken;
use carewire_sqlite::{Error, SqliteOptions, SqliteStore};
use carewire_sync_engine::{
    AuditAction, AuditLog, AuditQuery, AuditRecord, Begun, Idempotency, Identity, IdentityMap, Intake,
    JobQueue, JobQueueExt as _, JobState, LocalKey, MessageId, MessageState, NewOutbound, OutboundState,
    Outbox, Posted, QueueAdmin, Receipt, Redeemed, Settled, Verification,
};
use sqlx::{Connection, SqliteConnection};

async fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, SqliteOptions::default()).await.unwrap()
}

async fn raw(path: &Path, sql: &'static str) {
    let mut connection =
        SqliteConnection::connect(&format!("sqlite:{}?mode=rwc", path.display())).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn messages_jobs_and_leases_survive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path).await;
    store.accept(message("one")).await.unwrap();
    store.accept(message("two")).await.unwrap();
    let claimed = store.claim(&claim(1)).await.unwrap();
    Intake::settle(&store, &org(), &[MessageId::new("two")], MessageState::Held).await.unwrap();
    store.close().await;
    assert!(store.accept(message("three")).await.is_err(), "a closed store takes nothing");

    let store = open(&path).await;
    let loaded = store.load(&org(), &MessageId::new("one")).await.unwrap().unwrap();
    assert_eq!((loaded.sequence, loaded.sealed), (1, vec![0xab; 2000]));
    let tally = store.tally(&org()).await.unwrap();
    assert_eq!((tally.received, tally.held, tally.total()), (1, 1, 2));
    let stats = store.stats_of(&org()).await;
    assert_eq!((stats.active, stats.waiting), (1, 1));
    let settled = store.complete(&[claimed[0].lease.clone()], at(2)).await.unwrap();
    assert_eq!(settled, [Settled::Done(JobState::Completed)], "a lease outlives the process");
    let third = store.enqueue(vec![job(None, "three")]).await.unwrap();
    assert_eq!(third[0].id.0, 3, "ids go on");
}

#[tokio::test]
async fn reservations_and_answers_survive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path).await;
    let begun =
        [store.begin(&delivery("one", 0)).await.unwrap(), store.begin(&delivery("two", 0)).await.unwrap()];
    let [Begun::New { ticket: one, .. }, Begun::New { ticket: two, .. }] = &begun else {
        panic!("{begun:?}")
    };
    assert_eq!(store.finish(one, vec![1]).await.unwrap(), Redeemed::Done);
    store.close().await;
    assert!(store.begin(&delivery("three", 0)).await.is_err(), "a closed store takes nothing");

    let store = open(&path).await;
    assert_eq!(store.begin(&delivery("one", 1)).await.unwrap(), Begun::Resend { answer: vec![1] });
    assert_eq!(store.begin(&delivery("two", 1)).await.unwrap(), Begun::InProgress { until: at(30) });
    assert_eq!(store.finish(two, vec![2]).await.unwrap(), Redeemed::Done, "a ticket outlives the process");
    assert_eq!(store.purge(&org(), at(9), 9).await.unwrap(), 2);
    let begun = store.begin(&delivery("one", 1)).await.unwrap();
    let Begun::New { ticket, .. } = begun else { panic!("{begun:?}") };
    assert_eq!(ticket.fence, Some(3), "fences go on");
}

/// The first version's script and marks, and what it would have stored.
const FIRST_VERSION: &str = concat!(
    "PRAGMA journal_mode = WAL; BEGIN;",
    include_str!("../../src/migrations/0001_initial.sql"),
    "PRAGMA application_id = 1129804389; PRAGMA user_version = 1;",
    "INSERT INTO message (org, id, correlation, format, message_type, control_key, content_hash, received_at, state,
                          sealed_ack, sealed)
     VALUES ('org_a', 'old', 'old', 'hl7v2', 'ADT^A01', x'01', x'02', 1800000000000000, 'received', x'0a', x'0b');
     INSERT INTO job (org, queue, kind, state, head, run_at, max_attempts, refs, correlation, enqueued_at)
     VALUES ('org_a', 'sync', 'message', 'waiting', 1, 1800000000000000, 3, '{\"message\":\"old\"}', 'old',
             1800000000000000);
     INSERT INTO consent (org, id, patient, body) VALUES ('org_a', 'old', 'pt_a',
         '{\"id\":\"old\",\"org\":\"org_a\",\"patient\":\"pt_a\",\"purpose\":\"TREAT\",\"state\":\"ACTIVE\",\"data_classes\":[]}');
     COMMIT;"
);

#[tokio::test]
async fn a_store_of_the_first_version_is_upgraded_and_keeps_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    raw(&path, FIRST_VERSION).await;
    for _ in 0..2 {
        let store = open(&path).await;
        let old = store.load(&org(), &MessageId::new("old")).await.unwrap().unwrap();
        assert_eq!((old.sequence, old.state, old.sealed), (1, MessageState::Received, vec![0x0b]));
        assert_eq!(store.tally(&org()).await.unwrap().received, 1);
        store.close().await;
    }
    let store = open(&path).await;
    let jobs = store.claim(&claim(9)).await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.refs["message"].as_str()).collect::<Vec<_>>(), ["old"]);
    assert!(matches!(store.accept(message("new")).await.unwrap(), Receipt::Stored { sequence: 2, .. }));
    assert!(
        matches!(store.begin(&delivery("new", 0)).await.unwrap(), Begun::New { .. }),
        "the new table is there"
    );
    assert_eq!(store.outbound_tally(&org(), "lab").await.unwrap().total(), 0, "and the next one");
    let token = PatientToken::new("pt_a").unwrap();
    let consents = store.for_patient(&org(), &token).await.unwrap().consents;
    assert_eq!(
        consents.iter().map(|consent| consent.id()).collect::<Vec<_>>(),
        ["old"],
        "an old consent is read"
    );
    store.revoke(&org(), "old").await.unwrap();
    assert_eq!(schema_version(&path).await, 6);
}

#[tokio::test]
async fn messages_to_send_survive_with_their_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path).await;
    for name in ["one", "two"] {
        store.post(outbound(name)).await.unwrap();
    }
    let two = MessageId::new("two");
    store.mark(&org(), &two, OutboundState::Delivered, Some(vec![1])).await.unwrap();
    store.close().await;

    let store = open(&path).await;
    let found = store.outbound(&org(), &two).await.unwrap().unwrap();
    assert_eq!((found.sequence, found.state), (2, OutboundState::Delivered));
    assert_eq!((found.sealed, found.sealed_answer), (vec![0xab; 900], Some(vec![1])));
    let tally = store.outbound_tally(&org(), "lab").await.unwrap();
    assert_eq!((tally.waiting, tally.delivered, tally.total()), (1, 1, 2));
    assert_eq!(store.claim(&claim(9)).await.unwrap().len(), 2, "a job for each");
    assert_eq!(store.post(outbound("two")).await.unwrap(), Posted::Known { first: two });
    assert_eq!(store.remove_outbound(&org(), OutboundState::Delivered, at(9), 9).await.unwrap(), 1);
    let third = store.post(outbound("two")).await.unwrap();
    assert_eq!(third, Posted::Stored { sequence: 3, control_id_reused: false }, "sequences go on");
}

fn outbound(name: &str) -> NewOutbound {
    let received = message(name);
    NewOutbound {
        org: org(),
        id: received.id,
        correlation: received.correlation,
        destination: "lab".into(),
        control_key: key(name, 1),
        content_hash: key(name, 2),
        sealed: vec![0xab; 900],
        enqueued_at: at(0),
        known_since: at(-3600),
        job: job(None, name),
    }
}

async fn schema_version(path: &Path) -> i64 {
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut connection).await.unwrap()
}

trait StatsOf {
    async fn stats_of(&self, org: &carewire_fhir_core::OrgId) -> carewire_sync_engine::QueueStats;
}

impl StatsOf for SqliteStore {
    async fn stats_of(&self, org: &carewire_fhir_core::OrgId) -> carewire_sync_engine::QueueStats {
        QueueAdmin::stats(self, org, None, at(1)).await.unwrap()
    }
}

#[tokio::test]
async fn identities_tokens_consents_and_the_trail_survive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let token = PatientToken::new("pt_a").unwrap();
    let identity = identity(&token);
    let store = open(&path).await;
    store.record(&org(), "main", vec![identity.clone()]).await.unwrap();
    store.resolve(&org(), &[1; 32], &token).await.unwrap();
    store.put_original(&org(), &token, vec![1, 2, 3], 1).await.unwrap();
    store.append(vec![record(), record()]).await.unwrap();
    let consent = SimpleConsent::new("c", org(), token.clone(), Purpose::Treat, [DataClass::Vitals]);
    let consent = carewire_consent::Consent::from(consent);
    store.put(consent.clone()).await.unwrap();
    let (_, epoch) = store.revoke(&org(), "c").await.unwrap();
    store.close().await;

    let store = open(&path).await;
    let found = store.lookup(&org(), "main", std::slice::from_ref(&identity.key)).await.unwrap();
    assert_eq!(found, [Some(identity)]);
    assert_eq!(store.find(&org(), &[1; 32]).await.unwrap(), Some(token.clone()));
    assert_eq!(store.original(&org(), &token).await.unwrap(), Some(vec![1, 2, 3]));
    assert_eq!(store.epoch(&org(), &token).await.unwrap(), epoch);
    assert!(store.put(consent).await.unwrap() > epoch, "epochs go on");
    store.append(vec![record()]).await.unwrap();
    assert_eq!(store.verify(&org()).await.unwrap(), Verification::Intact { records: 3 });
}

#[tokio::test]
async fn a_changed_trail_is_found_and_cannot_be_changed_in_passing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path).await;
    store.append(vec![record()]).await.unwrap();
    store.append(vec![record(), record()]).await.unwrap();
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    for sql in
        ["DELETE FROM audit WHERE sequence = 3", "UPDATE audit SET outcome = 'denied' WHERE sequence = 1"]
    {
        assert!(sqlx::raw_sql(sql).execute(&mut connection).await.is_err(), "the trail is append-only");
    }
    raw(&path, "DROP TRIGGER audit_is_not_changed; UPDATE audit SET outcome = 'denied' WHERE sequence = 2")
        .await;
    assert_eq!(store.verify(&org()).await.unwrap(), Verification::Broken { sequence: 2 });
    assert_eq!(store.search(&org(), &AuditQuery::default(), 9).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    open(&path).await.close().await;
    raw(&path, "PRAGMA user_version = 99").await;
    let refused = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap_err();
    assert!(matches!(refused, Error::NewerSchema { found: 99, supported: 6 }), "{refused:?}");
    assert_eq!(refused.to_string(), "the store has schema version 99; this program knows versions up to 6");
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    raw(&path, "CREATE TABLE theirs (id INTEGER PRIMARY KEY)").await;
    let refused = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap_err();
    assert!(matches!(refused, Error::NotAStore), "{refused:?}");
    std::fs::write(folder.path().join("text.db"), "this is no database, but long enough to be read as one")
        .unwrap();
    let refused =
        SqliteStore::open(folder.path().join("text.db"), SqliteOptions::default()).await.unwrap_err();
    assert!(matches!(refused, Error::Unavailable { .. }), "{refused:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_belong_to_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("store.db")).await;
    store.enqueue(vec![job(None, "one")]).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 3, "database, log and index of the log");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_may_write_by_turns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let (server, shell) = (open(&path).await, open(&path).await);
    let served = tokio::spawn(async move {
        for n in 0..50 {
            server.accept(message(&format!("m{n}"))).await.unwrap();
        }
    });
    for n in 0..50 {
        shell.enqueue(vec![job(None, &format!("j{n}"))]).await.unwrap();
    }
    served.await.unwrap();
    assert_eq!(shell.stats_of(&org()).await.waiting, 100);
}

#[tokio::test]
async fn two_processes_extend_one_trail() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let (server, shell) = (open(&path).await, open(&path).await);
    for n in 0..4 {
        for store in [&server, &shell, &server] {
            store.append(vec![record(), record()]).await.unwrap();
        }
        assert_eq!(shell.verify(&org()).await.unwrap(), Verification::Intact { records: 6 * (n + 1) });
    }
}

#[tokio::test]
async fn the_trail_goes_on_after_a_group_was_rolled_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("store.db")).await;
    let (org, unknown) = (org(), [MessageId::new("unknown")]);
    for n in 0..5 {
        let (appended, refused) = tokio::join!(
            store.append(vec![record(), record()]),
            Intake::settle(&store, &org, &unknown, MessageState::Dead),
        );
        appended.unwrap();
        assert!(refused.is_err());
        assert_eq!(store.verify(&org).await.unwrap(), Verification::Intact { records: 2 * (n + 1) });
    }
}

fn identity(token: &PatientToken) -> Identity {
    Identity {
        key: LocalKey {
            resource_type: "Patient".into(),
            system: "urn:carewire:token".into(),
            value: token.as_str().into(),
        },
        remote_id: "1".into(),
        remote_version: None,
        hash: [1; 32],
        base: vec![1, 2],
        source_sequence: 1,
        patient: Some(token.clone()),
        classes: vec!["DEMOGRAPHICS".into()],
        synced_at: at(0),
    }
}

fn record() -> AuditRecord {
    AuditRecord {
        org: org(),
        at: at(0),
        action: AuditAction::Received,
        outcome: "success".into(),
        correlation: carewire_fhir_core::CorrelationId::new("c").unwrap(),
        patient: None,
        details: std::collections::BTreeMap::new(),
    }
}
