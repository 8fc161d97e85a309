//! Identifiers, codings, references, extensions and what surrounds every resource.

use super::{
    Address, ContactPoint, HumanName, IdentifierUse, NarrativeStatus, Quantity, Range, Ratio, SampledData,
    Timing, ToValue,
};
use crate::Value;
use crate::define::fhir;
use crate::primitive::{Date, DateTime, Decimal, Instant, Time};

fhir! {
    /// Something that FHIR itself has no element for.
    element Extension { url: Option<String> = "url", value: Option<ExtensionValue> = "value" }
}

impl Extension {
    /// An extension with a value.
    #[must_use]
    pub fn new(url: impl Into<String>, value: ExtensionValue) -> Self {
        Self { extension: Vec::new(), url: Some(url.into()), value: Some(value) }
    }

    /// An extension made of extensions.
    #[must_use]
    pub fn nested(url: impl Into<String>, extension: Vec<Self>) -> Self {
        Self { extension, url: Some(url.into()), value: None }
    }
}

fhir! {
    /// `Extension.value[x]`
    choice ExtensionValue {
        Base64Binary(String), Boolean(bool), Canonical(String), Code(String), Date(Date), DateTime(DateTime),
        Decimal(Decimal), Id(String), Instant(Instant), Integer(i32), Markdown(String), Oid(String), PositiveInt(u32),
        String(String), Time(Time), UnsignedInt(u32), Uri(String), Url(String), Uuid(String), Address(Box<Address>),
        Age(Quantity), Annotation(Box<Annotation>), Attachment(Box<Attachment>), CodeableConcept(CodeableConcept),
        Coding(Coding), ContactPoint(Box<ContactPoint>), Duration(Quantity), HumanName(Box<HumanName>),
        Identifier(Box<Identifier>), Period(Period), Quantity(Quantity), Range(Box<Range>), Ratio(Box<Ratio>),
        Reference(Reference), SampledData(Box<SampledData>), Timing(Box<Timing>),
    }
}

/// The extensions of a primitive element, which FHIR writes beside it in a member whose name begins with `_`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrimitiveExtension(pub Vec<Extension>);

impl ToValue for PrimitiveExtension {
    fn to_value(&self) -> Value {
        let mut value = Value::object();
        super::Member::put(&self.0, "extension", &mut value);
        value
    }
}

fhir! {
    /// A value that names something within a system.
    element Identifier {
        r#use: Option<IdentifierUse> = "use",
        r#type: Option<CodeableConcept> = "type",
        system: Option<String> = "system",
        value: Option<String> = "value",
        period: Option<Period> = "period",
        assigner: Option<Box<Reference>> = "assigner",
    }
}

fhir! {
    /// A code of a system.
    element Coding {
        system: Option<String> = "system",
        version: Option<String> = "version",
        code: Option<String> = "code",
        display: Option<String> = "display",
        user_selected: Option<bool> = "userSelected",
    }
}

impl Coding {
    /// A code of a system.
    #[must_use]
    pub fn new(system: impl Into<String>, code: impl Into<String>) -> Self {
        Self { system: Some(system.into()), code: Some(code.into()), ..Self::default() }
    }
}

fhir! {
    /// A concept by its codes, by text, or by both.
    element CodeableConcept { coding: Vec<Coding> = "coding", text: Option<String> = "text" }
}

impl From<Coding> for CodeableConcept {
    fn from(coding: Coding) -> Self {
        Self { coding: vec![coding], ..Self::default() }
    }
}

fhir! {
    /// A reference to another resource. For what its text can be, see [`crate::Reference`].
    element Reference {
        reference: Option<String> = "reference",
        r#type: Option<String> = "type",
        identifier: Option<Box<Identifier>> = "identifier",
        display: Option<String> = "display",
    }
}

impl Reference {
    /// A reference by its text.
    #[must_use]
    pub fn to(reference: impl Into<String>) -> Self {
        Self { reference: Some(reference.into()), ..Self::default() }
    }
}

fhir! {
    /// From when to when.
    element Period { start: Option<DateTime> = "start", end: Option<DateTime> = "end" }
}

fhir! {
    /// Content in another format.
    element Attachment {
        content_type: Option<String> = "contentType",
        language: Option<String> = "language",
        data: Option<String> = "data",
        url: Option<String> = "url",
        size: Option<u32> = "size",
        hash: Option<String> = "hash",
        title: Option<String> = "title",
        creation: Option<DateTime> = "creation",
    }
}

fhir! {
    /// A note with its author.
    element Annotation {
        author: Option<AnnotationAuthor> = "author",
        time: Option<DateTime> = "time",
        text: Option<String> = "text",
    }
}

fhir! {
    /// `Annotation.author[x]`
    choice AnnotationAuthor { Reference(Reference), String(String) }
}

fhir! {
    /// What a server says about a resource, and its labels.
    element Meta {
        version_id: Option<String> = "versionId",
        last_updated: Option<Instant> = "lastUpdated",
        source: Option<String> = "source",
        profile: Vec<String> = "profile",
        security: Vec<Coding> = "security",
        tag: Vec<Coding> = "tag",
    }
}

fhir! {
    /// A resource as text for people. `div` is XHTML.
    element Narrative { status: Option<NarrativeStatus> = "status", div: Option<String> = "div" }
}
