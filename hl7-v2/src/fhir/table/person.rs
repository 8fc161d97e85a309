//! Tables about people, their names, addresses and telephones.

use carewire_fhir_core::types::{
    AddressType, AddressUse, AdministrativeGender, ContactPointSystem, ContactPointUse, NameUse,
};

use super::{Concept, concept};

/// 0001, administrative sex.
pub(crate) fn gender(code: &str) -> Option<AdministrativeGender> {
    Some(match code {
        "F" => AdministrativeGender::Female,
        "M" => AdministrativeGender::Male,
        "O" | "A" | "N" => AdministrativeGender::Other,
        "U" => AdministrativeGender::Unknown,
        _ => return None,
    })
}

/// 0002, marital status.
pub(crate) fn marital_status(code: &str) -> Option<Concept> {
    const SYSTEM: &str = "v3-MaritalStatus";
    match code {
        "A" | "E" => concept(SYSTEM, "L", "Legally Separated"),
        "D" => concept(SYSTEM, "D", "Divorced"),
        "M" => concept(SYSTEM, "M", "Married"),
        "S" => concept(SYSTEM, "S", "Never Married"),
        "W" => concept(SYSTEM, "W", "Widowed"),
        "C" => concept(SYSTEM, "C", "Common Law"),
        "G" | "P" | "R" => concept(SYSTEM, "T", "Domestic partner"),
        "N" => concept(SYSTEM, "A", "Annulled"),
        "I" => concept(SYSTEM, "I", "Interlocutory"),
        "B" => concept(SYSTEM, "U", "unmarried"),
        "U" => concept("v3-NullFlavor", "UNK", "unknown"),
        "O" => concept("v3-NullFlavor", "OTH", "other"),
        "T" => concept("v3-NullFlavor", "NAVU", "Not available"),
        _ => None,
    }
}

/// 0063, relationship.
pub(crate) fn relationship(code: &str) -> Option<Concept> {
    match code {
        "SEL" => concept("v3-RoleCode", "ONESELF", "self"),
        "SPO" => concept("v3-RoleCode", "SPS", "spouse"),
        "DOM" => concept("v3-RoleCode", "SIGOTHR", "significant other"),
        "CHD" => concept("v3-RoleCode", "CHILD", "child"),
        "GCH" => concept("v3-RoleCode", "GRNDCHILD", "grandchild"),
        "NCH" => concept("v3-RoleCode", "NCHILD", "natural child"),
        "SCH" => concept("v3-RoleCode", "STPCHLD", "step child"),
        "FCH" => concept("v3-RoleCode", "CHLDFOST", "foster child"),
        "DEP" => concept("v2-0063", "DEP", "Handicapped dependent"),
        "WRD" => concept("v2-0063", "WRD", "Ward of court"),
        "PAR" => concept("v3-RoleCode", "PRN", "parent"),
        "MTH" => concept("v3-RoleCode", "MTH", "mother"),
        "FTH" => concept("v3-RoleCode", "FTH", "father"),
        "CGV" => concept("v2-0063", "CGV", "Care giver"),
        "GRD" => concept("v2-0063", "GRD", "Guardian"),
        "GRP" => concept("v3-RoleCode", "GRPRN", "grandparent"),
        "EXF" => concept("v3-RoleCode", "EXT", "extended family member"),
        "SIB" => concept("v3-RoleCode", "SIB", "sibling"),
        "BRO" => concept("v3-RoleCode", "BRO", "brother"),
        "SIS" => concept("v3-RoleCode", "SIS", "sister"),
        "FND" => concept("v3-RoleCode", "FRND", "unrelated friend"),
        "OAD" => concept("v2-0063", "OAD", "Other adult"),
        "EME" => concept("v2-0063", "EME", "Employee"),
        "EMR" => concept("v2-0131", "E", "Employer"),
        "ASC" => concept("v2-0063", "ASC", "Associate"),
        "EMC" => concept("v2-0131", "C", "Emergency Contact"),
        "OWN" => concept("v2-0063", "OWN", "Owner"),
        "TRA" => concept("v2-0063", "TRA", "Trainer"),
        "MGR" => concept("v2-0063", "MGR", "Manager"),
        "NON" => concept("v2-0063", "NON", "None"),
        "UNK" => concept("v2-0131", "U", "Unknown"),
        "OTH" => concept("v2-0131", "O", "Other"),
        _ => None,
    }
}

/// 0136, yes or no.
pub(crate) fn yes_no(code: &str) -> Option<bool> {
    match code {
        "Y" => Some(true),
        "N" => Some(false),
        _ => None,
    }
}

/// 0190, the types of address that say what an address is.
pub(crate) fn address_type(code: &str) -> Option<AddressType> {
    matches!(code, "M" | "SH").then_some(AddressType::Postal)
}

/// 0190, the types of address that say what an address is for.
pub(crate) fn address_use(code: &str) -> Option<AddressUse> {
    Some(match code {
        "BA" => AddressUse::Old,
        "BI" => AddressUse::Billing,
        "C" => AddressUse::Temp,
        "B" | "O" => AddressUse::Work,
        "H" => AddressUse::Home,
        _ => return None,
    })
}

/// 0200, name type.
pub(crate) fn name_use(code: &str) -> Option<NameUse> {
    Some(match code {
        "BAD" => NameUse::Old,
        "D" => NameUse::Usual,
        "L" | "R" => NameUse::Official,
        "M" => NameUse::Maiden,
        "MSK" => NameUse::Anonymous,
        "N" => NameUse::Nickname,
        "NAV" | "TEMP" => NameUse::Temp,
        _ => return None,
    })
}

/// 0201, telecommunication use.
pub(crate) fn telecom_use(code: &str) -> Option<ContactPointUse> {
    Some(match code {
        "PRN" => ContactPointUse::Home,
        "WPN" => ContactPointUse::Work,
        "PRS" => ContactPointUse::Mobile,
        _ => return None,
    })
}

/// 0202, telecommunication equipment.
pub(crate) fn telecom_system(code: &str) -> Option<ContactPointSystem> {
    Some(match code {
        "PH" | "CP" => ContactPointSystem::Phone,
        "FX" => ContactPointSystem::Fax,
        "BP" => ContactPointSystem::Pager,
        "Internet" | "X.400" => ContactPointSystem::Email,
        "MD" | "SAT" | "TDD" | "TTY" => ContactPointSystem::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sex_of_the_table_has_a_gender() {
        for code in ["F", "M", "O", "U", "A", "N"] {
            let gender = gender(code).unwrap();
            assert_eq!(AdministrativeGender::parse(gender.as_str()), Some(gender));
        }
    }

    #[test]
    fn an_address_has_a_type_or_a_use_by_its_code() {
        assert_eq!((address_type("M"), address_use("M")), (Some(AddressType::Postal), None));
        assert_eq!((address_type("H"), address_use("H")), (None, Some(AddressUse::Home)));
    }

    #[test]
    fn relationships_of_the_v2_table_that_v3_lacks_keep_their_system() {
        assert_eq!(relationship("SPO").unwrap().into_coding().code.as_deref(), Some("SPS"));
        let caregiver = relationship("CGV").unwrap().into_coding();
        assert_eq!(caregiver.system.as_deref(), Some("http://terminology.hl7.org/CodeSystem/v2-0063"));
    }
}
