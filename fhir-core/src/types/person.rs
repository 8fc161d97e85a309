//! Names, addresses and contact points.

use super::{
    AddressType, AddressUse, ContactPointSystem, ContactPointUse, NameUse, Period, PrimitiveExtension,
};
use crate::define::fhir;

fhir! {
    /// A name of a person.
    element HumanName {
        r#use: Option<NameUse> = "use",
        text: Option<String> = "text",
        family: Option<String> = "family",
        family_element: PrimitiveExtension = "_family",
        given: Vec<String> = "given",
        prefix: Vec<String> = "prefix",
        suffix: Vec<String> = "suffix",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// An address.
    element Address {
        r#use: Option<AddressUse> = "use",
        r#type: Option<AddressType> = "type",
        text: Option<String> = "text",
        line: Vec<String> = "line",
        city: Option<String> = "city",
        district: Option<String> = "district",
        state: Option<String> = "state",
        postal_code: Option<String> = "postalCode",
        country: Option<String> = "country",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// A telephone number, a mail address or the like.
    element ContactPoint {
        system: Option<ContactPointSystem> = "system",
        system_element: PrimitiveExtension = "_system",
        value: Option<String> = "value",
        value_element: PrimitiveExtension = "_value",
        r#use: Option<ContactPointUse> = "use",
        rank: Option<u32> = "rank",
        period: Option<Period> = "period",
    }
}
