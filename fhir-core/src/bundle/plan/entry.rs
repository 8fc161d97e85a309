//! The entries of a Bundle: what they ask for, who they are and whom they refer to.

use std::collections::HashMap;
use std::ops::Range;

use super::{EntryOutcome, PlanError};
use crate::bundle::{Entry, Method, entries};
use crate::{Reference, Resource, SiteKind, Value, parse_location, visit_sites};

/// An entry on its way.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) entry: Value,
    pub(super) method: Method,
    pub(super) conditional: bool,
    /// The entries that it refers to, itself left out.
    pub(super) references: Vec<usize>,
    /// An earlier entry that asks for the same.
    pub(super) same_as: Option<usize>,
    pub(super) outcome: EntryOutcome,
    /// The type, id and version that it has at the remote.
    pub(super) identity: Option<(String, String, Option<String>)>,
}

impl Node {
    fn of(entry: &Value) -> Option<Self> {
        let read = Entry::of(entry);
        let method = Method::parse(read.request_method?)?;
        let url = read.request_url.filter(|url| !url.is_empty())?;
        let writes = !matches!(method, Method::Get | Method::Head);
        let if_none_exist = read.request.and_then(|request| request.str("ifNoneExist"));
        Some(Self {
            entry: entry.clone(),
            method,
            conditional: writes && url.contains('?') || if_none_exist.is_some(),
            references: Vec::new(),
            same_as: None,
            outcome: EntryOutcome::Pending,
            identity: None,
        })
    }

    pub(super) fn read(&self) -> Entry<'_> {
        Entry::of(&self.entry)
    }

    /// Deletions, then writes, then reads.
    pub(super) fn phase(&self) -> u8 {
        match self.method {
            Method::Delete => 0,
            Method::Get | Method::Head => 2,
            _ => 1,
        }
    }

    pub(super) fn is_read(&self) -> bool {
        self.phase() == 2
    }

    pub(super) fn is_update_by_id(&self) -> bool {
        matches!(self.method, Method::Put | Method::Patch) && !self.conditional
    }

    /// The resource that the request writes: `Type/id`, or `Type?query` with the terms sorted.
    fn written(&self) -> Option<String> {
        let read = self.read();
        let (url, query) = match self.method {
            Method::Get | Method::Head => return None,
            Method::Post => (read.request_url?, read.request?.str("ifNoneExist")),
            _ => {
                let url = read.request_url?;
                url.split_once('?').map_or((url, None), |(url, query)| (url, Some(query)))
            }
        };
        let Some(query) = query else { return (self.method != Method::Post).then(|| url.to_owned()) };
        Some(conditional_key(url, query))
    }
}

/// Who can be referred to by which text.
#[derive(Clone, Default)]
pub(super) struct Links {
    full_urls: HashMap<String, usize>,
    written: HashMap<String, usize>,
}

impl Links {
    /// The entry that a text in another entry means. The base of that entry's full URL is tried for relative
    /// references (R4 bundle, 2.36.4.1).
    pub(super) fn target(&self, full_url: Option<&str>, text: &str) -> Option<usize> {
        let plain = text.split_once("/_history/").map_or(text, |(plain, _)| plain);
        if let Some(&entry) = self.full_urls.get(plain) {
            return Some(entry);
        }
        match Reference::parse(plain) {
            Reference::Relative { resource_type, id, .. } => {
                let base = full_url.filter(|url| parse_location(url).is_some()).and_then(|url| {
                    let (rest, _) = url.rsplit_once('/')?;
                    Some(rest.rsplit_once('/')?.0)
                });
                let beside =
                    base.and_then(|base| self.full_urls.get(&format!("{base}/{resource_type}/{id}")));
                beside.or_else(|| self.written.get(plain)).copied()
            }
            Reference::Conditional { resource_type, query } => {
                self.written.get(&conditional_key(resource_type, query)).copied()
            }
            _ => None,
        }
    }
}

/// Reads the entries, finds those that are the same, and what refers to what.
pub(super) fn read(bundle: &Resource) -> Result<(Vec<Node>, Links), PlanError> {
    let mut nodes = Vec::new();
    let mut links = Links::default();
    for (entry, value) in bundle.value().list("entry").iter().enumerate() {
        let mut node = Node::of(value).ok_or(PlanError::NoRequest { entry })?;
        let written = node.written();
        let first = written.as_ref().and_then(|key| links.written.get(key)).copied();
        if let Some(first) = first {
            if !nodes.get(first).is_some_and(|first| asks_for_the_same(first, &node)) {
                return Err(PlanError::Duplicate { first, second: entry });
            }
            node.same_as = Some(first);
        }
        let place = first.unwrap_or(entry);
        if let Some(full_url) = node.read().full_url {
            match links.full_urls.insert(full_url.to_owned(), place) {
                Some(other) if other != place => {
                    return Err(PlanError::Duplicate { first: other, second: entry });
                }
                _ => {}
            }
        }
        links.written.extend(written.map(|key| (key, place)));
        nodes.push(node);
    }
    for (entry, found) in entries(bundle).enumerate() {
        let references = references(entry, &found, &links)?;
        if let Some(node) = nodes.get_mut(entry).filter(|node| node.same_as.is_none()) {
            node.references = references;
        }
    }
    Ok((nodes, links))
}

fn asks_for_the_same(a: &Node, b: &Node) -> bool {
    let (a, b) = (a.read(), b.read());
    a.request == b.request && a.resource == b.resource
}

fn references(entry: usize, read: &Entry<'_>, links: &Links) -> Result<Vec<usize>, PlanError> {
    let mut found = Vec::new();
    let mut dangling = None;
    if let Some(resource) = read.resource {
        visit_sites(resource, &mut |site| {
            if !site.kind.is_replaced_in_transactions() {
                return;
            }
            match links.target(read.full_url, site.text) {
                Some(target) => found.push(target),
                None if site.kind == SiteKind::Reference
                    && matches!(Reference::parse(site.text), Reference::Uuid(_)) =>
                {
                    dangling.get_or_insert_with(|| site.path.to_owned());
                }
                None => {}
            }
        });
    }
    for text in ["url", "ifNoneExist"].into_iter().filter_map(|name| read.request?.str(name)) {
        found.extend(urns(text).iter().filter_map(|(_, urn)| links.full_urls.get(urn)));
    }
    match dangling {
        Some(path) => Err(PlanError::Dangling { entry, path }),
        None => {
            found.sort_unstable();
            found.dedup();
            found.retain(|&target| target != entry);
            Ok(found)
        }
    }
}

/// Every `urn:uuid:` with its UUID that stands in a query, percent-encoded or not, and where.
pub(super) fn urns(query: &str) -> Vec<(Range<usize>, String)> {
    const PREFIX: &[u8] = b"urn:uuid:";
    const LENGTH: usize = PREFIX.len() + 36;
    let (decoded, places) = decoded(query);
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(urn) = decoded.get(at..at + LENGTH) {
        let uuid = urn.strip_prefix(PREFIX).filter(|uuid| uuid.iter().all(is_of_uuid));
        match (uuid, places.get(at), places.get(at + LENGTH)) {
            (Some(_), Some(&start), Some(&end)) => {
                found.push((start..end, urn.iter().copied().map(char::from).collect()));
                at += LENGTH;
            }
            _ => at += 1,
        }
    }
    found
}

fn is_of_uuid(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'-'
}

/// The bytes that a query means, and where each stands in it; one place more is the end of the query.
fn decoded(query: &str) -> (Vec<u8>, Vec<usize>) {
    let (mut decoded, mut places, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(&byte) = query.as_bytes().get(at) {
        let digits = query.get(at + 1..at + 3).filter(|digits| byte == b'%' && !digits.starts_with('+'));
        let encoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        places.push(at);
        decoded.push(encoded.unwrap_or(byte));
        at += if encoded.is_some() { 3 } else { 1 };
    }
    places.push(at);
    (decoded, places)
}

fn conditional_key(url: &str, query: &str) -> String {
    let mut terms: Vec<&str> = query.split('&').collect();
    terms.sort_unstable();
    format!("{url}?{}", terms.join("&"))
}
