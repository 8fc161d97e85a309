//! Tables about observations, allergies and vaccinations.

use carewire_fhir_core::resources::{
    AllergyIntoleranceCategory, AllergyIntoleranceCriticality, AllergyIntoleranceType, ImmunizationStatus,
    ObservationStatus,
};

use super::{Concept, concept};

/// 0078, interpretation codes.
pub(crate) fn interpretation(code: &str) -> Option<Concept> {
    const SYSTEM: &str = "v3-ObservationInterpretation";
    match code {
        "<" => concept(SYSTEM, "<", "Off scale low"),
        ">" => concept(SYSTEM, ">", "Off scale high"),
        "A" => concept(SYSTEM, "A", "Abnormal"),
        "AA" => concept(SYSTEM, "AA", "Critical abnormal"),
        "B" => concept(SYSTEM, "B", "Better"),
        "CAR" => concept(SYSTEM, "CAR", "Carrier"),
        "D" => concept(SYSTEM, "D", "Significant change down"),
        "DET" => concept(SYSTEM, "DET", "Detected"),
        "E" => concept(SYSTEM, "E", "Equivocal"),
        "EX" => concept(SYSTEM, "EX", "outside threshold"),
        "EXP" => concept(SYSTEM, "EXP", "Expected"),
        "H" => concept(SYSTEM, "H", "High"),
        "HH" => concept(SYSTEM, "HH", "Critical high"),
        "HU" => concept(SYSTEM, "HU", "Significantly high"),
        "I" => concept(SYSTEM, "I", "Intermediate"),
        "IE" => concept(SYSTEM, "IE", "Insufficient evidence"),
        "IND" => concept(SYSTEM, "IND", "Indeterminate"),
        "L" => concept(SYSTEM, "L", "Low"),
        "LL" => concept(SYSTEM, "LL", "Critical low"),
        "LU" => concept(SYSTEM, "LU", "Significantly low"),
        "MS" => concept(SYSTEM, "MS", "moderately susceptible"),
        "N" => concept(SYSTEM, "N", "Normal"),
        "NCL" => concept(SYSTEM, "NCL", "No CLSI defined breakpoint"),
        "ND" => concept(SYSTEM, "ND", "Not detected"),
        "NEG" => concept(SYSTEM, "NEG", "Negative"),
        "NR" => concept(SYSTEM, "NR", "Non-reactive"),
        "NS" => concept(SYSTEM, "NS", "Non-susceptible"),
        "POS" => concept(SYSTEM, "POS", "Positive"),
        "R" => concept(SYSTEM, "R", "Resistant"),
        "RR" => concept(SYSTEM, "RR", "Reactive"),
        "S" => concept(SYSTEM, "S", "Susceptible"),
        "SDD" => concept(SYSTEM, "SDD", "Susceptible-dose dependent"),
        "SYN-R" => concept(SYSTEM, "SYN-R", "Synergy - resistant"),
        "SYN-S" => concept(SYSTEM, "SYN-S", "Synergy - susceptible"),
        "U" => concept(SYSTEM, "U", "Significant change up"),
        "VS" => concept(SYSTEM, "VS", "very susceptible"),
        "UNE" => concept(SYSTEM, "UNE", "Unexpected"),
        "W" => concept(SYSTEM, "W", "Worse"),
        "WR" => concept(SYSTEM, "WR", "Weakly reactive"),
        _ => None,
    }
}

/// 0085, observation result status.
pub(crate) fn observation_status(code: &str) -> Option<ObservationStatus> {
    Some(match code {
        "A" => ObservationStatus::Amended,
        "C" => ObservationStatus::Corrected,
        "D" | "W" => ObservationStatus::EnteredInError,
        "F" => ObservationStatus::Final,
        "P" => ObservationStatus::Preliminary,
        "X" => ObservationStatus::Cancelled,
        _ => return None,
    })
}

/// 0127, allergen type, as a category.
pub(crate) fn allergy_category(code: &str) -> Option<AllergyIntoleranceCategory> {
    Some(match code {
        "DA" => AllergyIntoleranceCategory::Medication,
        "FA" => AllergyIntoleranceCategory::Food,
        "EA" | "PA" | "LA" => AllergyIntoleranceCategory::Environment,
        "AA" => AllergyIntoleranceCategory::Biologic,
        _ => return None,
    })
}

/// 0127, allergen type, as a type.
pub(crate) fn allergy_type(code: &str) -> Option<AllergyIntoleranceType> {
    matches!(code, "DA" | "FA" | "MA" | "EA" | "AA" | "PA" | "LA").then_some(AllergyIntoleranceType::Allergy)
}

/// 0128, allergy severity, as a criticality.
pub(crate) fn criticality(code: &str) -> Option<AllergyIntoleranceCriticality> {
    Some(match code {
        "SV" => AllergyIntoleranceCriticality::High,
        "MI" => AllergyIntoleranceCriticality::Low,
        _ => return None,
    })
}

/// 0322, completion status of a vaccination.
pub(crate) fn completion_status(code: &str) -> Option<ImmunizationStatus> {
    Some(match code {
        "CP" | "PA" => ImmunizationStatus::Completed,
        "RE" | "NA" => ImmunizationStatus::NotDone,
        _ => return None,
    })
}

/// 0162, route of administration: the codes that v3 names otherwise.
pub(crate) fn route(code: &str) -> Option<Concept> {
    const SYSTEM: &str = "v3-RouteOfAdministration";
    match code {
        "ID" => concept(SYSTEM, "IDINJ", "Injection, intradermal"),
        "IV" => concept(SYSTEM, "IVINJ", "Injection, intravenous"),
        "SC" => concept(SYSTEM, "SQ", "Injection, subcutaneous"),
        "TD" => concept(SYSTEM, "TRNSDERM", "Transdermal"),
        "IM" => concept(SYSTEM, "IM", "Injection, intramuscular"),
        "PO" => concept(SYSTEM, "PO", "Swallow, oral"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_that_are_no_results_have_no_status_of_their_own() {
        for code in ["I", "N", "O", "R", "S", "U", "V", "B"] {
            assert_eq!(observation_status(code), None, "{code}");
        }
    }

    #[test]
    fn a_contraindication_is_no_allergy() {
        assert_eq!((allergy_type("MC"), allergy_category("MC")), (None, None));
    }
}
