//! A Bundle as resources that refer to each other.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::element::{Leaf, leaves, list, reference};

/// A resource of a Bundle.
pub(super) struct Node<'v> {
    pub(super) kind: &'v str,
    pub(super) value: &'v Value,
    /// Its leaves, as `path=value`, with how often each stands.
    pub(super) content: HashMap<String, usize>,
    /// The values that say something, wherever they stand.
    pub(super) values: HashSet<String>,
    /// Where it refers to others: the path and the index.
    pub(super) outgoing: Vec<(String, usize)>,
    /// Where others refer to it: their index and the path.
    pub(super) incoming: Vec<(usize, String)>,
}

impl Node<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.content.is_empty() && self.outgoing.is_empty()
    }
}

/// The resources of a Bundle.
pub(super) struct Graph<'v> {
    pub(super) nodes: Vec<Node<'v>>,
    by_key: HashMap<String, usize>,
}

impl<'v> Graph<'v> {
    pub(super) fn new(bundle: &'v Value) -> Self {
        let mut graph = Self { nodes: Vec::new(), by_key: HashMap::new() };
        for entry in bundle.get("entry").map(list).unwrap_or_default() {
            let Some(value) = entry.get("resource") else { continue };
            let Some(kind) = value.get("resourceType").and_then(Value::as_str) else { continue };
            graph.add(entry.get("fullUrl").and_then(Value::as_str), kind, value);
        }
        graph.connect();
        graph
    }

    fn add(&mut self, url: Option<&str>, kind: &'v str, value: &'v Value) {
        let index = self.nodes.len();
        let id = value.get("id").and_then(Value::as_str);
        let keys = [
            url.map(str::to_owned),
            id.map(|id| format!("{kind}/{id}")),
            id.map(|id| format!("urn:uuid:{id}")),
        ];
        for key in keys.into_iter().flatten() {
            self.by_key.entry(key).or_insert(index);
        }
        let node = Node {
            kind,
            value,
            content: HashMap::new(),
            values: HashSet::new(),
            outgoing: Vec::new(),
            incoming: Vec::new(),
        };
        self.nodes.push(node);
    }

    fn connect(&mut self) {
        let mut links = Vec::new();
        for (index, node) in self.nodes.iter_mut().enumerate() {
            let (content, values, by_key) = (&mut node.content, &mut node.values, &self.by_key);
            let mut outgoing = Vec::new();
            leaves(node.value, node.kind, &mut |path, leaf| match leaf {
                Leaf::Value(text) => {
                    *content.entry(format!("{path}={text}")).or_default() += 1;
                    if text.len() > 1 && !text.contains(':') {
                        values.insert(text);
                    }
                }
                Leaf::Reference(target) => {
                    outgoing.extend(by_key.get(target).map(|target| (path.to_owned(), *target)));
                }
            });
            links.extend(outgoing.iter().map(|(path, target)| (*target, (index, path.clone()))));
            node.outgoing = outgoing;
        }
        for (target, link) in links {
            if let Some(node) = self.nodes.get_mut(target) {
                node.incoming.push(link);
            }
        }
    }

    /// The resource that a reference leads to.
    pub(super) fn resolve(&self, reference: &str) -> Option<usize> {
        self.by_key.get(reference).copied()
    }

    /// Whether a place is a part of another, or of a part of it.
    pub(super) fn lies_in(&self, inner: usize, outer: usize) -> bool {
        let mut seen = HashSet::new();
        let mut place = Some(inner);
        while let Some(at) = place.filter(|at| seen.insert(*at)) {
            let node = self.nodes.get(at);
            let above = node.and_then(|node| node.value.get("partOf")).and_then(reference);
            place = above.and_then(|above| self.resolve(above));
            if place == Some(outer) {
                return true;
            }
        }
        false
    }
}
