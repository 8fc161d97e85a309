//! Which structure a message has.

use crate::dictionary::{Dictionary, Node};
use crate::{Finding, FindingKind, Location, Message, SegmentId, Severity};

/// The structure of a message.
#[derive(Clone, Copy)]
pub(super) struct Selected<'d> {
    pub(super) name: &'d str,
    pub(super) nodes: &'d [Node],
    /// The segments that may stand at any place.
    pub(super) anywhere: &'d [Node],
    /// What is odd about MSH-9.3.
    pub(super) oddity: Option<Oddity<'d>>,
}

/// What is odd about a structure in MSH-9.3.
#[derive(Clone, Copy)]
pub(super) enum Oddity<'d> {
    /// The dictionary does not have it; the event decided.
    Unknown,
    /// The event has this one. What is declared was taken all the same.
    NotOfEvent(&'d str),
}

/// The structure that the caller names, else that of MSH-9.3, else that of MSH-9.1 and MSH-9.2, else the one that is
/// named as the message code, as in `ACK`.
pub(super) fn structure<'d>(
    message: &Message<'_>,
    dictionary: &'d Dictionary,
    named: Option<&str>,
) -> Option<Selected<'d>> {
    let find = |name: &str| {
        let found = dictionary.structure(name)?;
        let (name, nodes, anywhere) = (found.name(), found.nodes(), found.anywhere());
        Some(Selected { name, nodes, anywhere, oddity: None })
    };
    if let Some(name) = named {
        return find(name);
    }
    let (code, event) =
        (message.message_code().unwrap_or_default(), message.trigger_event().unwrap_or_default());
    let of_event = dictionary.structure_of(&code, &event);
    let declared = message.structure();
    if let Some(found) = declared.as_deref().and_then(find) {
        // A structure that is named as the event is its own, even where the table gives the event a shared one.
        let is_own = found.name.split_once('_') == Some((&*code, &*event));
        let other = of_event.filter(|name| *name != found.name && !is_own);
        return Some(Selected { oddity: other.map(Oddity::NotOfEvent), ..found });
    }
    let found = of_event.and_then(find).or_else(|| find(&code))?;
    Some(Selected { oddity: declared.map(|_| Oddity::Unknown), ..found })
}

impl Oddity<'_> {
    pub(super) fn finding(self, message: &Message<'_>) -> Finding {
        match self {
            Self::Unknown => unknown(message).with_severity(Severity::Information),
            Self::NotOfEvent(name) => {
                let place = Location::of_segment(SegmentId::MSH, 1).at_field(9).at_component(3);
                let span = message.span_of(&place).unwrap_or_default();
                let finding = Finding::new(FindingKind::OtherStructure).at(place).spanning(span);
                finding.expecting(name.to_owned())
            }
        }
    }
}

/// The finding that a message has no known structure, or declares an unknown one.
pub(super) fn unknown(message: &Message<'_>) -> Finding {
    let header = Location::of_segment(SegmentId::MSH, 1);
    let span = message.segments().next().map(|msh| msh.span()).unwrap_or_default();
    Finding::new(FindingKind::UnknownStructure).at(header.at_field(9)).spanning(span)
}
