//! Where something stands in a document.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// The path of an element: of a consent, or below `request` or `policy`. It prints as text, and is text in JSON.
///
/// ```
/// use carewire_consent::ElementPath;
/// let path = ElementPath::from("request.purpose");
/// assert_eq!((path.to_string(), path.name()), ("request.purpose".to_owned(), "purpose"));
/// assert!(path == "request.purpose");
/// ```
#[derive(Clone)]
pub struct ElementPath {
    /// What it is an element of, where that is a part of a consent.
    parent: Option<Arc<str>>,
    /// The rest; empty for the parent itself.
    rest: &'static str,
}

impl ElementPath {
    /// An element of a part of a consent, or that part.
    pub(crate) fn below(parent: &Arc<str>, element: Option<&'static str>) -> Self {
        Self { parent: Some(parent.clone()), rest: element.unwrap_or_default() }
    }

    /// The name of the element, the last of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        let whole = if self.rest.is_empty() { self.parent.as_deref().unwrap_or_default() } else { self.rest };
        whole.rsplit('.').next().unwrap_or_default()
    }

    /// The path, where it is of the request or the policy.
    pub(crate) fn of_no_consent(&self) -> Option<&'static str> {
        self.parent.is_none().then_some(self.rest)
    }

    /// The path in pieces, which are one text when put together.
    fn pieces(&self) -> [&str; 3] {
        let parent = self.parent.as_deref().unwrap_or_default();
        [parent, if parent.is_empty() || self.rest.is_empty() { "" } else { "." }, self.rest]
    }

    fn bytes(&self) -> impl Iterator<Item = u8> {
        self.pieces().into_iter().flat_map(str::bytes)
    }
}

impl From<&'static str> for ElementPath {
    fn from(path: &'static str) -> Self {
        Self { parent: None, rest: path }
    }
}

impl fmt::Display for ElementPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().into_iter().try_for_each(|piece| f.write_str(piece))
    }
}

impl fmt::Debug for ElementPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl Serialize for ElementPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl PartialEq for ElementPath {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ElementPath {}

impl PartialEq<str> for ElementPath {
    fn eq(&self, other: &str) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl PartialEq<&str> for ElementPath {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl PartialOrd for ElementPath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As their texts.
impl Ord for ElementPath {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.parent == other.parent {
            return self.rest.cmp(other.rest);
        }
        self.bytes().cmp(other.bytes())
    }
}

impl Hash for ElementPath {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes().for_each(|byte| state.write_u8(byte));
        state.write_u8(0xff);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_compares_as_its_text_does() {
        let root: Arc<str> = "Consent.provision".into();
        let child: Arc<str> = "Consent.provision.provision[0]".into();
        let mut paths = vec![
            ElementPath::below(&child, None),
            ElementPath::below(&child, Some("actor")),
            ElementPath::below(&root, Some("purpose")),
            ElementPath::below(&root, Some("class")),
            ElementPath::below(&root, None),
            ElementPath::from("Consent.provision.purpose"),
            ElementPath::from("Consent.provision"),
            ElementPath::from("request"),
        ];
        for one in &paths {
            for other in &paths {
                let (left, right) = (one.to_string(), other.to_string());
                assert_eq!(one.cmp(other), left.cmp(&right), "{left} {right}");
                assert_eq!(*one == *right, left == right);
            }
        }
        paths.sort();
        assert!(paths.is_sorted_by_key(ToString::to_string));
        assert_eq!(ElementPath::below(&child, None).name(), "provision[0]");
        assert_eq!(ElementPath::below(&child, Some("actor")).name(), "actor");
    }
}
