//! OG, the place of an observation among others.

use super::nm;
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::row::{Outcome, Own, Via};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `OG[Extension-Subidentifier]`. What relates the observations is known to the sender and the receiver alone: the
/// extension carries it on.
pub(crate) const OG_EXTENSION_SUBIDENTIFIER: Via =
    Via::Own(&Own { name: "OG[Extension-Subidentifier]", apply: sub_identifier });

fn sub_identifier<'a>(observation: &mut Object<'a>, og: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let mut inner = c.object();
    for (part, name) in [(1, "original-sub-identifier"), (4, "identifier")] {
        if let Some(text) = og.get(part) {
            nested(&mut inner, name, "valueString", Val::Text(text), c);
        }
    }
    let mut outcome = Ok(());
    for (part, name) in [(2, "group"), (3, "sequence")] {
        match nm::decimal(og.get(part), c.arena) {
            Ok(Some(number)) => nested(&mut inner, name, "valueDecimal", Val::Number(number), c),
            Ok(None) => {}
            Err(reason) => outcome = Err(reason),
        }
    }
    if let Some(parts) = inner.remove("extension") {
        extend(observation, "observation-v2-subid", "extension", parts, c.arena);
    }
    outcome
}

fn nested<'a>(
    within: &mut Object<'a>,
    name: &'static str,
    member: &'static str,
    value: Val<'a>,
    c: &Context<'a>,
) {
    within.push(c.arena, "extension", c.object().with("url", name).with(member, value));
}
