//! Countries, and the largest parts of some.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::fhir::data_lines;

/// Whether a text names a state of the United States or India, a federative unit of Brazil or a nation of the United
/// Kingdom, by its code or its name.
pub(crate) fn is_state(text: &str) -> bool {
    STATES.contains(text.trim()) || STATES.contains(&*text.trim().to_lowercase())
}

/// The two letters of ISO 3166-1 for a country that is named by two or three letters, three digits or a name.
pub(crate) fn country(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let known = COUNTRIES.get(text).or_else(|| COUNTRIES.get(&*text.to_lowercase()));
    known.copied()
}

/// Codes as they are, names in lower case.
static STATES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = data_lines(include_str!("../../data/states.txt"));
    let words = lines.flat_map(|line| line.split('\t').skip(1).zip([false, true]));
    words.map(|(word, is_name)| if is_name { word.to_lowercase() } else { word.to_owned() }).collect()
});

static COUNTRIES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut countries = HashMap::new();
    for line in data_lines(include_str!("../../data/countries.txt")) {
        let code = line.split('\t').next().unwrap_or_default();
        for (place, word) in line.split('\t').enumerate() {
            let word = if place < 3 { word.to_owned() } else { word.to_lowercase() };
            countries.insert(word, code);
        }
    }
    countries
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_known_and_names_of_people_are_not() {
        for good in ["MA", "Massachusetts", "new york", "SP", "DC", "são paulo", "Kerala", "TN", "Scotland"]
        {
            assert!(is_state(good), "{good}");
        }
        for bad in ["", "Smith", "ma", "MA 02139", "Boston", "US", "GB"] {
            assert!(!is_state(bad), "{bad}");
        }
        assert_eq!(STATES.iter().filter(|word| word.contains("pradesh")).count(), 5);
    }

    #[test]
    fn countries_are_known_by_code_and_name() {
        for (text, code) in [
            ("US", "US"),
            ("USA", "US"),
            ("840", "US"),
            ("united states", "US"),
            (" Brasil ", "BR"),
            ("IN", "IN"),
            ("India", "IN"),
            ("GBR", "GB"),
            ("UK", "GB"),
            ("Österreich", "AT"),
        ] {
            assert_eq!(country(text), Some(code), "{text}");
        }
        for text in ["", "us", "Smith", "XX", "United", "England", "999", "Country"] {
            assert_eq!(country(text), None, "{text}");
        }
        assert_eq!(data_lines(include_str!("../../data/countries.txt")).count(), 249);
    }
}
