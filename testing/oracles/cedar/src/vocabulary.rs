//! The codes that are known here: enough of each vocabulary for its structure to matter.

/// A purpose, and the one above it.
pub(crate) const PURPOSES: [(&str, Option<&str>); 7] = [
    ("TREAT", None),
    ("ETREAT", Some("TREAT")),
    ("ERTREAT", Some("ETREAT")),
    ("HPAYMT", None),
    ("CLMATTCH", Some("HPAYMT")),
    ("HRESCH", None),
    ("CLINTRCH", Some("HRESCH")),
];

/// A sensitivity, and those that it is also.
pub(crate) const SENSITIVITIES: [(&str, &[&str]); 6] = [
    ("SPI", &[]),
    ("BH", &["SPI"]),
    ("PSY", &["BH", "SPI"]),
    ("SUD", &["BH", "SPI"]),
    ("ETH", &["SPI"]),
    ("ETHUD", &["ETH", "SUD", "BH", "SPI"]),
];

/// Confidentialities, the least first.
pub(crate) const CONFIDENTIALITIES: [&str; 6] = ["U", "L", "M", "N", "R", "V"];

/// Classes of data.
pub(crate) const CLASSES: [&str; 5] = ["LAB_RESULTS", "VITALS", "MEDICATIONS", "CLINICAL_NOTES", "BILLING"];

/// Actions.
pub(crate) const ACTIONS: [&str; 5] = ["access", "collect", "use", "disclose", "correct"];

/// Statuses of consents that do not apply.
pub(crate) const IDLE: [&str; 6] =
    ["draft", "proposed", "entered-in-error", "not-done", "inactive", "rejected"];

pub(crate) fn is_purpose(code: &str) -> bool {
    PURPOSES.iter().any(|(known, _)| *known == code)
}

/// A purpose and those below it.
pub(crate) fn with_narrower(code: &str) -> impl Iterator<Item = &'static str> {
    PURPOSES.iter().map(|(purpose, _)| *purpose).filter(move |purpose| lies_below(purpose, code))
}

fn lies_below(purpose: &str, code: &str) -> bool {
    let above = PURPOSES.iter().find(|(known, _)| *known == purpose).and_then(|(_, above)| *above);
    purpose == code || above.is_some_and(|above| lies_below(above, code))
}

pub(crate) fn is_sensitivity(code: &str) -> bool {
    SENSITIVITIES.iter().any(|(known, _)| *known == code)
}

/// A sensitivity and all that it is also.
pub(crate) fn with_broader(code: &str) -> impl Iterator<Item = &'static str> {
    let known = SENSITIVITIES.iter().find(|(known, _)| *known == code);
    known.into_iter().flat_map(|(own, broader)| std::iter::once(*own).chain(broader.iter().copied()))
}

/// The place of a confidentiality in their order.
pub(crate) fn place(code: &str) -> Option<i64> {
    let place = CONFIDENTIALITIES.iter().position(|known| *known == code)?;
    i64::try_from(place).ok()
}
