//! One rule of a file.

use carewire_fhir_core::fhirpath::FhirPath;
use carewire_fhir_core::{Decimal, Kind, Value};

use super::error::RuleReason;
use super::path::{Path, expression};
use crate::transform::Span;

pub(super) struct Rule {
    /// Its place in the list, from 0.
    pub(super) at: usize,
    /// The path as it is written.
    pub(super) text: String,
    pub(super) path: Path,
    pub(super) method: Method,
}

pub(super) enum Method {
    Keep,
    Redact,
    DateShift,
    CryptoHash,
    Encrypt,
    Perturb { span: Span, digits: Option<u32> },
    Substitute(Value),
    Generalize { cases: Vec<(FhirPath, FhirPath)>, keep_others: bool },
}

impl Rule {
    pub(super) fn parse(at: usize, rule: &Value) -> Result<Self, RuleReason> {
        let text = rule.str("path").ok_or(RuleReason::Member("path"))?;
        let path = Path::parse(text)?;
        let method = rule.str("method").ok_or(RuleReason::Member("method"))?.to_ascii_lowercase();
        let method = match method.as_str() {
            "keep" => Method::Keep,
            "redact" => Method::Redact,
            "dateshift" => Method::DateShift,
            "cryptohash" => Method::CryptoHash,
            "encrypt" => Method::Encrypt,
            "perturb" => perturb(rule)?,
            "substitute" => {
                Method::Substitute(rule.get("replaceWith").ok_or(RuleReason::Member("replaceWith"))?.clone())
            }
            "generalize" => generalize(rule)?,
            _ => return Err(RuleReason::Method),
        };
        Ok(Self { at, text: text.to_owned(), path, method })
    }
}

impl Method {
    /// Its name in the file.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Redact => "redact",
            Self::DateShift => "dateShift",
            Self::CryptoHash => "cryptoHash",
            Self::Encrypt => "encrypt",
            Self::Perturb { .. } => "perturb",
            Self::Substitute(_) => "substitute",
            Self::Generalize { .. } => "generalize",
        }
    }
}

fn perturb(rule: &Value) -> Result<Method, RuleReason> {
    let number = |name| rule.get(name).and_then(|value| value.as_number().or_else(|| value.as_str()));
    let span = number("span").and_then(|text| Decimal::parse(text).ok());
    let span = span.filter(|span| !span.as_str().starts_with('-')).ok_or(RuleReason::Member("span"))?;
    let range = rule.str("rangeType").unwrap_or("fixed").to_ascii_lowercase();
    let span = match range.as_str() {
        "fixed" => Span::Fixed(span),
        "proportional" => Span::Proportional(span),
        _ => return Err(RuleReason::Member("rangeType")),
    };
    // Their engine takes up to 28 digits, and 2 when nothing is said.
    let digits = match rule.get("roundTo") {
        None => 2,
        Some(_) => {
            number("roundTo").and_then(|text| text.parse().ok()).ok_or(RuleReason::Member("roundTo"))?
        }
    };
    if digits > 28 {
        return Err(RuleReason::Member("roundTo"));
    }
    Ok(Method::Perturb { span, digits: Some(digits) })
}

fn generalize(rule: &Value) -> Result<Method, RuleReason> {
    let cases =
        rule.get("cases").filter(|cases| cases.kind() == Kind::Object).ok_or(RuleReason::Member("cases"))?;
    let case = |(condition, value): (&str, &Value)| {
        Ok((expression(condition)?, expression(value.as_str().ok_or(RuleReason::Member("cases"))?)?))
    };
    let cases: Result<Vec<_>, RuleReason> = cases.members().map(case).collect();
    let keep_others = match rule.get("otherValues").map(|other| other.as_str().unwrap_or_default()) {
        None => false,
        Some(text) if text.eq_ignore_ascii_case("redact") => false,
        Some(text) if text.eq_ignore_ascii_case("keep") => true,
        Some(_) => return Err(RuleReason::Member("otherValues")),
    };
    Ok(Method::Generalize { cases: cases?, keep_others })
}
