//! A server that is stopped and started again on its file.

use crate::support::{conditional, in_memory, patient, start};
use carewire_embedded_fhir::{EmbeddedFhir, Error};

#[tokio::test]
async fn everything_answered_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("remote.db");
    let first = start(EmbeddedFhir::builder().sqlite(&path)).await;
    let created = first.fhir("POST", "/Patient", &patient("a")).await;
    let kept = format!("/Patient/{}", created.id());
    first.fhir("PUT", &kept, &created.json().with("active", true).to_json()).await;
    let deleted = first.fhir("POST", "/Patient", &patient("b")).await.id();
    first.fhir("DELETE", &format!("/Patient/{deleted}"), "").await;
    first.bundle("transaction", &[conditional("c"), conditional("d")]).await;
    let before = [first.get(&kept).await.text, first.get(&format!("{kept}/_history")).await.text];
    drop(first);

    let second = start(EmbeddedFhir::builder().sqlite(&path)).await;
    let after = [second.get(&kept).await.text, second.get(&format!("{kept}/_history")).await.text];
    assert_eq!(before[0], after[0]);
    assert_eq!(before[1].len(), after[1].len());
    assert_eq!(second.get(&format!("/Patient/{deleted}")).await.status, 410);
    assert_eq!(second.count("Patient").await, 3);
    assert_eq!(second.bundle("transaction", &[conditional("c")]).await.statuses(), ["200"]);
}

#[tokio::test]
async fn parallel_writers_share_commits_and_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("remote.db");
    let remote = std::sync::Arc::new(start(EmbeddedFhir::builder().sqlite(&path)).await);
    let tasks: Vec<_> = (0..40)
        .map(|n| {
            let remote = std::sync::Arc::clone(&remote);
            tokio::spawn(async move {
                remote
                    .bundle("transaction", &[conditional(&format!("p{n}")), conditional(&format!("q{n}"))])
                    .await
                    .status
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 200);
    }
    let again = start(EmbeddedFhir::builder().sqlite(&path)).await;
    assert_eq!(again.count("Patient").await, 80);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("remote.db");
    std::fs::write(&path, "x".repeat(4_096)).unwrap();
    let result = EmbeddedFhir::builder().sqlite(&path).build().await;
    assert!(matches!(result, Err(Error::Storage { .. })));
}

#[tokio::test]
async fn servers_do_not_share_what_is_in_memory() {
    let one = in_memory().await;
    one.fhir("POST", "/Patient", &patient("a")).await;
    assert_eq!(in_memory().await.count("Patient").await, 0);
}
