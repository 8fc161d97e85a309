//! Policies that know patients by tokens: in a file, which has no vault, a keyed pseudonym stands for the token.

use std::io::Read;

use carewire_deid::{Context, Manifest, Policy, deidentify, deidentify_resource};
use carewire_fhir_core::{PatientToken, Resource, entries};

use super::account::Account;
use super::rounds::Item;
use super::terms::Terms;
use super::work::{Kind, Part};
use crate::documents::Documents;
use crate::keys::OsEntropy;

/// Resources and Bundles under a token for each patient.
pub(super) struct Tokens<'r> {
    pub(super) policy: &'r Policy,
    pub(super) terms: &'r Terms,
}

impl Kind for Tokens<'_> {
    const NAMES: [&'static str; 2] = ["resource", "ndjson"];

    fn items(&self, name: &str, source: Box<dyn Read + Send>, _: bool) -> Box<dyn Iterator<Item = Item>> {
        Box::new(Documents::new(name, source))
    }

    fn part(&self, items: &[Item]) -> Part {
        let (mut results, mut all) = (Vec::with_capacity(items.len()), None::<Manifest>);
        for item in items {
            let done = item.as_ref().map_err(Clone::clone).and_then(|document| self.one(document));
            results.push(done.map(|(json, manifest)| {
                match &mut all {
                    Some(all) => all.merge(&manifest),
                    None => all = Some(manifest),
                }
                json.into_bytes()
            }));
        }
        Part { results, emptied: vec![], account: all.as_ref().map(Account::of), withheld: 0 }
    }
}

impl Tokens<'_> {
    /// One document; the reason when it is left out.
    fn one(&self, document: &[u8]) -> Result<(String, Manifest), String> {
        let resource = Resource::parse(document).map_err(|error| error.to_string())?;
        let token = self.token(&resource);
        let Terms { keys, cipher, scrubber, .. } = self.terms;
        let context = Context::new(keys).with_scrubber(scrubber);
        let context = match cipher {
            Some(cipher) => context.with_cipher(cipher, &OsEntropy),
            None => context,
        };
        let context = match &token {
            Some(token) => context.with_patient(token),
            None => context,
        };
        let done = if resource.resource_type() == "Bundle" {
            deidentify(&resource, self.policy, &context).map(|done| (done.bundle.to_json(), done.manifest))
        } else {
            deidentify_resource(&resource, self.policy, &context)
                .map(|(entry, manifest)| (entry.resource.to_json(), manifest))
        };
        done.map_err(|error| error.to_string())
    }

    /// A file has no vault: the token is a keyed pseudonym of the patient's identifier, the same in every file.
    fn token(&self, resource: &Resource) -> Option<PatientToken> {
        let whole = std::iter::once(resource.value());
        let patient = entries(resource)
            .filter_map(|entry| entry.resource)
            .chain(whole)
            .find(|value| value.str("resourceType") == Some("Patient"))?;
        let identifier = patient.list("identifier").first();
        let system = identifier.and_then(|identifier| identifier.str("system")).unwrap_or("");
        let value =
            identifier.and_then(|identifier| identifier.str("value")).or_else(|| patient.str("id"))?;
        let name = self.terms.keys.pseudonym("token", &[system.as_bytes(), value.as_bytes()]);
        PatientToken::new(&format!("pt_{name}")).ok()
    }
}
