//! The constraints of Bundles, which may be long.

use std::collections::HashSet;

use super::{ByCode, by_code, has};
use crate::json::{JsonNode, NameId};

pub(super) const CHECKS: &[ByCode] = by_code![
    ("Bundle", "bdl-1", |bundle| !has(bundle, TOTAL) || is(bundle, &["searchset", "history"])),
    ("Bundle", "bdl-2", |bundle| {
        is(bundle, &["searchset"]) || !entries(bundle).any(|entry| has(entry, SEARCH))
    }),
    ("Bundle", "bdl-3", |bundle| {
        let expected = is(bundle, &["batch", "transaction", "history"]);
        entries(bundle).all(|entry| has(entry, REQUEST) == expected)
    }),
    ("Bundle", "bdl-4", |bundle| {
        let expected = is(bundle, &["batch-response", "transaction-response", "history"]);
        entries(bundle).all(|entry| has(entry, RESPONSE) == expected)
    }),
    ("Bundle", "bdl-7", |bundle| is(bundle, &["history"]) || full_urls_differ(bundle)),
    ("Bundle", "bdl-9", |bundle| {
        let identifier = bundle.member(IDENTIFIER);
        !is(bundle, &["document"]) || identifier.is_some_and(|one| has(one, SYSTEM) && has(one, VALUE))
    }),
    ("Bundle", "bdl-10", |bundle| !is(bundle, &["document"]) || bundle.member(TIMESTAMP).is_some()),
    ("Bundle", "bdl-11", |bundle| !is(bundle, &["document"]) || first_is(bundle, "Composition")),
    ("Bundle", "bdl-12", |bundle| !is(bundle, &["message"]) || first_is(bundle, "MessageHeader")),
    ("Bundle.entry", "bdl-5", |entry| has(entry, RESOURCE) || has(entry, REQUEST) || has(entry, RESPONSE)),
    ("Bundle.entry", "bdl-8", |entry| !entry.text(FULL_URL).is_some_and(|url| url.contains("/_history/"))),
];

const TYPE: NameId = NameId::element("type");
const TOTAL: NameId = NameId::element("total");
const TIMESTAMP: NameId = NameId::element("timestamp");
const IDENTIFIER: NameId = NameId::element("identifier");
const SYSTEM: NameId = NameId::element("system");
const VALUE: NameId = NameId::element("value");
const ENTRY: NameId = NameId::element("entry");
const SEARCH: NameId = NameId::element("search");
const REQUEST: NameId = NameId::element("request");
const RESPONSE: NameId = NameId::element("response");
const RESOURCE: NameId = NameId::element("resource");
const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const FULL_URL: NameId = NameId::element("fullUrl");
const META: NameId = NameId::element("meta");
const VERSION_ID: NameId = NameId::element("versionId");

fn is<'a>(bundle: impl JsonNode<'a>, types: &[&str]) -> bool {
    bundle.text(TYPE).is_some_and(|name| types.contains(&name))
}

fn entries<'a, N: JsonNode<'a>>(bundle: N) -> impl Iterator<Item = N> {
    bundle.member(ENTRY).into_iter().flat_map(JsonNode::items)
}

fn first_is<'a>(bundle: impl JsonNode<'a>, resource_type: &str) -> bool {
    let first = entries(bundle).next().and_then(|entry| entry.member(RESOURCE));
    first.and_then(|resource| resource.text(RESOURCE_TYPE)) == Some(resource_type)
}

/// Whether each `fullUrl` is there once, or once for each version.
fn full_urls_differ<'a>(bundle: impl JsonNode<'a>) -> bool {
    let mut seen = HashSet::new();
    let mut urls = entries(bundle).filter_map(|entry| Some((entry.text(FULL_URL)?, version(entry))));
    urls.all(|one| seen.insert(one))
}

fn version<'a>(entry: impl JsonNode<'a>) -> Option<&'a str> {
    entry.member(RESOURCE)?.member(META)?.text(VERSION_ID)
}
