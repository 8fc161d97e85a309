//! Choices that depend on a seed only.

/// A sequence of numbers made from a seed (SplitMix64): well spread, fast, and no secret.
pub(crate) struct Seed(u64);

impl Seed {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number below `limit`, or 0 when there is none.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)).checked_rem(limit).unwrap_or(0)
    }

    /// One of the words.
    pub(crate) fn pick(&mut self, words: &[&'static str]) -> &'static str {
        let chosen = usize::try_from(self.below(words.len() as u64)).unwrap_or(0);
        words.get(chosen).copied().unwrap_or_default()
    }

    /// A date as in `19610615`, between 1940 and 2019.
    pub(crate) fn date(&mut self) -> String {
        format!("{}{:02}{:02}", 1940 + self.below(80), 1 + self.below(12), 1 + self.below(28))
    }
}

pub(crate) const FAMILIES: &[&str] =
    &["Ambroz", "Bellweather", "Castellan", "Dunmore", "Eberhart", "Fairburn", "Gillam", "Hathersage"];
pub(crate) const GIVEN: &[&str] = &["Ada", "Bruno", "Clara", "Dimitri", "Edda", "Fabian", "Greta", "Hugo"];
pub(crate) const STREETS: &[&str] = &["Mill Lane", "Quarry Road", "Station Street", "Orchard Close"];
pub(crate) const TOWNS: &[&str] = &["Westholm", "Larkfield", "Northam", "Elmsworth"];

/// The header of a message.
pub(crate) fn header(seed: &mut Seed, kind: &str) -> String {
    let number = seed.below(1_000_000_000);
    format!(
        "MSH|^~\\&|WARDSYS^2.16.840.1.113883.3.72.5.40^ISO|NORTHSIDE^1.2.3.4^ISO|CAREWIRE|HUB|20240301101530.123+0100\
         ||{kind}|CW{number:09}|P^T|2.5.1|||AL|NE|GBR|UNICODE UTF-8\r"
    )
}

/// The patient identification.
pub(crate) fn patient(seed: &mut Seed) -> String {
    let (family, given, second) = (seed.pick(FAMILIES), seed.pick(GIVEN), seed.pick(GIVEN));
    let (number, national) = (seed.below(10_000_000), seed.below(1_000_000_000));
    let (house, street, town) = (1 + seed.below(200), seed.pick(STREETS), seed.pick(TOWNS));
    let (born, sex, phone) = (seed.date(), seed.pick(&["F", "M"]), seed.below(10_000_000));
    format!(
        "PID|1||{number:07}^^^NORTHSIDE&1.2.3.4&ISO^MR~{national:09}^^^GOV&2.16.840.1.113883.4.1&ISO^NI||\
         {family}^{given}^{second}^^^^L~{family}^{given}^^^^^N||{born}|{sex}||2106-3^White^CDCREC|\
         {house} {street}^^{town}^^W1A 1AA^GBR^H~PO Box {house}^^{town}^^W1A 2BB^GBR^M||\
         ^PRN^PH^^44^20^{phone:07}~^NET^Internet^{given}.{family}@example.org|^WPN^PH^^44^20^{phone:07}|\
         eng^English^ISO639|M^Married^HL70002|||||||||||N\r"
    )
}
