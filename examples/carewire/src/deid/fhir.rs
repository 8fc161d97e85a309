//! `carewire deid fhir`.

use std::io::Read;

use carewire_deid::{Context, Manifest, Policy, Pseudonymizer, deidentify, deidentify_resource};
use carewire_fhir_core::{OrgId, PatientToken, Resource, entries};

use super::args::Transform;
use super::documents::Documents;
use super::rounds::Item;
use super::work::{Kind, Part, Run, merge};
use crate::failure::{Done, Failure};
use crate::{keys, stack};

pub(super) fn run(options: &Transform) -> Result<Done, Failure> {
    let ring = keys::load(&options.key_file, false)?;
    let org = OrgId::new(&options.org).map_err(|error| Failure::usage(format!("--org: {error}")))?;
    let policy = stack::policy(&options.policy)?;
    let keys = Pseudonymizer::new(&ring, &org, "file");
    Run::new(Fhir { policy: &policy, keys: &keys }, options, &policy, &keys).run()
}

/// Resources and Bundles.
struct Fhir<'r> {
    policy: &'r Policy,
    keys: &'r Pseudonymizer,
}

impl Kind for Fhir<'_> {
    const NAMES: [&'static str; 2] = ["resource", "ndjson"];

    fn items(&self, name: &str, source: Box<dyn Read + Send>) -> Box<dyn Iterator<Item = Item>> {
        Box::new(Documents::new(name, source))
    }

    fn part(&self, items: &[Item]) -> Part {
        let mut part = Part { results: Vec::with_capacity(items.len()), manifest: None };
        for item in items {
            let done = item.as_ref().map_err(Clone::clone).and_then(|document| self.one(document));
            part.results.push(done.map(|(json, manifest)| {
                merge(&mut part.manifest, Some(manifest));
                json.into_bytes()
            }));
        }
        part
    }
}

impl Fhir<'_> {
    /// One document; the reason when it is left out.
    fn one(&self, document: &[u8]) -> Result<(String, Manifest), String> {
        let resource = Resource::parse(document).map_err(|error| error.to_string())?;
        let token = self.token(&resource);
        let context = Context::new(self.keys);
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
        let name = self.keys.pseudonym("token", &[system.as_bytes(), value.as_bytes()]);
        PatientToken::new(&format!("pt_{name}")).ok()
    }
}
