//! What describes other content, and what asks for it.

use super::{
    Attachment, CodeableConcept, CodeableConceptOrReference, Coding, ContactPoint, ContributorType, Date,
    DateTime, DateTimeOrPeriodOrDuration, OperationParameterUse, Quantity, Range, Reference,
    RelatedArtifactType, SortDirection, Timing, TriggerType,
};
use crate::define::fhir;

fhir! {
    /// Somebody to be asked.
    element ContactDetail { name: Option<String> = "name", telecom: Vec<ContactPoint> = "telecom" }
}

fhir! {
    /// Somebody who helped to make something.
    element Contributor {
        r#type: Option<ContributorType> = "type",
        name: Option<String> = "name",
        contact: Vec<ContactDetail> = "contact",
    }
}

fhir! {
    /// Data that is needed.
    element DataRequirement {
        r#type: Option<String> = "type",
        profile: Vec<String> = "profile",
        subject: Option<CodeableConceptOrReference> = "subject",
        must_support: Vec<String> = "mustSupport",
        code_filter: Vec<DataRequirementCodeFilter> = "codeFilter",
        date_filter: Vec<DataRequirementDateFilter> = "dateFilter",
        limit: Option<u32> = "limit",
        sort: Vec<DataRequirementSort> = "sort",
    }
}

fhir! {
    /// `DataRequirement.codeFilter`
    element DataRequirementCodeFilter {
        path: Option<String> = "path",
        search_param: Option<String> = "searchParam",
        value_set: Option<String> = "valueSet",
        code: Vec<Coding> = "code",
    }
}

fhir! {
    /// `DataRequirement.dateFilter`
    element DataRequirementDateFilter {
        path: Option<String> = "path",
        search_param: Option<String> = "searchParam",
        value: Option<DateTimeOrPeriodOrDuration> = "value",
    }
}

fhir! {
    /// `DataRequirement.sort`
    element DataRequirementSort { path: Option<String> = "path", direction: Option<SortDirection> = "direction" }
}

fhir! {
    /// An expression in a language for expressions.
    element Expression {
        description: Option<String> = "description",
        name: Option<String> = "name",
        language: Option<String> = "language",
        expression: Option<String> = "expression",
        reference: Option<String> = "reference",
    }
}

fhir! {
    /// A parameter that goes in or comes out.
    element ParameterDefinition {
        name: Option<String> = "name",
        r#use: Option<OperationParameterUse> = "use",
        min: Option<i32> = "min",
        max: Option<String> = "max",
        documentation: Option<String> = "documentation",
        r#type: Option<String> = "type",
        profile: Option<String> = "profile",
    }
}

fhir! {
    /// Something that belongs to a knowledge artefact, such as a citation.
    element RelatedArtifact {
        r#type: Option<RelatedArtifactType> = "type",
        label: Option<String> = "label",
        display: Option<String> = "display",
        citation: Option<String> = "citation",
        url: Option<String> = "url",
        document: Option<Attachment> = "document",
        resource: Option<String> = "resource",
    }
}

fhir! {
    /// When something is to be started.
    element TriggerDefinition {
        r#type: Option<TriggerType> = "type",
        name: Option<String> = "name",
        timing: Option<TriggerDefinitionTiming> = "timing",
        data: Vec<DataRequirement> = "data",
        condition: Option<Expression> = "condition",
    }
}

fhir! {
    /// `TriggerDefinition.timing[x]`
    choice TriggerDefinitionTiming { Timing(Box<Timing>), Reference(Reference), Date(Date), DateTime(DateTime) }
}

fhir! {
    /// Where or for whom something is meant.
    element UsageContext { code: Option<Coding> = "code", value: Option<UsageContextValue> = "value" }
}

fhir! {
    /// `UsageContext.value[x]`
    choice UsageContextValue {
        CodeableConcept(CodeableConcept), Quantity(Quantity), Range(Box<Range>), Reference(Reference),
    }
}
