//! The constraints of the resources that stand in every feed.

use std::collections::HashSet;

use super::{ByCode, by_code, has, has_any, has_choice};
use crate::json::{JsonNode, NameId};

pub(super) const CHECKS: &[ByCode] = by_code![
    ("Observation", "obs-6", |observation| {
        !(has(observation, DATA_ABSENT_REASON) && has_choice(observation, "value"))
    }),
    ("Observation", "obs-7", |observation| value_is_not_repeated_by_a_component(observation)),
    ("Observation.referenceRange", "obs-3", |range| has_any(range, &[LOW, HIGH, TEXT])),
    ("Organization", "org-1", |organization| has_any(organization, &[IDENTIFIER, NAME])),
    ("Organization", "org-2", |contact| is_not_for_home(contact)),
    ("Organization", "org-3", |contact| is_not_for_home(contact)),
    ("Patient.contact", "pat-1", |contact| has_any(contact, &[NAME, TELECOM, ADDRESS, ORGANIZATION])),
    ("ServiceRequest", "prr-1", |request| !has(request, ORDER_DETAIL) || has(request, CODE)),
];

const DATA_ABSENT_REASON: NameId = NameId::element("dataAbsentReason");
const COMPONENT: NameId = NameId::element("component");
const CODE: NameId = NameId::element("code");
const CODING: NameId = NameId::element("coding");
const LOW: NameId = NameId::element("low");
const HIGH: NameId = NameId::element("high");
const TEXT: NameId = NameId::element("text");
const IDENTIFIER: NameId = NameId::element("identifier");
const NAME: NameId = NameId::element("name");
const TELECOM: NameId = NameId::element("telecom");
const ADDRESS: NameId = NameId::element("address");
const ORGANIZATION: NameId = NameId::element("organization");
const ORDER_DETAIL: NameId = NameId::element("orderDetail");
const USE: NameId = NameId::element("use");

/// A component with a coding of the Observation's own code would say its value twice.
fn value_is_not_repeated_by_a_component<'a, N: JsonNode<'a>>(observation: N) -> bool {
    let mut others =
        observation.member(COMPONENT).into_iter().flat_map(JsonNode::items).flat_map(codings).peekable();
    if others.peek().is_none() || !has_choice(observation, "value") {
        return true;
    }
    let own: HashSet<String> = codings(observation).map(JsonNode::key).collect();
    !others.any(|coding| own.contains(&coding.key()))
}

fn codings<'a, N: JsonNode<'a>>(object: N) -> impl Iterator<Item = N> {
    object.member(CODE).and_then(|code| code.member(CODING)).into_iter().flat_map(JsonNode::items)
}

fn is_not_for_home<'a>(contact: impl JsonNode<'a>) -> bool {
    contact.text(USE) != Some("home")
}
