//! Why a profile cannot be loaded.

use std::fmt;

/// One of the XML files that a profile consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProfileFile {
    /// The messages, segments and data types: root element `ConformanceProfile`.
    Profile,
    /// Predicates and conformance statements: root element `ConformanceContext`.
    Constraints,
    /// Value sets: root element `ValueSetLibrary`.
    ValueSets,
    /// Where the value sets are bound: root element `ValueSetBindingsContext`.
    Bindings,
    /// Co-constraints: root element `CoConstraintContext`.
    CoConstraints,
    /// Slicing: root element `ProfileSlicing`.
    Slicings,
}

impl ProfileFile {
    /// The name of the root element.
    #[must_use]
    pub fn root(self) -> &'static str {
        match self {
            Self::Profile => "ConformanceProfile",
            Self::Constraints => "ConformanceContext",
            Self::ValueSets => "ValueSetLibrary",
            Self::Bindings => "ValueSetBindingsContext",
            Self::CoConstraints => "CoConstraintContext",
            Self::Slicings => "ProfileSlicing",
        }
    }
}

impl fmt::Display for ProfileFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Profile => "profile",
            Self::Constraints => "constraints",
            Self::ValueSets => "value sets",
            Self::Bindings => "value set bindings",
            Self::CoConstraints => "co-constraints",
            Self::Slicings => "slicings",
        })
    }
}

/// Why a profile cannot be loaded, and where. It names elements, attributes and ids of the file, nothing else of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}, column {column}: {kind}")]
pub struct ProfileError {
    pub(super) file: ProfileFile,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) kind: ProfileErrorKind,
}

impl ProfileError {
    /// The file.
    #[must_use]
    pub fn file(&self) -> ProfileFile {
        self.file
    }

    /// The line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in bytes, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ProfileErrorKind {
        &self.kind
    }
}

/// What is wrong with a file of a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileErrorKind {
    /// The bytes are not UTF-8.
    #[error("not UTF-8")]
    Encoding,
    /// Not well-formed XML.
    #[error("not well-formed XML")]
    Xml,
    /// A document type declaration, which a profile does not need and which is not read.
    #[error("document type declarations are not read")]
    DocumentType,
    /// An entity other than the five of XML.
    #[error("unknown entity")]
    Entity,
    /// The file is larger, nests deeper, or has more elements or attributes than is read.
    #[error("more {what} than the limit of {limit}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Another root element than the file should have.
    #[error("the root element is not {expected}")]
    Root {
        /// The root element of such a file.
        expected: &'static str,
    },
    /// An element lacks a child.
    #[error("{element} has no {child}")]
    MissingElement {
        /// The element.
        element: String,
        /// The child that it lacks.
        child: &'static str,
    },
    /// An element lacks an attribute.
    #[error("{element} has no attribute {attribute}")]
    MissingAttribute {
        /// The element.
        element: String,
        /// The attribute that it lacks.
        attribute: &'static str,
    },
    /// An attribute has a value that it cannot have.
    #[error("{element} has an attribute {attribute} that cannot be read")]
    Attribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// Two definitions have the same id.
    #[error("the {what} {id} is defined twice")]
    Duplicate {
        /// What is defined.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// An id that nothing has.
    #[error("there is no {what} {id}")]
    Unresolved {
        /// What is referred to.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// A data type that contains itself.
    #[error("the data type {id} contains itself")]
    Cycle {
        /// The id of the data type.
        id: String,
    },
}
