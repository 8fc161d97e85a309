use super::pager::PageLink;
use crate::search::{Scope, SearchQuery};
use crate::{Instant, Resource, Value};

/// What a client can ask of a FHIR server (`http://hl7.org/fhir/R4/http.html`).
///
/// Conditions of an update, a patch or a deletion stand in the URL, those of a create in a header; both are logged by many
/// servers. To a remote that knows patients by name, name nobody there: [`SearchBy::Post`] first, then go by id.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Interaction<'a> {
    /// `GET metadata`
    Capabilities,
    /// `GET Type/id`
    Read {
        /// The type.
        resource_type: &'a str,
        /// The id.
        id: &'a str,
        /// Only when the version is another one than this.
        unless_version: Option<&'a str>,
        /// Only when it was changed after that second. Where a version is given too, servers look at that alone.
        if_modified_since: Option<&'a Instant>,
    },
    /// `GET Type/id/_history/version`
    VersionRead {
        /// The type.
        resource_type: &'a str,
        /// The id.
        id: &'a str,
        /// The version.
        version: &'a str,
    },
    /// `POST Type`
    Create {
        /// The resource.
        resource: &'a Resource,
        /// Only when this finds nothing.
        unless: Option<&'a SearchQuery>,
    },
    /// `PUT Type/id`, by the id of the resource
    Update {
        /// The resource.
        resource: &'a Resource,
        /// Only when this is the version.
        if_version: Option<&'a str>,
    },
    /// `PUT Type?..`
    ConditionalUpdate {
        /// The resource.
        resource: &'a Resource,
        /// What must find at most one resource, which becomes this one.
        query: &'a SearchQuery,
    },
    /// `PATCH`
    Patch {
        /// What is changed.
        target: Target<'a>,
        /// The change.
        patch: Patch<'a>,
        /// Only when this is the version.
        if_version: Option<&'a str>,
    },
    /// `DELETE`
    Delete {
        /// What is deleted.
        target: Target<'a>,
        /// Only when this is the version.
        if_version: Option<&'a str>,
    },
    /// `GET Type?..` or `POST Type/_search`
    Search {
        /// What is searched.
        query: &'a SearchQuery,
        /// Where the query stands.
        by: SearchBy,
    },
    /// A further page, as a server named it.
    Page(&'a PageLink),
    /// `GET .../_history`
    History {
        /// Whose history.
        of: Place<'a>,
        /// Only versions from then on.
        since: Option<&'a Instant>,
        /// Versions on a page.
        count: Option<u32>,
    },
    /// A batch or transaction: `POST` to the base.
    Bundle(&'a Resource),
    /// `$name`
    Operation {
        /// What it is asked of.
        at: Place<'a>,
        /// The name, without `$`.
        name: &'a str,
        /// Its parameters.
        input: Input<'a>,
    },
}

/// The whole server, a type, or a resource. `Debug` shows no id.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Place<'a> {
    /// The whole server.
    System,
    /// All resources of a type.
    Type(&'a str),
    /// One resource: its type and id.
    Instance(&'a str, &'a str),
}

/// The resource that is changed. `Debug` shows no id.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Target<'a> {
    /// By its type and id.
    Instance(&'a str, &'a str),
    /// What this finds. The server decides what to do when it is more than one.
    Found(&'a SearchQuery),
}

impl std::fmt::Debug for Interaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Interaction({})", self.subject())
    }
}

impl std::fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.write_str("System"),
            Self::Type(resource_type) => write!(f, "Type({resource_type})"),
            Self::Instance(resource_type, _) => write!(f, "Instance({resource_type}, ..)"),
        }
    }
}

impl std::fmt::Debug for Target<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Instance(resource_type, _) => write!(f, "Instance({resource_type}, ..)"),
            Self::Found(query) => f.debug_tuple("Found").field(query).finish(),
        }
    }
}

/// A change.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Patch<'a> {
    /// JSON Patch (RFC 6902): an array of operations.
    Json(&'a Value),
    /// FHIRPath Patch: a `Parameters` resource.
    FhirPath(&'a Resource),
}

/// Where a search stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "FHIR has these two")]
pub enum SearchBy {
    /// In the URL, which servers and proxies log.
    #[default]
    Get,
    /// In the body.
    Post,
}

/// What an operation is given.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Input<'a> {
    /// Names and values in the URL, by `GET`: for operations that change nothing.
    Query(&'a [(&'a str, &'a str)]),
    /// A `Parameters`, or the resource that is the only parameter, by `POST`.
    Body(&'a Resource),
}

impl<'a> Interaction<'a> {
    /// `GET Type/id`
    #[must_use]
    pub fn read(resource_type: &'a str, id: &'a str) -> Self {
        Self::Read { resource_type, id, unless_version: None, if_modified_since: None }
    }

    /// `POST Type`
    #[must_use]
    pub fn create(resource: &'a Resource) -> Self {
        Self::Create { resource, unless: None }
    }

    /// `PUT Type/id`
    #[must_use]
    pub fn update(resource: &'a Resource) -> Self {
        Self::Update { resource, if_version: None }
    }

    /// `DELETE Type/id`
    #[must_use]
    pub fn delete(resource_type: &'a str, id: &'a str) -> Self {
        Self::Delete { target: Target::Instance(resource_type, id), if_version: None }
    }

    /// `GET Type?..`
    #[must_use]
    pub fn search(query: &'a SearchQuery) -> Self {
        Self::Search { query, by: SearchBy::Get }
    }

    /// The type that it is about, for a log: `Bundle` for batches, empty for the whole server.
    #[must_use]
    pub fn subject(&self) -> &'a str {
        match *self {
            Self::Capabilities => "CapabilityStatement",
            Self::Bundle(_) => "Bundle",
            Self::Read { resource_type, .. } | Self::VersionRead { resource_type, .. } => resource_type,
            Self::Create { resource, .. }
            | Self::Update { resource, .. }
            | Self::ConditionalUpdate { resource, .. } => resource.resource_type(),
            Self::Patch { target, .. } | Self::Delete { target, .. } => target.resource_type(),
            Self::Search { query, .. } => searched(query),
            Self::Page(link) => link.resource_type(),
            Self::History { of, .. } => of.resource_type(),
            Self::Operation { at, .. } => at.resource_type(),
        }
    }

    /// Whether sending it twice leaves what sending it once leaves: reads, updates by id without a condition, deletions by
    /// id. A create is not, and a batch is what its entries are.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        match self {
            Self::Capabilities
            | Self::Read { .. }
            | Self::VersionRead { .. }
            | Self::Search { .. }
            | Self::Page(_)
            | Self::History { .. }
            | Self::Update { if_version: None, .. }
            | Self::Delete { target: Target::Instance(..), if_version: None }
            | Self::Operation { input: Input::Query(_), .. } => true,
            Self::Create { .. }
            | Self::Update { .. }
            | Self::ConditionalUpdate { .. }
            | Self::Patch { .. }
            | Self::Delete { .. }
            | Self::Bundle(_)
            | Self::Operation { .. } => false,
        }
    }
}

impl<'a> Place<'a> {
    fn resource_type(self) -> &'a str {
        match self {
            Self::System => "",
            Self::Type(name) | Self::Instance(name, _) => name,
        }
    }
}

impl<'a> Target<'a> {
    fn resource_type(self) -> &'a str {
        match self {
            Self::Instance(name, _) => name,
            Self::Found(query) => searched(query),
        }
    }
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Query(pairs) => write!(f, "Query({} values)", pairs.len()),
            Self::Body(resource) => write!(f, "Body({resource:?})"),
        }
    }
}

fn searched(query: &SearchQuery) -> &str {
    match query.scope() {
        Scope::System | Scope::Compartment { of: None, .. } => "",
        Scope::Type(name) | Scope::Compartment { of: Some(name), .. } => name,
    }
}
