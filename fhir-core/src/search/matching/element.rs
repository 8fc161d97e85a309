//! Codes, texts, references and addresses.

use std::borrow::Cow;

use super::follow::Target;
use super::measure::UCUM;
use super::text::folded;
use crate::fhirpath::Item;
use crate::search::{Modifier, Token, TypedIdentifier};
use crate::{Kind, Value};

/// What an expression found, as JSON.
pub(in crate::search) fn of<'v>(item: &Item<'v>) -> Option<Cow<'v, Value>> {
    if let Some(value) = item.value() {
        return Some(Cow::Borrowed(value));
    }
    let computed = item.as_bool().map(Value::bool).or_else(|| item.as_str().map(Value::string));
    computed.map(Cow::Owned)
}

/// Whether case counts where codes are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Counts,
    DoesNotCount,
}

impl Case {
    fn is_same(self, a: &str, b: &str) -> bool {
        match self {
            Self::Counts => a == b,
            Self::DoesNotCount => a.eq_ignore_ascii_case(b),
        }
    }
}

/// Codes, Codings, CodeableConcepts, Identifiers, ContactPoints, booleans.
pub(super) fn token_fits(token: &Token, element: &Value, case: Case) -> bool {
    match element.kind() {
        Kind::String => bare_fits(token, element.as_str().unwrap_or_default(), case),
        Kind::Bool => bare_fits(token, if element.as_bool() == Some(true) { "true" } else { "false" }, case),
        Kind::Number => bare_fits(token, element.as_number().unwrap_or_default(), case),
        Kind::Object if element.get("coding").is_some() => {
            element.list("coding").iter().any(|coding| pair_fits(token, coding, "code", case))
        }
        Kind::Object if element.get("value").is_some() => {
            let by_use = matches!(token, Token::InSystem { system, code }
                if element.str("use") == Some(system.as_str()) && element.str("value") == Some(code.as_str()));
            by_use || pair_fits(token, element, "value", Case::Counts)
        }
        Kind::Object => pair_fits(token, element, "code", case),
        Kind::Null | Kind::Array => false,
    }
}

/// A code that stands alone: its system is known from the definition only, so that any that is asked for will do.
fn bare_fits(token: &Token, text: &str, case: Case) -> bool {
    match token {
        Token::Code(code) | Token::WithoutSystem(code) | Token::InSystem { code, .. } => {
            case.is_same(code, text)
        }
        Token::System(_) => false,
    }
}

fn pair_fits(token: &Token, pair: &Value, member: &str, case: Case) -> bool {
    let case = if pair.str("system") == Some(UCUM) { Case::Counts } else { case };
    let is_code = |code: &str| pair.str(member).is_some_and(|own| case.is_same(own, code));
    match token {
        Token::Code(code) => is_code(code),
        Token::WithoutSystem(code) => is_code(code) && pair.str("system").is_none(),
        Token::InSystem { system, code } => is_code(code) && pair.str("system") == Some(system),
        Token::System(system) => pair.str("system") == Some(system),
    }
}

/// `:text` of a token: the start of what stands beside the code.
pub(super) fn token_text_fits(text: &str, element: &Value) -> bool {
    let wanted = folded(text);
    let own = [element.str("text"), element.str("display")];
    let typed = element.get("type").and_then(|kind| kind.str("text"));
    let displays = element.list("coding").iter().filter_map(|coding| coding.str("display"));
    own.into_iter().flatten().chain(typed).chain(displays).any(|found| folded(found).starts_with(&wanted))
}

pub(super) fn typed_identifier_fits(wanted: &TypedIdentifier, element: &Value) -> bool {
    let token = Token::coded(wanted.system.as_str(), wanted.code.as_str());
    element.str("value") == Some(wanted.value.as_str())
        && element.get("type").is_some_and(|kind| token_fits(&token, kind, Case::Counts))
}

/// Strings, and the parts of names and addresses.
pub(super) fn text_fits(text: &str, modifier: Option<&Modifier>, element: &Value) -> bool {
    let wanted = folded(text);
    let fits = |found: &str| match modifier {
        Some(Modifier::Exact) => found == text,
        Some(Modifier::Contains) => folded(found).contains(&wanted),
        _ => folded(found).starts_with(&wanted),
    };
    if let Some(found) = element.as_str() {
        return fits(found);
    }
    let parts = element.members().filter(|(name, _)| !matches!(*name, "id" | "use" | "type" | "system"));
    parts
        .flat_map(|(_, part)| part.as_str().into_iter().chain(part.items().iter().filter_map(Value::as_str)))
        .any(fits)
}

/// A canonical, which is a text, or a Reference.
pub(super) fn reference_fits(wanted: &str, only: Option<&str>, element: &Value, base: &str) -> bool {
    let Some(found) = element.as_str().or_else(|| element.str("reference")) else { return false };
    // Who asks for a version wants that one; who does not, any.
    if version(wanted).is_some_and(|wanted| version(found) != Some(wanted)) {
        return false;
    }
    if element.kind() == Kind::String {
        let unversioned = found.split_once('|').map_or(found, |(url, _)| url);
        return only.is_none() && (found == wanted || unversioned == wanted);
    }
    match (Target::of(found, base), Target::of(wanted, base)) {
        (Some(found), Some(wanted)) => found == wanted && only.is_none_or(|only| only == found.resource_type),
        (Some(found), None) if !wanted.contains(['/', ':']) => {
            found.id == wanted && only.is_none_or(|only| only == found.resource_type)
        }
        _ => only.is_none() && found == wanted,
    }
}

fn version(reference: &str) -> Option<&str> {
    reference.split_once("/_history/").map(|(_, version)| version)
}

pub(super) fn uri_fits(wanted: &str, modifier: Option<&Modifier>, element: &Value) -> bool {
    let Some(found) = element.as_str() else { return false };
    let is_within = |inner: &str, outer: &str| {
        let outer = outer.trim_end_matches('/');
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match modifier {
        Some(Modifier::Below) => is_within(found, wanted),
        Some(Modifier::Above) => is_within(wanted, found),
        _ => found == wanted,
    }
}
