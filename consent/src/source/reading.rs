//! What readers of JSON documents share: what is there but cannot be read is never taken for absent.

use carewire_fhir_core::{Kind, PatientToken, Value};

use crate::digest::Digest;
use crate::model::Coding;
use crate::model::data::Span;
use crate::model::unversioned;

/// The items of a list that may be absent; an object where a list should be is one item. `None` for anything else.
pub(crate) fn items<'a>(value: &'a Value, name: &str) -> Option<&'a [Value]> {
    match value.get(name) {
        None => Some(&[]),
        Some(list) if list.kind() == Kind::Array => Some(list.items()),
        Some(one) if one.kind() == Kind::Object => Some(std::slice::from_ref(one)),
        Some(_) => None,
    }
}

/// The codes of a list of `Coding`, and whether some of it is no code.
pub(crate) fn codings(value: &Value, name: &str) -> (Vec<Coding>, bool) {
    collect(items(value, name), |item, into| into.extend(coding(item)))
}

/// The codes of a list of `CodeableConcept`, and whether some of it holds none.
pub(crate) fn concepts(value: &Value, name: &str) -> (Vec<Coding>, bool) {
    collect(items(value, name), concept)
}

/// The codes of one `CodeableConcept`.
pub(crate) fn concept(item: &Value, into: &mut Vec<Coding>) {
    into.extend(items(item, "coding").unwrap_or_default().iter().filter_map(coding));
}

/// A `Coding` that has a code.
pub(crate) fn coding(item: &Value) -> Option<Coding> {
    let code = item.str("code").filter(|code| !code.is_empty())?;
    if item.get("modifierExtension").is_some() {
        return None;
    }
    Some(Coding { system: item.str("system").map(Into::into), code: code.into() })
}

fn collect(items: Option<&[Value]>, read: impl Fn(&Value, &mut Vec<Coding>)) -> (Vec<Coding>, bool) {
    let Some(items) = items else { return (vec![], true) };
    let (mut codings, mut has_unknown) = (Vec::new(), false);
    for item in items {
        let before = codings.len();
        read(item, &mut codings);
        has_unknown |= codings.len() == before;
    }
    (codings, has_unknown)
}

/// A `Period`: `None` when it is absent, `Some(None)` when it cannot be read.
pub(crate) fn period(value: &Value, name: &str, [start, end]: [&str; 2]) -> Option<Option<Span>> {
    let period = value.get(name)?;
    let readable = |bound: &str| {
        period.get(bound).is_none_or(|text| text.as_str().is_some())
            && (period.get(bound).is_some() || period.get(&format!("_{bound}")).is_none())
    };
    if period.kind() != Kind::Object || !readable(start) || !readable(end) {
        return Some(None);
    }
    Some(Span::parse(period.str(start), period.str(end)))
}

/// The token of a patient who is named by reference, or by an id of another kind.
///
/// A token stands for itself. Any other id gets a name that no token can have: `pt_ref-` and the id, in which what a
/// token may not hold is written by its number. So does a URL, and an identifier as `system|value`; where that is too long
/// for a token, `pt_url-` and the digest of it.
pub(crate) fn patient(text: &str) -> Option<PatientToken> {
    let text = unversioned(text);
    let is_whole = is_global(text);
    let id = if is_whole { text } else { text.strip_prefix("Patient/").unwrap_or(text) };
    if let Ok(token) = PatientToken::new(id) {
        return Some(token);
    }
    let mut name = String::from("pt_ref-");
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => name.push(char::from(byte)),
            b'/' | b'?' | b'#' if !is_whole => return None,
            b' ' | 0..=31 | 127 => return None,
            other => name.push_str(&format!("_{other:02x}")),
        }
    }
    match (id.is_empty(), PatientToken::new(&name)) {
        (true, _) => None,
        (false, Err(_)) if is_whole => {
            let digest = Digest::of_text(id).to_string();
            PatientToken::new(&format!("pt_url-{}", digest.get(..56)?)).ok()
        }
        (false, token) => token.ok(),
    }
}

/// The patient of a `Reference`: by its text, or else by its identifier.
pub(crate) fn patient_of(reference: &Value) -> Option<PatientToken> {
    match reference.str("reference") {
        Some(text) => patient(text),
        None => patient(&identifier(reference.get("identifier")?)?),
    }
}

/// An identifier as `system|value`.
pub(crate) fn identifier(identifier: &Value) -> Option<String> {
    Some(format!("{}|{}", identifier.str("system")?, identifier.str("value")?))
}

/// Whether a name says by itself what it is: a URL, a URN, or an identifier with its system.
pub(crate) fn is_global(name: &str) -> bool {
    name.contains("://")
        || name.starts_with("urn:")
        || name.split_once('|').is_some_and(|(system, _)| !system.is_empty())
}

/// The id for which [`patient`] made this token; none where the token stands for itself alone.
pub(crate) fn id_of(token: &PatientToken) -> Option<String> {
    let mut rest = token.as_str().strip_prefix("pt_ref-")?;
    let mut id = Vec::with_capacity(rest.len());
    while let Some((plain, after)) = rest.split_once('_') {
        id.extend_from_slice(plain.as_bytes());
        let (byte, after) = after.split_at_checked(2)?;
        id.push(u8::from_str_radix(byte, 16).ok()?);
        rest = after;
    }
    id.extend_from_slice(rest.as_bytes());
    String::from_utf8(id).ok()
}

/// Whether every member is known; the sibling of a primitive only beside it.
pub(crate) fn knows_all(value: &Value, names: &[&str]) -> bool {
    value.members().all(|(name, _)| match name.strip_prefix('_') {
        Some(primitive) => names.contains(&primitive) && value.get(primitive).is_some(),
        None => names.contains(&name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_no_token_reads_back_from_the_token_that_stands_for_it() {
        for id in ["1", "pt-1", "a_b", "a__b.c", "urn:uuid:0a0a", "é"] {
            let token = patient(id).unwrap();
            assert_eq!(id_of(&token).as_deref(), Some(id));
            assert_eq!(patient(&format!("Patient/{id}")), Some(token));
        }
        assert_eq!(id_of(&PatientToken::new("pt_1").unwrap()), None);
        for whole in [
            "https://a.example/fhir/Patient/1",
            "urn:oid:1.2.3|7",
            &format!("https://{}.example|7", "a".repeat(80)),
        ] {
            let token = patient(whole).unwrap();
            assert_ne!(Some(&token), patient("Patient/1").as_ref());
            assert_eq!(patient(&format!("{whole}/_history/2")), Some(token), "{whole}");
        }
        assert_eq!(patient("https://a.example/fhir/Patient/1?x y"), None);
        for text in ["pt_ref-_", "pt_ref-_0", "pt_ref-_zz", "pt_ref-_ff"] {
            assert_eq!(id_of(&PatientToken::new(text).unwrap()), None, "{text}");
        }
    }
}
