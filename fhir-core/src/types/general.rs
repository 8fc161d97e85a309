//! Identifiers, codings, references, extensions and what surrounds every resource.
#![expect(clippy::should_implement_trait, reason = "`div` is an element and not a division")]

use super::{
    Address, ContactDetail, ContactPoint, Contributor, DataRequirement, Dosage, Expression, Extra, Field,
    FromJson, HumanName, IdentifierUse, Members, Money, NarrativeStatus, ParameterDefinition, Quantity,
    Range, Ratio, Reader, RelatedArtifact, SampledData, Timing, ToJson, TriggerDefinition, UsageContext,
    Writer,
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
        Self { url: Some(url.into()), value: Some(value), ..Self::default() }
    }

    /// An extension made of extensions.
    #[must_use]
    pub fn nested(url: impl Into<String>, extension: Vec<Self>) -> Self {
        Self { extension, url: Some(url.into()), ..Self::default() }
    }
}

fhir! {
    /// `Extension.value[x]`, and every other choice of any type.
    choice ExtensionValue {
        Boolean(bool), Date(Date), DateTime(DateTime), Decimal(Decimal), Instant(Instant), Integer(i32), String(String),
        Time(Time), Address(Box<Address>), Annotation(Box<Annotation>), Attachment(Box<Attachment>),
        CodeableConcept(CodeableConcept), Coding(Coding), ContactPoint(Box<ContactPoint>), HumanName(Box<HumanName>),
        Identifier(Box<Identifier>), Money(Money), Period(Period), Quantity(Quantity), Range(Box<Range>),
        Ratio(Box<Ratio>), Reference(Reference), SampledData(Box<SampledData>), Signature(Box<Signature>),
        Timing(Box<Timing>), ContactDetail(Box<ContactDetail>), Contributor(Box<Contributor>),
        DataRequirement(Box<DataRequirement>), Expression(Box<Expression>),
        ParameterDefinition(Box<ParameterDefinition>), RelatedArtifact(Box<RelatedArtifact>),
        TriggerDefinition(Box<TriggerDefinition>), UsageContext(Box<UsageContext>), Dosage(Box<Dosage>),
        Meta(Box<Meta>),
    } by name {
        Base64Binary(String), Canonical(String), Code(String), Id(String), Markdown(String), Oid(String),
        PositiveInt(u32), UnsignedInt(u32), Uri(String), Url(String), Uuid(String), Age(Quantity), Count(Quantity),
        Distance(Quantity), Duration(Quantity),
    }
}

/// The extensions of a primitive element, which FHIR writes beside it in a member whose name begins with `_`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrimitiveExtension(pub Vec<Extension>);

impl ToJson for PrimitiveExtension {
    const KEEPS_PLACE: bool = true;

    fn write(&self, to: &mut Writer) -> bool {
        let none = Extra::default();
        let opened = to.open(&none);
        super::Member::put(&self.0, "extension", to);
        to.close(opened, &none)
    }
}

/// What has more than extensions, such as an `id`, is not held here but in the `extra` of the struct around it.
impl FromJson for PrimitiveExtension {
    const NAME: &'static str = "Element";

    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        let mut members = Members::of(value, reader)?;
        let extensions = Field::take_from(&mut members, "extension", reader);
        members.rest(reader).is_empty().then_some(Self(extensions))
    }
}

impl Field for PrimitiveExtension {
    fn take_from(members: &mut Members<'_>, name: &str, reader: &mut Reader) -> Self {
        super::Slot::take(members, name, reader).unwrap_or_default()
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
    /// Who signed what, when and for whom.
    element Signature {
        r#type: Vec<Coding> = "type",
        when: Option<Instant> = "when",
        who: Option<Reference> = "who",
        on_behalf_of: Option<Reference> = "onBehalfOf",
        target_format: Option<String> = "targetFormat",
        sig_format: Option<String> = "sigFormat",
        data: Option<String> = "data",
    }
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
