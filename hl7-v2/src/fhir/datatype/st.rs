//! ST, TX, FT, IS and ID as text.

use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::row::{Datatype, Found, Via};
use crate::fhir::tree::Val;

/// `ST[string]`
pub(crate) const ST_STRING: Via = Via::Type(&Datatype { name: "ST[string]", fhir: "string", read: string });

/// `ST[CodeableConcept]`: a text without a code.
pub(crate) const ST_CODEABLE_CONCEPT: Via = Via::Type(&Datatype {
    name: "ST[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, c| Ok(n.text().map(|text| c.object().with("text", text).into())),
});

/// `FT[Annotation-Comment]`: the text of an annotation, with what it has of separators.
pub(crate) const FT_ANNOTATION_COMMENT: Via = Via::Type(&Datatype {
    name: "FT[Annotation-Comment]",
    fhir: "markdown",
    read: |n, _| Ok(n.whole().map(Val::Text)),
});

/// The text of the first part.
fn string<'a>(node: &Node<'a>, _: &mut Context<'a>) -> Found<Val<'a>> {
    Ok(node.text().map(Val::Text))
}
