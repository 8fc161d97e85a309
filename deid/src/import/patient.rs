//! Whose dates the dates of a resource are.

use std::collections::HashMap;

use carewire_fhir_core::Value;

/// The patient entries of a Bundle: by `fullUrl`, the id.
#[derive(Default)]
pub(super) struct Patients<'a> {
    by_url: HashMap<&'a str, Option<&'a str>>,
}

impl<'a> Patients<'a> {
    pub(super) fn of(bundle: &'a Value) -> Self {
        let entries = bundle.list("entry").iter();
        let by_url =
            entries.filter_map(|entry| Some((entry.str("fullUrl")?, entry.get("resource")?.str("id"))));
        Self { by_url: by_url.collect() }
    }

    /// The parts that name the patient of a resource, or the resource itself when it has none.
    pub(super) fn name(&self, resource: &Value, full_url: Option<&str>) -> Vec<String> {
        let type_name = resource.str("resourceType").unwrap_or_default();
        let parts = |parts: [&str; 2]| parts.map(str::to_owned).to_vec();
        if type_name != "Patient"
            && let Some(name) =
                ELEMENTS.iter().find_map(|element| self.referred(resource, resource.get(element)?))
        {
            return name;
        }
        match (resource.str("id"), full_url) {
            (Some(id), _) => parts([type_name, id]),
            (None, Some(url)) => parts(["url", url]),
            (None, None) => parts([type_name, &resource.to_json()]),
        }
    }

    /// The patient that a reference leads to.
    fn referred(&self, resource: &Value, reference: &Value) -> Option<Vec<String>> {
        let identifier = || {
            let identifier = reference.get("identifier")?;
            let system = identifier.str("system").unwrap_or_default();
            Some(vec!["identifier".to_owned(), system.to_owned(), identifier.str("value")?.to_owned()])
        };
        let Some(text) = reference.str("reference") else { return identifier() };
        if text.starts_with('#') {
            let id = resource.str("id").unwrap_or_default();
            return Some(vec!["contained".to_owned(), id.to_owned(), text.to_owned()]);
        }
        let known = self.by_url.get(text).map(|id| id.map_or(vec!["url", text], |id| vec!["Patient", id]));
        let by_address = || {
            let address = text.split_once("/_history/").map_or(text, |(address, _)| address);
            let (before, id) = address.rsplit_once('/')?;
            (before == "Patient" || before.ends_with("/Patient")).then(|| vec!["Patient", id])
        };
        let unknown = || text.starts_with("urn:").then(|| vec!["url", text]);
        let name = known.or_else(by_address).or_else(unknown)?;
        Some(name.into_iter().map(str::to_owned).collect())
    }
}

/// The elements that say whom a resource is about.
const ELEMENTS: [&str; 5] = ["patient", "subject", "beneficiary", "for", "individual"];
