//! The plan of a push: which writes, in which requests, in which order. Pure: the caller sends and reports back.
//!
//! - What the remote has already is not sent: the hash of the resource, with its references in their final form
//!   (`Type/id`), equals the hash of what was sent last.
//! - What a newer message has written is not overwritten.
//! - What a draft carries for us alone ([`crate::KEPT_URLS`]) is neither sent nor hashed.
//! - A resource whose remote id is known goes by `PUT Type/id`, up to [`Limits::update_entries`] in one transaction.
//!   The others go by conditional update, up to [`Limits::conditional_entries`], what is referred to before what
//!   refers; resources that refer to each other in a ring stay together.
//! - References to resources with a known id become `Type/id`; references inside of a request of conditional updates
//!   stay `urn:uuid:`, which the server resolves. On a remote whose transactions are not atomic only rings do that.
//! - An id that is gone is written anew: by conditional update, and what refers to it is sent again when its id changed.
//!
//! # Why the final form is hashed
//! The form before rewriting would hash the `urn:uuid:`s, which belong to one Bundle. The final form is the same for
//! every message that says the same, it is what the remote answers with (so reconcile can compare), and it changes when
//! a resource that it refers to moves to another id, which is when it must be sent again.
//!
//! ```
//! use carewire_fhir_core::{PatientToken, Resource};
//! use carewire_sync_engine::{Draft, Limits, LocalKey, Push, WriteOutcome};
//!
//! let key = LocalKey { resource_type: "Patient".into(), system: "urn:carewire:token".into(), value: "pt_a".into() };
//! let draft = Draft {
//!     key,
//!     full_url: "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e".into(),
//!     resource: Resource::new("Patient"),
//!     patient: Some(PatientToken::new("pt_a")?),
//!     classes: vec!["DEMOGRAPHICS".into()],
//!     source_sequence: 1,
//! };
//! let limits = Limits { conditional_entries: 8, update_entries: 50, atomic: true };
//! let mut push = Push::new(vec![draft], &[], limits)?;
//! while let Some(writes) = push.next_chunk() {
//!     // PermittedWrites::new(&writes, …), remote.submit(…)
//!     let answer = vec![WriteOutcome::Applied { id: "9".into(), version: None, created: true }; writes.len()];
//!     let recorded = push.record(Ok(answer));
//!     assert!(recorded.refusal.is_none());
//!     // seal each applied resource, IdentityMap::record(…)
//! }
//! // seal each resource of push.take_confirmed(), IdentityMap::record(…)
//! assert_eq!(push.summary().created, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod node;
mod outcome;
mod schedule;

use std::collections::{BTreeSet, HashMap};

use carewire_fhir_core::{PatientToken, Resource};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::remote::patients_of;
use crate::{Error, Identity, Limits, LocalKey, Refusal, Result, Write};
use node::Node;

/// A resource that should be at the remote.
#[derive(Clone)]
pub struct Draft {
    /// Its identity on our side; it also stands in the resource (`identifier` or `meta.tag`).
    pub key: LocalKey,
    /// The `urn:uuid:` under which the other drafts refer to it.
    pub full_url: String,
    /// The resource, de-identified, without `id`.
    pub resource: Resource,
    /// The patient that it belongs to.
    pub patient: Option<PatientToken>,
    /// The data classes that a permit must cover, by code.
    pub classes: Vec<String>,
    /// The intake sequence of the message that says so.
    pub source_sequence: i64,
}

impl Draft {
    /// The patients whose data it is, as of [`Write::patients`].
    #[must_use]
    pub fn patients(&self) -> BTreeSet<PatientToken> {
        patients_of(self.patient.as_ref(), &self.resource)
    }
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft")
            .field("key", &self.key)
            .field("source_sequence", &self.source_sequence)
            .finish_non_exhaustive()
    }
}

/// A write that the remote applied: what the identity map must know.
#[derive(Clone)]
pub struct Applied {
    /// Our side.
    pub key: LocalKey,
    /// The id that the remote gave.
    pub remote_id: String,
    /// The version that the remote answered with.
    pub remote_version: Option<String>,
    /// Whether the remote made a new resource.
    pub created: bool,
    /// The hash of the final form.
    pub hash: [u8; 32],
    /// The final form: to be sealed as the base.
    pub resource: Resource,
    /// From the draft.
    pub source_sequence: i64,
    /// From the draft.
    pub patient: Option<PatientToken>,
    /// From the draft.
    pub classes: Vec<String>,
}

impl Applied {
    /// The patients whose data it is, as of [`Write::patients`].
    #[must_use]
    pub fn patients(&self) -> BTreeSet<PatientToken> {
        patients_of(self.patient.as_ref(), &self.resource)
    }

    /// The row of the identity map; `base` is [`Applied::resource`], sealed.
    #[must_use]
    pub fn into_identity(self, base: Vec<u8>, synced_at: DateTime<Utc>) -> Identity {
        Identity {
            key: self.key,
            remote_id: self.remote_id,
            remote_version: self.remote_version,
            hash: self.hash,
            base,
            source_sequence: self.source_sequence,
            patient: self.patient,
            classes: self.classes,
            synced_at,
        }
    }
}

impl std::fmt::Debug for Applied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Applied")
            .field("key", &self.key)
            .field("remote_id", &self.remote_id)
            .field("created", &self.created)
            .finish_non_exhaustive()
    }
}

/// A resource that the remote has as it should be.
#[derive(Clone)]
pub struct Confirmed {
    pub(crate) row: Identity,
    /// The final form: to be sealed as the base. It may know more than the base that was sent last, in what is
    /// [kept](crate::KEPT_URLS).
    pub resource: Resource,
}

impl Confirmed {
    /// Our side.
    #[must_use]
    pub fn key(&self) -> &LocalKey {
        &self.row.key
    }

    /// The row of the identity map; `base` is [`Confirmed::resource`], sealed.
    #[must_use]
    pub fn into_identity(self, base: Vec<u8>) -> Identity {
        Identity { base, ..self.row }
    }
}

impl std::fmt::Debug for Confirmed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Confirmed").field("row", &self.row).finish_non_exhaustive()
    }
}

/// What [`Push::record`] made of an answer.
#[derive(Debug, Default)]
#[must_use = "the applied writes belong into the identity map, also when the push was refused"]
pub struct Recorded {
    /// Writes that are at the remote. Store them before the next request, so that a crash does not forget an id.
    pub applied: Vec<Applied>,
    /// Why the push ends here; `None` when it goes on.
    pub refusal: Option<Refusal>,
}

/// Counts of a push.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PushSummary {
    /// Requests that were answered.
    pub requests: u64,
    /// New at the remote.
    pub created: u64,
    /// Written over what was there.
    pub updated: u64,
    /// Not sent: the remote has it.
    pub unchanged: u64,
    /// Not sent: a newer message has written it.
    pub superseded: u64,
    /// Drafts of the same identity that were dropped for a later one of the same push.
    pub coalesced: u64,
    /// The remote did not know the id (404): found or made by conditional update.
    pub refound: u64,
    /// Deleted at the remote (410) and made again: an acknowledged message is not lost.
    pub resurrected: u64,
}

/// A push in progress: [`Push::next_chunk`] and [`Push::record`] in turns until there is no chunk.
#[derive(Debug)]
pub struct Push {
    nodes: Vec<Node>,
    /// From every `urn:uuid:`, also of coalesced drafts, to its node.
    urls: HashMap<String, usize>,
    limits: Limits,
    in_flight: Vec<usize>,
    confirmed: Vec<Confirmed>,
    ended: bool,
    summary: PushSummary,
}

impl Push {
    /// Plans the drafts. `known` are the identity rows of their keys, in any order, as far as there are any.
    ///
    /// Two drafts with the same key are one: the later one wins, references to both stay good.
    ///
    /// # Errors
    /// [`Error::DanglingReference`] when a `urn:uuid:` reference names no draft, [`Error::Conflict`] when two
    /// resources share a `full_url`, [`Error::RingTooLarge`] when a ring of new resources exceeds the limit.
    pub fn new(drafts: Vec<Draft>, known: &[Identity], limits: Limits) -> Result<Self> {
        let rows: HashMap<&LocalKey, &Identity> = known.iter().map(|row| (&row.key, row)).collect();
        let mut push = Self {
            nodes: Vec::with_capacity(drafts.len()),
            urls: HashMap::new(),
            limits,
            in_flight: Vec::new(),
            confirmed: Vec::new(),
            ended: false,
            summary: PushSummary::default(),
        };
        push.add(drafts, &rows)?;
        push.link()?;
        match push.oversized_ring() {
            Some(entries) => Err(Error::RingTooLarge { entries, limit: push.conditional_limit() }),
            None => Ok(push),
        }
    }

    /// The writes of the next request; the same ones again until [`Push::record`] was told their outcome. `None`
    /// when everything is at the remote or the push was refused.
    #[must_use]
    pub fn next_chunk(&mut self) -> Option<Vec<Write>> {
        if self.ended {
            return None;
        }
        if self.in_flight.is_empty() {
            self.in_flight = self.schedule();
        }
        let writes: Vec<Write> = self.in_flight.iter().filter_map(|&n| self.write(n)).collect();
        (!writes.is_empty()).then_some(writes)
    }

    /// Takes the answer to the last chunk, as [`crate::Remote::submit`] gave it.
    ///
    /// After a [`Recorded::refusal`] the push is over: try again later with a new one, which skips what is done.
    pub fn record(&mut self, answer: std::result::Result<Vec<crate::WriteOutcome>, Refusal>) -> Recorded {
        let sent = std::mem::take(&mut self.in_flight);
        if sent.is_empty() {
            return Recorded::default();
        }
        self.summary.requests += 1;
        let recorded = match answer {
            Ok(outcomes) if outcomes.len() == sent.len() => self.record_each(&sent, outcomes),
            Ok(_) => Recorded { applied: Vec::new(), refusal: Some(Refusal::transient("answer-incomplete")) },
            Err(refusal) => Recorded { applied: Vec::new(), refusal: self.record_whole(&sent, refusal) },
        };
        self.ended = recorded.refusal.is_some();
        recorded
    }

    /// Unchanged resources under the sequence of this message, to be recorded when the push is over.
    ///
    /// Without them a still older message with other content, redriven or released later, would take the row's old
    /// sequence for a licence to overwrite.
    #[must_use]
    pub fn take_confirmed(&mut self) -> Vec<Confirmed> {
        std::mem::take(&mut self.confirmed)
    }

    /// The counts so far.
    #[must_use]
    pub fn summary(&self) -> PushSummary {
        self.summary
    }
}
