//! NIST conformance profiles: read from XML, and messages validated against them (feature `profile`).
//!
//! ```
//! use carewire_hl7_v2::profile::{ConformanceProfile, ProfileSource, ValidationOptions};
//! use carewire_hl7_v2::{Message, ParseOptions};
//!
//! let xml = br#"<ConformanceProfile ID="demo"><MetaData Name="Demo" OrgName="-" Version="1" Date="-"/>
//!   <Messages><Message ID="m" Type="ADT" Event="A01" StructID="ADT_A01">
//!     <Segment Ref="MSH" Usage="R" Min="1" Max="1"/><Segment Ref="PID" Usage="R" Min="1" Max="1"/></Message></Messages>
//!   <Segments>
//!     <Segment ID="MSH" Name="MSH"><Field Name="Separator" Usage="R" Datatype="ST" Min="1" Max="1"/></Segment>
//!     <Segment ID="PID" Name="PID"><Field Name="Set ID" Usage="R" Datatype="SI" Min="1" Max="1"/></Segment>
//!   </Segments>
//!   <Datatypes><Datatype ID="ST" Name="ST"/><Datatype ID="SI" Name="SI"/></Datatypes></ConformanceProfile>"#;
//! let profile = ConformanceProfile::load(&ProfileSource::new(xml))?;
//! assert!(profile.unsupported().is_empty());
//!
//! let message = Message::parse(b"MSH|\rPID|one\r", &ParseOptions::default())?;
//! let report = profile.validate(&message, &ValidationOptions::default().for_message("m"));
//! let found: Vec<String> = report.findings().iter().map(ToString::to_string).collect();
//! assert_eq!(found, ["error: value not of its data type (SI) in PID[1]-1[1] at bytes 9..12, rule PID-1"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is read
//! The XML that the NIST tools export: `ConformanceProfile`, and, where there are some, `ConformanceContext`,
//! `ValueSetLibrary`, `ValueSetBindingsContext`, `CoConstraintContext` and `ProfileSlicing`. Files are in UTF-8;
//! document type declarations and entities are refused. What is not evaluated, down to single attributes, is listed
//! with its line in [`ConformanceProfile::unsupported`]; nothing is passed over in silence.
//!
//! # What is checked
//! - **Structure**: segments are matched to the groups of the profile; those out of place or not in it, groups and
//!   segments that are missing or repeat too often.
//! - **Usage** R, RE (if asked for), X, W, B, and C by its predicate; **cardinality** of segments, groups and fields;
//!   **length** of primitive values in characters after escape sequences are replaced (MinLength and MaxLength, else
//!   ConfLength); **constant values**; fields, components and subcomponents behind the last one; the **format** of NM,
//!   SI, DT, TM and DTM.
//! - **Dynamic mapping**: the data type of a field by the value of one or two others.
//! - **Value sets**: bindings in the profile or in their own file, single codes, several locations of a code with its
//!   code system, patterns of codes, excluded codes.
//! - **Predicates and conformance statements** for messages, groups, segments and data types, by id and by name:
//!   Presence, PlainText, Format, StringList, NumberList, SimpleValue, StringFormat (LOINC, SNOMED), PathValue,
//!   ComplexPathValue, ValueSet, isNULL, SetID, IZSetID, SubContext, NOT, AND, OR, XOR, IMPLY, FORALL, EXIST.
//! - **Co-constraints** in simple and conditional tables, and **slicing** of segments and fields by number and by
//!   assertion.
//!
//! # What is not
//! - Rules that are programs (`Plugin`). External value sets: nothing is fetched.
//! - Regular expressions with look-around, references back or classes of Unicode.
//! - Usage C without a predicate, value sets that the library excludes or does not have, bindings of undetermined
//!   strength.
//!
//! # Where it differs from the NIST engine
//! | | NIST | here |
//! |---|---|---|
//! | classes of findings | error, warning, alert, informational, affirmative, note, specification error | error; warning (warning and alert); information. What holds is not reported, and faults of the profile are found when it is loaded |
//! | code outside an open value set that is bound as required | error | warning |
//! | values of usage O | not checked | checked, see [`ValidationOptions::without_optional`] |
//! | missing element of usage RE | warning | not reported, see [`ValidationOptions::with_empty_reported`] |
//! | AND, OR with something that cannot be told | cannot be told | decided where the rest decides it |
//! | times of which one only has a zone | a default zone | cannot be told |
//! | several comparisons at once | all made | at most 2^20 in one message, then cannot be told |
//! | fewer repetitions than the minimum | by the number of the last one | by those that are valued |
//!
//! What cannot be told is a finding of kind [`NotChecked`](crate::FindingKind::NotChecked).

mod assertion;
mod binding;
mod co_constraint;
mod context;
mod error;
mod load;
mod model;
mod path;
mod predicates;
mod slicing;
mod unsupported;
mod validate;
mod value_set;
mod xml;

use std::sync::Arc;

pub use error::{ProfileError, ProfileErrorKind, ProfileFile};
pub use model::{
    DatatypeProfile, ElementProfile, GroupProfile, Length, MessageProfile, ProfileNode, Range,
    SegmentProfile, SegmentReference, Usage,
};
pub use unsupported::{Unsupported, UnsupportedReason};
pub use validate::{ProfileReport, ValidationOptions};

use crate::Message;

/// The XML files of a profile, as the authoring tool exports them. Only the profile itself is needed.
#[derive(Clone, Copy)]
pub struct ProfileSource<'s> {
    pub(super) profile: &'s [u8],
    constraints: Option<&'s [u8]>,
    value_sets: Option<&'s [u8]>,
    bindings: Option<&'s [u8]>,
    co_constraints: Option<&'s [u8]>,
    slicings: Option<&'s [u8]>,
}

impl<'s> ProfileSource<'s> {
    /// The file with the root element `ConformanceProfile`.
    #[must_use]
    pub fn new(profile: &'s [u8]) -> Self {
        Self {
            profile,
            constraints: None,
            value_sets: None,
            bindings: None,
            co_constraints: None,
            slicings: None,
        }
    }

    /// The file with the root element `ConformanceContext`.
    #[must_use]
    pub fn with_constraints(self, xml: &'s [u8]) -> Self {
        Self { constraints: Some(xml), ..self }
    }

    /// The file with the root element `ValueSetLibrary`.
    #[must_use]
    pub fn with_value_sets(self, xml: &'s [u8]) -> Self {
        Self { value_sets: Some(xml), ..self }
    }

    /// The file with the root element `ValueSetBindingsContext`.
    #[must_use]
    pub fn with_bindings(self, xml: &'s [u8]) -> Self {
        Self { bindings: Some(xml), ..self }
    }

    /// The file with the root element `CoConstraintContext`.
    #[must_use]
    pub fn with_co_constraints(self, xml: &'s [u8]) -> Self {
        Self { co_constraints: Some(xml), ..self }
    }

    /// The file with the root element `ProfileSlicing`.
    #[must_use]
    pub fn with_slicings(self, xml: &'s [u8]) -> Self {
        Self { slicings: Some(xml), ..self }
    }
}

/// A conformance profile: messages with their segments, data types, value sets and rules.
#[derive(Debug)]
pub struct ConformanceProfile {
    id: Option<String>,
    name: Option<String>,
    version: Option<String>,
    hl7_version: Option<String>,
    messages: Vec<MessageProfile>,
    segments: Vec<Arc<SegmentProfile>>,
    unsupported: Vec<Unsupported>,
}

impl ConformanceProfile {
    /// Reads a profile. What it holds that validation does not evaluate is listed in
    /// [`ConformanceProfile::unsupported`].
    ///
    /// # Errors
    /// When a file is not well-formed XML in UTF-8, is beyond the limits (64 MiB, 64 levels, 64 attributes of an
    /// element), lacks what it has to have, refers to what is not there, or defines a data type by itself.
    pub fn load(source: &ProfileSource<'_>) -> Result<Self, ProfileError> {
        load::load(source)
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The version of the profile.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The version of HL7 that it is about.
    #[must_use]
    pub fn hl7_version(&self) -> Option<&str> {
        self.hl7_version.as_deref()
    }

    /// The messages in order.
    #[must_use]
    pub fn messages(&self) -> &[MessageProfile] {
        &self.messages
    }

    /// The message of this id.
    #[must_use]
    pub fn message(&self, id: &str) -> Option<&MessageProfile> {
        self.messages.iter().find(|message| message.id() == id)
    }

    /// The segments, by id.
    pub fn segments(&self) -> impl Iterator<Item = &SegmentProfile> {
        self.segments.iter().map(|segment| &**segment)
    }

    /// What the profile asks for that is not evaluated, in the order of its files.
    #[must_use]
    pub fn unsupported(&self) -> &[Unsupported] {
        &self.unsupported
    }

    /// Validates a message: its segments against the groups of the profile, then usage, cardinality, length, format,
    /// value sets, predicates and conformance statements.
    ///
    /// The cost is linear in the message. The report holds places, codes and what the profile says, no value of the
    /// message.
    #[must_use]
    pub fn validate(&self, message: &Message<'_>, options: &ValidationOptions) -> ProfileReport {
        validate::validate(self, message, options)
    }
}
