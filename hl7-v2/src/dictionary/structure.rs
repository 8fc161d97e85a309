//! Message structures: segments, groups and choices in their order.

use std::cell::Cell;

use super::Text;
use super::definition::Cardinality;

/// How deep groups may be nested.
const DEEPEST: usize = 32;

/// The most nodes of a structure; the largest of the standard has less than 200.
const MOST_NODES: usize = 10_000;

/// A message structure of one version, such as `ADT_A01`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructureDefinition {
    pub(super) name: Text,
    pub(super) nodes: Vec<Node>,
    pub(super) anywhere: Vec<Node>,
}

impl StructureDefinition {
    /// Its name in table 0354, such as `ORU_R01`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its segments and groups in their order.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The segments that an overlay allows at any place; none in the standard.
    #[must_use]
    pub fn anywhere(&self) -> &[Node] {
        &self.anywhere
    }
}

/// A part of a message structure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Node {
    /// A segment.
    Segment {
        /// Its three letters.
        id: Text,
        /// How often.
        cardinality: Cardinality,
    },
    /// A named group.
    Group {
        /// Its name without that of the structure, such as `PATIENT_RESULT`.
        name: Text,
        /// How often.
        cardinality: Cardinality,
        /// What is in it, in order.
        nodes: Vec<Node>,
    },
    /// One of several.
    Choice {
        /// How often.
        cardinality: Cardinality,
        /// What there is to choose from.
        nodes: Vec<Node>,
    },
    /// Any segment: the standard leaves it to the site or to another message.
    Any {
        /// How often.
        cardinality: Cardinality,
    },
}

impl Node {
    /// How often it may occur.
    #[must_use]
    pub fn cardinality(&self) -> Cardinality {
        match self {
            Self::Segment { cardinality, .. }
            | Self::Group { cardinality, .. }
            | Self::Choice { cardinality, .. }
            | Self::Any { cardinality } => *cardinality,
        }
    }

    /// What is in a group or to choose from; empty for a segment.
    #[must_use]
    pub fn nodes(&self) -> &[Self] {
        match self {
            Self::Group { nodes, .. } | Self::Choice { nodes, .. } => nodes,
            Self::Segment { .. } | Self::Any { .. } => &[],
        }
    }
}

/// A body that cannot be read: a group that is not defined, a bad bound, groups in themselves, too many nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadBody;

/// The nodes of a body: `MSH SFT* @PATIENT? <OBR|RQD>`; `groups` finds the body of a group by its name.
pub(super) fn nodes<T: BodyText>(body: T, groups: &dyn Fn(&str) -> Option<T>) -> Result<Vec<Node>, BadBody> {
    body_nodes(body, &Left { groups, nodes: Cell::new(MOST_NODES) }, DEEPEST)
}

/// The groups of a structure, and how many nodes it may still get.
struct Left<'g, T> {
    groups: &'g dyn Fn(&str) -> Option<T>,
    nodes: Cell<usize>,
}

/// Text that nodes may keep: of the binary, or to be copied.
pub(super) trait BodyText: Copy {
    fn as_str(&self) -> &str;
    /// A part of this text.
    fn keep(&self, part: std::ops::Range<usize>) -> Text;
}

impl BodyText for &'static str {
    fn as_str(&self) -> &str {
        self
    }

    fn keep(&self, part: std::ops::Range<usize>) -> Text {
        Text::Borrowed(self.get(part).unwrap_or_default())
    }
}

/// Text of an overlay.
#[derive(Clone, Copy)]
pub(super) struct Owned<'t>(pub(super) &'t str);

impl BodyText for Owned<'_> {
    fn as_str(&self) -> &str {
        self.0
    }

    fn keep(&self, part: std::ops::Range<usize>) -> Text {
        Text::Owned(self.0.get(part).unwrap_or_default().to_owned())
    }
}

fn body_nodes<T: BodyText>(body: T, left: &Left<'_, T>, deeper: usize) -> Result<Vec<Node>, BadBody> {
    let deeper = deeper.checked_sub(1).ok_or(BadBody)?;
    let text = body.as_str();
    let start = |part: &str| part.as_ptr().addr() - text.as_ptr().addr();
    let parts = text.split_ascii_whitespace().map(|part| {
        let (bare, cardinality) = bound(part).ok_or(BadBody)?;
        if let Some(choice) = bare.strip_prefix('<') {
            let of = choice.strip_suffix('>').ok_or(BadBody)?;
            let nodes = of.split('|').map(|one| leaf(one, start(one), body, left, deeper));
            return Ok(Node::Choice { cardinality, nodes: nodes.collect::<Result<_, _>>()? });
        }
        node(bare, start(bare), cardinality, body, left, deeper)
    });
    parts.collect()
}

fn leaf<T: BodyText>(
    part: &str,
    at: usize,
    body: T,
    left: &Left<'_, T>,
    deeper: usize,
) -> Result<Node, BadBody> {
    let (bare, cardinality) = bound(part).ok_or(BadBody)?;
    node(bare, at, cardinality, body, left, deeper)
}

fn node<T: BodyText>(
    bare: &str,
    at: usize,
    cardinality: Cardinality,
    body: T,
    left: &Left<'_, T>,
    deeper: usize,
) -> Result<Node, BadBody> {
    left.nodes.set(left.nodes.get().checked_sub(1).ok_or(BadBody)?);
    if bare == "." {
        return Ok(Node::Any { cardinality });
    }
    if let Some(name) = bare.strip_prefix('@') {
        let nodes = body_nodes((left.groups)(name).ok_or(BadBody)?, left, deeper)?;
        let name = body.keep(at + 1..at + bare.len());
        return if nodes.is_empty() { Err(BadBody) } else { Ok(Node::Group { name, cardinality, nodes }) };
    }
    let is_segment = bare.len() == 3 && bare.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_segment {
        return Err(BadBody);
    }
    Ok(Node::Segment { id: body.keep(at..at + bare.len()), cardinality })
}

/// A name without its bound, and the bound: `NTE*`, `OBX{0,5}`.
fn bound(part: &str) -> Option<(&str, Cardinality)> {
    let (bare, min, max) = match part.as_bytes().last()? {
        b'?' => (part.strip_suffix('?')?, 0, Some(1)),
        b'*' => (part.strip_suffix('*')?, 0, None),
        b'+' => (part.strip_suffix('+')?, 1, None),
        b'}' => {
            let (bare, bounds) = part.strip_suffix('}')?.split_once('{')?;
            let (min, max) = bounds.split_once(',')?;
            let max = if max.is_empty() { None } else { Some(max.parse().ok()?) };
            (bare, min.parse().ok()?, max)
        }
        _ => (part, 1, Some(1)),
    };
    Some((bare, Cardinality { min, max }))
}
