//! What every [`TokenVault`] must do. An adapter's tests call [`all`], with a namespace that no earlier run used.
//!
//! Each function works in an org of its own, so they may share one store and run at the same time.

use carewire_fhir_core::{OrgId, PatientToken};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use super::TokenVault;
use crate::Result;

/// Runs the whole suite.
///
/// # Errors
/// The vault's own errors. A broken promise panics with the promise in words.
pub async fn all(vault: &dyn TokenVault, namespace: &str) -> Result<()> {
    the_first_candidate_wins(vault, namespace).await?;
    racing_candidates_agree(vault, namespace).await?;
    finding_makes_nothing(vault, namespace).await?;
    orgs_do_not_see_each_other(vault, namespace).await?;
    keys_differ_in_every_byte(vault, namespace).await?;
    originals_come_back_byte_for_byte(vault, namespace).await?;
    older_originals_do_not_replace_newer_ones(vault, namespace).await
}

/// The first candidate stays, whatever is offered later.
///
/// # Errors
/// The vault's own errors.
pub async fn the_first_candidate_wins(vault: &dyn TokenVault, namespace: &str) -> Result<()> {
    let org = org(namespace, "first");
    assert_eq!(
        vault.resolve(&org, &[1; 32], &token(1)).await?,
        token(1),
        "the first candidate becomes the token"
    );
    assert_eq!(
        vault.resolve(&org, &[1; 32], &token(2)).await?,
        token(1),
        "a later candidate changes nothing"
    );
    assert_eq!(
        vault.resolve(&org, &[2; 32], &token(3)).await?,
        token(3),
        "another patient gets another token"
    );
    Ok(())
}

/// Calls in flight together all get one token, and it is the one that stays.
///
/// # Errors
/// The vault's own errors.
pub async fn racing_candidates_agree(vault: &dyn TokenVault, namespace: &str) -> Result<()> {
    let org = org(namespace, "race");
    let candidates: Vec<_> = (0..16).map(token).collect();
    let calls = candidates.iter().map(|candidate| vault.resolve(&org, &[7; 32], candidate)).collect();
    let winners = together(calls).await.into_iter().collect::<Result<Vec<_>>>()?;
    let kept = vault.find(&org, &[7; 32]).await?;
    assert!(
        winners.iter().all(|winner| Some(winner) == kept.as_ref()),
        "all callers get the token that is kept"
    );
    Ok(())
}

/// `find` answers only what `resolve` stored.
///
/// # Errors
/// The vault's own errors.
pub async fn finding_makes_nothing(vault: &dyn TokenVault, namespace: &str) -> Result<()> {
    let org = org(namespace, "find");
    assert_eq!(vault.find(&org, &[1; 32]).await?, None, "nothing is there before");
    assert_eq!(vault.find(&org, &[1; 32]).await?, None, "looking made nothing");
    vault.resolve(&org, &[1; 32], &token(1)).await?;
    assert_eq!(vault.find(&org, &[1; 32]).await?, Some(token(1)), "what was resolved is found");
    Ok(())
}

/// The same key and the same token in another org are another patient.
///
/// # Errors
/// The vault's own errors.
pub async fn orgs_do_not_see_each_other(vault: &dyn TokenVault, namespace: &str) -> Result<()> {
    let (here, there) = (org(namespace, "here"), org(namespace, "there"));
    vault.resolve(&here, &[1; 32], &token(1)).await?;
    vault.put_original(&here, &token(1), b"here".to_vec(), 1).await?;
    assert_eq!(vault.find(&there, &[1; 32]).await?, None, "a key is not found in another org");
    assert_eq!(vault.original(&there, &token(1)).await?, None, "an original is not found in another org");
    assert_eq!(vault.resolve(&there, &[1; 32], &token(2)).await?, token(2), "another org has its own token");
    assert_eq!(vault.find(&here, &[1; 32]).await?, Some(token(1)), "and does not disturb the first");
    Ok(())
}

/// Keys are compared whole and as bytes: zeros, high bytes and a difference in the last byte count.
///
/// # Errors
/// The vault's own errors.
pub async fn keys_differ_in_every_byte(vault: &dyn TokenVault, namespace: &str) -> Result<()> {
    let org = org(namespace, "bytes");
    let mut last = [0_u8; 32];
    if let Some(byte) = last.last_mut() {
        *byte = 1;
    }
    for (at, key) in [[0; 32], last, [0xff; 32]].iter().enumerate() {
        assert_eq!(
            vault.resolve(&org, key, &token(at)).await?,
            token(at),
            "each key is a patient of its own"
        );
    }
    Ok(())
}

/// Originals are opaque bytes.
///
/// # Errors
/// The vault's own errors.
pub async fn originals_come_back_byte_for_byte(vault: &dyn TokenVault, namespace: &str) -> Result<()> {
    let org = org(namespace, "opaque");
    assert_eq!(vault.original(&org, &token(1)).await?, None, "nothing is there before");
    let sealed: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    vault.put_original(&org, &token(1), sealed.clone(), 1).await?;
    assert_eq!(
        vault.original(&org, &token(1)).await?.as_deref(),
        Some(&sealed[..]),
        "bytes are kept as they are"
    );
    vault.put_original(&org, &token(2), Vec::new(), 1).await?;
    assert_eq!(vault.original(&org, &token(2)).await?.as_deref(), Some(&[][..]), "even none at all");
    Ok(())
}

/// The highest sequence stays, in whatever order the originals arrive; an equal one replaces.
///
/// # Errors
/// The vault's own errors.
pub async fn older_originals_do_not_replace_newer_ones(
    vault: &dyn TokenVault,
    namespace: &str,
) -> Result<()> {
    let org = org(namespace, "sequence");
    for (sequence, kept) in [(5_i64, 5_u8), (3, 5), (9, 9), (8, 9), (i64::MAX, 1)] {
        let bytes = vec![u8::try_from(sequence).unwrap_or(1)];
        vault.put_original(&org, &token(1), bytes, sequence).await?;
        assert_eq!(vault.original(&org, &token(1)).await?, Some(vec![kept]), "the newest stays");
    }
    vault.put_original(&org, &token(1), b"again".to_vec(), i64::MAX).await?;
    assert_eq!(
        vault.original(&org, &token(1)).await?.as_deref(),
        Some(&b"again"[..]),
        "an equal one replaces"
    );
    Ok(())
}

fn org(namespace: &str, name: &str) -> OrgId {
    #[expect(
        clippy::expect_used,
        reason = "the caller of a contract suite chooses a namespace that can be an id"
    )]
    OrgId::new(&format!("{namespace}_{name}")).expect("a namespace of up to 48 of A-Z a-z 0-9 _ -")
}

fn token(number: usize) -> PatientToken {
    #[expect(clippy::expect_used, reason = "the text is a token by its form")]
    PatientToken::new(&format!("pt_contract{number}")).expect("a token")
}

type Call<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Polls all calls in turn, so that they are in flight at the same time on any runtime.
async fn together<T>(mut calls: Vec<Call<'_, T>>) -> Vec<T> {
    let mut done: Vec<Option<T>> = calls.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (call, slot) in calls.iter_mut().zip(&mut done).filter(|(_, slot)| slot.is_none()) {
            if let Poll::Ready(value) = call.as_mut().poll(context) {
                *slot = Some(value);
            }
        }
        if done.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}
