//! The map on its way to a form that writes JSON without owned structs.

#![expect(dead_code, unused_imports, reason = "the tables are on their way")]

pub(crate) mod bundle;
pub(crate) mod context;
pub(crate) mod coverage;
pub(crate) mod datatype;
pub(crate) mod entries;
pub(crate) mod mapper;
pub(crate) mod message;
pub(crate) mod node;
pub(crate) mod row;
pub(crate) mod segment;
pub(crate) mod target;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod tree;
pub(crate) mod write;
