//! Amounts.

use super::QuantityComparator;
use crate::define::fhir;
use crate::primitive::Decimal;

fhir! {
    /// An amount with its unit. Also used where FHIR says Age, Count, Distance, Duration, MoneyQuantity or SimpleQuantity.
    element Quantity {
        value: Option<Decimal> = "value",
        comparator: Option<QuantityComparator> = "comparator",
        unit: Option<String> = "unit",
        system: Option<String> = "system",
        code: Option<String> = "code",
    }
}

fhir! {
    /// From an amount to an amount.
    element Range { low: Option<Quantity> = "low", high: Option<Quantity> = "high" }
}

fhir! {
    /// An amount for an amount.
    element Ratio { numerator: Option<Quantity> = "numerator", denominator: Option<Quantity> = "denominator" }
}

fhir! {
    /// A series of measured values.
    element SampledData {
        origin: Option<Quantity> = "origin",
        period: Option<Decimal> = "period",
        factor: Option<Decimal> = "factor",
        lower_limit: Option<Decimal> = "lowerLimit",
        upper_limit: Option<Decimal> = "upperLimit",
        dimensions: Option<u32> = "dimensions",
        data: Option<String> = "data",
    }
}

fhir! {
    /// An amount of money. The currency is a code of ISO 4217.
    element Money { value: Option<Decimal> = "value", currency: Option<String> = "currency" }
}
