//! Security labels: the order of confidentiality, and what a sensitivity includes.

use crate::model::Coding;
use crate::system::{ACT_CODE, CONFIDENTIALITY, canonical};

/// What replaced the codes of confidentiality that HL7 has retired, where it names a replacement.
const RETIRED: [(&str, &str); 7] =
    [("B", "B"), ("C", "CEL"), ("ETH", "ETH"), ("HIV", "HIV"), ("PSY", "PSY"), ("SDV", "SDV"), ("T", "TBOO")];

/// From the least to the most confidential.
const ORDER: [&str; 6] = ["U", "L", "M", "N", "R", "V"];
/// The place of N in the order.
pub(crate) const NORMAL: u8 = 3;

/// Sensitivities and compartments of version 9.0.0 of `ActCode` (all below `_InformationSensitivityPolicy`, and `COMPT` with all
/// below it), and the one that directly includes each.
static SENSITIVITIES: &[(&str, Option<&str>)] = &[
    ("ETH", None),
    ("GDIS", None),
    ("HIV", None),
    ("MST", None),
    ("PREGNANT", None),
    ("SCA", None),
    ("SDV", None),
    ("SEX", None),
    ("SPI", None),
    ("BH", Some("SPI")),
    ("COGN", Some("BH")),
    ("DVD", Some("BH")),
    ("EMOTDIS", Some("BH")),
    ("MH", Some("SPI")),
    ("PSY", Some("SPI")),
    ("PSYTHPN", Some("SPI")),
    ("SUD", Some("SPI")),
    ("ETHUD", Some("SUD")),
    ("OPIOIDUD", Some("SUD")),
    ("STD", None),
    ("TBOO", None),
    ("VIO", None),
    ("IDS", None),
    ("SICKLE", None),
    ("DEMO", None),
    ("DOB", None),
    ("GENDER", None),
    ("LIVARG", None),
    ("MARST", None),
    ("PATLOC", None),
    ("RACE", None),
    ("REL", None),
    ("B", None),
    ("EMPL", None),
    ("LOCIS", None),
    ("SSP", None),
    ("ADOL", None),
    ("CEL", None),
    ("VIP", None),
    ("DIA", None),
    ("DRGIS", None),
    ("EMP", None),
    ("PDS", None),
    ("PHY", None),
    ("PRS", None),
    ("COMPT", None),
    ("ACOCOMPT", Some("COMPT")),
    ("CDSSCOMPT", Some("COMPT")),
    ("CTCOMPT", Some("COMPT")),
    ("FMCOMPT", Some("COMPT")),
    ("HRCOMPT", Some("COMPT")),
    ("LRCOMPT", Some("COMPT")),
    ("PACOMPT", Some("COMPT")),
    ("RESCOMPT", Some("COMPT")),
    ("RMGTCOMPT", Some("COMPT")),
];

/// What HL7 defines a sensitivity by, or as the same as, without placing it below: a denial means it too, a permit does not.
static ALSO_DENIED: &[(&str, &[&str])] = &[
    // "Alcohol or drug-abuse information", which is what `SUD` is about.
    ("ETH", &["SUD"]),
    ("SUD", &["ETH"]),
    ("BH", &["MH", "PSY", "PSYTHPN", "SUD", "ETH"]),
    ("MH", &["PSY", "PSYTHPN"]),
    ("PSY", &["MH", "PSYTHPN"]),
    ("SPI", &["ETH"]),
    // "All demographic information".
    ("DEMO", &["DOB", "GENDER", "LIVARG", "MARST", "PATLOC", "RACE", "REL"]),
    // `SICKLE` is the retired code of `SCA`, a genetic disease.
    ("GDIS", &["SCA", "SICKLE"]),
    ("SCA", &["SICKLE"]),
    ("SICKLE", &["SCA"]),
    ("SDV", &["MST"]),
    // "Sexuality and reproductive health".
    ("SEX", &["PREGNANT"]),
    ("STD", &["HIV"]),
    // Both are defined in the same words.
    ("CEL", &["VIP"]),
    ("VIP", &["CEL"]),
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

/// What a label is. A code without a system, or of a value set, is looked for in both tables.
pub(crate) fn label(coding: &Coding) -> Label {
    label_of(coding.system.as_deref(), &coding.code)
}

/// As [`label`].
pub(crate) fn label_of(system: Option<&str>, code: &str) -> Label {
    let confidentiality =
        || ORDER.iter().position(|known| *known == code).and_then(|place| u8::try_from(place).ok());
    match canonical(system) {
        Some(CONFIDENTIALITY) => confidentiality()
            .map(Label::Confidentiality)
            .or_else(|| retired(code).map(Label::Sensitivity))
            .unwrap_or(Label::Unknown),
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
    let parents = SENSITIVITIES.iter().enumerate().filter(|(place, _)| bit & (1 << place) != 0);
    let parents = parents.filter_map(|(_, (_, parent))| sensitivity(parent.as_ref()?));
    parents.fold(bit, |all, parent| all | with_broader(parent))
}

/// The bits of a sensitivity and of what a denial of it means as well.
pub(crate) fn with_overlapping(bit: u64) -> u64 {
    let rows = ALSO_DENIED.iter().filter(|(code, _)| sensitivity(code) == Some(bit));
    let others = rows.flat_map(|(_, others)| others.iter().filter_map(|code| sensitivity(code)));
    others.fold(bit, |all, other| all | other)
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

/// Whether a label is a confidentiality that is not known, so that nobody knows how confidential the data are.
pub(crate) fn is_unknown_confidentiality(coding: &Coding) -> bool {
    canonical(coding.system.as_deref()) == Some(CONFIDENTIALITY) && label(coding) == Label::Unknown
}

fn retired(code: &str) -> Option<u64> {
    RETIRED.iter().find(|(retired, _)| *retired == code).and_then(|(_, now)| sensitivity(now))
}

fn sensitivity(code: &str) -> Option<u64> {
    SENSITIVITIES.iter().position(|(known, _)| *known == code).map(|place| 1 << place)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::vocabulary::published;

    #[test]
    fn every_sensitivity_has_a_bit_of_its_own() {
        assert!(SENSITIVITIES.len() <= 64);
        for (place, (code, _)) in SENSITIVITIES.iter().enumerate() {
            assert_eq!(sensitivity(code), Some(1 << place), "{code} stands once");
        }
        for (code, others) in ALSO_DENIED {
            assert!(sensitivity(code).is_some(), "{code}");
            assert!(others.iter().all(|other| sensitivity(other).is_some()), "{code}");
        }
    }

    /// HL7 Terminology 7.0.1, `ActCode` 9.0.0. Concepts that only group others have no label.
    #[test]
    fn the_sensitivities_are_those_of_hl7() {
        let mut groups: Vec<(String, String)> = Vec::new();
        let mut theirs = published(ACT_CODE);
        theirs.retain(|row| {
            let is_code = !row.0.starts_with('_');
            if !is_code {
                groups.push(row.clone());
            }
            is_code
        });
        let named = |parent: &str| (!parent.starts_with('_')).then(|| parent.to_owned());
        let theirs: BTreeSet<_> = theirs.iter().map(|(code, parent)| (code.clone(), named(parent))).collect();
        let ours = SENSITIVITIES.iter().map(|(code, parent)| ((*code).to_owned(), parent.map(str::to_owned)));
        assert_eq!(ours.collect::<BTreeSet<_>>(), theirs);
        assert_eq!(groups.len(), 3, "kinds of sensitivities");
    }

    /// HL7 Terminology 7.0.1, `Confidentiality` 3.0.0, which says in words that each is more than the one before.
    #[test]
    fn the_confidentialities_are_those_of_hl7() {
        let theirs: BTreeSet<String> = published(CONFIDENTIALITY).into_iter().map(|(code, _)| code).collect();
        assert_eq!(ORDER.map(str::to_owned).into_iter().collect::<BTreeSet<_>>(), theirs);
    }

    #[test]
    fn a_narrower_label_bears_the_broader_ones() {
        let [ethud, sud, spi, psy] = ["ETHUD", "SUD", "SPI", "PSY"].map(|code| sensitivity(code).unwrap());
        assert_eq!(with_broader(ethud), ethud | sud | spi);
        assert_eq!(with_broader(sud) & ethud, 0);
        assert_eq!(with_broader(ethud) & psy, 0);
    }

    #[test]
    fn a_denial_means_what_hl7_defines_it_by() {
        let [eth, ethud, sud, psy] = ["ETH", "ETHUD", "SUD", "PSY"].map(|code| sensitivity(code).unwrap());
        assert_eq!(with_overlapping(eth), eth | sud);
        assert_ne!(with_overlapping(eth) & with_broader(ethud), 0, "alcohol is substance abuse");
        assert_eq!(with_overlapping(ethud), ethud, "and not the other way round");
        assert_eq!(with_overlapping(eth) & psy, 0);
    }

    #[test]
    fn labels_are_known_by_their_system() {
        assert_eq!(label(&Coding::new(CONFIDENTIALITY, "N")), Label::Confidentiality(NORMAL));
        assert_eq!(label(&Coding::parse("R")), Label::Confidentiality(4));
        assert_eq!(label(&Coding::new(ACT_CODE, "N")), Label::Unknown);
        assert_eq!(label(&Coding::new("urn:local", "N")), Label::Local);
        assert_eq!(label(&Coding::parse("NEW")), Label::Unknown);
        let of_value_set =
            Coding::new("http://terminology.hl7.org/ValueSet/v3-InformationSensitivityPolicy", "HIV");
        assert_eq!(label(&of_value_set), label(&Coding::new(ACT_CODE, "HIV")));
    }

    #[test]
    fn a_retired_confidentiality_is_what_replaced_it() {
        let psychiatry = sensitivity("PSY").map(Label::Sensitivity);
        assert_eq!(Some(label(&Coding::new(CONFIDENTIALITY, "PSY"))), psychiatry);
        assert!(RETIRED.iter().all(|(code, _)| retired(code).is_some()));
        let clinicians_only = Coding::new(CONFIDENTIALITY, "D");
        assert!(is_unknown_confidentiality(&clinicians_only), "nothing replaced it");
        assert!(!is_unknown_confidentiality(&Coding::new(ACT_CODE, "NODSCLCD")));
    }
}
