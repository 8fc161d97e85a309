//! Sending a transaction or batch within a remote's limits.

mod answer;
mod entry;
mod order;
mod pack;
mod queue;

use super::build::BundleType;
use super::read::EntryResponse;
use crate::Resource;
use entry::{Links, Node};
use queue::Queue;

/// What a remote takes in one Bundle. Without limits until they are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransactionLimits {
    /// Entries of a Bundle.
    pub entries: usize,
    /// Entries of a Bundle of which one is conditional: `PUT Type?..`, `PATCH Type?..`, `DELETE Type?..`, `ifNoneExist`.
    pub with_conditional: usize,
    /// Entries that update by id.
    pub updates: usize,
    /// Bytes of the Bundle as compact JSON.
    pub bytes: usize,
    /// Whether a transaction that is too large may become several.
    pub splitting: Splitting,
}

/// Whether a transaction may be split. A batch always may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Splitting {
    /// No: all of it is done or nothing.
    #[default]
    Refuse,
    /// Yes, where the limits demand it: a part may be done and another not.
    Allow,
}

/// A Bundle cannot be planned, or an answer not understood. Entries are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The Bundle is no transaction and no batch.
    #[error("not a transaction or batch")]
    NotARequest,
    /// An entry has no request with a verb of R4 and a URL.
    #[error("entry {entry} has no sound request")]
    NoRequest {
        /// The entry.
        entry: usize,
    },
    /// Two different entries have the same full URL or write the same resource.
    #[error("entries {first} and {second} have the same identity")]
    Duplicate {
        /// The one.
        first: usize,
        /// The other.
        second: usize,
    },
    /// A `urn:uuid` that no entry has.
    #[error("entry {entry} refers at {path} to an entry that is not there")]
    Dangling {
        /// The entry that refers.
        entry: usize,
        /// Where.
        path: String,
    },
    /// The transaction does not fit into one Bundle, and [`Splitting::Allow`] was not given.
    #[error("the transaction has to be split, which was not allowed")]
    NeedsSplitting,
    /// These entries have to be sent together and do not fit into one Bundle; or they refer to each other in a batch.
    #[error("{} entries cannot be sent in one bundle", .entries.len())]
    TooLarge {
        /// The entries.
        entries: Vec<usize>,
    },
    /// The answer does not have a sound response for each entry that was sent.
    #[error("the answer does not have a response for each entry")]
    Mismatch,
    /// There is nothing to be answered.
    #[error("nothing was sent")]
    NothingSent,
}

/// What became of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryOutcome {
    /// Not answered yet.
    Pending,
    /// It was done.
    Done(EntryResponse),
    /// It was refused, alone or with its whole Bundle, and was not done.
    Failed(EntryResponse),
    /// It may have been done or not: no answer came, or one that does not tell, as a 5xx. To send a create without
    /// `ifNoneExist` again would make a second resource if the first was made: look for it before.
    Unknown(Option<EntryResponse>),
    /// With the ids that the remote gave it has become larger than a Bundle may be.
    TooLarge,
    /// It refers to this entry, which was not done or whose id is not known.
    NotSent {
        /// The entry that it refers to.
        because_of: usize,
    },
}

/// Sends a transaction or batch in as few Bundles as a remote's limits allow. Does no I/O: it says what to send and is
/// told what was answered.
///
/// What is referred to is sent before what refers to it, and what refers to each other together. When an entry is sent
/// later than what it refers to, its references get the ids that the remote gave: in all places that a server would
/// change ([`SiteKind::is_replaced_in_transactions`](crate::SiteKind::is_replaced_in_transactions)), and `urn:uuid`s in
/// the queries of its request, percent-encoded or not. What refers to an entry that failed is not sent. Deletions come first and reads last, as
/// in a transaction (R4 http, 3.1.0.11.2). Entries that ask for the same with the same resource are sent once.
///
/// A transaction that fits is sent as it is; one that does not is refused unless [`Splitting::Allow`] is given, since
/// then it is no longer done as a whole. In a batch entries cannot refer to each other, so there each is sent after
/// what it refers to.
///
/// ```
/// use carewire_fhir_core::{EntryOutcome, Resource, Splitting, TransactionLimits, TransactionPlan};
/// let bundle = Resource::parse(br#"{"resourceType":"Bundle","type":"transaction","entry":[
///   {"resource":{"resourceType":"Observation","subject":{"reference":"urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341"}},
///    "request":{"method":"POST","url":"Observation"}},
///   {"fullUrl":"urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341","resource":{"resourceType":"Patient"},
///    "request":{"method":"POST","url":"Patient"}}]}"#)?;
/// let limits = TransactionLimits::none().entries(1).splitting(Splitting::Allow);
/// let mut plan = TransactionPlan::new(&bundle, limits)?;
/// let answer = |location: &str| Resource::parse(format!(
///   r#"{{"resourceType":"Bundle","type":"transaction-response","entry":[
///     {{"response":{{"status":"201","location":"{location}"}}}}]}}"#).as_bytes());
///
/// let first = plan.next_bundle().ok_or("a patient")?;
/// assert_eq!(first.value().list("entry")[0].get("resource").and_then(|r| r.str("resourceType")), Some("Patient"));
/// plan.accept(&answer("Patient/7")?)?;
/// let second = plan.next_bundle().ok_or("an observation")?;
/// assert!(second.to_json().contains(r#""subject":{"reference":"Patient/7"}"#));
/// plan.accept(&answer("Observation/8")?)?;
/// assert!(plan.next_bundle().is_none() && !plan.is_atomic());
/// assert!(plan.outcomes().all(|outcome| matches!(outcome, EntryOutcome::Done(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TransactionPlan {
    kind: BundleType,
    limits: TransactionLimits,
    nodes: Vec<Node>,
    links: Links,
    queue: Queue,
    /// What was sent and not answered, with the Bundle itself.
    sent: Option<(Vec<usize>, Resource)>,
    /// The groups that were taken last. What refers to them is looked at when they are answered.
    settling: Vec<usize>,
    atomic: bool,
}

impl std::fmt::Debug for TransactionPlan {
    /// Counts: what entries are known by may be identifiers.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut plan = f.debug_struct("TransactionPlan");
        plan.field("entries", &self.nodes.len()).field("waiting", &self.queue.len());
        plan.field("atomic", &self.atomic).finish_non_exhaustive()
    }
}

impl TransactionLimits {
    /// No limits, and no splitting.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            entries: usize::MAX,
            with_conditional: usize::MAX,
            updates: usize::MAX,
            bytes: usize::MAX,
            splitting: Splitting::Refuse,
        }
    }

    /// So many entries at most.
    #[must_use]
    pub const fn entries(self, entries: usize) -> Self {
        Self { entries, ..self }
    }

    /// So many entries at most, if one of them is conditional.
    #[must_use]
    pub const fn with_conditional(self, with_conditional: usize) -> Self {
        Self { with_conditional, ..self }
    }

    /// So many updates by id at most.
    #[must_use]
    pub const fn updates(self, updates: usize) -> Self {
        Self { updates, ..self }
    }

    /// So many bytes at most.
    #[must_use]
    pub const fn bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }

    /// May a transaction be split?
    #[must_use]
    pub const fn splitting(self, splitting: Splitting) -> Self {
        Self { splitting, ..self }
    }
}

impl Default for TransactionLimits {
    fn default() -> Self {
        Self::none()
    }
}

impl TransactionPlan {
    /// Plans a transaction or a batch. Of the Bundle itself only the type is sent.
    ///
    /// # Errors
    /// Every [`PlanError`] but those of an answer; nothing was sent then.
    pub fn new(bundle: &Resource, limits: TransactionLimits) -> Result<Self, PlanError> {
        let kind = bundle.value().str("type").and_then(BundleType::parse);
        let kind = kind.filter(|kind| matches!(kind, BundleType::Transaction | BundleType::Batch));
        let kind = kind.filter(|_| bundle.resource_type() == "Bundle").ok_or(PlanError::NotARequest)?;
        let (nodes, links) = entry::read(bundle)?;
        let queue = Queue::of(order::groups(&nodes), &nodes);
        let mut plan =
            Self { kind, limits, nodes, links, queue, sent: None, settling: Vec::new(), atomic: false };
        plan.check()?;
        Ok(plan)
    }

    /// Whether all is sent as one transaction, so that all of it is done or nothing; as far as the remote keeps to that.
    #[must_use]
    pub fn is_atomic(&self) -> bool {
        self.atomic
    }

    /// What became of each entry, in the order of the Bundle.
    pub fn outcomes(&self) -> impl Iterator<Item = &EntryOutcome> {
        self.nodes.iter().map(|node| {
            let first = node.same_as.and_then(|first| self.nodes.get(first));
            &first.unwrap_or(node).outcome
        })
    }

    /// The earlier entry that asks for the same with the same resource; the entry shares its outcome and is not sent.
    #[must_use]
    pub fn same_as(&self, entry: usize) -> Option<usize> {
        self.nodes.get(entry)?.same_as
    }
}

#[cfg(test)]
mod tests;
