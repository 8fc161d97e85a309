//! What surrounds the element that an expression is evaluated over.

use std::cell::Cell;
use std::collections::HashMap;

use crate::Value;

/// Finds the resource that a reference leads to, for `resolve()`. Contained resources need no resolver.
pub trait Resolve {
    /// The resource; `None` when it is not at hand. `reference` is the text as it stands.
    fn resolve(&self, reference: &str) -> Option<&Value>;
}

/// Where the focus of an evaluation stands: `%resource`, `%rootResource` and how references are followed.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub(super) resource: &'a Value,
    pub(super) root: &'a Value,
    pub(super) resolver: Option<&'a dyn Resolve>,
    /// The contained resources of the root by id.
    pub(super) contained: Option<&'a dyn Resolve>,
    pub(super) steps: u32,
    looked_around: Option<&'a Cell<bool>>,
}

impl<'a> Context<'a> {
    /// How many steps an evaluation may take: about as many elements that it visits. Some 0.1 s.
    pub const STEPS: u32 = 4_000_000;

    /// A resource that stands by itself, or is an entry of a Bundle.
    #[must_use]
    pub fn new(resource: &'a Value) -> Self {
        Self {
            resource,
            root: resource,
            resolver: None,
            contained: None,
            steps: Self::STEPS,
            looked_around: None,
        }
    }

    /// The resource is contained in `root`.
    #[must_use]
    pub fn contained_in(self, root: &'a Value) -> Self {
        Self { root, contained: None, ..self }
    }

    /// References are followed with `resolver`.
    #[must_use]
    pub fn with_resolver(self, resolver: &'a dyn Resolve) -> Self {
        Self { resolver: Some(resolver), ..self }
    }

    /// Contained resources are found with `contained`, by their id: one index for many evaluations.
    pub(crate) fn with_contained(self, contained: &'a dyn Resolve) -> Self {
        Self { contained: Some(contained), ..self }
    }

    /// Says in `looked_around` when an evaluation asks for more than its focus: the resource, or where a reference leads.
    pub(crate) fn with_watch(self, looked_around: &'a Cell<bool>) -> Self {
        Self { looked_around: Some(looked_around), ..self }
    }

    /// An evaluation asks for more than its focus.
    pub(super) fn look_around(&self) {
        if let Some(looked_around) = self.looked_around {
            looked_around.set(true);
        }
    }

    /// Another limit than [`Context::STEPS`].
    #[must_use]
    pub fn with_steps(self, steps: u32) -> Self {
        Self { steps, ..self }
    }
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("resolver", &self.resolver.is_some()).finish_non_exhaustive()
    }
}

/// Resolves among the entries of a Bundle: by `fullUrl`, and `Type/id` by the end of a `fullUrl` or by the resource.
///
/// ```
/// use carewire_fhir_core::Value;
/// use carewire_fhir_core::fhirpath::{BundleResolver, Resolve};
/// let bundle = Value::parse(br#"{"entry":[{"fullUrl":"http://a/Patient/1","resource":{"resourceType":"Patient"}}]}"#)?;
/// let entries = BundleResolver::new(&bundle);
/// assert!(entries.resolve("Patient/1").is_some() && entries.resolve("http://a/Patient/1").is_some());
/// assert!(entries.resolve("Patient/2").is_none());
/// # Ok::<(), carewire_fhir_core::ParseError>(())
/// ```
pub struct BundleResolver<'a> {
    by_url: HashMap<&'a str, &'a Value>,
    by_type_and_id: HashMap<(&'a str, &'a str), &'a Value>,
}

impl<'a> BundleResolver<'a> {
    /// Indexes a Bundle. Of two entries with one URL the first is found.
    #[must_use]
    pub fn new(bundle: &'a Value) -> Self {
        let mut found = Self { by_url: HashMap::new(), by_type_and_id: HashMap::new() };
        for entry in bundle.list("entry") {
            let Some(resource) = entry.get("resource") else { continue };
            if let Some(url) = entry.str("fullUrl") {
                found.by_url.entry(url).or_insert(resource);
                if let Some((kind, id, _)) = crate::parse_location(url) {
                    found.by_type_and_id.entry((kind, id)).or_insert(resource);
                }
            }
            if let (Some(kind), Some(id)) = (resource.str("resourceType"), resource.str("id")) {
                found.by_type_and_id.entry((kind, id)).or_insert(resource);
            }
        }
        found
    }
}

impl Resolve for BundleResolver<'_> {
    fn resolve(&self, reference: &str) -> Option<&Value> {
        let by_url = self.by_url.get(reference).copied();
        by_url.or_else(|| match crate::Reference::parse(reference) {
            crate::Reference::Relative { resource_type, id, .. } => {
                self.by_type_and_id.get(&(resource_type, id)).copied()
            }
            _ => None,
        })
    }
}

impl std::fmt::Debug for BundleResolver<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BundleResolver({})", self.by_url.len())
    }
}
