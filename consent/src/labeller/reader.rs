//! Goes through a resource for what the table speaks of, and for what it does not.

use carewire_fhir_core::json::{JsonNode, NameId};

use super::Labeller;
use super::labels::{Found, Labels};
use crate::label::label_of;

/// What was found so far.
pub(super) struct Reader<'t> {
    table: &'t Labeller,
    found: Found,
    /// There is something that the table does not speak of.
    leaves_something: bool,
}

/// Elements in which words and unknown codes tell nothing about health: labels and who somebody is.
const WHO: [&str; 5] = ["address", "identifier", "meta", "name", "telecom"];

/// Elements of which the words may tell anything.
const WORDS: [&str; 8] = [
    "comment",
    "conclusion",
    "description",
    "patientInstruction",
    "reasonString",
    "summary",
    "valueMarkdown",
    "valueString",
];

/// Elements that are documents or images.
const DOCUMENTS: [&str; 5] =
    ["attachment", "contentAttachment", "presentedForm", "sourceAttachment", "valueAttachment"];

/// What a narrative says of itself when it tells nothing that the elements do not.
const FROM_ELEMENTS: [&str; 3] = ["empty", "extensions", "generated"];

impl<'t> Reader<'t> {
    pub(super) fn new(table: &'t Labeller) -> Self {
        Self { table, found: Found::default(), leaves_something: false }
    }

    pub(super) fn labels(self) -> Labels {
        Labels::of(self.found, !self.leaves_something)
    }

    /// Goes through a resource or an element of one. `counts`: what is not understood is left, and not passed over.
    pub(super) fn element<'n, N: JsonNode<'n>>(&mut self, name: &str, value: N, counts: bool) {
        let counts = counts && !WHO.contains(&name);
        value.items().for_each(|item| self.element(name, item, counts));
        self.leaves_something |= counts && is_words(name, value);
        if name == "security" {
            self.standing(value);
        }
        let mut members = value.members().peekable();
        if members.peek().is_none() {
            return;
        }
        self.coding(name, value, counts);
        for (inner, member) in members {
            let is_said = name == "extension" && inner.as_str() == "valueString";
            self.element(inner.as_str(), member, counts && !is_said);
        }
    }

    /// A code, if the value is one.
    fn coding<'n>(&mut self, name: &str, value: impl JsonNode<'n>, counts: bool) {
        let is_coding = name == "coding" || name.ends_with("Coding");
        match (value.text(SYSTEM), value.text(CODE)) {
            (Some(system), Some(code)) => match self.table.look_up(system, code) {
                Some(found) => self.found = self.found.and(found),
                None => self.leaves_something |= counts,
            },
            _ => self.leaves_something |= counts && is_coding,
        }
    }

    /// The labels that stand in `meta.security`.
    fn standing<'n>(&mut self, security: impl JsonNode<'n>) {
        for coding in security.items() {
            if let Some(code) = coding.text(CODE) {
                self.found.add(label_of(coding.text(SYSTEM), code));
            }
        }
    }
}

/// Whether an element is told in words or images: free text, a concept without a code, a note, a document, or a narrative that
/// adds to the elements.
fn is_words<'n>(name: &str, value: impl JsonNode<'n>) -> bool {
    if value.as_str().is_some() {
        return WORDS.contains(&name);
    }
    if name == "text" && !value.is_empty() {
        return !value.text(STATUS).is_some_and(|status| FROM_ELEMENTS.contains(&status));
    }
    let is_document = DOCUMENTS.contains(&name) && value.items().next().is_none();
    is_document
        || value.text(CONTENT_TYPE).is_some()
        || (value.text(TEXT).is_some() && value.member(CODING).is_none())
}

const SYSTEM: NameId = NameId::element("system");
const CODE: NameId = NameId::element("code");
const CODING: NameId = NameId::element("coding");
const TEXT: NameId = NameId::element("text");
const STATUS: NameId = NameId::element("status");
const CONTENT_TYPE: NameId = NameId::element("contentType");
