//! Forms and their answers.

use super::{
    EnableWhenBehavior, PublicationStatus, QuestionnaireItemOperator, QuestionnaireItemType,
    QuestionnaireResponseStatus,
};
use crate::define::fhir;
use crate::types::{
    Attachment, CodeableConcept, Coding, ContactDetail, Date, DateTime, Decimal, Identifier, Period,
    Quantity, Reference, Time, UsageContext,
};

fhir! {
    /// A form.
    resource Questionnaire {
        url: Option<String> = "url",
        identifier: Vec<Identifier> = "identifier",
        version: Option<String> = "version",
        name: Option<String> = "name",
        title: Option<String> = "title",
        derived_from: Vec<String> = "derivedFrom",
        status: Option<PublicationStatus> = "status",
        experimental: Option<bool> = "experimental",
        subject_type: Vec<String> = "subjectType",
        date: Option<DateTime> = "date",
        publisher: Option<String> = "publisher",
        contact: Vec<ContactDetail> = "contact",
        description: Option<String> = "description",
        use_context: Vec<UsageContext> = "useContext",
        jurisdiction: Vec<CodeableConcept> = "jurisdiction",
        purpose: Option<String> = "purpose",
        copyright: Option<String> = "copyright",
        approval_date: Option<Date> = "approvalDate",
        last_review_date: Option<Date> = "lastReviewDate",
        effective_period: Option<Period> = "effectivePeriod",
        code: Vec<Coding> = "code",
        item: Vec<QuestionnaireItem> = "item",
    }
}

fhir! {
    /// `Questionnaire.item`
    part QuestionnaireItem {
        link_id: Option<String> = "linkId",
        definition: Option<String> = "definition",
        code: Vec<Coding> = "code",
        prefix: Option<String> = "prefix",
        text: Option<String> = "text",
        r#type: Option<QuestionnaireItemType> = "type",
        enable_when: Vec<QuestionnaireItemEnableWhen> = "enableWhen",
        enable_behavior: Option<EnableWhenBehavior> = "enableBehavior",
        required: Option<bool> = "required",
        repeats: Option<bool> = "repeats",
        read_only: Option<bool> = "readOnly",
        max_length: Option<i32> = "maxLength",
        answer_value_set: Option<String> = "answerValueSet",
        answer_option: Vec<QuestionnaireItemAnswerOption> = "answerOption",
        initial: Vec<QuestionnaireItemInitial> = "initial",
        item: Vec<QuestionnaireItem> = "item",
    }
}

fhir! {
    /// `Questionnaire.item.enableWhen`
    part QuestionnaireItemEnableWhen {
        question: Option<String> = "question",
        operator: Option<QuestionnaireItemOperator> = "operator",
        answer: Option<QuestionnaireItemEnableWhenAnswer> = "answer",
    }
}

fhir! {
    /// `Questionnaire.item.enableWhen.answer[x]`
    choice QuestionnaireItemEnableWhenAnswer {
        Boolean(bool), Decimal(Decimal), Integer(i32), Date(Date), DateTime(DateTime), Time(Time), String(String),
        Coding(Coding), Quantity(Quantity), Reference(Reference),
    }
}

fhir! {
    /// `Questionnaire.item.answerOption`
    part QuestionnaireItemAnswerOption {
        value: Option<QuestionnaireItemAnswerOptionValue> = "value",
        initial_selected: Option<bool> = "initialSelected",
    }
}

fhir! {
    /// `Questionnaire.item.answerOption.value[x]`
    choice QuestionnaireItemAnswerOptionValue {
        Integer(i32), Date(Date), Time(Time), String(String), Coding(Coding), Reference(Reference),
    }
}

fhir! {
    /// `Questionnaire.item.initial`
    part QuestionnaireItemInitial { value: Option<QuestionnaireItemInitialValue> = "value" }
}

fhir! {
    /// `Questionnaire.item.initial.value[x]`
    choice QuestionnaireItemInitialValue {
        Boolean(bool), Decimal(Decimal), Integer(i32), Date(Date), DateTime(DateTime), Time(Time), String(String),
        Attachment(Box<Attachment>), Coding(Coding), Quantity(Quantity), Reference(Reference),
    } by name {
        Uri(String),
    }
}

fhir! {
    /// The answers to a form.
    resource QuestionnaireResponse {
        identifier: Option<Identifier> = "identifier",
        based_on: Vec<Reference> = "basedOn",
        part_of: Vec<Reference> = "partOf",
        questionnaire: Option<String> = "questionnaire",
        status: Option<QuestionnaireResponseStatus> = "status",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        authored: Option<DateTime> = "authored",
        author: Option<Reference> = "author",
        source: Option<Reference> = "source",
        item: Vec<QuestionnaireResponseItem> = "item",
    }
}

fhir! {
    /// `QuestionnaireResponse.item`
    part QuestionnaireResponseItem {
        link_id: Option<String> = "linkId",
        definition: Option<String> = "definition",
        text: Option<String> = "text",
        answer: Vec<QuestionnaireResponseItemAnswer> = "answer",
        item: Vec<QuestionnaireResponseItem> = "item",
    }
}

fhir! {
    /// `QuestionnaireResponse.item.answer`
    part QuestionnaireResponseItemAnswer {
        value: Option<QuestionnaireResponseItemAnswerValue> = "value",
        item: Vec<QuestionnaireResponseItem> = "item",
    }
}

fhir! {
    /// `QuestionnaireResponse.item.answer.value[x]`
    choice QuestionnaireResponseItemAnswerValue {
        Boolean(bool), Decimal(Decimal), Integer(i32), Date(Date), DateTime(DateTime), Time(Time), String(String),
        Attachment(Box<Attachment>), Coding(Coding), Quantity(Quantity), Reference(Reference),
    } by name {
        Uri(String),
    }
}
