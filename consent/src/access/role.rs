//! The roles of those who ask.

/// What somebody is in the org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Admin,
    Clinician,
    Patient,
    Researcher,
    Auditor,
    System,
}

static NAMES: [(&str, Role); 7] = [
    ("ADMIN", Role::Admin),
    ("CLINICIAN", Role::Clinician),
    ("PROVIDER", Role::Clinician),
    ("PATIENT", Role::Patient),
    ("RESEARCHER", Role::Researcher),
    ("AUDITOR", Role::Auditor),
    ("SYSTEM", Role::System),
];

impl Role {
    /// The role of that name; capitals do not matter.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, role)| *role)
    }
}
