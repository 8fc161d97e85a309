//! What every real server refuses, found before it is sent.

mod registry;
mod rules;
mod shape;
mod walk;

pub(crate) use shape::{Shape, Shaped};

use crate::{Issue, Resource};

/// The faults of a resource, in the order of its elements; none when it is sound. At most 200 are listed.
///
/// Found are: `null`, empty strings, arrays and objects; ids, dates, URIs, OIDs, codes and other primitives whose text
/// FHIR does not allow; the wrong JSON type; missing elements that are required; two values for one `value[x]`;
/// references to contained resources that are not there. A code that a required binding does not have is a warning:
/// some servers take it. Elements and types that this crate does not build are checked as far as their JSON goes.
/// Not checked: profiles, terminologies, invariants in FHIRPath, the targets of other references.
///
/// ```
/// use carewire_fhir_core::{Resource, validate};
/// let patient = Resource::parse(br#"{"resourceType":"Patient","id":"John Doe","birthDate":null}"#)?;
/// let faults: Vec<_> = validate(&patient).into_iter().flat_map(|issue| issue.expression).collect();
/// assert_eq!(faults, ["Patient.id", "Patient.birthDate"]);
/// # Ok::<(), carewire_fhir_core::ResourceError>(())
/// ```
#[must_use]
pub fn validate(resource: &Resource) -> Vec<Issue> {
    walk::faults(resource)
}

#[cfg(test)]
mod tests;
