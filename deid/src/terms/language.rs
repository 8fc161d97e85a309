//! Languages, as BCP 47 writes them.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::place::country;
use crate::fhir::data_lines;

/// Whether a text is a plain tag of BCP 47: a language, perhaps a script, perhaps a country: `en`, `pt-BR`, `zh-Hant-TW`.
/// Variants, extensions and private subtags can spell anything, so no tag has them here.
pub(crate) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-').peekable();
    let known = parts.next().is_some_and(|language| LANGUAGES.contains(&*language.to_ascii_lowercase()));
    parts.next_if(|part| SCRIPTS.iter().any(|script| script.eq_ignore_ascii_case(part)));
    parts.next_if(|part| is_region(part));
    known && parts.next().is_none()
}

fn is_region(part: &str) -> bool {
    let upper = part.to_ascii_uppercase();
    upper == LATIN_AMERICA || country(&upper) == Some(&upper)
}

const LATIN_AMERICA: &str = "419";

/// The scripts of the languages that are written in more than one.
const SCRIPTS: [&str; 11] =
    ["Arab", "Beng", "Cyrl", "Deva", "Guru", "Hans", "Hant", "Latn", "Mong", "Mtei", "Tfng"];

static LANGUAGES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    data_lines(include_str!("../../data/languages.txt")).flat_map(str::split_whitespace).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_and_names_are_not() {
        for tag in ["en", "en-US", "en-us", "EN", "pt-BR", "zh-Hant-TW", "sr-Latn", "es-419", "haw"] {
            assert!(is_language(tag), "{tag}");
        }
        for tag in [
            "",
            "doe",
            "ann",
            "Lee",
            "en-Doe",
            "en-US-smith",
            "en-x-mrn",
            "en-",
            "en-999",
            "english",
            "en_US",
        ] {
            assert!(!is_language(tag), "{tag}");
        }
        assert_eq!(LANGUAGES.len(), 184 + 33);
    }
}
