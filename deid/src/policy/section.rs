//! The sections of a policy file beside its paths: dates, geography, text.

use std::fmt;

use serde::Deserialize;

use crate::terms;
use crate::transform::{PostcodeRule, postcode};

/// `[dates]`: what happens to dates that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dates {
    pub(crate) method: DateRule,
    /// How many days back a shift may go, at most.
    #[serde(default = "Dates::limit")]
    pub(crate) limit: u16,
}

impl Dates {
    fn limit() -> u16 {
        365
    }
}

impl Default for Dates {
    fn default() -> Self {
        Self { method: DateRule::Keep, limit: Self::limit() }
    }
}

/// What happens to a date that is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DateRule {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is cut to the year; a time of day or an instant is dropped.
    Year,
    /// It goes as many days back as all dates of its patient.
    Shift,
}

/// `as_of_rule`: whether the day must be given at which ages are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AsOfRule {
    /// Ages are not looked at without one.
    #[default]
    Optional,
    /// Nothing is done without one.
    Required,
}

/// `keys`: which keys surrogates may come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeyRule {
    /// Any: what comes again has the surrogate that it had.
    #[default]
    Org,
    /// One that lives for one run: nothing links two runs.
    Run,
}

/// `[geography]`: what is known of places.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Geography {
    /// Which ZIP codes are too small to be told: the name of a list.
    #[serde(default = "Geography::union")]
    pub(crate) list: String,
    /// The country of addresses that name none, by the two letters of ISO 3166-1.
    pub(crate) country: Option<String>,
    /// What may be told of the postal codes of other countries; of countries without a line nothing.
    #[serde(default)]
    pub(crate) postcodes: Vec<PostcodeRule>,
}

impl Default for Geography {
    fn default() -> Self {
        Self { list: Self::union(), country: None, postcodes: Vec::new() }
    }
}

impl Geography {
    pub(super) fn fault(&self) -> Option<&'static str> {
        let is_code = |country: &String| terms::country(country) == Some(country);
        if !self.country.as_ref().is_none_or(is_code) {
            return Some("a country has the two letters of ISO 3166-1");
        }
        self.postcodes.iter().find_map(PostcodeRule::fault)
    }

    /// What may be told of a postal code in a country, if the address names one.
    pub(crate) fn postcode(&self, text: &str, country: Option<&str>) -> Option<String> {
        postcode(text, country, self.country.as_deref(), &self.postcodes)
    }

    fn union() -> String {
        "zip3-union".to_owned()
    }
}

/// `[text]`: who looks at the texts that a path hands to a scrubber.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    /// The id of the scrubber that the policy was written for. Without one, texts of `scrub` go, too.
    pub(crate) scrubber: Option<String>,
}

impl fmt::Display for Geography {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.list)?;
        self.country.iter().try_for_each(|country| write!(f, ", {country} where no country is named"))?;
        self.postcodes.iter().try_for_each(|rule| write!(f, ", {rule}"))
    }
}

impl fmt::Display for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.method {
            DateRule::Keep => f.write_str("kept"),
            DateRule::Year => f.write_str("cut to the year"),
            DateRule::Shift => write!(f, "shifted by at most {} days", self.limit),
        }
    }
}
