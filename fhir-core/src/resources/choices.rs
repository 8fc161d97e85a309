//! Choices that more than one element has, or that their types name well.

use crate::define::fhir;
use crate::types::{
    Attachment, CodeableConcept, Date, DateTime, Identifier, Money, Period, Quantity, Range, Ratio,
    Reference, Timing,
};

fhir! {
    /// `FamilyMemberHistory.age[x]`
    choice AgeOrRangeOrString { Age(Quantity), Range(Box<Range>), String(String) }
}

fhir! {
    /// `Consent.source[x]`
    choice AttachmentOrReference { Attachment(Box<Attachment>), Reference(Reference) }
}

fhir! {
    /// `ServiceRequest.asNeeded[x]`
    choice BooleanOrCodeableConcept { Boolean(bool), CodeableConcept(CodeableConcept) }
}

fhir! {
    /// `MedicationRequest.reported[x]`
    choice BooleanOrReference { Boolean(bool), Reference(Reference) }
}

fhir! {
    /// `CarePlan.activity.detail.product[x]`, `DeviceRequest.code[x]`, `MedicationDispense.statusReason[x]` and others
    choice CodeableConceptOrReference { CodeableConcept(CodeableConcept), Reference(Reference) }
}

fhir! {
    /// `Goal.start[x]`
    choice DateOrCodeableConcept { Date(Date), CodeableConcept(CodeableConcept) }
}

fhir! {
    /// `Goal.target.due[x]`
    choice DateOrDuration { Date(Date), Duration(Quantity) }
}

fhir! {
    /// `DiagnosticReport.effective[x]`, `Media.created[x]`, `MedicationAdministration.effective[x]` and others
    choice DateTimeOrPeriod { DateTime(DateTime), Period(Period) }
}

fhir! {
    /// `DeviceRequest.occurrence[x]`, `DeviceUseStatement.timing[x]`, `SupplyRequest.occurrence[x]`
    choice DateTimeOrPeriodOrTiming { DateTime(DateTime), Period(Period), Timing(Box<Timing>) }
}

fhir! {
    /// `Composition.relatesTo.target[x]`
    choice IdentifierOrReference { Identifier(Box<Identifier>), Reference(Reference) }
}

fhir! {
    /// `FamilyMemberHistory.born[x]`
    choice PeriodOrDateOrString { Period(Period), Date(Date), String(String) }
}

fhir! {
    /// `Coverage.costToBeneficiary.value[x]`
    choice QuantityOrMoney { Quantity(Quantity), Money(Money) }
}

fhir! {
    /// `NutritionOrder.enteralFormula.administration.rate[x]`, `MedicationAdministration.dosage.rate[x]`
    choice QuantityOrRatio { Quantity(Quantity), Ratio(Box<Ratio>) }
}

fhir! {
    /// `Communication.payload.content[x]`, `CommunicationRequest.payload.content[x]`
    choice StringOrAttachmentOrReference { String(String), Attachment(Box<Attachment>), Reference(Reference) }
}

fhir! {
    /// `AuditEvent.entity.detail.value[x]`
    choice StringOrBase64Binary {
        String(String),
    } by name {
        Base64Binary(String),
    }
}

fhir! {
    /// `DeviceDefinition.manufacturer[x]`
    choice StringOrReference { String(String), Reference(Reference) }
}

fhir! {
    /// `CarePlan.activity.detail.scheduled[x]`
    choice TimingOrPeriodOrString { Timing(Box<Timing>), Period(Period), String(String) }
}
