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
        resource_type: &'static str,
        id: String,
    },
    Search {
        resource_type: &'static str,
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
}

impl Operation {
    /// Reads a path below the base and its query.
    pub(crate) fn parse(method: &str, path: &str, query: &str) -> Result<Self, Refusal> {
        let path = path.trim_matches('/');
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let Some(first) = segments.next() else {
            return if method == "POST" { Ok(Self::Bundle) } else { Err(Refusal::not_found()) };
        };
        if first == "metadata" && method == "GET" {
            return Ok(Self::Metadata);
        }
        let resource_type =
            types::known(first).ok_or_else(|| Refusal::bad_request("Unknown resource type"))?;
        let rest = [segments.next(), segments.next(), segments.next()];
        if segments.next().is_some() {
            return Err(Refusal::not_found());
        }
        Self::of_type(method, resource_type, rest, query).ok_or_else(Refusal::not_found)
    }

    fn of_type(
        method: &str,
        resource_type: &'static str,
        rest: [Option<&str>; 3],
        query: &str,
    ) -> Option<Self> {
        let query = || query.to_owned();
        Some(match (method, rest) {
            ("POST", [None, ..]) => Self::Create { resource_type },
            ("GET", [None, ..]) | ("POST", [Some("_search"), None, _]) => {
                Self::Search { resource_type, query: query() }
            }
            ("PUT", [None, ..]) => Self::ConditionalUpdate { resource_type, query: query() },
            ("DELETE", [None, ..]) => Self::ConditionalDelete { resource_type, query: query() },
            ("GET", [Some(id), None, _]) => Self::Read { resource_type, id: id.to_owned() },
            ("PUT", [Some(id), None, _]) => Self::Update { resource_type, id: id.to_owned() },
            ("DELETE", [Some(id), None, _]) => Self::Delete { resource_type, id: id.to_owned() },
            ("GET", [Some(id), Some("_history"), None]) => Self::History { resource_type, id: id.to_owned() },
            ("GET", [Some(id), Some("_history"), Some(version)]) => {
                Self::ReadVersion { resource_type, id: id.to_owned(), version: version.to_owned() }
            }
            _ => return None,
        })
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
        )
    }

    /// Where the operation stands in the order in which FHIR processes a transaction.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::Delete { .. } | Self::ConditionalDelete { .. } => 0,
            Self::Create { .. } => 1,
            Self::Update { .. } | Self::ConditionalUpdate { .. } => 2,
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
        let rows = [
            ("POST", "/", Operation::Bundle),
            ("GET", "/metadata", Operation::Metadata),
            ("POST", "/Patient", Operation::Create { resource_type: patient }),
            ("GET", "/Patient", Operation::Search { resource_type: patient, query: "q=1".into() }),
            ("POST", "/Patient/_search", Operation::Search { resource_type: patient, query: "q=1".into() }),
            ("PUT", "Patient", Operation::ConditionalUpdate { resource_type: patient, query: "q=1".into() }),
            ("PUT", "Patient/x", Operation::Update { resource_type: patient, id: id() }),
            ("DELETE", "/Patient/x", Operation::Delete { resource_type: patient, id: id() }),
            ("GET", "/Patient/x/_history", Operation::History { resource_type: patient, id: id() }),
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
        assert_eq!(status("GET", "/"), Some(404));
        assert_eq!(status("GET", "/Nonsense"), Some(400));
        assert_eq!(status("PATCH", "/Patient/x"), Some(404));
        assert_eq!(status("GET", "/Patient/x/_history/y/z"), Some(404));
    }
}
