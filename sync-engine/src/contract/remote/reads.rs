//! What the server says that it has.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Server;
use super::trial::{NOWHERE, Trial, by_id, named};
use crate::{Refusal, Remembered, Remote, Write};

/// More than any server shows on one page unless it is asked to, and more than one request of our own client.
const MANY: usize = 108;

/// Absent is 404, deleted is 410. Updating what is deleted brings it back or is refused, and a version to match changes
/// nothing about that on some servers; a conditional update makes a new resource.
pub async fn a_deleted_resource_is_not_an_absent_one<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    assert!(matches!(remote.read("Organization", NOWHERE).await, Ok(Remembered::Absent)));
    let nowhere = by_id(trial.organization("a"), NOWHERE, None);
    assert_eq!(trial.one(nowhere).await, Err(Refusal::Gone { deleted: false }));

    let made = trial.one(trial.organization("a")).await.unwrap();
    trial.delete("Organization", &made.id).await;
    assert!(matches!(remote.read("Organization", &made.id).await, Ok(Remembered::Deleted)));
    let successor = trial.one(trial.organization("a")).await.unwrap();
    assert!(
        successor.created && successor.id != made.id,
        "a conditional update finds nothing that is deleted"
    );
    trial.delete("Organization", &successor.id).await;
    match trial.one(by_id(named(trial.organization("a"), "back"), &made.id, None)).await {
        Ok(back) => assert!(back.id == made.id && back.version != made.version, "{back:?}"),
        Err(refusal) => assert_eq!(refusal, Refusal::Gone { deleted: true }),
    }
    trial.delete("Organization", &made.id).await;
    match trial.one(by_id(trial.organization("a"), &made.id, made.version.as_deref())).await {
        Ok(back) => assert_eq!(back.id, made.id),
        Err(refusal) => {
            assert!(
                matches!(refusal, Refusal::VersionConflict | Refusal::Gone { deleted: true }),
                "{refusal:?}"
            );
        }
    }
    trial.clean().await;
}

/// Every id that is there, once, with its newest version; no deleted, no unknown, no other type's.
pub async fn an_inventory_lists_what_is_there<R: Remote + ?Sized>(remote: &Arc<R>, server: &Server) {
    let trial = Trial::new(remote, server);
    let writes: Vec<Write> = (0..MANY).map(|n| trial.organization(&n.to_string())).collect();
    let mut made = Vec::new();
    for part in writes.chunks(server.limits.conditional_entries.clamp(1, MANY)) {
        made.extend(trial.all(part).await);
    }
    // In the order of the writes: the first is deleted, and the last, another one, gets a newer version.
    let mut ids: Vec<String> = made.iter().map(|made| made.id.clone()).collect();
    let mut versions: BTreeMap<_, _> = made.into_iter().map(|made| (made.id, made.version)).collect();
    assert_eq!(versions.len(), MANY);
    trial.delete("Organization", &ids[0]).await;
    versions.remove(&ids[0]);
    let newer = trial.one(named(writes[MANY - 1].clone(), "newer")).await.unwrap();
    versions.insert(newer.id, newer.version);
    let patient = trial.one(trial.patient("p")).await.unwrap();
    ids.extend([NOWHERE.to_owned(), patient.id]);

    let lines = remote.inventory("Organization", &ids).await.unwrap();
    assert_eq!(lines.len(), versions.len(), "each once");
    let listed: BTreeMap<_, _> = lines.into_iter().map(|line| (line.id, line.version)).collect();
    assert!(listed == versions, "ids or versions differ");
    assert!(remote.inventory("Organization", &[]).await.unwrap().is_empty());
    assert!(remote.inventory("Organization", &[NOWHERE.to_owned()]).await.unwrap().is_empty());
    trial.clean().await;
}
