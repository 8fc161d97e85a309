//! A message against the dictionary of its version: structure, fields, data types, lengths and codes.
//!
//! What is checked, with the source in the standard:
//! - the structure of the message (the chapter of the message), by [`Tree`];
//! - required fields and components, repetitions, data types and lengths (the segment's chapter, chapter 2A);
//! - OBX-5 by the data type that OBX-2 names, and that OBX-2 names one;
//! - codes of the tables that HL7 defines (chapter 2C), and on request of those that it suggests;
//! - what is obsolete in the version, as information: what is withdrawn, and in 2.7 and 2.7.1 what is kept for older
//!   versions only (what 2.3.1 to 2.6 keep, such as PID-2, is in no source).
//!
//! What a receiver has to ignore by the rules of chapter 2 (fields, components and repetitions behind those of the
//! version, unknown segments) is a warning: a sender of a later version may well send them. An explicit null in a
//! required place is a warning: the standard wants a value there.
//!
//! Not checked:
//! - whether a conditional field (`C`) has to be there, but for OBX-2;
//! - fields other than OBX-5 whose data type another one names (`varies`);
//! - codes before 2.3.1, where the dictionary has none, and those of external code systems;
//! - lengths where the dictionary has none, as for most fields from 2.7 on;
//! - anything that two fields say together.
//!
//! A conformance [profile](crate::profile) can say such things.

mod code;
mod fields;
mod options;
mod primitive;
mod spot;
mod value;

pub use options::ValidateOptions;

use crate::dictionary::Dictionary;
use crate::escape::Syntax;
use crate::finding::Collector;
use crate::structure::Tree;
use crate::{Finding, FindingKind, Message};

/// What is not as the dictionary has it, in the order of the message. Without any [`Severity::Error`], the message is
/// valid for that version.
///
/// [`Severity::Error`]: crate::Severity::Error
///
/// ```
/// use carewire_hl7_v2::dictionary::{Dictionary, Version};
/// use carewire_hl7_v2::validate::{ValidateOptions, validate};
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let bytes = b"MSH|^~\\&|A|B|C|D|20240301||ADT^A01^ADT_A01|7|P|2.5.1\rEVN||2024031\r\
///     PID|1||5^^^GEN^MR||Doe^Jo\rPV1|1|I\r";
/// let message = Message::parse(bytes, &ParseOptions::default())?;
/// let findings = validate(&message, Dictionary::of(Version::V2_5_1), &ValidateOptions::default());
/// let shown: Vec<_> = findings.iter().map(ToString::to_string).collect();
/// assert_eq!(shown, ["error: value not of its data type (DTM) in EVN[1]-2.1 at bytes 58..65"]);
/// # Ok::<(), carewire_hl7_v2::ParseError>(())
/// ```
#[must_use]
pub fn validate(message: &Message<'_>, dictionary: &Dictionary, options: &ValidateOptions) -> Vec<Finding> {
    let tree = options.structure.then(|| Tree::of(message, dictionary));
    let findings = Collector::new(options.most);
    let mut check =
        Check { message, dictionary, options, syntax: message.syntax(), tree: tree.as_ref(), findings };
    check.structure();
    for segment in message.segments() {
        check.segment(segment);
    }
    let mut findings = check.findings.into_list();
    findings.sort_by_key(|finding| finding.span().map_or(usize::MAX, |span| span.start));
    findings
}

/// What the checks share.
struct Check<'c> {
    message: &'c Message<'c>,
    dictionary: &'c Dictionary,
    options: &'c ValidateOptions,
    syntax: Syntax,
    tree: Option<&'c Tree<'c>>,
    findings: Collector,
}

impl Check<'_> {
    /// Takes over what the tree found, but for segments that get a finding of their own.
    fn structure(&mut self) {
        for finding in self.tree.map(Tree::findings).unwrap_or_default() {
            let segment = finding.location().map(|location| location.segment().upper_case());
            let told = finding.kind() == FindingKind::UnexpectedSegment
                && segment.is_some_and(|segment| self.is_unknown(segment));
            if !told {
                self.findings.report(finding.clone());
            }
        }
    }
}
