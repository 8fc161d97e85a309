//! What a resource becomes when messages come again, in another order, or say less than before.
//!
//! [`settle`] puts what a message says of a resource beside what is known of it. It is a pure function, and the known
//! resource is its whole memory: any permutation of the same messages, with any repetition, gives the same resource.
//!
//! # How
//! Every top-level element carries the stamp of the message that set it, or ended it: rank, time, and a hash that parts
//! messages of one time. What carries the greater stamp stands. So a message that comes late fills what nobody newer has
//! spoken of, and changes nothing else.
//!
//! - **Rank** comes before time: a final result is never overwritten by a preliminary one. Results, and the
//!   status of orders, have ranks; everything else follows time. A status counts for the whole of a result.
//! - **Elements that need each other** are settled as one: the types of a choice, `x` and `_x`, a value with its
//!   interpretation and reference range, `clinicalStatus` with `verificationStatus` and `abatement[x]`, the `start` and `end`
//!   of an appointment, a status with its reason. What such a group does not repeat when it is said anew is gone.
//! - **Absence** says nothing ([`Absence::Keep`]), or, if the sender says all it knows in every message, that there is no value
//!   ([`Absence::Snapshot`]). **`""`** says that there is no value, unless [`Null::Ignore`] holds; of a single member
//!   (`period.end`, by a cancelled discharge) it leaves the others as they are.
//! - **Merges.** `Patient.link` is a union, by type and target, so chains and repeated merges keep all links. Neither silence
//!   nor any later message about the person changes `link`, or the `active` of one who was replaced: only a message that
//!   clears `link` does (an unlink: what was linked before it is free, and `active` is unsaid or as it says).
//! - **Identifiers** are a union, by system and value; of each the latest version stands (so a merge may mark it
//!   `old`). They are never taken away, by silence, null or otherwise: whoever knows a resource by one of them must still
//!   find it, and a message that carries one must not cost it the others. What is withdrawn is said by its `use` or `period`.
//! - **Other lists** are settled as a whole (names, addresses, contacts), but for those in which a message may well speak of
//!   one item alone: extensions (by URL), the results of a report (by target), and labels and profiles in `meta`.
//! - **Without a time** in [`Change`], arrival decides: the message counts as the latest of its rank. The laws
//!   above then hold for the other messages only.
//!
//! References must be in one form in both resources, as they are at the server: `urn:uuid:` in one and `Patient/7`
//! in the other are two targets. Contained resources are settled as one element; the map makes none.
//!
//! # What is kept in the resource
//! One extension in `meta`, so that a copy anywhere has the whole state ([`strip`] takes it out again):
//!
//! ```json
//! {"url": "urn:carewire:settled", "valueString": "0/2026-03-01T08:30:00/9f86d081;name,-deceased@0/2026-03-02T10:00:00/60303ae2"}
//! ```
//!
//! First the stamp of all that is not named: rank, time in UTC without `Z`, hash (its first 16 signs; `~` and a number
//! where there was no time). Then, after `;`, names and after `@` their stamp. A name is that of an element (of a
//! group, its first one; `period.end` of a member), `identifier[1]` that of an item of a list which is settled by items, `-` comes before what was
//! ended. `%2f` stands for a `/`, and so on for `%`, `;`, `,`, `@` and the space. A resource without it, or with another
//! text in it, was said before everything; its status has its rank all the same.

mod policy;
mod rank;
mod stamp;
mod state;
mod unit;
mod written;

#[cfg(test)]
mod tests;

pub use policy::{Absence, Null, SettlePolicy};

use carewire_fhir_core::Resource;

use super::Change;
use state::State;

/// The URL of the extension in `meta` that holds the stamps.
pub const SETTLED_URL: &str = "urn:carewire:settled";

/// What [`settle`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[expect(clippy::exhaustive_enums, reason = "a resource is written, or it is not")]
pub enum Settled {
    /// The resource to write: everything that is known, with its stamps.
    Write(Resource),
    /// The message says nothing that was not known.
    Unchanged,
}

/// Puts what a message says of a resource (`incoming`) beside what is known of it.
///
/// The result has the `id` of the known resource and what `meta` says for others to keep, not what a server says there
/// of the version that it holds (`versionId`, `lastUpdated`). Two resources of different types have nothing to settle: then
/// the incoming one is written.
///
/// ```
/// use carewire_fhir_core::Resource;
/// use carewire_hl7_v2::fhir::{Change, SettlePolicy, Settled, settle};
/// let said = |json: &str| Resource::parse(json.as_bytes()).unwrap();
/// let policy = SettlePolicy::default();
/// let result = said(r#"{"resourceType":"Observation","status":"final","valueString":"negative"}"#);
/// let change = Change::new("b1").with_time("2026-03-01T09:00:00Z");
/// let Settled::Write(known) = settle(None, &result, &change, &policy) else { unreachable!() };
/// // The preliminary result comes late, and adds what nobody else has said.
/// let late = said(r#"{"resourceType":"Observation","status":"preliminary","valueString":"?","method":{"text":"PCR"}}"#);
/// let change = Change::new("a0").with_time("2026-03-01T08:00:00Z");
/// let Settled::Write(both) = settle(Some(&known), &late, &change, &policy) else { unreachable!() };
/// assert_eq!((both.value().str("status"), both.value().str("valueString")), (Some("final"), Some("negative")));
/// assert!(both.value().get("method").is_some());
/// assert_eq!(settle(Some(&both), &late, &change, &policy), Settled::Unchanged);
/// ```
pub fn settle(
    known: Option<&Resource>,
    incoming: &Resource,
    change: &Change,
    policy: &SettlePolicy,
) -> Settled {
    let said = State::of_message(incoming, change, policy);
    let Some(known) = known.filter(|known| known.resource_type() == incoming.resource_type()) else {
        return Settled::Write(said.into_resource());
    };
    let before = State::of_known(known);
    let has_time = change.time.is_some();
    let said = if has_time { said } else { said.arrived_after(&before) };
    let after = before.clone().join(said);
    match before == after || !has_time && before.says_the_same(&after) {
        true => Settled::Unchanged,
        false => Settled::Write(after.into_resource()),
    }
}

/// Takes the stamps out of a resource, for those who do not want them.
///
/// Whoever writes a resource without them and settles it again later starts anew: the oldest message may then fill and
/// overwrite what it says. Keep them in a copy.
pub fn strip(resource: &mut Resource) {
    let value = resource.value_mut();
    let Some(meta) = value.get_mut("meta") else { return };
    if let Some(extensions) = meta.get_mut("extension") {
        extensions.retain_items(|extension| extension.str("url") != Some(SETTLED_URL));
        if extensions.is_empty() {
            meta.remove("extension");
        }
    }
    if meta.is_empty() {
        value.remove("meta");
    }
}
