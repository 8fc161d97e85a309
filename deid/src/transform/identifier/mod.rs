//! Identifiers of people that a country gives out, told by their shape and check digits.

mod americas;
mod checksum;
mod definitions;
mod europe;
mod india;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use definitions::Definition;

/// A kind of identifier that a country gives to people, or a postal code.
///
/// A check digit says that a number was not mistyped, not that it was ever issued. Where a kind has none, only its shape
/// can be told, and many other numbers have the same: see [`has_check`](Self::has_check).
///
/// ```
/// use carewire_deid::transform::IdentifierType;
/// assert!(IdentifierType::UkNhs.is_valid("943 476 5870"));
/// assert!(!IdentifierType::UkNhs.is_valid("943 476 5871"));
/// assert_eq!(IdentifierType::named("br-cpf"), Some(IdentifierType::BrCpf));
/// assert_eq!(IdentifierType::of_system("http://hl7.org/fhir/sid/us-ssn"), Some(IdentifierType::UsSsn));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum IdentifierType {
    /// Social Security Number: 9 digits, no check digit; area 000, 666 and 900 to 999, group 00 and serial 0000 are not
    /// issued (Social Security Administration, SSN randomization).
    UsSsn,
    /// Medicare Beneficiary Identifier: 11 places, no S, L, O, I, B, Z, no check digit (CMS, Understanding the Medicare
    /// Beneficiary Identifier Format).
    UsMbi,
    /// National Provider Identifier: 10 digits, Luhn after the prefix 80840 (CMS, NPI check digit, worked example).
    UsNpi,
    /// DEA registration: two letters and 7 digits; the last is that of (1st + 3rd + 5th) + 2 x (2nd + 4th + 6th).
    UsDea,
    /// Cadastro de Pessoas Físicas: 11 digits, two check digits modulo 11 (Receita Federal).
    BrCpf,
    /// Cartão Nacional de Saúde: 15 digits with a weighted sum that 11 divides (ANVISA, RNI, validação do CNS).
    BrCns,
    /// Registro Geral: issued by the states, so only the shape: 5 to 10 digits, the last possibly an X, with or without the
    /// state's letters before. It has no check that holds everywhere.
    BrRg,
    /// Código de Endereçamento Postal: 8 digits (Correios). A place, not a person.
    BrCep,
    /// ABHA number: 14 digits (National Health Authority). No published check is known to us, so only the shape is told.
    InAbha,
    /// ABHA address: a name at `abdm`, `sbx` or the older `ndhm`. Only the shape is told.
    InAbhaAddress,
    /// Aadhaar: 12 digits, the first from 2 to 9, the last by Verhoeff (UIDAI, A UID Numbering Scheme).
    InAadhaar,
    /// Postal Index Number: 6 digits, the first not 0 (India Post). A place, not a person.
    InPin,
    /// NHS number: 10 digits, modulo 11 (NHS Data Dictionary).
    UkNhs,
    /// Community Health Index number of Scotland: the day of birth, two digits, one for the sex, and the check digit of the
    /// NHS number or, in numbers given out since 2026, of Luhn (Public Health Scotland, phsmethods).
    UkChi,
    /// Health and Care number of Northern Ireland: an NHS number from 320 000 001 to 399 999 999 with its check digit (NHS
    /// Data Dictionary).
    UkHc,
    /// National Insurance number: two letters, 6 digits, A to D (HMRC, National Insurance Manual, NIM39110). No check digit.
    UkNino,
    /// Numéro d'inscription au répertoire, also the INS, with the waiting number NIA of the same form: 13 places and a key modulo 97, 2A and 2B for Corsica (INSEE).
    FrNir,
    /// Krankenversichertennummer, its part that never changes: a letter, 8 digits and a check digit modulo 10 (section 290
    /// SGB V).
    DeKvnr,
    /// Documento Nacional de Identidad: 8 digits and a letter modulo 23 (Ministerio del Interior). The NIE is told under
    /// the same FHIR system.
    EsDni,
    /// Número de Identidad de Extranjero: X, Y or Z, 7 digits and the letter of the DNI (Ministerio del Interior).
    EsNie,
    /// Codice fiscale of a person: 16 places with a check letter (Agenzia delle Entrate).
    ItCodiceFiscale,
    /// Burgerservicenummer: 9 digits that pass the test of eleven (elfproef).
    NlBsn,
    /// PESEL: the day of birth, a serial and a check digit modulo 10.
    PlPesel,
    /// National number (rijksregisternummer, numéro national): 11 digits, the last two modulo 97.
    BeNn,
    /// Personnummer: the day of birth with or without its century, a serial and a check digit by Luhn (Skatteverket).
    SePersonnummer,
    /// Henkilötunnus: the day of birth, a sign for the century, a serial and a check modulo 31 (Digital and Population Data
    /// Services Agency).
    FiHetu,
    /// Personal Public Service number: 7 digits and a check letter modulo 23, with or without a second letter.
    IePps,
}

static ALL: [IdentifierType; 27] = [
    IdentifierType::UsSsn,
    IdentifierType::UsMbi,
    IdentifierType::UsNpi,
    IdentifierType::UsDea,
    IdentifierType::BrCpf,
    IdentifierType::BrCns,
    IdentifierType::BrRg,
    IdentifierType::BrCep,
    IdentifierType::InAbha,
    IdentifierType::InAbhaAddress,
    IdentifierType::InAadhaar,
    IdentifierType::InPin,
    IdentifierType::UkNhs,
    IdentifierType::UkChi,
    IdentifierType::UkHc,
    IdentifierType::UkNino,
    IdentifierType::FrNir,
    IdentifierType::DeKvnr,
    IdentifierType::EsDni,
    IdentifierType::EsNie,
    IdentifierType::ItCodiceFiscale,
    IdentifierType::NlBsn,
    IdentifierType::PlPesel,
    IdentifierType::BeNn,
    IdentifierType::SePersonnummer,
    IdentifierType::FiHetu,
    IdentifierType::IePps,
];

impl IdentifierType {
    /// All kinds.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The kind of a name, as in a policy file.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The kind whose identifiers a FHIR system holds.
    #[must_use]
    pub fn of_system(system: &str) -> Option<Self> {
        ALL.iter().copied().find(|kind| kind.systems().contains(&system))
    }

    /// Its name: `us-ssn`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// The country that gives it out, by ISO 3166-1.
    #[must_use]
    pub fn jurisdiction(self) -> &'static str {
        self.definition().jurisdiction
    }

    /// The FHIR identifier systems that hold it, as far as they are published.
    #[must_use]
    pub fn systems(self) -> &'static [&'static str] {
        self.definition().systems
    }

    /// Whether it has a check digit or letter, so that hardly any other number passes for it.
    #[must_use]
    pub fn has_check(self) -> bool {
        !matches!(
            self,
            Self::UsSsn
                | Self::UsMbi
                | Self::BrRg
                | Self::BrCep
                | Self::InAbha
                | Self::InAbhaAddress
                | Self::InPin
                | Self::UkNino
        )
    }

    /// How many letters and digits it has.
    pub(crate) fn lengths(self) -> &'static RangeInclusive<usize> {
        &self.definition().lengths
    }

    /// Whether a text has its shape and, where there is one, the right check. Letters of either case and the usual
    /// separators are taken.
    #[must_use]
    pub fn is_valid(self, text: &str) -> bool {
        let definition = self.definition();
        let text = text.trim();
        let own = |one: &char| !definition.separators.contains(*one);
        if text.len() > 40
            || !text.is_ascii()
            || !definition.lengths.contains(&text.chars().filter(own).count())
        {
            return false;
        }
        let compact: String = text.chars().filter(own).map(|one| one.to_ascii_uppercase()).collect();
        (definition.is_valid)(&compact)
    }

    fn definition(self) -> &'static Definition {
        match self {
            Self::UsSsn => &definitions::US_SSN,
            Self::UsMbi => &definitions::US_MBI,
            Self::UsNpi => &definitions::US_NPI,
            Self::UsDea => &definitions::US_DEA,
            Self::BrCpf => &definitions::BR_CPF,
            Self::BrCns => &definitions::BR_CNS,
            Self::BrRg => &definitions::BR_RG,
            Self::BrCep => &definitions::BR_CEP,
            Self::InAbha => &definitions::IN_ABHA,
            Self::InAbhaAddress => &definitions::IN_ABHA_ADDRESS,
            Self::InAadhaar => &definitions::IN_AADHAAR,
            Self::InPin => &definitions::IN_PIN,
            Self::UkNhs => &definitions::UK_NHS,
            Self::UkChi => &definitions::UK_CHI,
            Self::UkHc => &definitions::UK_HC,
            Self::UkNino => &definitions::UK_NINO,
            Self::FrNir => &definitions::FR_NIR,
            Self::DeKvnr => &definitions::DE_KVNR,
            Self::EsDni => &definitions::ES_DNI,
            Self::EsNie => &definitions::ES_NIE,
            Self::ItCodiceFiscale => &definitions::IT_CODICE_FISCALE,
            Self::NlBsn => &definitions::NL_BSN,
            Self::PlPesel => &definitions::PL_PESEL,
            Self::BeNn => &definitions::BE_NN,
            Self::SePersonnummer => &definitions::SE_PERSONNUMMER,
            Self::FiHetu => &definitions::FI_HETU,
            Self::IePps => &definitions::IE_PPS,
        }
    }
}
