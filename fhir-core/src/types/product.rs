//! What products and substances are described with.

use super::{
    Attachment, CodeableConcept, DateTime, Identifier, Period, Quantity, QuantityOrRangeOrString,
    RangeOrCodeableConcept,
};
use crate::define::fhir;

fhir! {
    /// When and where a product is on the market.
    part MarketingStatus {
        country: Option<CodeableConcept> = "country",
        jurisdiction: Option<CodeableConcept> = "jurisdiction",
        status: Option<CodeableConcept> = "status",
        date_range: Option<Period> = "dateRange",
        restore_date: Option<DateTime> = "restoreDate",
    }
}

fhir! {
    /// People by age, sex, race and condition.
    part Population {
        age: Option<RangeOrCodeableConcept> = "age",
        gender: Option<CodeableConcept> = "gender",
        race: Option<CodeableConcept> = "race",
        physiological_condition: Option<CodeableConcept> = "physiologicalCondition",
    }
}

fhir! {
    /// What a product looks like.
    part ProdCharacteristic {
        height: Option<Quantity> = "height",
        width: Option<Quantity> = "width",
        depth: Option<Quantity> = "depth",
        weight: Option<Quantity> = "weight",
        nominal_volume: Option<Quantity> = "nominalVolume",
        external_diameter: Option<Quantity> = "externalDiameter",
        shape: Option<String> = "shape",
        color: Vec<String> = "color",
        imprint: Vec<String> = "imprint",
        image: Vec<Attachment> = "image",
        scoring: Option<CodeableConcept> = "scoring",
    }
}

fhir! {
    /// How long a product keeps, and how it is stored.
    part ProductShelfLife {
        identifier: Option<Identifier> = "identifier",
        r#type: Option<CodeableConcept> = "type",
        period: Option<Quantity> = "period",
        special_precautions_for_storage: Vec<CodeableConcept> = "specialPrecautionsForStorage",
    }
}

fhir! {
    /// How much there is of a substance in another.
    part SubstanceAmount {
        amount: Option<QuantityOrRangeOrString> = "amount",
        amount_type: Option<CodeableConcept> = "amountType",
        amount_text: Option<String> = "amountText",
        reference_range: Option<SubstanceAmountReferenceRange> = "referenceRange",
    }
}

fhir! {
    /// `SubstanceAmount.referenceRange`
    element SubstanceAmountReferenceRange {
        low_limit: Option<Quantity> = "lowLimit",
        high_limit: Option<Quantity> = "highLimit",
    }
}
