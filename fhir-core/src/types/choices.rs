//! Choices that more than one element has, or that their types name well.

use super::{CodeableConcept, DateTime, Period, Quantity, Range, Reference};
use crate::define::fhir;

fhir! {
    /// `DataRequirement.subject[x]`
    choice CodeableConceptOrReference { CodeableConcept(CodeableConcept), Reference(Reference) }
}

fhir! {
    /// `DataRequirement.dateFilter.value[x]`
    choice DateTimeOrPeriodOrDuration { DateTime(DateTime), Period(Period), Duration(Quantity) }
}

fhir! {
    /// `SubstanceAmount.amount[x]`
    choice QuantityOrRangeOrString { Quantity(Quantity), Range(Box<Range>), String(String) }
}

fhir! {
    /// `Population.age[x]`
    choice RangeOrCodeableConcept { Range(Box<Range>), CodeableConcept(CodeableConcept) }
}
