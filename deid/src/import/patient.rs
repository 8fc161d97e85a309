//! Whose dates the dates of a resource are.

use carewire_fhir_core::Value;

use crate::deidentify::subject::Known;
use crate::patient::{PatientIndex, PatientKey};

/// The patients of a Bundle, and those that were read before.
pub(super) struct Patients<'a> {
    inside: PatientIndex,
    given: Option<&'a PatientIndex>,
}

impl<'a> Patients<'a> {
    pub(super) fn of(resource: &Value, given: Option<&'a PatientIndex>) -> Self {
        let mut inside = PatientIndex::default();
        if resource.str("resourceType") == Some("Bundle") {
            inside.add(resource, None);
        }
        Self { inside, given }
    }

    /// The patient of a resource, by the rule of [`Exporter`](crate::Exporter), or the resource itself when it has none.
    pub(super) fn key(&self, resource: &Value, full_url: Option<&str>) -> PatientKey {
        let type_name = resource.str("resourceType").unwrap_or_default();
        let known = Known { inside: Some(&self.inside), given: self.given, preferred: &[] };
        known.patient_of(type_name, resource, full_url).unwrap_or_else(|| {
            PatientKey::Name(match (resource.str("id"), full_url) {
                (Some(id), _) => format!("{type_name}/{id}"),
                (None, Some(url)) => url.to_owned(),
                (None, None) => resource.to_json(),
            })
        })
    }
}
