//! What theirs has and ours has not, or has otherwise.

use serde_json::Value;

use super::bundle::Graph;
use super::element::{count, is_idle, list, reference, step, text};
use super::matching::matching;

/// How two Bundles compare.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Comparison {
    /// How many elements of theirs ours has as well.
    pub identical: usize,
    /// How many elements ours has beyond.
    pub beyond: usize,
    /// How many references of theirs lead to nothing in their own Bundle. They are not compared,
    /// nor are those to resources that say nothing.
    pub dangling: usize,
    /// The rest, in the order of theirs.
    pub differences: Vec<Difference>,
}

/// Something that theirs has and ours has not. `Debug` shows no values.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Where: the element's path without indices; a reference ends in `->` and the type that it leads to.
    pub path: String,
    /// What is the matter with it.
    pub kind: Kind,
    /// How many simple values it holds.
    pub elements: usize,
    /// What theirs has there.
    pub theirs: String,
    /// What ours has there.
    pub ours: String,
}

/// What is the matter with an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Ours has none.
    Missing,
    /// Ours has another value.
    Differs,
    /// Ours has no such resource, and nothing that ours has refers to it.
    Resource,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::Differs => "differs",
            Self::Resource => "resource",
        })
    }
}

impl std::fmt::Debug for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.path, self.kind)
    }
}

/// Compares their Bundle with ours.
#[must_use]
pub fn compare(theirs: &Value, ours: &Value) -> Comparison {
    let bundles = (theirs, ours);
    let (theirs, ours) = (Graph::new(theirs), Graph::new(ours));
    let matched = matching(&theirs, &ours);
    let mut comparer =
        Comparer { theirs: &theirs, ours: &ours, matched: &matched, found: Comparison::default() };
    for name in ["identifier", "timestamp"] {
        let of = |bundle: &Value| bundle.get(name).cloned().unwrap_or_default();
        comparer.values(&of(bundles.0), &of(bundles.1), "Bundle", name);
    }
    comparer.resources();
    let all: usize = ours.nodes.iter().map(|node| count(node.value)).sum();
    let found = comparer.found;
    let same = found.identical + found.differences.iter().filter(|one| one.kind == Kind::Differs).count();
    Comparison { beyond: all.saturating_sub(same), ..found }
}

struct Comparer<'a> {
    theirs: &'a Graph<'a>,
    ours: &'a Graph<'a>,
    matched: &'a [Option<usize>],
    found: Comparison,
}

impl Comparer<'_> {
    fn resources(&mut self) {
        let nodes = self.theirs.nodes.iter().zip(self.matched).enumerate();
        for (index, (node, matched)) in nodes.filter(|(_, (node, _))| !node.is_empty()) {
            let ours = matched.and_then(|index| self.ours.nodes.get(index));
            match ours {
                Some(ours) => self.element(node.value, ours.value, node.kind),
                // Where a reference leads to it, that is missing as well, and says more.
                None if node.incoming.iter().all(|(source, _)| *source > index && self.is_lost(*source)) => {
                    self.add(node.kind.to_owned(), Kind::Resource, node.value, &Value::Null);
                }
                None => {}
            }
        }
    }

    fn is_lost(&self, index: usize) -> bool {
        self.matched.get(index).copied().flatten().is_none()
    }

    fn element(&mut self, theirs: &Value, ours: &Value, path: &str) {
        let Some(object) = theirs.as_object() else { return self.simple(theirs, ours, path) };
        for (name, value) in object.iter().filter(|(name, _)| !is_idle(path, name)) {
            if name == "reference" {
                self.reference(theirs, ours, path);
            } else {
                self.values(value, ours.get(name).unwrap_or(&Value::Null), path, name);
            }
        }
    }

    /// The values of one name: each is compared with the one of ours that has most in common with it.
    fn values(&mut self, theirs: &Value, ours: &Value, path: &str, name: &str) {
        let (theirs, ours) = (list(theirs), list(ours));
        let mut candidates = Vec::new();
        for (left, their) in theirs.iter().enumerate() {
            let place = step(path, name, their);
            for (right, our) in ours.iter().enumerate().filter(|(_, our)| step(path, name, our) == place) {
                let likeness = self.likeness(their, our);
                if likeness > 0 || (theirs.len() == 1 && ours.len() == 1) || place.ends_with(')') {
                    candidates.push((std::cmp::Reverse(likeness), left.abs_diff(right), left, right));
                }
            }
        }
        candidates.sort_unstable();
        let mut matched = vec![None; theirs.len()];
        let mut taken = vec![false; ours.len()];
        for (_, _, left, right) in candidates {
            if let (Some(place @ None), Some(taken @ false)) = (matched.get_mut(left), taken.get_mut(right)) {
                (*place, *taken) = (ours.get(right), true);
            }
        }
        for (their, our) in theirs.iter().zip(matched) {
            let path = step(path, name, their);
            match our.or_else(|| self.around(their, ours)) {
                Some(our) => self.element(their, our, &path),
                None => self.missing(their, path),
            }
        }
    }

    /// The one of ours that is about the same place as theirs, or one inside of it.
    fn around<'v>(&self, theirs: &Value, ours: &'v [Value]) -> Option<&'v Value> {
        let place = self.theirs.resolve(reference(theirs.get("location")?)?)?;
        let place = self.matched.get(place).copied().flatten()?;
        let lies_in = |one: &&Value| {
            let inner = one.get("location").and_then(reference).and_then(|target| self.ours.resolve(target));
            inner.is_some_and(|inner| inner == place || self.ours.lies_in(inner, place))
        };
        ours.iter().find(lies_in)
    }

    fn missing(&mut self, theirs: &Value, path: String) {
        match reference(theirs) {
            Some(_) => self.reference(theirs, &Value::Null, &path),
            None => self.add(path, Kind::Missing, theirs, &Value::Null),
        }
    }

    fn reference(&mut self, theirs: &Value, ours: &Value, path: &str) {
        let target = reference(theirs).and_then(|target| self.theirs.resolve(target));
        let Some(node) = target.and_then(|target| self.theirs.nodes.get(target)) else {
            self.found.dangling += 1;
            return;
        };
        if node.is_empty() {
            return;
        }
        let stands = target.and_then(|target| self.matched.get(target).copied().flatten());
        let found = reference(ours).and_then(|target| self.ours.resolve(target));
        if stands.is_some() && stands == found {
            self.found.identical += 1;
            return;
        }
        let kind = if found.is_none() || stands.is_none() { Kind::Missing } else { Kind::Differs };
        let path = format!("{path}->{}", node.kind);
        self.add(path, kind, node.value, ours);
    }

    fn simple(&mut self, theirs: &Value, ours: &Value, path: &str) {
        if theirs.is_null() {
            return;
        }
        if text(theirs) == text(ours) {
            self.found.identical += 1;
        } else {
            self.add(path.to_owned(), Kind::Differs, theirs, ours);
        }
    }

    fn add(&mut self, path: String, kind: Kind, theirs: &Value, ours: &Value) {
        let elements = count(theirs).max(1);
        let (theirs, ours) = (theirs.to_string(), ours.to_string());
        self.found.differences.push(Difference { path, kind, elements, theirs, ours });
    }

    /// How many simple values two elements have in common.
    fn likeness(&self, theirs: &Value, ours: &Value) -> usize {
        match (theirs, ours) {
            (Value::Object(left), Value::Object(right)) => {
                let common = left.iter().filter_map(|(name, value)| Some((name, value, right.get(name)?)));
                common.map(|(name, left, right)| self.likeness_of(name, left, right)).sum()
            }
            (Value::Array(_), _) | (_, Value::Array(_)) => list(theirs)
                .iter()
                .map(|one| list(ours).iter().map(|other| self.likeness(one, other)).max().unwrap_or(0))
                .sum(),
            _ => usize::from(!theirs.is_null() && text(theirs) == text(ours)),
        }
    }

    fn likeness_of(&self, name: &str, theirs: &Value, ours: &Value) -> usize {
        let weight = if matches!(name, "value" | "code" | "family") { 4 } else { 1 };
        match (name, theirs.as_str(), ours.as_str()) {
            ("reference", Some(theirs), Some(ours)) => {
                let stands = self
                    .theirs
                    .resolve(theirs)
                    .and_then(|target| self.matched.get(target).copied().flatten());
                match (stands, self.ours.resolve(ours)) {
                    (Some(stands), Some(found)) if stands == found => 4,
                    (Some(stands), Some(found)) if self.ours.lies_in(found, stands) => 3,
                    _ => 0,
                }
            }
            _ => weight * self.likeness(theirs, ours),
        }
    }
}
