//! From entries to the JSON of a Bundle.

use carewire_fhir_core::json::write_string;

use super::entries::{Entry, Write};
use super::tree::{Object, Val};
use crate::fhir::DERIVED_SYSTEM;
use crate::fhir::resolver::encode_into;

/// [`DERIVED_SYSTEM`] in a URL.
const DERIVED_SEARCH: &str = "urn%3Acarewire%3Aderived";

/// The head of a Bundle: what stands before its entries.
pub(crate) struct Head<'a> {
    pub(crate) kind: &'static str,
    /// Members beside the type: the identifier and the time of a message.
    pub(crate) members: Object<'a>,
    pub(crate) with_requests: bool,
}

/// Writes a Bundle.
pub(crate) fn bundle(head: &Head<'_>, entries: &[Entry<'_>], out: &mut String) {
    out.push_str(r#"{"resourceType":"Bundle""#);
    for (name, value) in head.members.members() {
        member(name, value, out);
    }
    out.push_str(r#","type":""#);
    out.push_str(head.kind);
    out.push('"');
    if !entries.is_empty() {
        out.push_str(r#","entry":["#);
        let mut systems = Systems::default();
        for (index, item) in entries.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            entry(item, head.with_requests, &mut systems, out);
        }
        out.push(']');
    }
    out.push('}');
}

fn entry<'a>(entry: &Entry<'a>, with_request: bool, systems: &mut Systems<'a>, out: &mut String) {
    out.push_str(r#"{"fullUrl":""#);
    out.push_str(entry.full_url);
    out.push('"');
    if !entry.deleted {
        out.push_str(r#","resource":{"resourceType":""#);
        out.push_str(entry.resource_type);
        out.push('"');
        for (name, value) in entry.body.members() {
            member(name, value, out);
        }
        out.push('}');
    }
    if with_request {
        out.push_str(r#","request":{"method":""#);
        out.push_str(method(entry));
        out.push_str(r#"","url":""#);
        write_url(entry, systems, out);
        if entry.is_conditional_create() {
            out.push_str(r#"","ifNoneExist":""#);
            write_search(entry, systems, out);
        }
        out.push_str(r#""}"#);
    }
    out.push('}');
}

/// The method and URL of an entry's request: a conditional update by the identity, or a conditional delete; what has
/// no identifier is created, or put at its own id.
pub(crate) fn request(entry: &Entry<'_>) -> (&'static str, String) {
    let mut url = String::new();
    write_url(entry, &mut Systems::default(), &mut url);
    (method(entry), url)
}

/// The search for what has the identity of an entry already, where nothing may.
pub(crate) fn if_none_exist(entry: &Entry<'_>) -> Option<String> {
    let mut search = String::new();
    entry.is_conditional_create().then(|| write_search(entry, &mut Systems::default(), &mut search))?;
    Some(search)
}

fn method(entry: &Entry<'_>) -> &'static str {
    match entry.write {
        _ if entry.deleted => "DELETE",
        Write::ById => "PUT",
        Write::ByIdentity if entry.has_identifier() => "PUT",
        Write::ByIdentity | Write::IfNew => "POST",
    }
}

fn write_url<'a>(entry: &Entry<'a>, systems: &mut Systems<'a>, url: &mut String) {
    url.push_str(entry.resource_type);
    match entry.write {
        Write::ById => {
            url.push('/');
            url.push_str(entry.full_url.trim_start_matches("urn:uuid:"));
        }
        Write::ByIdentity if entry.has_identifier() => {
            url.push('?');
            write_search(entry, systems, url);
        }
        Write::ByIdentity | Write::IfNew => {}
    }
}

/// The search for the identity of an entry.
fn write_search<'a>(entry: &Entry<'a>, systems: &mut Systems<'a>, url: &mut String) {
    url.push_str("identifier=");
    match entry.system {
        DERIVED_SYSTEM => url.push_str(DERIVED_SEARCH),
        system => systems.encode_into(system, url),
    }
    url.push_str("%7C");
    escaped(entry.value, url);
}

/// The last few systems as a URL has them: a message has few, and most of its entries share one.
#[derive(Default)]
struct Systems<'a>([Option<(&'a str, String)>; 4]);

impl<'a> Systems<'a> {
    fn encode_into(&mut self, system: &'a str, url: &mut String) {
        let is_it = |known: &&(&str, String)| known.0 == system;
        if let Some((_, encoded)) = self.0.iter().flatten().find(is_it) {
            return url.push_str(encoded);
        }
        let start = url.len();
        encode_into(system, url);
        let encoded = url.get(start..).unwrap_or_default().to_owned();
        self.0.rotate_right(1);
        if let Some(first) = self.0.first_mut() {
            *first = Some((system, encoded));
        }
    }
}

/// In a search, a comma, a bar, a dollar sign and a backslash inside a value stand behind a backslash.
fn escaped(value: &str, out: &mut String) {
    if value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return out.push_str(value);
    }
    for piece in value.split_inclusive([',', '|', '$', '\\']) {
        match piece.char_indices().next_back() {
            Some((at, ',' | '|' | '$' | '\\')) => {
                encode_into(piece.get(..at).unwrap_or_default(), out);
                out.push_str("%5C");
                encode_into(piece.get(at..).unwrap_or_default(), out);
            }
            _ => encode_into(piece, out),
        }
    }
}

fn member(name: &str, value: &Val<'_>, out: &mut String) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":");
    self::value(value, out);
}

/// Writes a value.
pub(crate) fn value(value: &Val<'_>, out: &mut String) {
    match value {
        Val::Text(text) => write_string(text, out),
        Val::Number(text) => out.push_str(text),
        Val::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Val::Object(members) => object(members, out),
        Val::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                self::value(item, out);
            }
            out.push(']');
        }
    }
}

fn object(of: &Object<'_>, out: &mut String) {
    let mut open = '{';
    for (name, value) in of.members() {
        out.push(open);
        open = ',';
        out.push('"');
        out.push_str(name);
        out.push_str("\":");
        self::value(value, out);
    }
    if open == '{' {
        out.push('{');
    }
    out.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::resolver::encode;

    #[test]
    fn the_derived_system_is_encoded_as_any_other() {
        assert_eq!(DERIVED_SEARCH, encode(DERIVED_SYSTEM));
    }

    #[test]
    fn a_value_is_escaped_for_the_search_and_then_for_the_url() {
        for (value, expected) in
            [("A7", "A7"), ("a,b|c", "a%5C%2Cb%5C%7Cc"), ("$\\", "%5C%24%5C%5C"), ("é ", "%C3%A9%20")]
        {
            let mut out = String::new();
            escaped(value, &mut out);
            assert_eq!(out, expected);
        }
    }
}
