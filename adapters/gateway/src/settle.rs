//! What a message says beside what was sent before: late, repeated and partial messages undo nothing.
//!
//! The sealed base of the identity map is what is known. It holds the stamps of whoever said what, and the policy that
//! it was made under; neither leaves ([`carewire_sync_engine::KEPT_URLS`]). Under another policy nothing counts as
//! known, so that what the new one forbids is not sent again.
//!
//! Resources that belong to no patient (directories) are not settled: several messages may speak of them at the same
//! time. There the message that came last counts, as a whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use carewire_consent::DataClass;
use carewire_deid::Policy;
use carewire_fhir_core::{PatientToken, Resource, Value, rewrite_references};
use carewire_hl7_v2::fhir::{Change, Settled, settle};
use carewire_sync_engine::{BaseSealer, Draft, Identity, LocalKey};
use sha2::{Digest, Sha256};

use crate::{Result, Shared};

/// The extension of `meta` that names the policy.
const POLICY_URL: &str = "urn:carewire:policy";

/// What a message says of one resource.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) draft: Draft,
    pub(crate) change: Change,
}

impl Shared {
    /// The drafts with what is known of their resources. `known` are their rows.
    pub(crate) fn settle(&self, said: Vec<Said>, known: &[Identity]) -> Result<Vec<Draft>> {
        let rows: HashMap<&LocalKey, &Identity> = known.iter().map(|row| (&row.key, row)).collect();
        let mut places: HashMap<String, String> = HashMap::new();
        let mut urls: HashMap<String, String> = HashMap::new();
        for Said { draft, .. } in &said {
            if let Some(row) = rows.get(&draft.key) {
                let place = format!("{}/{}", row.key.resource_type, row.remote_id);
                urls.insert(place.clone(), draft.full_url.clone());
                places.insert(draft.full_url.clone(), place);
            }
        }
        let mut settled: HashMap<LocalKey, Resource> = HashMap::new();
        said.into_iter()
            .map(|Said { mut draft, change }| {
                if draft.patient.is_none() {
                    return Ok(draft);
                }
                let row = rows.get(&draft.key).copied();
                let before = match settled.remove(&draft.key) {
                    Some(resource) => Some(resource),
                    None => row.map(|row| self.base_of(row)).transpose()?.flatten(),
                };
                // References are compared as the base has them.
                rewrite_references(draft.resource.value_mut(), &mut |text| places.get(text).cloned());
                let after = match settle(before.as_ref(), &draft.resource, &change, &self.settings.settle) {
                    Settled::Write(resource) => resource,
                    Settled::Unchanged => before.unwrap_or(draft.resource),
                };
                settled.insert(draft.key.clone(), after.clone());
                draft.resource = self.under_this_policy(after);
                rewrite_references(draft.resource.value_mut(), &mut |text| urls.get(text).cloned());
                if let Some(row) = row {
                    draft.source_sequence = draft.source_sequence.max(row.source_sequence);
                    draft.classes.extend(row.classes.iter().cloned());
                    draft.classes.sort_unstable();
                    draft.classes.dedup();
                }
                Ok(draft)
            })
            .collect()
    }

    /// What was sent, if it was made under the policy that holds now.
    fn base_of(&self, row: &Identity) -> Result<Option<Resource>> {
        let plain = self.open(&self.org, self.parts.remote.name(), &row.key, &row.base)?;
        let corrupt = |_| carewire_sync_engine::Error::Corrupt { what: "base" };
        let mut base = Resource::parse(&plain).map_err(corrupt)?;
        base.value_mut().remove("id");
        let mut same = false;
        if let Some(extensions) = base.value_mut().get_mut("meta").and_then(|meta| meta.get_mut("extension"))
        {
            extensions.retain_items(|extension| {
                let names = extension.str("url") == Some(POLICY_URL);
                same |= names && extension.str("valueString") == Some(&self.policy);
                !names
            });
        }
        Ok(same.then_some(base))
    }

    fn under_this_policy(&self, mut resource: Resource) -> Resource {
        let policy = Value::object().with("url", POLICY_URL).with("valueString", self.policy.as_str());
        let value = resource.value_mut();
        let mut meta = value.remove("meta").unwrap_or_else(Value::object);
        match meta.get_mut("extension") {
            Some(extensions) => extensions.push(policy),
            None => drop(meta.set("extension", vec![policy])),
        }
        value.set("meta", meta);
        resource
    }
}

/// Two policies that differ in anything have different hashes.
pub(crate) fn policy_hash(policy: &Policy) -> String {
    let hash = Sha256::digest(format!("{policy:?}"));
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The classes of all that is about to be sent, by patient: those of the message, and of what was known before.
pub(crate) fn classes(drafts: &[Draft]) -> BTreeMap<PatientToken, BTreeSet<DataClass>> {
    let mut classes: BTreeMap<PatientToken, BTreeSet<DataClass>> = BTreeMap::new();
    for draft in drafts {
        for patient in draft.patients() {
            let of_draft = draft.classes.iter().map(|code| DataClass::parse(code));
            classes.entry(patient).or_default().extend(of_draft);
        }
    }
    classes
}

/// The classes of what is known of resources that belonged to another patient than the one whom the message gives them to
/// (a visit that goes on under the record that survives a merge), by that patient.
pub(crate) fn classes_of_former_patients(
    said: &[Said],
    known: &[Identity],
) -> BTreeMap<PatientToken, BTreeSet<DataClass>> {
    let owners: HashMap<&LocalKey, &PatientToken> =
        said.iter().filter_map(|said| Some((&said.draft.key, said.draft.patient.as_ref()?))).collect();
    let mut classes: BTreeMap<PatientToken, BTreeSet<DataClass>> = BTreeMap::new();
    for row in known {
        let (Some(former), Some(owner)) = (&row.patient, owners.get(&row.key)) else { continue };
        if former != *owner {
            let of_row = row.classes.iter().map(|code| DataClass::parse(code));
            classes.entry(former.clone()).or_default().extend(of_row);
        }
    }
    classes
}
