//! The groups of a message: which segment belongs to which order, observation or visit.
//!
//! The standard describes each kind of message as a tree of segments and groups; a message is a list of segments.
//! [`Tree::of`] puts the list back into the tree, tolerant of what senders do: every segment has exactly one place,
//! and what is missing, repeated or out of place is a [`Finding`](crate::Finding).

mod anywhere;
mod grammar;
mod group;
mod matcher;
mod options;
mod select;
mod tree;

pub use group::{Group, Item};
pub use options::{StructureError, TreeOptions, Unexpected, UnknownStructure};
pub use tree::Tree;
