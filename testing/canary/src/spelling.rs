//! The ways to write one number or day.

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day as HL7 v2, FHIR, and people on both sides of the Atlantic write it, HL7 v2 first.
///
/// ```
/// let spellings = carewire_canary::date_spellings(1931, 2, 3);
/// assert_eq!(spellings[0], "19310203");
/// for other in ["1931-02-03", "02/03/1931", "2/3/1931", "3 Feb 1931", "February 3, 1931", "03.02.1931"] {
///     assert!(spellings.iter().any(|one| one == other), "{other}");
/// }
/// ```
#[must_use]
pub fn date_spellings(year: u64, month: u64, day: u64) -> Vec<String> {
    let index = usize::try_from(month.saturating_sub(1)).unwrap_or_default();
    let name = MONTHS.get(index).copied().unwrap_or_default();
    let short = name.get(..3).unwrap_or_default();
    let mut all = vec![format!("{year}{month:02}{day:02}"), format!("{year}-{month:02}-{day:02}")];
    for separator in ["/", ".", "-"] {
        for [first, second] in [[month, day], [day, month]] {
            all.push(format!("{first:02}{separator}{second:02}{separator}{year}"));
            all.push(format!("{first}{separator}{second}{separator}{year}"));
        }
        all.push(format!("{year}{separator}{month:02}{separator}{day:02}"));
    }
    for month in [name, short] {
        all.push(format!("{day} {month} {year}"));
        all.push(format!("{day:02} {month} {year}"));
        all.push(format!("{day:02}-{month}-{year}"));
        all.push(format!("{month} {day}, {year}"));
    }
    different(all)
}

/// Ten digits of a telephone number of North America in its usual spellings, without any separator first.
///
/// ```
/// let spellings = carewire_canary::telephone_spellings("6175550100");
/// for other in ["6175550100", "(617) 555-0100", "617-555-0100", "617.555.0100", "+16175550100", "+1 617 555 0100"] {
///     assert!(spellings.iter().any(|one| one == other), "{other}");
/// }
/// ```
#[must_use]
pub fn telephone_spellings(digits: &str) -> Vec<String> {
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    let (area, office, line) = (part(0..3), part(3..6), part(6..10));
    let mut all =
        vec![digits.to_owned(), format!("({area}) {office}-{line}"), format!("({area}){office}-{line}")];
    for separator in ["-", ".", " "] {
        let spaced = [area, office, line].join(separator);
        all.push(format!("1{separator}{spaced}"));
        all.push(format!("+1{separator}{spaced}"));
        all.push(spaced);
    }
    all.push(format!("+1{digits}"));
    different(all)
}

/// Nine digits of a US social security number in its usual spellings, with dashes first.
///
/// ```
/// let spellings = carewire_canary::us_ssn_spellings("123456789");
/// assert_eq!(spellings, ["123-45-6789", "123456789", "123 45 6789", "123.45.6789"]);
/// ```
#[must_use]
pub fn us_ssn_spellings(digits: &str) -> Vec<String> {
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    let parts = [part(0..3), part(3..5), part(5..9)];
    vec![parts.join("-"), digits.to_owned(), parts.join(" "), parts.join(".")]
}

fn different(all: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    all.into_iter().filter(|one| seen.insert(one.clone())).collect()
}
