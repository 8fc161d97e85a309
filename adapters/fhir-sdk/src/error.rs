use carewire_fhir_core::ResourceError;

/// A resource cannot be converted. Holds element paths, never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The R4B type does not take this resource: a required element is missing, or one has another JSON type.
    #[error("the r4b type of `{resource_type}` refuses this resource{}", listed(paths))]
    Refused {
        /// The type of the resource.
        resource_type: String,
        /// The elements that [`carewire_fhir_core::validate`] finds wrong, and those that have extensions but no value
        /// (FHIR allows that where an element is required, their types do not); at most ten. May be empty: what R4B
        /// requires and R4 does not is only known to the type.
        paths: Vec<String>,
    },
    /// What the R4B type was written as is not a resource. No value of their types is known to cause it.
    #[error("the r4b type was written as something else than a resource: {0}")]
    Unreadable(#[from] ResourceError),
    /// The R4B type cannot be written as JSON, such as a decimal that is not a number.
    #[error("the r4b type cannot be written as json")]
    Unwritable,
}

fn listed(paths: &[String]) -> String {
    if paths.is_empty() { String::new() } else { format!(": see {}", paths.join(", ")) }
}
