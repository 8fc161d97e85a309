//! Purposes of use and which of them another one includes.

use crate::model::Coding;
use crate::system::{ACT_REASON, canonical};

/// Why data is used: a code of HL7 v3 `ActReason`, or the name that a local system gives it.
///
/// A consent for a purpose holds for the purposes that the purpose includes, by an explicit table (that of HL7 Terminology
/// 7.0.1, `ActReason` 3.1.0) and never by how a code is spelt. An unknown code is kept, includes nothing and is included by nothing.
///
/// ```
/// use carewire_consent::Purpose;
/// assert_eq!(Purpose::parse("CARE"), Purpose::Treat);
/// assert!(Purpose::Treat.includes(&Purpose::ErTreat));
/// assert!(!Purpose::ErTreat.includes(&Purpose::Treat));
/// assert!(!Purpose::Treat.includes(&Purpose::parse("TREATMENT-ISH")));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Purpose {
    /// Treatment.
    Treat,
    /// Clinical trial treatment.
    ClinTrl,
    /// Coordination of care.
    Coc,
    /// Emergency treatment.
    ETreat,
    /// Break the glass.
    BreakGlass,
    /// Emergency room treatment.
    ErTreat,
    /// Population health.
    PopHlth,
    /// Treatment decisions with decision support.
    TreatDs,
    /// Healthcare payment.
    HPaymt,
    /// Claim attachment.
    ClmAttch,
    /// Coverage authorisation.
    CovAuth,
    /// Coverage under a policy or program.
    Coverage,
    /// Eligibility determination.
    EligDtrm,
    /// Eligibility verification.
    EligVer,
    /// Enrolment.
    Enrollm,
    /// Military discharge.
    MilDcrg,
    /// Remittance advice.
    RemitAdv,
    /// Payment decisions with decision support.
    PmtDs,
    /// Healthcare operations.
    HOperat,
    /// Care management; treatment does not include it.
    CareMgt,
    /// Donation of organs, tissue and blood.
    Donat,
    /// Detection of fraud.
    Fraud,
    /// Government programs.
    Gov,
    /// Accreditation.
    HAccred,
    /// Compliance.
    HCompl,
    /// Decedents.
    HDecd,
    /// Directories.
    HDirect,
    /// Healthcare delivery management.
    Hdm,
    /// Legal.
    HLegal,
    /// Outcome measures.
    HOutcoms,
    /// Program reporting.
    HPrgRp,
    /// Quality improvement.
    HQualImp,
    /// Health system administration.
    HSysAdmin,
    /// Labelling of data.
    Labeling,
    /// Metadata management.
    MetaMgt,
    /// Member administration.
    MemAdmin,
    /// Military command.
    MilCdm,
    /// Patient administration.
    PatAdmin,
    /// Patient safety.
    PatSfty,
    /// Performance measures.
    PerfMsr,
    /// Records management.
    RecordMgt,
    /// System development.
    SysDev,
    /// Test data.
    HTest,
    /// Training of people.
    Train,
    /// Training of machine learning.
    MlTraining,
    /// Healthcare research.
    HResch,
    /// Biomedical research.
    BioRch,
    /// Clinical trial research.
    ClinTrch,
    /// Clinical trial research without patient care.
    ClinTrchNpc,
    /// Clinical trial research with patient care.
    ClinTrchPc,
    /// Preclinical trial research.
    PreClinTrch,
    /// Disease specific research.
    DsRch,
    /// Research on population origins or ancestry.
    PoaRch,
    /// Translational research.
    TransRch,
    /// Patient requested.
    PatRqt,
    /// Family requested.
    FamRqt,
    /// Requested by power of attorney.
    PwAtrny,
    /// Requested by a support network.
    SupNwk,
    /// Public health.
    PubHlth,
    /// Disaster.
    Disaster,
    /// Threat.
    Threat,
    /// Healthcare marketing.
    HMarkt,
    /// A code that the table does not hold.
    Other(Box<str>),
}

/// Purpose, code, and the purpose that directly includes it: all below `PurposeOfUse` in version 3.1.0 of `ActReason`.
static TABLE: &[(Purpose, &str, Option<Purpose>)] = &[
    (Purpose::Treat, "TREAT", None),
    (Purpose::ClinTrl, "CLINTRL", Some(Purpose::Treat)),
    (Purpose::Coc, "COC", Some(Purpose::Treat)),
    (Purpose::ETreat, "ETREAT", Some(Purpose::Treat)),
    (Purpose::BreakGlass, "BTG", Some(Purpose::ETreat)),
    (Purpose::ErTreat, "ERTREAT", Some(Purpose::ETreat)),
    (Purpose::PopHlth, "POPHLTH", Some(Purpose::Treat)),
    (Purpose::TreatDs, "TREATDS", Some(Purpose::Treat)),
    (Purpose::HPaymt, "HPAYMT", None),
    (Purpose::ClmAttch, "CLMATTCH", Some(Purpose::HPaymt)),
    (Purpose::CovAuth, "COVAUTH", Some(Purpose::HPaymt)),
    (Purpose::Coverage, "COVERAGE", Some(Purpose::HPaymt)),
    (Purpose::EligDtrm, "ELIGDTRM", Some(Purpose::Coverage)),
    (Purpose::EligVer, "ELIGVER", Some(Purpose::Coverage)),
    (Purpose::Enrollm, "ENROLLM", Some(Purpose::Coverage)),
    (Purpose::MilDcrg, "MILDCRG", Some(Purpose::Coverage)),
    (Purpose::RemitAdv, "REMITADV", Some(Purpose::HPaymt)),
    (Purpose::PmtDs, "PMTDS", Some(Purpose::HPaymt)),
    (Purpose::HOperat, "HOPERAT", None),
    (Purpose::CareMgt, "CAREMGT", Some(Purpose::HOperat)),
    (Purpose::Donat, "DONAT", Some(Purpose::HOperat)),
    (Purpose::Fraud, "FRAUD", Some(Purpose::HOperat)),
    (Purpose::Gov, "GOV", Some(Purpose::HOperat)),
    (Purpose::HAccred, "HACCRED", Some(Purpose::HOperat)),
    (Purpose::HCompl, "HCOMPL", Some(Purpose::HOperat)),
    (Purpose::HDecd, "HDECD", Some(Purpose::HOperat)),
    (Purpose::HDirect, "HDIRECT", Some(Purpose::HOperat)),
    (Purpose::Hdm, "HDM", Some(Purpose::HOperat)),
    (Purpose::HLegal, "HLEGAL", Some(Purpose::HOperat)),
    (Purpose::HOutcoms, "HOUTCOMS", Some(Purpose::HOperat)),
    (Purpose::HPrgRp, "HPRGRP", Some(Purpose::HOperat)),
    (Purpose::HQualImp, "HQUALIMP", Some(Purpose::HOperat)),
    (Purpose::HSysAdmin, "HSYSADMIN", Some(Purpose::HOperat)),
    (Purpose::Labeling, "LABELING", Some(Purpose::HSysAdmin)),
    (Purpose::MetaMgt, "METAMGT", Some(Purpose::HSysAdmin)),
    (Purpose::MemAdmin, "MEMADMIN", Some(Purpose::HOperat)),
    (Purpose::MilCdm, "MILCDM", Some(Purpose::HOperat)),
    (Purpose::PatAdmin, "PATADMIN", Some(Purpose::HOperat)),
    (Purpose::PatSfty, "PATSFTY", Some(Purpose::HOperat)),
    (Purpose::PerfMsr, "PERFMSR", Some(Purpose::HOperat)),
    (Purpose::RecordMgt, "RECORDMGT", Some(Purpose::HOperat)),
    (Purpose::SysDev, "SYSDEV", Some(Purpose::HOperat)),
    (Purpose::HTest, "HTEST", Some(Purpose::SysDev)),
    (Purpose::Train, "TRAIN", Some(Purpose::HOperat)),
    (Purpose::MlTraining, "MLTRAINING", Some(Purpose::HOperat)),
    (Purpose::HResch, "HRESCH", None),
    (Purpose::BioRch, "BIORCH", Some(Purpose::HResch)),
    (Purpose::ClinTrch, "CLINTRCH", Some(Purpose::HResch)),
    (Purpose::ClinTrchNpc, "CLINTRCHNPC", Some(Purpose::ClinTrch)),
    (Purpose::ClinTrchPc, "CLINTRCHPC", Some(Purpose::ClinTrch)),
    (Purpose::PreClinTrch, "PRECLINTRCH", Some(Purpose::ClinTrch)),
    (Purpose::DsRch, "DSRCH", Some(Purpose::HResch)),
    (Purpose::PoaRch, "POARCH", Some(Purpose::HResch)),
    (Purpose::TransRch, "TRANSRCH", Some(Purpose::HResch)),
    (Purpose::PatRqt, "PATRQT", None),
    (Purpose::FamRqt, "FAMRQT", Some(Purpose::PatRqt)),
    (Purpose::PwAtrny, "PWATRNY", Some(Purpose::PatRqt)),
    (Purpose::SupNwk, "SUPNWK", Some(Purpose::PatRqt)),
    (Purpose::PubHlth, "PUBHLTH", None),
    (Purpose::Disaster, "DISASTER", Some(Purpose::PubHlth)),
    (Purpose::Threat, "THREAT", Some(Purpose::PubHlth)),
    (Purpose::HMarkt, "HMARKT", None),
];

/// Names that local systems use for a purpose.
static ALIASES: &[(&str, Purpose)] = &[("CARE", Purpose::Treat)];

impl Purpose {
    /// The purpose of a code or local name; an unknown one is [`Purpose::Other`].
    #[must_use]
    pub fn parse(code: &str) -> Self {
        let known = TABLE.iter().find(|(_, of, _)| *of == code).map(|(purpose, ..)| purpose);
        let named = || ALIASES.iter().find(|(name, _)| *name == code).map(|(_, purpose)| purpose);
        known.or_else(named).cloned().unwrap_or_else(|| Self::Other(code.into()))
    }

    /// The purpose that people write: a code of the table in capitals or not, alone or as `system|code`.
    fn named(text: &str) -> Self {
        let coding = Coding::parse(text);
        match canonical(coding.system.as_deref()) {
            None | Some(ACT_REASON) => {}
            Some(_) => return Self::parse(text),
        }
        let spellings = [&*coding.code, &coding.code.to_ascii_uppercase()];
        spellings.map(Self::parse).into_iter().find(Self::is_known).unwrap_or_else(|| Self::parse(text))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(code) => code,
            known => known.row().map_or("", |(_, code, _)| code),
        }
    }

    /// Whether the table holds it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Other(_))
    }

    /// Whether a consent for this purpose speaks about `other`: the same one, or one below it.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        if !self.is_known() {
            return false;
        }
        let mut at = Some(other);
        while let Some(purpose) = at {
            if purpose == self {
                return true;
            }
            at = purpose.row().and_then(|(_, _, parent)| parent.as_ref());
        }
        false
    }

    /// The bit of a purpose of the table; none for any other.
    pub(crate) fn bit(&self) -> u64 {
        TABLE.iter().position(|(purpose, ..)| purpose == self).map_or(0, |place| 1 << place)
    }

    /// The bits of the purposes that it includes.
    pub(crate) fn bits_below(&self) -> u64 {
        let included = TABLE.iter().filter(|(purpose, ..)| self.includes(purpose));
        included.map(|(purpose, ..)| purpose.bit()).fold(0, |bits, bit| bits | bit)
    }

    fn row(&self) -> Option<&'static (Self, &'static str, Option<Self>)> {
        TABLE.iter().find(|(purpose, ..)| purpose == self)
    }
}

impl std::fmt::Debug for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_known() { self.as_str() } else { "Other(..)" })
    }
}

impl serde::Serialize for Purpose {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Purpose {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::named(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_codes_in_any_capitals_and_with_their_system() {
        for text in ["TREAT", "treat", "Care", "http://terminology.hl7.org/CodeSystem/v3-ActReason|TREAT"] {
            assert_eq!(Purpose::named(text), Purpose::Treat, "{text}");
        }
        assert_eq!(
            Purpose::named("urn:local|TREAT"),
            Purpose::parse("urn:local|TREAT"),
            "another system's is its own"
        );
        assert!(!Purpose::named("treatment-ish").is_known());
    }

    #[test]
    fn every_row_is_found_by_its_code_and_ends_at_a_root() {
        assert!(TABLE.len() <= 64, "each has a bit");
        for (purpose, code, _) in TABLE {
            assert_eq!(&Purpose::parse(code), purpose);
            assert_eq!(purpose.as_str(), *code);
            assert!(purpose.includes(purpose));
        }
    }

    /// HL7 Terminology 7.0.1, `ActReason` 3.1.0.
    #[test]
    fn the_purposes_are_those_of_hl7() {
        let ours = TABLE.iter().map(|(_, code, parent)| {
            let parent = parent.as_ref().map_or("PurposeOfUse", Purpose::as_str);
            ((*code).to_owned(), parent.to_owned())
        });
        let theirs = crate::vocabulary::published("http://terminology.hl7.org/CodeSystem/v3-ActReason");
        assert_eq!(ours.collect::<std::collections::BTreeSet<_>>(), theirs);
    }

    #[test]
    fn inclusion_follows_the_table_and_not_the_spelling() {
        assert!(Purpose::Treat.includes(&Purpose::BreakGlass));
        assert!(Purpose::ETreat.includes(&Purpose::BreakGlass));
        assert!(Purpose::HOperat.includes(&Purpose::CareMgt));
        for outside in [Purpose::CareMgt, Purpose::HPaymt, Purpose::ClinTrch, Purpose::parse("TREATX")] {
            assert!(!Purpose::Treat.includes(&outside));
        }
        let unknown = Purpose::parse("X");
        assert!(!unknown.includes(&unknown), "an unknown code permits nothing, not even itself");
    }

    #[test]
    fn debug_does_not_repeat_an_unknown_code() {
        assert!(!format!("{:?}", Purpose::parse("canary")).contains("canary"));
    }
}
