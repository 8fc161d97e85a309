//! Codes with their systems.

use serde::{Deserialize, Serialize};

use crate::system::canonical;

/// A code, and the system that it is of where that is said.
///
/// As JSON `{"system":…,"code":…}`, in requests also `"system|code"` or the code alone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coding {
    /// The system, a URI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<Box<str>>,
    /// The code.
    pub code: Box<str>,
}

impl Coding {
    /// A code of a system.
    #[must_use]
    pub fn new(system: &str, code: &str) -> Self {
        Self { system: Some(system.into()), code: code.into() }
    }

    /// Reads `system|code`, or a code alone.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.split_once('|') {
            Some((system, code)) if !system.is_empty() => Self::new(system, code),
            Some((_, code)) => Self { system: None, code: code.into() },
            None => Self { system: None, code: text.into() },
        }
    }

    /// Whether both are the same code: a system that one of them leaves out may be any.
    pub(crate) fn may_be(&self, other: &Self) -> bool {
        if self.code != other.code {
            return false;
        }
        let (own, others) = (canonical(self.system.as_deref()), canonical(other.system.as_deref()));
        own.is_none() || others.is_none() || own == others
    }

    /// Whether both are the same code of the same, stated system.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.code == other.code
            && canonical(self.system.as_deref())
                .is_some_and(|own| Some(own) == canonical(other.system.as_deref()))
    }
}

/// The system, and how long the code is: a code of a local system may be a name.
impl std::fmt::Debug for Coding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Coding({} bytes)", self.code.len())
    }
}
