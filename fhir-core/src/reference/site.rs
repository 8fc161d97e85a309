//! Which elements can refer to something.

use std::sync::LazyLock;

use crate::Value;
use crate::json::NameId;

/// What kind of place a reference stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SiteKind {
    /// `Reference.reference`.
    Reference,
    /// A Reference that has an identifier and no text.
    Logical,
    /// An element of the type `uri`, `url`, `oid` or `uuid`.
    Uri,
    /// An element of the type `canonical`.
    Canonical,
    /// `href` of an `<a>` in a narrative.
    Link,
    /// `src` of an `<img>` in a narrative.
    Image,
}

impl SiteKind {
    /// Whether a server that gives a resource of a transaction its id has to put the new reference here: everywhere but
    /// in canonicals (R4 http, 3.1.0.11.2).
    #[must_use]
    pub fn is_replaced_in_transactions(self) -> bool {
        matches!(self, Self::Reference | Self::Uri | Self::Link | Self::Image)
    }
}

/// A place that refers to something. `Debug` shows the place and not what is referred to.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReferenceSite<'a> {
    /// The path from where the visit began: `entry[0].resource.subject.reference`; of a narrative, its `div`.
    pub path: &'a str,
    /// The kind of place.
    pub kind: SiteKind,
    /// What is written there, without the escapes of XHTML; empty for [`SiteKind::Logical`].
    pub text: &'a str,
    /// The value at the path; for [`SiteKind::Logical`] the Reference.
    pub value: &'a Value,
}

impl std::fmt::Debug for ReferenceSite<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReferenceSite({:?} {})", self.kind, self.path)
    }
}

/// The kind of a member that is a text or a list of texts. `owner` is the name of the member that the object is in, or
/// the type of a resource.
///
/// `ElementDefinition.type.code`, `Reference.type` and `StructureDefinition.type` are left out: they are of the type
/// `uri`, but name a type.
pub(super) fn kind(owner: &str, name: &str) -> Option<SiteKind> {
    static RULES: LazyLock<Vec<Option<Rule>>> = LazyLock::new(rules);
    match (*RULES.get(NameId::of(name)?.index())?)? {
        Rule::Always(kind) => Some(kind),
        Rule::Depends => depends(owner, name),
    }
}

#[derive(Clone, Copy)]
enum Rule {
    Always(SiteKind),
    /// The name has other types elsewhere.
    Depends,
}

fn rules() -> Vec<Option<Rule>> {
    let uri = URIS.iter().map(|name| (*name, Rule::Always(SiteKind::Uri)));
    let canonical = CANONICALS.iter().map(|name| (*name, Rule::Always(SiteKind::Canonical)));
    let depends = DEPENDING.iter().map(|name| (*name, Rule::Depends));
    let mut rules = Vec::new();
    for (name, rule) in uri.chain(canonical).chain(depends) {
        let Some(id) = NameId::of(name) else { continue };
        if rules.len() <= id.index() {
            rules.resize(id.index() + 1, None);
        }
        if let Some(place) = rules.get_mut(id.index()) {
            *place = Some(rule);
        }
    }
    rules
}

fn depends(owner: &str, name: &str) -> Option<SiteKind> {
    use SiteKind::{Canonical, Reference, Uri};
    match (name, owner) {
        ("reference", "DetectedIssue" | "education") => Some(Uri),
        ("reference", _) => Some(Reference),
        ("address", "Endpoint" | "endpoint") => Some(Uri),
        ("base", "MessageDefinition" | "OperationDefinition") => Some(Canonical),
        ("definition", "item") => Some(Uri),
        ("definition", "supportedMessage" | "operation" | "searchParam" | "MessageHeader" | "component") => {
            Some(Canonical)
        }
        ("detail", "operation") | ("identifier", "expansion") | ("location", "response") => Some(Uri),
        ("instantiates", "CapabilityStatement") => Some(Canonical),
        ("instantiates", _) => Some(Uri),
        ("message", "allowedResponse") | ("transform", "ActivityDefinition" | "action") => Some(Canonical),
        ("property", "dependsOn" | "product") | ("target", "group") => Some(Uri),
        ("resource", "OperationDefinition" | "assert" | "operation") => None,
        ("resource", _) => Some(Canonical),
        ("source", "template" | "cost" | "referencedFrom") => None,
        ("source", "constraint") => Some(Canonical),
        ("system", "telecom" | "valueContactPoint") => None,
        ("system", "dependsOn" | "product") | ("uri", "dependsOn" | "codeSystem") => Some(Canonical),
        ("url", "unmapped" | "structure") => Some(Canonical),
        ("url", "operation") => None,
        ("source" | "system" | "uri" | "url", _) => Some(Uri),
        _ => None,
    }
}

const DEPENDING: [&str; 17] = [
    "reference",
    "address",
    "base",
    "definition",
    "detail",
    "identifier",
    "instantiates",
    "location",
    "message",
    "property",
    "resource",
    "source",
    "system",
    "target",
    "transform",
    "uri",
    "url",
];

const URIS: [&str; 39] = [
    "authority",
    "authorizationUrl",
    "contentReference",
    "defaultValueOid",
    "defaultValueUri",
    "defaultValueUrl",
    "defaultValueUuid",
    "definitionUri",
    "derivedFromUri",
    "endpoint",
    "eventUri",
    "fixedOid",
    "fixedUri",
    "fixedUrl",
    "fixedUuid",
    "fullUrl",
    "implicitRules",
    "instantiatesUri",
    "issuer",
    "jurisdiction",
    "link",
    "moduleUri",
    "nameUrl",
    "onlineInformation",
    "patternOid",
    "patternUri",
    "patternUrl",
    "patternUuid",
    "policy",
    "project",
    "protocol",
    "relativePath",
    "rendering",
    "sourceUri",
    "targetUri",
    "valueOid",
    "valueUri",
    "valueUrl",
    "valueUuid",
];

const CANONICALS: [&str; 33] = [
    "answerValueSet",
    "baseDefinition",
    "capabilities",
    "compartment",
    "defaultValueCanonical",
    "definitionCanonical",
    "derivedFrom",
    "exampleCanonical",
    "fixedCanonical",
    "graph",
    "implementationGuide",
    "import",
    "imports",
    "inputProfile",
    "instantiatesCanonical",
    "library",
    "measure",
    "moduleCanonical",
    "outputProfile",
    "parent",
    "partOf",
    "patternCanonical",
    "profile",
    "questionnaire",
    "replaces",
    "sourceCanonical",
    "supplements",
    "supportedProfile",
    "targetCanonical",
    "targetProfile",
    "valueCanonical",
    "valueSet",
    "workflow",
];

#[cfg(test)]
mod tests {
    use super::*;

    const R4: &str = include_str!("../../definitions/r4.txt");

    /// The type or part, the element and its types, for every element of R4.
    fn elements() -> Vec<(&'static str, String, &'static str)> {
        let mut found = Vec::new();
        let mut owner = None;
        for line in R4.lines() {
            if let Some(rest) = line.strip_prefix("type ") {
                owner = rest.split(' ').next();
            } else if line.starts_with("valueset ") {
                owner = None;
            } else if let Some((owner, line)) = owner.zip(line.strip_prefix(' ')) {
                let mut words = line.split(' ');
                let (Some(name), Some(_), Some(types)) = (words.next(), words.next(), words.next()) else {
                    continue;
                };
                if name.starts_with(['!', ' ']) || name.is_empty() {
                    continue;
                }
                for kind in types.split('|').map(|kind| kind.split('(').next().unwrap()) {
                    let (first, rest) = kind.split_at_checked(1).unwrap();
                    let suffix = format!("{}{rest}", first.to_ascii_uppercase());
                    found.push((owner, name.replace("[x]", &suffix), kind));
                }
            }
        }
        found
    }

    #[test]
    fn every_element_of_r4_is_known_for_what_it_is() {
        const NAMES_A_TYPE: [(&str, &str); 3] =
            [("ElementDefinition.type", "code"), ("Reference", "type"), ("StructureDefinition", "type")];
        // Told apart by their siblings: `Expression.reference` by the `language` beside it; by what can be in them:
        // codes of `ContactPoint.system` are no URIs.
        const BY_CONTENT: [(&str, &str); 2] = [("Expression", "reference"), ("ContactPoint", "system")];
        let elements = elements();
        assert!(elements.len() > 4000, "{}", elements.len());
        for (owner, name, kind) in elements {
            if NAMES_A_TYPE.contains(&(owner, &name)) || BY_CONTENT.contains(&(owner, &name)) {
                continue;
            }
            let place = owner.rsplit('.').next().unwrap();
            let expected = match kind {
                "uri" | "url" | "oid" | "uuid" => Some(SiteKind::Uri),
                "canonical" => Some(SiteKind::Canonical),
                "string" if (owner, name.as_str()) == ("Reference", "reference") => Some(SiteKind::Reference),
                "string" | "code" | "id" | "markdown" | "date" | "dateTime" | "instant" | "time"
                | "base64Binary" | "xhtml" => None,
                _ => continue,
            };
            assert_eq!(super::kind(place, &name), expected, "{owner}.{name}");
        }
    }

    #[test]
    fn the_lists_hold_names_of_r4() {
        for name in URIS.iter().chain(&CANONICALS).chain(&DEPENDING) {
            assert!(NameId::of(name).is_some(), "{name}");
        }
    }
}
