//! What is checked, and how grave it is.

use crate::Severity;

/// What is checked, and how grave it is; `None` is not checked.
///
/// ```
/// use carewire_hl7_v2::Severity;
/// use carewire_hl7_v2::validate::ValidateOptions;
///
/// let mut options = ValidateOptions::default();
/// assert_eq!((options.lengths, options.user_tables), (Some(Severity::Warning), None));
/// options.user_tables = Some(Severity::Warning);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidateOptions {
    /// Whether the segments are checked against the structure of the message. Default: yes.
    pub structure: bool,
    /// Segments that the version does not have, but for local ones (`Z…`). Default: warning.
    pub unknown_segments: Option<Severity>,
    /// Fields, components, subcomponents and repetitions behind the last one that the version has; a receiver has to
    /// ignore them. Default: warning.
    pub beyond_definition: Option<Severity>,
    /// Values longer than the version allows, but for codes of the field's table in this version, in 2.8.2 or in 2.9:
    /// 2.5.1 allows OBX-2 two characters, too few for `CWE`. Versions differ, and few receivers mind. Default: warning.
    pub lengths: Option<Severity>,
    /// Codes that are not in a table that HL7 defines. A warning at most where the data type allows exceptions (CE,
    /// CWE), and for codes that version 2.8.2 or 2.9 has. Before 2.3.1 nothing is found: the dictionary has no codes of
    /// those versions. Default: error.
    pub hl7_tables: Option<Severity>,
    /// Codes that are not among those that HL7 suggests for a table that sites define. Default: not checked.
    pub user_tables: Option<Severity>,
    /// An explicit null `""` where a value is required. Default: warning.
    pub null_in_required: Option<Severity>,
    /// Values in fields and components that the version keeps for older ones only, or has withdrawn. The dictionary knows
    /// what is kept for older versions in 2.7 and 2.7.1 only: PID-2, PID-4 or EVN-1 of 2.3.1 to 2.6 are not found, since
    /// the sources call them optional there. Default: information.
    pub obsolete: Option<Severity>,
    /// At most this many findings are kept one by one. Default: 1000.
    pub most: usize,
}

impl Default for ValidateOptions {
    fn default() -> Self {
        Self {
            structure: true,
            unknown_segments: Some(Severity::Warning),
            beyond_definition: Some(Severity::Warning),
            lengths: Some(Severity::Warning),
            hl7_tables: Some(Severity::Error),
            user_tables: None,
            null_in_required: Some(Severity::Warning),
            obsolete: Some(Severity::Information),
            most: crate::finding::Collector::MOST,
        }
    }
}
