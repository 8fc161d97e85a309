//! Security labels: the order of confidentiality, and what a sensitivity includes.

use crate::model::Coding;

/// The system of the codes of confidentiality.
pub(crate) const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
/// The system of the codes of sensitivity.
pub(crate) const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
/// The systems under which older documents name the same codes.
const FORMER: [(&str, &str); 4] = [
    ("http://hl7.org/fhir/v3/Confidentiality", CONFIDENTIALITY),
    ("http://hl7.org/fhir/v3/ActCode", ACT_CODE),
    ("urn:oid:2.16.840.1.113883.5.25", CONFIDENTIALITY),
    ("urn:oid:2.16.840.1.113883.5.4", ACT_CODE),
];

/// From the least to the most confidential.
const ORDER: [&str; 6] = ["U", "L", "M", "N", "R", "V"];
/// The place of N in the order.
pub(crate) const NORMAL: u8 = 3;

/// A sensitivity of `ActInformationSensitivityPolicy`, and those that directly include it.
static SENSITIVITIES: &[(&str, &[&str])] = &[
    ("SPI", &[]),
    ("BH", &["SPI"]),
    ("COGN", &["BH"]),
    ("DVD", &["BH"]),
    ("EMOTDIS", &["BH"]),
    ("MH", &["BH"]),
    ("PSY", &["BH"]),
    ("PSYTHPN", &["BH"]),
    ("SUD", &["BH"]),
    ("ETH", &["SPI"]),
    ("ETHUD", &["ETH", "SUD"]),
    ("OPIOIDUD", &["ETH", "SUD"]),
    ("GDIS", &["SPI"]),
    ("HIV", &["SPI"]),
    ("IDS", &["SPI"]),
    ("MST", &["SPI"]),
    ("SCA", &["SPI"]),
    ("SICKLE", &["SPI"]),
    ("SDV", &["SPI"]),
    ("SEX", &["SPI"]),
    ("STD", &["SPI"]),
    ("TBOO", &["SPI"]),
    ("VIO", &["SPI"]),
    ("PREGNANT", &["SPI"]),
    ("ADOL", &[]),
    ("CEL", &[]),
    ("DIA", &[]),
    ("DRGIS", &[]),
    ("EMP", &[]),
    ("PDS", &[]),
    ("PHY", &[]),
    ("PRS", &[]),
    ("VIP", &[]),
    ("COMPT", &[]),
    ("ACOCOMPT", &["COMPT"]),
    ("CTCOMPT", &["COMPT"]),
    ("FMCOMPT", &["COMPT"]),
    ("HRCOMPT", &["COMPT"]),
    ("LRCOMPT", &["COMPT"]),
    ("PACOMPT", &["COMPT"]),
    ("RESCOMPT", &["COMPT"]),
    ("RMGTCOMPT", &["COMPT"]),
    ("DEMO", &[]),
    ("DOB", &["DEMO"]),
    ("GENDER", &["DEMO"]),
    ("LIVARG", &["DEMO"]),
    ("MARST", &["DEMO"]),
    ("RACE", &["DEMO"]),
    ("REL", &["DEMO"]),
];

/// What a label is to the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// A place in the order of confidentiality.
    Confidentiality(u8),
    /// The bit of a sensitivity.
    Sensitivity(u64),
    /// Of another system: understood as itself.
    Local,
    /// Of a system that is carried here, and not in its table; or of no stated system.
    Unknown,
}

/// What a label is. A code without a system is looked for in both tables.
pub(crate) fn label(coding: &Coding) -> Label {
    label_of(coding.system.as_deref(), &coding.code)
}

/// As [`label`].
pub(crate) fn label_of(system: Option<&str>, code: &str) -> Label {
    let system = system.map(current);
    let confidentiality =
        || ORDER.iter().position(|known| *known == code).and_then(|place| u8::try_from(place).ok());
    match system {
        Some(CONFIDENTIALITY) => confidentiality().map_or(Label::Unknown, Label::Confidentiality),
        Some(ACT_CODE) => sensitivity(code).map_or(Label::Unknown, Label::Sensitivity),
        Some(_) => Label::Local,
        None => confidentiality()
            .map(Label::Confidentiality)
            .or_else(|| sensitivity(code).map(Label::Sensitivity))
            .unwrap_or(Label::Unknown),
    }
}

/// The bits of a sensitivity and of all that include it: data with the label bear all of them.
pub(crate) fn with_broader(bit: u64) -> u64 {
    let mut all = bit;
    loop {
        let parents = SENSITIVITIES
            .iter()
            .enumerate()
            .filter(|(place, _)| all & (1 << place) != 0)
            .flat_map(|(_, (_, broader))| broader.iter().filter_map(|code| sensitivity(code)))
            .fold(all, |bits, parent| bits | parent);
        if parents == all {
            return all;
        }
        all = parents;
    }
}

/// The code at a place in the order of confidentiality.
pub(crate) fn confidentiality_code(place: u8) -> &'static str {
    ORDER.get(usize::from(place)).copied().unwrap_or("V")
}

/// The codes of the bits of sensitivities.
pub(crate) fn sensitivity_codes(bits: u64) -> impl Iterator<Item = &'static str> {
    SENSITIVITIES
        .iter()
        .enumerate()
        .filter(move |(place, _)| bits & (1 << place) != 0)
        .map(|(_, (code, _))| *code)
}

fn sensitivity(code: &str) -> Option<u64> {
    SENSITIVITIES.iter().position(|(known, _)| *known == code).map(|place| 1 << place)
}

fn current(system: &str) -> &str {
    FORMER.iter().find(|(former, _)| *former == system).map_or(system, |(_, current)| current)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sensitivity_has_a_bit_of_its_own_and_its_parents_are_there() {
        assert!(SENSITIVITIES.len() <= 64);
        for (place, (code, broader)) in SENSITIVITIES.iter().enumerate() {
            assert_eq!(sensitivity(code), Some(1 << place), "{code} stands once");
            assert!(broader.iter().all(|parent| sensitivity(parent).is_some()), "{code}");
        }
    }

    #[test]
    fn a_narrower_label_bears_the_broader_ones() {
        let [eth, ethud, sud, psy] = ["ETH", "ETHUD", "SUD", "PSY"].map(|code| sensitivity(code).unwrap());
        assert_eq!(with_broader(ethud) & (eth | sud), eth | sud);
        assert_eq!(with_broader(eth) & ethud, 0);
        assert_eq!(with_broader(ethud) & psy, 0);
    }

    #[test]
    fn labels_are_known_by_their_system() {
        assert_eq!(label(&Coding::new(CONFIDENTIALITY, "N")), Label::Confidentiality(NORMAL));
        assert_eq!(label(&Coding::parse("R")), Label::Confidentiality(4));
        assert_eq!(label(&Coding::new(ACT_CODE, "N")), Label::Unknown);
        assert_eq!(label(&Coding::new("urn:local", "N")), Label::Local);
        assert_eq!(label(&Coding::parse("NEW")), Label::Unknown);
    }
}
