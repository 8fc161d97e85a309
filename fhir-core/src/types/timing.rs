//! When and how often, and how a medicine is taken.

use super::{CodeableConcept, DayOfWeek, EventTiming, Period, Quantity, Range, Ratio, UnitsOfTime};
use crate::define::fhir;
use crate::primitive::{DateTime, Decimal, Time};

fhir! {
    /// When something happens, once or more than once.
    part Timing {
        event: Vec<DateTime> = "event",
        repeat: Option<TimingRepeat> = "repeat",
        code: Option<CodeableConcept> = "code",
    }
}

fhir! {
    /// How often something happens.
    element TimingRepeat {
        bounds: Option<TimingBounds> = "bounds",
        count: Option<u32> = "count",
        count_max: Option<u32> = "countMax",
        duration: Option<Decimal> = "duration",
        duration_max: Option<Decimal> = "durationMax",
        duration_unit: Option<UnitsOfTime> = "durationUnit",
        frequency: Option<u32> = "frequency",
        frequency_max: Option<u32> = "frequencyMax",
        period: Option<Decimal> = "period",
        period_max: Option<Decimal> = "periodMax",
        period_unit: Option<UnitsOfTime> = "periodUnit",
        day_of_week: Vec<DayOfWeek> = "dayOfWeek",
        time_of_day: Vec<Time> = "timeOfDay",
        when: Vec<EventTiming> = "when",
        offset: Option<u32> = "offset",
    }
}

fhir! {
    /// `Timing.repeat.bounds[x]`
    choice TimingBounds { Duration(Quantity), Range(Box<Range>), Period(Period) }
}

fhir! {
    /// How a medicine is taken.
    part Dosage {
        sequence: Option<i32> = "sequence",
        text: Option<String> = "text",
        additional_instruction: Vec<CodeableConcept> = "additionalInstruction",
        patient_instruction: Option<String> = "patientInstruction",
        timing: Option<Timing> = "timing",
        as_needed: Option<DosageAsNeeded> = "asNeeded",
        site: Option<CodeableConcept> = "site",
        route: Option<CodeableConcept> = "route",
        method: Option<CodeableConcept> = "method",
        dose_and_rate: Vec<DoseAndRate> = "doseAndRate",
        max_dose_per_period: Option<Ratio> = "maxDosePerPeriod",
        max_dose_per_administration: Option<Quantity> = "maxDosePerAdministration",
        max_dose_per_lifetime: Option<Quantity> = "maxDosePerLifetime",
    }
}

fhir! {
    /// `Dosage.asNeeded[x]`
    choice DosageAsNeeded { Boolean(bool), CodeableConcept(CodeableConcept) }
}

fhir! {
    /// How much, and how fast.
    element DoseAndRate {
        r#type: Option<CodeableConcept> = "type",
        dose: Option<Dose> = "dose",
        rate: Option<Rate> = "rate",
    }
}

fhir! {
    /// `Dosage.doseAndRate.dose[x]`
    choice Dose { Range(Box<Range>), Quantity(Quantity) }
}

fhir! {
    /// `Dosage.doseAndRate.rate[x]`
    choice Rate { Ratio(Box<Ratio>), Range(Box<Range>), Quantity(Quantity) }
}
