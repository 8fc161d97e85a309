//! ST, TX, FT, IS and ID as text.

use super::super::context::Context;
use super::super::node::Node;
use super::super::row::{Datatype, Found, Via};
use super::super::tree::Val;

/// `ST[string]`
pub(crate) const ST_STRING: Via = Via::Type(&Datatype { name: "ST[string]", fhir: "string", read: string });

/// The text of the first part.
fn string<'a>(node: &Node<'a>, _: &mut Context<'a>) -> Found<Val<'a>> {
    Ok(node.text().map(Val::Text))
}
