use carewire_fhir_core::Compartment;

use crate::refusal::Refusal;
use crate::rules::types;

/// What a method and a URL ask for. Ids are text until they are used: a text that is no UUID means something else in
/// each operation.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Operation {
    Metadata,
    /// A batch or transaction.
    Bundle,
    Read {
        resource_type: &'static str,
        id: String,
    },
    ReadVersion {
        resource_type: &'static str,
        id: String,
        version: String,
    },
    History {
        scope: Scope,
        query: String,
    },
    Search {
        resource_type: &'static str,
        query: String,
    },
    /// A search of all types, or of those of `_type`.
    SearchSystem {
        query: String,
    },
    /// A search of what belongs to one resource: of a type, or of all.
    SearchCompartment {
        resource_type: &'static str,
        id: String,
        of: Option<&'static str>,
        query: String,
    },
    Create {
        resource_type: &'static str,
    },
    Update {
        resource_type: &'static str,
        id: String,
    },
    ConditionalUpdate {
        resource_type: &'static str,
        query: String,
    },
    Delete {
        resource_type: &'static str,
        id: String,
    },
    ConditionalDelete {
        resource_type: &'static str,
        query: String,
    },
    Patch {
        resource_type: &'static str,
        id: String,
    },
    ConditionalPatch {
        resource_type: &'static str,
        query: String,
    },
    Validate {
        resource_type: &'static str,
        id: Option<String>,
        query: String,
    },
    Everything {
        resource_type: &'static str,
        id: String,
        query: String,
    },
    /// A bulk export.
    Export(ExportStep),
}

/// What a history is of.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    System,
    Type(&'static str),
    Instance(&'static str, String),
}

/// A request of the bulk data protocol.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum ExportStep {
    Start { level: ExportLevel, query: String },
    Poll { job: String },
    Cancel { job: String },
    Download { job: String, file: String },
}

/// Whose data an export holds.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum ExportLevel {
    System,
    Patient,
    /// The patients of a group, by its id.
    Group(String),
}

impl Operation {
    /// Reads a path below the base and its query.
    pub(crate) fn parse(method: &str, path: &str, query: &str) -> Result<Self, Refusal> {
        let path = path.trim_matches('/');
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let Some(first) = segments.next() else {
            return match method {
                "POST" => Ok(Self::Bundle),
                "GET" => Ok(Self::SearchSystem { query: query.to_owned() }),
                _ => Err(Refusal::not_found()),
            };
        };
        if let Some(operation) = Self::of_system(method, path, query) {
            return Ok(operation);
        }
        let resource_type =
            types::known(first).ok_or_else(|| Refusal::bad_request("Unknown resource type"))?;
        let rest = [segments.next(), segments.next(), segments.next()];
        if segments.next().is_some() {
            return Err(Refusal::not_found());
        }
        Self::of_type(method, resource_type, rest, query).ok_or_else(Refusal::not_found)
    }

    /// What is asked of the whole server rather than of a type.
    fn of_system(method: &str, path: &str, query: &str) -> Option<Self> {
        let query = || query.to_owned();
        let segments: Vec<&str> = path.split('/').collect();
        Some(match (method, segments.as_slice()) {
            ("GET", ["metadata"]) => Self::Metadata,
            ("POST", ["_search"]) => Self::SearchSystem { query: query() },
            ("GET", ["_history"]) => Self::History { scope: Scope::System, query: query() },
            ("GET" | "POST", ["$export"]) => {
                Self::Export(ExportStep::Start { level: ExportLevel::System, query: query() })
            }
            ("GET", ["bulkdata", "export", job]) => Self::Export(ExportStep::Poll { job: (*job).to_owned() }),
            ("DELETE", ["bulkdata", "export", job]) => {
                Self::Export(ExportStep::Cancel { job: (*job).to_owned() })
            }
            ("GET", ["bulkdata", "export", job, file]) => {
                Self::Export(ExportStep::Download { job: (*job).to_owned(), file: (*file).to_owned() })
            }
            _ => return None,
        })
    }

    /// Operations, whose names begin with a dollar sign.
    fn of_name(
        method: &str,
        resource_type: &'static str,
        rest: [Option<&str>; 3],
        query: &str,
    ) -> Option<Self> {
        let query = query.to_owned();
        let get_or_post = matches!(method, "GET" | "POST");
        Some(match (resource_type, rest) {
            ("Patient", [Some("$export"), None, _]) if get_or_post => {
                Self::Export(ExportStep::Start { level: ExportLevel::Patient, query })
            }
            ("Group", [Some(id), Some("$export"), None]) if get_or_post => {
                Self::Export(ExportStep::Start { level: ExportLevel::Group(id.to_owned()), query })
            }
            ("Patient" | "Encounter", [Some(id), Some("$everything"), None]) if get_or_post => {
                Self::Everything { resource_type, id: id.to_owned(), query }
            }
            (_, [Some("$validate"), None, _]) if method == "POST" => {
                Self::Validate { resource_type, id: None, query }
            }
            (_, [Some(id), Some("$validate"), None]) if get_or_post => {
                Self::Validate { resource_type, id: Some(id.to_owned()), query }
            }
            _ => return None,
        })
    }

    fn of_type(
        method: &str,
        resource_type: &'static str,
        rest: [Option<&str>; 3],
        query: &str,
    ) -> Option<Self> {
        if rest.iter().flatten().any(|segment| segment.starts_with('$')) {
            return Self::of_name(method, resource_type, rest, query);
        }
        let query = || query.to_owned();
        Some(match (method, rest) {
            ("POST", [None, ..]) => Self::Create { resource_type },
            ("GET", [None, ..]) | ("POST", [Some("_search"), None, _]) => {
                Self::Search { resource_type, query: query() }
            }
            ("PUT", [None, ..]) => Self::ConditionalUpdate { resource_type, query: query() },
            ("DELETE", [None, ..]) => Self::ConditionalDelete { resource_type, query: query() },
            ("PATCH", [None, ..]) => Self::ConditionalPatch { resource_type, query: query() },
            ("GET", [Some("_history"), None, _]) => {
                Self::History { scope: Scope::Type(resource_type), query: query() }
            }
            ("GET", [Some(id), None, _]) => Self::Read { resource_type, id: id.to_owned() },
            ("PUT", [Some(id), None, _]) => Self::Update { resource_type, id: id.to_owned() },
            ("PATCH", [Some(id), None, _]) => Self::Patch { resource_type, id: id.to_owned() },
            ("DELETE", [Some(id), None, _]) => Self::Delete { resource_type, id: id.to_owned() },
            ("GET", [Some(id), Some("_history"), None]) => {
                Self::History { scope: Scope::Instance(resource_type, id.to_owned()), query: query() }
            }
            ("GET", [Some(id), Some(of), None]) | ("POST", [Some(id), Some(of), Some("_search")]) => {
                return Self::of_compartment(resource_type, id, of, query());
            }
            ("GET", [Some(id), Some("_history"), Some(version)]) => {
                Self::ReadVersion { resource_type, id: id.to_owned(), version: version.to_owned() }
            }
            _ => return None,
        })
    }

    fn of_compartment(resource_type: &'static str, id: &str, of: &str, query: String) -> Option<Self> {
        Compartment::of(resource_type)?;
        let of = if of == "*" { None } else { Some(types::known(of)?) };
        Some(Self::SearchCompartment { resource_type, id: id.to_owned(), of, query })
    }

    /// Whether the operation leaves the state as it is.
    pub(crate) fn is_read(&self) -> bool {
        matches!(
            self,
            Self::Metadata
                | Self::Read { .. }
                | Self::ReadVersion { .. }
                | Self::History { .. }
                | Self::Search { .. }
                | Self::SearchSystem { .. }
                | Self::SearchCompartment { .. }
                | Self::Validate { .. }
                | Self::Everything { .. }
        )
    }

    /// Where the operation stands in the order in which FHIR processes a transaction.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::Delete { .. } | Self::ConditionalDelete { .. } => 0,
            Self::Create { .. } => 1,
            Self::Update { .. }
            | Self::ConditionalUpdate { .. }
            | Self::Patch { .. }
            | Self::ConditionalPatch { .. } => 2,
            _ => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: &str, path: &str) -> Option<u16> {
        Operation::parse(method, path, "").err().map(|refusal| refusal.status)
    }

    #[test]
    fn urls_are_told_apart() {
        let patient = "Patient";
        let id = || "x".to_owned();
        let of_patient =
            |of| Operation::SearchCompartment { resource_type: patient, id: id(), of, query: "q=1".into() };
        let rows = [
            ("POST", "/", Operation::Bundle),
            ("GET", "/metadata", Operation::Metadata),
            ("POST", "/Patient", Operation::Create { resource_type: patient }),
            ("GET", "/Patient", Operation::Search { resource_type: patient, query: "q=1".into() }),
            ("POST", "/Patient/_search", Operation::Search { resource_type: patient, query: "q=1".into() }),
            ("GET", "/", Operation::SearchSystem { query: "q=1".into() }),
            ("POST", "/_search", Operation::SearchSystem { query: "q=1".into() }),
            ("GET", "/Patient/x/Observation", of_patient(Some("Observation"))),
            ("POST", "/Patient/x/Observation/_search", of_patient(Some("Observation"))),
            ("GET", "/Patient/x/*", of_patient(None)),
            ("PUT", "Patient", Operation::ConditionalUpdate { resource_type: patient, query: "q=1".into() }),
            ("PUT", "Patient/x", Operation::Update { resource_type: patient, id: id() }),
            ("DELETE", "/Patient/x", Operation::Delete { resource_type: patient, id: id() }),
            (
                "GET",
                "/Patient/x/_history",
                Operation::History { scope: Scope::Instance(patient, id()), query: "q=1".into() },
            ),
            (
                "GET",
                "/Patient/_history",
                Operation::History { scope: Scope::Type(patient), query: "q=1".into() },
            ),
            ("GET", "/_history", Operation::History { scope: Scope::System, query: "q=1".into() }),
            ("PATCH", "/Patient/x", Operation::Patch { resource_type: patient, id: id() }),
            ("PATCH", "Patient", Operation::ConditionalPatch { resource_type: patient, query: "q=1".into() }),
            (
                "POST",
                "/Patient/$validate",
                Operation::Validate { resource_type: patient, id: None, query: "q=1".into() },
            ),
            (
                "GET",
                "/Patient/x/$everything",
                Operation::Everything { resource_type: patient, id: id(), query: "q=1".into() },
            ),
            (
                "GET",
                "/Patient/$export",
                Operation::Export(ExportStep::Start { level: ExportLevel::Patient, query: "q=1".into() }),
            ),
            (
                "POST",
                "/Group/x/$export",
                Operation::Export(ExportStep::Start { level: ExportLevel::Group(id()), query: "q=1".into() }),
            ),
            ("DELETE", "/bulkdata/export/x", Operation::Export(ExportStep::Cancel { job: id() })),
            (
                "GET",
                "/Patient/x/_history/y",
                Operation::ReadVersion { resource_type: patient, id: id(), version: "y".into() },
            ),
        ];
        for (method, path, expected) in rows {
            assert!(
                Operation::parse(method, path, "q=1").is_ok_and(|found| found == expected),
                "{method} {path}"
            );
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert_eq!(status("PUT", "/"), Some(404));
        assert_eq!(status("GET", "/Patient/x/Nonsense"), Some(404));
        assert_eq!(status("GET", "/Practitioner/x/Observation"), Some(404));
        assert_eq!(status("POST", "/Patient/x/Observation"), Some(404));
        assert_eq!(status("GET", "/Nonsense"), Some(400));
        assert_eq!(status("GET", "/Patient/$validate"), Some(404));
        assert_eq!(status("GET", "/Observation/x/$everything"), Some(404));
        assert_eq!(status("GET", "/Group/$export"), Some(404));
        assert_eq!(status("GET", "/$meta"), Some(400));
        assert_eq!(status("GET", "/Patient/x/_history/y/z"), Some(404));
    }
}
