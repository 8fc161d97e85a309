//! Whether a resource is what R4 says, driven by the table of [`crate::definition`].

mod coded;
mod contained;
mod engine;
mod invariants;
mod options;
mod place;
mod primitive;
mod reference;
mod scope;

pub use options::{Strictness, ValidateOptions};

use crate::json::Tape;
use crate::resource::check_type;
use crate::{Issue, Limits, Resource, ResourceError};

/// The faults of a resource by R4 (4.0.1), in the order of its elements; none when it is sound.
///
/// The same as [`validate_with`] with the default options. The resources of a Bundle, of Parameters and contained ones
/// are validated too.
///
/// - **structure**: elements that R4 does not have, the wrong JSON type, one value where an array belongs and the other way
///   round, `null`, empty strings, arrays and objects, `_field` siblings that do not fit their field, elements that must
///   be there, two types of one `value[x]`
/// - **values**: the format of every primitive type, the XHTML of narratives. A string of white space alone is one to R4,
///   which advises against it; some servers (Medplum) refuse it
/// - **codes**: required bindings: codes that the specification lists, currencies of ISO 4217, the form of media types and of
///   units (a unit that [`ucum`](crate::ucum) does not know may be one of UCUM: a warning that has to be asked for)
/// - **references**: contained resources that are not there, targets of a type that the element does not allow, as far as
///   the reference, its `type`, a contained resource or an entry of the same Bundle tell
/// - **constraints**: every invariant of R4 whose severity is error
///
/// # Constraints that cannot always be decided
///
/// A constraint that the resource leaves open counts as kept:
///
/// - `ctm-1`, where a reference leads outside of the resource and of its Bundle, to a type that it does not name
/// - `inv-1`, `mdd-1` and `per-1`, where the precision of two dates leaves their order open: `2024` and `2024-03`
/// - `rng-2`, where the amounts have units that are not comparable
///
/// One that would take more than [`STEPS`](crate::fhirpath::Context::STEPS) to decide is an issue of its own: a warning with
/// the code `too-costly`, whatever the options are. Where an element has the wrong shape, that is the issue, and constraints
/// that hang on it are left alone.
///
/// The definitions come from a package that has some elements from after 4.0.1, and these are accepted too: in
/// `EvidenceVariable.characteristic` and `ResearchStudy` elements of R5, `bodySite` and `classification` of
/// `DeviceDefinition`, `publisher` of `ObservationDefinition`.
///
/// Not checked: profiles, terminologies, bindings that are not required, whether the target of a reference exists.
///
/// ```
/// use carewire_fhir_core::{Resource, validate};
/// let patient = Resource::parse(br#"{"resourceType":"Patient","id":"John Doe","birthDate":null,"contact":[{"gender":"m"}]}"#)?;
/// let faults: Vec<_> = validate(&patient).into_iter().map(|issue| (issue.code, issue.expression.concat())).collect();
/// let faults: Vec<_> = faults.iter().map(|(code, path)| (code.as_str(), path.as_str())).collect();
/// assert_eq!(
///     faults,
///     [
///         ("value", "Patient.id"),
///         ("structure", "Patient.birthDate"),
///         ("code-invalid", "Patient.contact[0].gender"),
///         ("invariant", "Patient.contact[0]"),
///     ]
/// );
/// # Ok::<(), carewire_fhir_core::ResourceError>(())
/// ```
#[must_use]
pub fn validate(resource: &Resource) -> Vec<Issue> {
    validate_with(resource, &ValidateOptions::default())
}

/// The faults of a resource, as far as the options ask for them.
///
/// Every issue has one expression, such as `Patient.name[0].given[1]`, a code of `IssueType` and a text that names the
/// rule. None repeats a value of the resource; a member that cannot be an element's name is shown as `?`.
///
/// ```
/// use carewire_fhir_core::{Resource, Severity, Strictness, ValidateOptions, validate_with};
/// let patient = Resource::parse(br#"{"resourceType":"Patient","gender":"m"}"#)?;
/// let options = ValidateOptions::default().with_bindings(Strictness::Warning);
/// assert_eq!(validate_with(&patient, &options)[0].severity, Severity::Warning);
/// # Ok::<(), carewire_fhir_core::ResourceError>(())
/// ```
#[must_use]
pub fn validate_with(resource: &Resource, options: &ValidateOptions) -> Vec<Issue> {
    engine::faults(resource.value(), options).unwrap_or_default()
}

/// The faults of a resource that is at hand as JSON. This is faster than to read the resource and to validate it: no tree
/// is made of it.
///
/// Reads what [`Resource::parse`] reads and finds what [`validate_with`] finds. Where a constraint asks for more than the
/// element that it is on (`ctm-1`: what a member refers to), the text is read a second time, as a tree.
///
/// ```
/// use carewire_fhir_core::{ValidateOptions, validate_json};
/// let lines = "{\"resourceType\":\"Patient\",\"gender\":\"female\"}\n{\"resourceType\":\"Patient\",\"gender\":\"f\"}";
/// let options = ValidateOptions::default();
/// let faults = |line: &str| validate_json(line.as_bytes(), &options).map(|issues| issues.len());
/// assert_eq!(lines.lines().map(faults).collect::<Result<Vec<_>, _>>()?, [0, 1]);
/// # Ok::<(), carewire_fhir_core::ResourceError>(())
/// ```
///
/// # Errors
/// [`ResourceError`] when the text is not JSON or not a resource.
pub fn validate_json(bytes: &[u8], options: &ValidateOptions) -> Result<Vec<Issue>, ResourceError> {
    let tape = Tape::parse(bytes, &Limits::default())?;
    check_type(tape.root())?;
    match engine::faults(tape.root(), options) {
        Some(faults) => Ok(faults),
        None => Ok(validate_with(&Resource::parse(bytes)?, options)),
    }
}

#[cfg(test)]
mod tests;
