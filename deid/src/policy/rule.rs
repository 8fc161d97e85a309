//! One rule of a policy file, of FHIR or of v2.

use std::fmt;

use carewire_fhir_core::Decimal;
use serde::Deserialize;
use toml::Spanned;

use super::Method;
use super::parse::Fault;
use crate::PolicyError;
use crate::transform::{Bins, Span};

/// One path with its method, as the file has it.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// Where the path stands in the file, for faults.
    pub(crate) offset: usize,
    pub(crate) path: String,
    pub(crate) method: Method,
    pub(crate) parameters: Parameters,
}

/// What a method needs beside its name. Each is there where its method wants it, and nowhere else.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parameters {
    /// `substitute`: what stands in the place of the value.
    pub(crate) value: Option<String>,
    /// `generalise`: numbers go down to a multiple of this.
    pub(crate) step: Option<Decimal>,
    /// `perturb`: how far a number may move, up and down together.
    pub(crate) span: Option<Decimal>,
    /// `perturb`: whether the span is a part of the number instead of a distance.
    pub(crate) proportional: bool,
    /// `perturb`: decimal places that are left.
    pub(crate) places: Option<u8>,
}

impl Parameters {
    /// How far `perturb` may move a number.
    pub(crate) fn reach(&self) -> Option<Span> {
        let span = self.span.clone()?;
        Some(if self.proportional { Span::Proportional(span) } else { Span::Fixed(span) })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<60} {}{}", self.path, self.method.as_str(), self.parameters)
    }
}

impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, step, span, proportional, places } = self;
        value.iter().try_for_each(|value| write!(f, " `{value}`"))?;
        step.iter().try_for_each(|step| write!(f, " step {}", step.as_str()))?;
        let kind = if *proportional { "of the number" } else { "around it" };
        span.iter().try_for_each(|span| write!(f, " span {} {kind}", span.as_str()))?;
        places.iter().try_for_each(|places| write!(f, ", {places} places"))
    }
}

/// A `[[fhir]]` or `[[v2]]` entry.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    path: Option<Spanned<String>>,
    #[serde(default)]
    paths: Vec<Spanned<String>>,
    method: Spanned<Method>,
    value: Option<String>,
    step: Option<f64>,
    span: Option<f64>,
    proportional: Option<bool>,
    places: Option<u8>,
}

impl Entry {
    pub(super) fn rules(self, at: &Fault<'_>) -> Result<Vec<Rule>, PolicyError> {
        let offset = self.method.span().start;
        if self.path.is_some() != self.paths.is_empty() {
            return Err(at(offset, "a rule has either `path` or `paths`".to_owned()));
        }
        let method = *self.method.get_ref();
        let parameters = self.parameters().map_err(|reason| at(offset, reason))?;
        let rule = |path: Spanned<String>| Rule {
            offset: path.span().start,
            path: path.into_inner(),
            method,
            parameters: parameters.clone(),
        };
        Ok(self.path.into_iter().chain(self.paths).map(rule).collect())
    }

    fn parameters(&self) -> Result<Parameters, String> {
        let method = *self.method.get_ref();
        let needs = match method {
            Method::Substitute => Some("value"),
            Method::Generalise => Some("step"),
            Method::Perturb => Some("span"),
            _ => None,
        };
        let given = [
            ("value", self.value.is_some()),
            ("step", self.step.is_some()),
            ("span", self.span.is_some()),
            ("proportional", self.proportional.is_some()),
            ("places", self.places.is_some()),
        ];
        for (name, is_given) in given {
            let is_extra = method == Method::Perturb && matches!(name, "proportional" | "places");
            if is_given && needs != Some(name) && !is_extra {
                return Err(format!("`{}` takes no `{name}`", method.as_str()));
            }
            if !is_given && needs == Some(name) {
                return Err(format!("`{}` needs `{name}`", method.as_str()));
            }
        }
        Ok(Parameters {
            value: self.value.clone(),
            step: self.step.map(positive).transpose()?,
            span: self.span.map(positive).transpose()?,
            proportional: self.proportional.unwrap_or_default(),
            places: self.places,
        })
    }
}

fn positive(number: f64) -> Result<Decimal, String> {
    let decimal = Decimal::parse(&number.to_string()).ok().filter(|decimal| Bins::every(decimal).is_some());
    decimal.ok_or_else(|| "a step or span is a number above 0 of at most 24 digits".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::{Method, Policy};

    const HEAD: &str = "id='x'\nversion='1'\njurisdiction='any'\nsources=[]\n";

    #[test]
    fn parameters_belong_to_their_method() {
        let fault = |rule: &str| {
            Policy::parse_toml(&format!("{HEAD}[[v2]]\npath='PID-7'\n{rule}")).unwrap_err().to_string()
        };
        for (rule, expected) in [
            ("method='substitute'", "line 7, column 8: `substitute` needs `value`"),
            ("method='generalise'", "needs `step`"),
            ("method='perturb'", "needs `span`"),
            ("method='perturb'\nspan=0.0", "above 0"),
            ("method='keep'\nvalue='x'", "`keep` takes no `value`"),
            ("method='generalise'\nstep=5\nplaces=1", "takes no `places`"),
        ] {
            assert!(fault(rule).contains(expected), "{rule}: {}", fault(rule));
        }
    }

    #[test]
    fn v2_rules_are_handed_on_in_their_order() {
        let rules = "[[v2]]\npath='PID-7'\nmethod='year'\n[[v2]]\npaths=['NTE-3', 'PID-5.7']\nmethod='substitute'\nvalue='x'";
        let policy = Policy::parse_toml(&format!("{HEAD}{rules}")).unwrap();
        let paths: Vec<_> = policy.v2_rules().iter().map(|rule| (rule.path.as_str(), rule.method)).collect();
        let substitute = Method::Substitute;
        assert_eq!(paths, [("PID-7", Method::Year), ("NTE-3", substitute), ("PID-5.7", substitute)]);
        assert_eq!(policy.v2_rules()[1].parameters.value.as_deref(), Some("x"));
    }
}
