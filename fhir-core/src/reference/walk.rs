//! All the references of a tree.

use super::site::{self, ReferenceSite, SiteKind};
use super::{Reference, narrative};
use crate::Value;
use crate::shown::shown;

/// Calls `f` with the path and the text of every `reference` in the tree: in extensions, contained resources and the
/// entries of Bundles too. The name of a member that is no element's of R4 is `?` in the path.
///
/// ```
/// use carewire_fhir_core::{Value, visit_references};
/// let value = Value::parse(br#"{"contained":[{"subject":{"reference":"Patient/1"}}]}"#)?;
/// let mut found = Vec::new();
/// visit_references(&value, &mut |path, text| found.push(format!("{path}={text}")));
/// assert_eq!(found, ["contained[0].subject.reference=Patient/1"]);
/// # Ok::<(), carewire_fhir_core::ParseError>(())
/// ```
pub fn visit_references(value: &Value, f: &mut dyn FnMut(&str, &str)) {
    visit(value, &mut String::new(), f);
}

/// Replaces the text of every `reference` for which `f` gives another; the same references as [`visit_references`].
pub fn rewrite_references(value: &mut Value, f: &mut dyn FnMut(&str) -> Option<String>) {
    for (name, member) in value.members_mut() {
        match member.as_str().filter(|_| name == "reference").map(&mut *f) {
            Some(Some(text)) => *member = text.into(),
            Some(None) => {}
            None => rewrite_references(member, f),
        }
    }
    for item in value.items_mut() {
        rewrite_references(item, f);
    }
}

/// Calls `f` for every place in the tree that can refer to something: References, elements of the types `uri`, `url`,
/// `oid`, `uuid` and `canonical`, and the links and images of narratives; in extensions, contained resources and the
/// entries of Bundles too. The caller chooses by [`ReferenceSite::kind`].
///
/// Members that R4 does not know are gone through; of them only a `reference` is a place, and their name is `?` in the
/// path.
///
/// ```
/// use carewire_fhir_core::{SiteKind, Value, visit_sites};
/// let value = Value::parse(br##"{"resourceType":"Patient","text":{"div":"<div><a href=\"#m\">m</a></div>"},
///     "extension":[{"url":"http://a.example/x","valueUri":"urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341"}],
///     "managingOrganization":{"identifier":{"value":"7"}}}"##)?;
/// let mut found = Vec::new();
/// visit_sites(&value, &mut |site| found.push((site.kind, site.path.to_owned())));
/// assert_eq!(found, [
///     (SiteKind::Link, "text.div".to_owned()),
///     (SiteKind::Uri, "extension[0].url".to_owned()),
///     (SiteKind::Uri, "extension[0].valueUri".to_owned()),
///     (SiteKind::Logical, "managingOrganization".to_owned()),
/// ]);
/// # Ok::<(), carewire_fhir_core::ParseError>(())
/// ```
pub fn visit_sites(value: &Value, f: &mut dyn FnMut(&ReferenceSite<'_>)) {
    Visit { path: String::new(), f }.object("", value);
}

/// Replaces what is written in every place for which `f` gives another text; the same places as [`visit_sites`], but
/// for logical references, which have no text.
///
/// ```
/// use carewire_fhir_core::{Value, rewrite_sites};
/// let mut value = Value::parse(br#"{"text":{"div":"<div><a href='urn:uuid:1'>x</a></div>"}}"#)?;
/// rewrite_sites(&mut value, &mut |kind, text| {
///     (kind.is_replaced_in_transactions() && text == "urn:uuid:1").then(|| "Patient/1".to_owned())
/// });
/// assert_eq!(value.to_json(), r#"{"text":{"div":"<div><a href='Patient/1'>x</a></div>"}}"#);
/// # Ok::<(), carewire_fhir_core::ParseError>(())
/// ```
pub fn rewrite_sites(value: &mut Value, f: &mut dyn FnMut(SiteKind, &str) -> Option<String>) {
    rewrite_object("", value, f);
}

fn visit(value: &Value, path: &mut String, f: &mut dyn FnMut(&str, &str)) {
    let length = path.len();
    for (name, member) in value.members() {
        path.push_str(if length > 0 { "." } else { "" });
        path.push_str(shown(name));
        match member.as_str().filter(|_| name == "reference") {
            Some(text) => f(path, text),
            None => visit(member, path, f),
        }
        path.truncate(length);
    }
    for (index, item) in value.items().iter().enumerate() {
        push_index(path, index);
        visit(item, path, f);
        path.truncate(length);
    }
}

fn push_index(path: &mut String, index: usize) {
    path.push('[');
    path.push_str(&index.to_string());
    path.push(']');
}

struct Visit<'f> {
    path: String,
    f: &'f mut dyn FnMut(&ReferenceSite<'_>),
}

impl Visit<'_> {
    /// An object or, for what is not to be looked at as a member, anything else.
    fn object(&mut self, owner: &str, value: &Value) {
        let owner = value.str("resourceType").unwrap_or(owner);
        let length = self.path.len();
        let inside = Inside { owner, expression: is_expression(value) };
        for (name, member) in value.members() {
            self.path.push_str(if length > 0 { "." } else { "" });
            self.path.push_str(shown(name));
            self.member(&inside, name, member);
            self.path.truncate(length);
        }
        if let Some(Reference::Logical { .. }) = Reference::of(value) {
            self.found(SiteKind::Logical, "", value);
        }
        self.items(value, |visit, item| visit.object(owner, item));
    }

    fn member(&mut self, inside: &Inside<'_>, name: &str, value: &Value) {
        if let Some(text) = value.as_str() {
            if name == "div" {
                narrative::visit(text, &mut |kind, link| self.found(kind, link, value));
            } else if let Some(kind) = inside.kind(name) {
                self.found(kind, text, value);
            }
        } else if value.items().is_empty() {
            self.object(name, value);
        } else {
            self.items(value, |visit, item| visit.member(inside, name, item));
        }
    }

    fn items(&mut self, value: &Value, mut each: impl FnMut(&mut Self, &Value)) {
        let length = self.path.len();
        for (index, item) in value.items().iter().enumerate() {
            push_index(&mut self.path, index);
            each(self, item);
            self.path.truncate(length);
        }
    }

    fn found(&mut self, kind: SiteKind, text: &str, value: &Value) {
        (self.f)(&ReferenceSite { path: &self.path, kind, text, value });
    }
}

/// The object that a member is in.
struct Inside<'a> {
    owner: &'a str,
    expression: bool,
}

impl Inside<'_> {
    fn kind(&self, name: &str) -> Option<SiteKind> {
        match site::kind(self.owner, name) {
            Some(SiteKind::Reference) if self.expression => Some(SiteKind::Uri),
            kind => kind,
        }
    }
}

/// An Expression has a `language` beside its `reference`, which is a `uri`; a Reference has none.
fn is_expression(value: &Value) -> bool {
    value.str("reference").is_some() && value.get("language").is_some()
}

fn rewrite_object(owner: &str, value: &mut Value, f: &mut dyn FnMut(SiteKind, &str) -> Option<String>) {
    let own_type = value.str("resourceType").map(str::to_owned);
    let inside = Inside { owner: own_type.as_deref().unwrap_or(owner), expression: is_expression(value) };
    for (name, member) in value.members_mut() {
        rewrite_member(&inside, name, member, f);
    }
    for item in value.items_mut() {
        rewrite_object(inside.owner, item, f);
    }
}

fn rewrite_member(
    inside: &Inside<'_>,
    name: &str,
    value: &mut Value,
    f: &mut dyn FnMut(SiteKind, &str) -> Option<String>,
) {
    if let Some(text) = value.as_str() {
        let replaced = match name {
            "div" => narrative::rewrite(text, f),
            _ => inside.kind(name).and_then(|kind| f(kind, text)),
        };
        if let Some(text) = replaced {
            *value = text.into();
        }
    } else if value.items().is_empty() {
        rewrite_object(name, value, f);
    } else {
        for item in value.items_mut() {
            rewrite_member(inside, name, item, f);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_is_found_and_can_be_replaced() {
        let text =
            br##"{"subject":{"reference":"Patient/1"},"extension":[{"valueReference":{"reference":"#a"}}],
            "entry":[{"resource":{"performer":[{"reference":"Patient/1"},{"display":"x"}]}}]}"##;
        let mut value = Value::parse(text).unwrap();
        rewrite_references(&mut value, &mut |text| (text == "Patient/1").then(|| "Patient/2".into()));
        let mut found = Vec::new();
        visit_references(&value, &mut |path, text| found.push((path.to_owned(), text.to_owned())));
        let expected = [
            ("subject.reference", "Patient/2"),
            ("extension[0].valueReference.reference", "#a"),
            ("entry[0].resource.performer[0].reference", "Patient/2"),
        ];
        assert_eq!(found, expected.map(|(path, text)| (path.to_owned(), text.to_owned())));
    }

    #[test]
    fn a_reference_of_another_shape_is_searched_through() {
        let value = Value::parse(br#"{"data":[{"reference":{"reference":"Patient/1"}}]}"#).unwrap();
        let mut found = 0;
        visit_references(&value, &mut |_, _| found += 1);
        assert_eq!(found, 1);
    }

    #[test]
    fn the_type_around_an_element_decides_what_it_is() {
        let text = br##"{"resourceType":"Bundle","entry":[{"fullUrl":"urn:a","resource":{"resourceType":"CarePlan",
            "instantiatesCanonical":["http://a|1"],"instantiatesUri":["http://b"],
            "contained":[{"resourceType":"CapabilityStatement","instantiates":["http://c"]}],
            "_instantiatesUri":[{"extension":[{"valueUrl":"http://d"}]}],
            "x":{"language":"text/cql","reference":"http://e"},"unknown":"http://f","telecom":[{"system":"phone"}]}}]}"##;
        let mut found = Vec::new();
        visit_sites(&Value::parse(text).unwrap(), &mut |site| found.push((site.kind, site.text.to_owned())));
        found.sort();
        use SiteKind::{Canonical, Uri};
        let expected = [
            (Uri, "http://b"),
            (Uri, "http://d"),
            (Uri, "http://e"),
            (Uri, "urn:a"),
            (Canonical, "http://a|1"),
            (Canonical, "http://c"),
        ];
        assert_eq!(found, expected.map(|(kind, text)| (kind, text.to_owned())));
    }
}
