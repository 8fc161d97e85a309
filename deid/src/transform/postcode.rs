//! Postal codes cut to the area that a policy lets be told.

use std::fmt;

use serde::Deserialize;

use crate::terms;

/// One line of `[geography] postcodes`: how many places of a country's codes stay.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostcodeRule {
    /// The country, by the two letters of ISO 3166-1.
    country: String,
    /// How its codes look: `9` is a digit, `A` a letter. Blanks and hyphens are for the eye.
    forms: Vec<String>,
    /// How many letters and digits stay, from the left.
    leading: usize,
}

impl fmt::Display for PostcodeRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { country, forms, leading } = self;
        write!(f, "{country} {} cut to {leading}", forms.join("|"))
    }
}

impl PostcodeRule {
    /// The fault of the line itself.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        let is_form = |form: &String| compact(form).all(|one| matches!(one, 'A' | '9'));
        if terms::country(&self.country) != Some(&self.country) {
            return Some("a country has the two letters of ISO 3166-1");
        }
        if self.forms.is_empty() || !self.forms.iter().all(is_form) {
            return Some("a form is made of `9` for a digit and `A` for a letter");
        }
        let is_short = |form: &String| (1..compact(form).count()).contains(&self.leading);
        (!self.forms.iter().all(is_short)).then_some("`leading` is at least 1 and less than the whole code")
    }

    /// The area, if the text is a code of one of the forms, or was cut to its area before.
    fn area(&self, text: &str) -> Option<String> {
        let places: Vec<_> = compact(text).map(|one| one.to_ascii_uppercase()).collect();
        let fits = |form: &&String| {
            let is_whole =
                matches!(places.len(), count if count == compact(form).count() || count == self.leading);
            is_whole && places.iter().zip(compact(form)).all(|(one, form)| is_like(*one, form))
        };
        self.forms.iter().find(fits).map(|_| places.iter().take(self.leading).collect())
    }
}

/// What a policy lets be told of a postal code; nothing where it has no line for the country or the code has no form of
/// that country. `home` is the country of an address that names none.
pub(crate) fn postcode(
    text: &str,
    country: Option<&str>,
    home: Option<&str>,
    rules: &[PostcodeRule],
) -> Option<String> {
    let country = match country.map(str::trim).filter(|country| !country.is_empty()) {
        Some(country) => terms::country(country)?,
        None => home?,
    };
    rules.iter().filter(|rule| rule.country == country).find_map(|rule| rule.area(text))
}

fn compact(text: &str) -> impl Iterator<Item = char> {
    text.trim().chars().filter(|one| !matches!(one, ' ' | '-' | '.'))
}

fn is_like(one: char, form: char) -> bool {
    if form == '9' { one.is_ascii_digit() } else { one.is_ascii_uppercase() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule(country: &str, forms: &[&str], leading: usize) -> PostcodeRule {
        let forms = forms.iter().map(|form| (*form).to_owned()).collect();
        PostcodeRule { country: country.to_owned(), forms, leading }
    }

    fn rules() -> Vec<PostcodeRule> {
        vec![
            rule("GB", &["A9 9AA", "A99 9AA", "A9A 9AA"], 1),
            rule("GB", &["AA9 9AA", "AA99 9AA", "AA9A 9AA"], 2),
            rule("IN", &["999999"], 2),
        ]
    }

    #[test]
    fn a_code_is_cut_to_what_its_form_and_country_allow() {
        for (text, country, home, area) in [
            ("SW1A 1AA", Some("GB"), None, Some("SW")),
            ("sw1a1aa", Some("United Kingdom"), None, Some("SW")),
            ("M1 1AE", None, Some("GB"), Some("M")),
            ("SW", Some("UK"), None, Some("SW")),
            ("110 001", Some("India"), None, Some("11")),
            ("11", Some("IN"), None, Some("11")),
            ("110001", None, None, None),
            ("110001", Some("GB"), Some("IN"), None),
            ("110001", Some("Nowhere"), Some("IN"), None),
            ("SW1A", Some("GB"), None, None),
            ("SMITH", Some("GB"), None, None),
            ("01310-100", Some("BR"), None, None),
            ("", Some("IN"), None, None),
        ] {
            assert_eq!(postcode(text, country, home, &rules()).as_deref(), area, "{text}");
        }
    }

    #[test]
    fn faults_of_a_line_are_told() {
        assert_eq!(rules().iter().find_map(PostcodeRule::fault), None);
        for (line, expected) in [
            (rule("UK", &["999999"], 2), "two letters"),
            (rule("IN", &[], 2), "a form"),
            (rule("IN", &["99X999"], 2), "a form"),
            (rule("IN", &["999999"], 6), "`leading`"),
            (rule("IN", &["999999"], 0), "`leading`"),
        ] {
            assert!(line.fault().is_some_and(|fault| fault.contains(expected)), "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_cut_is_cut_no_further(text in "\\PC{0,9}|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}|[0-9]{6}") {
            for home in ["GB", "IN"] {
                if let Some(area) = postcode(&text, None, Some(home), &rules()) {
                    prop_assert!(area.len() <= 2);
                    prop_assert_eq!(postcode(&area, None, Some(home), &rules()), Some(area));
                }
            }
        }
    }
}
