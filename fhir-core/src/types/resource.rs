//! What the structs of all resources have in common.

use super::{FromJson, Read, ReadError, ToJson};
use crate::{Release, Resource, Written};

/// A struct of a resource.
///
/// ```
/// use carewire_fhir_core::resources::{Observation, ObservationStatus};
/// use carewire_fhir_core::types::{Coding, Reference, ToJson};
/// let observation = Observation::default()
///     .status(ObservationStatus::Final)
///     .code(Coding::new("http://loinc.org", "718-7"))
///     .subject(Reference::to("Patient/p1"));
/// let read = Observation::from_resource(&observation.clone().into_resource())?;
/// assert_eq!((read.value, read.unread.len()), (observation, 0));
/// # Ok::<(), carewire_fhir_core::types::ReadError>(())
/// ```
pub trait TypedResource: ToJson + FromJson {
    /// The name of the type in `resourceType` and in references.
    const TYPE: &'static str;

    /// The resource as a tree.
    fn to_resource(&self) -> Resource {
        Resource::from_value(self.to_value()).unwrap_or_else(|_| Resource::new(Self::TYPE))
    }

    /// The resource as JSON text in a release: straight from the struct in R4, by way of a tree in others.
    ///
    /// ```
    /// use carewire_fhir_core::{Release, resources::{Encounter, EncounterStatus}, types::TypedResource};
    /// let encounter = Encounter::default().status(EncounterStatus::Finished);
    /// assert_eq!(encounter.to_json_as(Release::R4).json, r#"{"resourceType":"Encounter","status":"finished"}"#);
    /// assert_eq!(encounter.to_json_as(Release::R5).json, r#"{"resourceType":"Encounter","status":"completed"}"#);
    /// ```
    fn to_json_as(&self, release: Release) -> Written {
        match release {
            Release::R4 => Written { json: self.to_json(), issues: Vec::new() },
            _ => {
                let converted = self.to_resource().to_release(release);
                Written { json: converted.resource.to_json(), issues: converted.issues }
            }
        }
    }

    /// Reads a resource. What the fields cannot hold is kept beside them and named in [`Read::unread`].
    ///
    /// # Errors
    /// [`ReadError`] when the resource is of another type.
    fn read_resource(resource: &Resource) -> Result<Read<Self>, ReadError> {
        let read = Some(resource).filter(|resource| resource.resource_type() == Self::TYPE);
        read.and_then(|resource| Self::from_value(resource.value()))
            .ok_or_else(|| ReadError::expected_type(Self::TYPE))
    }
}
