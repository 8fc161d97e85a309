//! How a message is put into its structure.

/// How a message is put into its structure. The default keeps unexpected segments where they were met, and gives a
/// message without a known structure a tree without groups.
///
/// ```
/// use carewire_hl7_v2::structure::{TreeOptions, Unexpected};
///
/// let options = TreeOptions::default().with_unexpected(Unexpected::Root).as_structure("ORU_R01");
/// assert_eq!(options.structure.as_deref(), Some("ORU_R01"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TreeOptions {
    /// Where a segment goes that the structure does not have at its place.
    pub unexpected: Unexpected,
    /// What becomes of a message whose structure the dictionary does not have.
    pub unknown_structure: UnknownStructure,
    /// The structure to use, whatever MSH-9 says.
    pub structure: Option<String>,
}

impl TreeOptions {
    /// Sets where a segment goes that the structure does not have at its place.
    #[must_use]
    pub fn with_unexpected(mut self, unexpected: Unexpected) -> Self {
        self.unexpected = unexpected;
        self
    }

    /// Refuses a message whose structure the dictionary does not have.
    #[must_use]
    pub fn refusing_unknown(mut self) -> Self {
        self.unknown_structure = UnknownStructure::Refuse;
        self
    }

    /// Sets the structure, whatever MSH-9 says, as in `ORU_R01`.
    #[must_use]
    pub fn as_structure(mut self, name: impl Into<String>) -> Self {
        self.structure = Some(name.into());
        self
    }
}

/// Where a segment goes that the structure does not have at its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unexpected {
    /// Into the group that is open where the segment was met. A local segment behind an OBX stays with that OBX.
    #[default]
    Inline,
    /// To the top level, whatever group is open.
    Root,
}

/// What becomes of a message whose structure the dictionary does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnknownStructure {
    /// All segments stand at the top level, with a finding.
    #[default]
    Flat,
    /// An error.
    Refuse,
}

/// Why a message was not put into a structure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StructureError {
    /// Neither MSH-9 nor the options name a structure that the dictionary has. A dictionary of another version, or an
    /// overlay with the structure, may help.
    #[error("the dictionary has no structure for MSH-9")]
    Unknown,
}
