//! The hash chain of an audit trail: pure, so that every adapter makes and checks the same one.
//!
//! The records that one append brings for an org are a batch. The hash of a batch covers the hash of the batch before
//! it and every field of its own records, each with its length, so that no two trails have the same bytes. A changed,
//! inserted, removed or swapped record breaks the chain from its batch on. What a chain alone cannot show is a cut
//! at its end: publish the last [`ChainedRecord::batch_hash`] elsewhere from time to time and compare.
//!
//! ```
//! use std::collections::BTreeMap;
//! use carewire_fhir_core::{CorrelationId, OrgId};
//! use carewire_sync_engine::chain::{Chain, verify};
//! use carewire_sync_engine::{AuditAction, AuditRecord, Verification};
//!
//! let org = OrgId::new("org_a")?;
//! let record = AuditRecord {
//!     org: org.clone(),
//!     at: "2026-01-01T00:00:00Z".parse()?,
//!     action: AuditAction::Received,
//!     outcome: "success".into(),
//!     correlation: CorrelationId::new("c-1")?,
//!     patient: None,
//!     details: BTreeMap::new(),
//! };
//! let mut trail = Chain::resume(&org, None)?.append(vec![record]);
//! assert_eq!(verify(&org, &trail), Verification::Intact { records: 1 });
//! trail[0].record.outcome = "denied".into();
//! assert_eq!(verify(&org, &trail), Verification::Broken { sequence: 1 });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use carewire_fhir_core::OrgId;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::{AuditRecord, ChainedRecord, Error, Result, Verification};

const DOMAIN: &[u8] = b"carewire-audit-chain-1";

/// The end of an org's trail, to which batches are appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    head: [u8; 32],
    last: i64,
}

impl Chain {
    /// The chain of `org` after `last`, the newest record of its trail; `None` for an empty trail.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the hash of `last` is not a hash.
    pub fn resume(org: &OrgId, last: Option<&ChainedRecord>) -> Result<Self> {
        let Some(last) = last else { return Ok(Self::begin(org)) };
        let bytes = HEXLOWER.decode(last.batch_hash.as_bytes()).ok();
        let head =
            bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(Error::Corrupt { what: "audit hash" })?;
        Ok(Self { head, last: last.sequence })
    }

    fn begin(org: &OrgId) -> Self {
        let mut hash = Sha256::new();
        hash.update(DOMAIN);
        text(&mut hash, org.as_str());
        Self { head: hash.finalize().into(), last: 0 }
    }

    /// Chains `records` as one batch and moves to its end. No records, no batch.
    pub fn append(&mut self, records: Vec<AuditRecord>) -> Vec<ChainedRecord> {
        if records.is_empty() {
            return Vec::new();
        }
        self.advance(records.iter());
        let first = self.last + 1 - length(records.len());
        let batch_hash = HEXLOWER.encode(&self.head);
        let chained = |(sequence, record)| ChainedRecord { sequence, record, batch_hash: batch_hash.clone() };
        (first..).zip(records).map(chained).collect()
    }

    fn advance<'a>(&mut self, records: impl ExactSizeIterator<Item = &'a AuditRecord>) {
        let mut hash = Sha256::new();
        hash.update(DOMAIN);
        hash.update(self.head);
        hash.update(length(records.len()).to_be_bytes());
        for record in records {
            self.last += 1;
            hash.update(self.last.to_be_bytes());
            absorb(&mut hash, record);
        }
        self.head = hash.finalize().into();
    }
}

/// Recomputes a whole trail, given in the order of its sequence.
#[must_use]
pub fn verify<'a>(org: &OrgId, trail: impl IntoIterator<Item = &'a ChainedRecord>) -> Verification {
    let mut verifier = Verifier::new(org);
    for row in trail {
        verifier.feed(row.clone());
    }
    verifier.finish()
}

/// Recomputes a trail that is too long to hold: feed it the records page by page, in order.
#[derive(Debug)]
pub struct Verifier {
    org: OrgId,
    chain: Chain,
    batch: Vec<ChainedRecord>,
    broken: Option<i64>,
}

impl Verifier {
    /// A verifier at the beginning of the trail of `org`.
    #[must_use]
    pub fn new(org: &OrgId) -> Self {
        Self { org: org.clone(), chain: Chain::begin(org), batch: Vec::new(), broken: None }
    }

    /// The next record.
    pub fn feed(&mut self, row: ChainedRecord) {
        if self.batch.first().is_some_and(|first| first.batch_hash != row.batch_hash) {
            self.check_batch();
        }
        if self.broken.is_none() {
            self.batch.push(row);
        }
    }

    /// The verdict.
    #[must_use]
    pub fn finish(mut self) -> Verification {
        self.check_batch();
        match self.broken {
            Some(sequence) => Verification::Broken { sequence },
            None => Verification::Intact { records: self.chain.last.unsigned_abs() },
        }
    }

    fn check_batch(&mut self) {
        let Some(first) = self.batch.first() else { return };
        let numbered =
            (self.chain.last + 1..).zip(&self.batch).all(|(expected, row)| row.sequence == expected);
        let owned = self.batch.iter().all(|row| row.record.org == self.org);
        let (sequence, stored) = (first.sequence, first.batch_hash.clone());
        self.chain.advance(self.batch.iter().map(|row| &row.record));
        if !(numbered && owned && HEXLOWER.encode(&self.chain.head) == stored) {
            self.broken.get_or_insert(sequence);
        }
        self.batch.clear();
    }
}

/// Times count in microseconds: what every store can keep.
fn absorb(hash: &mut Sha256, record: &AuditRecord) {
    text(hash, record.org.as_str());
    hash.update(record.at.timestamp_micros().to_be_bytes());
    text(hash, record.action.as_str());
    text(hash, &record.outcome);
    text(hash, record.correlation.as_str());
    text(hash, record.patient.as_ref().map_or("", |patient| patient.as_str()));
    hash.update(length(record.details.len()).to_be_bytes());
    for (name, value) in &record.details {
        text(hash, name);
        text(hash, value);
    }
}

fn text(hash: &mut Sha256, text: &str) {
    hash.update(length(text.len()).to_be_bytes());
    hash.update(text.as_bytes());
}

/// No slice in memory is longer than `i64::MAX`.
fn length(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use carewire_fhir_core::CorrelationId;

    use super::*;
    use crate::AuditAction;

    fn org() -> OrgId {
        OrgId::new("org_a").unwrap()
    }

    fn record(outcome: &str) -> AuditRecord {
        AuditRecord {
            org: org(),
            at: "2026-01-01T00:00:00.123456Z".parse().unwrap(),
            action: AuditAction::Disclosed,
            outcome: outcome.into(),
            correlation: CorrelationId::new("c").unwrap(),
            patient: None,
            details: BTreeMap::from([("type".into(), "Patient".into())]),
        }
    }

    fn trail() -> Vec<ChainedRecord> {
        let mut chain = Chain::resume(&org(), None).unwrap();
        let mut trail = chain.append(vec![record("a"), record("b")]);
        trail.extend(chain.append(vec![record("c")]));
        let mut resumed = Chain::resume(&org(), trail.last()).unwrap();
        assert_eq!(resumed, chain);
        trail.extend(resumed.append(vec![record("d"), record("e")]));
        trail
    }

    #[test]
    fn a_trail_made_in_batches_is_intact() {
        assert_eq!(verify(&org(), &trail()), Verification::Intact { records: 5 });
        assert_eq!(verify(&org(), &[]), Verification::Intact { records: 0 });
    }

    #[test]
    fn a_change_a_cut_and_a_swap_are_found_at_their_batch() {
        let mut changed = trail();
        changed[3].record.details.insert("x".into(), String::new());
        assert_eq!(verify(&org(), &changed), Verification::Broken { sequence: 4 });

        let mut cut = trail();
        cut.remove(2);
        assert_eq!(verify(&org(), &cut), Verification::Broken { sequence: 4 });

        let mut swapped = trail();
        swapped.swap(0, 1);
        assert_eq!(verify(&org(), &swapped), Verification::Broken { sequence: 2 });
    }

    #[test]
    fn every_field_is_covered() {
        let changes: [fn(&mut AuditRecord); 5] = [
            |r| r.outcome.push('x'),
            |r| r.at += chrono::TimeDelta::microseconds(1),
            |r| r.action = AuditAction::Received,
            |r| r.correlation = CorrelationId::new("d").unwrap(),
            |r| r.patient = Some(carewire_fhir_core::PatientToken::new("pt_a").unwrap()),
        ];
        for change in changes {
            let mut trail = trail();
            change(&mut trail[2].record);
            assert_eq!(verify(&org(), &trail), Verification::Broken { sequence: 3 });
        }
    }

    #[test]
    fn the_same_records_chain_differently_in_another_org() {
        let other = OrgId::new("org_b").unwrap();
        assert_eq!(verify(&other, &trail()), Verification::Broken { sequence: 1 });
    }
}
