//! HD, a hierarchic designator: the name of an authority, an application, a facility.

use crate::fhir::next::context::Context;
use crate::fhir::next::node::Node;
use crate::fhir::next::row::{Datatype, Via};
use crate::fhir::next::tree::Val;

/// `HD[uri]`
pub(crate) const HD_URI: Via = Via::Type(&Datatype {
    name: "HD[uri]",
    fhir: "uri",
    read: |hd, c| Ok(Some(Val::Text(system(Some(*hd), c)))),
});

/// `HD[uri]`: the system of an authority. Without one, the sender's.
pub(crate) fn system<'a>(hd: Option<Node<'a>>, c: &Context<'a>) -> &'a str {
    c.system(parts(hd))
}

/// The namespace, the universal id and its type.
pub(crate) fn parts(hd: Option<Node<'_>>) -> [Option<&str>; 3] {
    [1, 2, 3].map(|number| hd.and_then(|hd| hd.get(number)))
}

/// Whether it names anything.
pub(crate) fn is_named(hd: Option<Node<'_>>) -> bool {
    hd.is_some_and(|hd| hd.get(1).is_some() || hd.get(2).is_some())
}
