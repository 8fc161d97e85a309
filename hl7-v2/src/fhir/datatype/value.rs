//! OBX-5: a value of the type that OBX-2 names.

use super::sn::{self, Kind};
use super::{CQ_QUANTITY, DTM_DATE_TIME, ED_ATTACHMENT, NA_SAMPLED_DATA, NR_RANGE, RP_ATTACHMENT};
use super::{cq, cwe, dtm, nm};
use crate::fhir::context::Context;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Found, Outcome};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// What kind of value an OBX has: the element of FHIR that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Quantity,
    Text,
    Concept,
    Period,
    DateTime,
    Range,
    Time,
    Ratio,
    Samples,
    /// R4 has no attachment among the values; the one of R5 stands in an extension.
    Attachment,
    /// A type that no map reads: the text of the value is kept, and the type is reported.
    Unread,
}

impl Shape {
    /// What the one value of an OBX is.
    pub(crate) fn of_segment(obx: &Seg<'_>) -> Option<Self> {
        Some(Self::of(obx.text(2).unwrap_or_default(), &obx.values(5).next()?))
    }

    /// What a value is, by the type that OBX-2 names and, of an SN, by its separator.
    fn of(kind: &str, value: &Node<'_>) -> Self {
        match kind {
            "NM" | "SI" | "CQ" => Self::Quantity,
            "ST" | "TX" | "FT" | "VR" | "" => Self::Text,
            "CE" | "CF" | "CNE" | "CWE" | "IS" | "ID" => Self::Concept,
            "DT" | "DTM" | "TS" => Self::DateTime,
            "TM" => Self::Time,
            "DR" => Self::Period,
            "NR" => Self::Range,
            "NA" => Self::Samples,
            "ED" | "RP" => Self::Attachment,
            "SN" => match sn::kind(value) {
                Some(Kind::Quantity) => Self::Quantity,
                Some(Kind::Range) => Self::Range,
                Some(Kind::Ratio) => Self::Ratio,
                Some(Kind::Text) | None => Self::Text,
            },
            _ => Self::Unread,
        }
    }

    fn member(self) -> &'static str {
        match self {
            Self::Quantity => "valueQuantity",
            Self::Concept => "valueCodeableConcept",
            Self::Period => "valuePeriod",
            Self::DateTime => "valueDateTime",
            Self::Range => "valueRange",
            Self::Time => "valueTime",
            Self::Ratio => "valueRatio",
            Self::Samples => "valueSampledData",
            Self::Text | Self::Attachment | Self::Unread => "valueString",
        }
    }
}

/// Puts a repetition of OBX-5 into an observation or a component. What cannot be read as its type says is kept as
/// text, and reported.
pub(crate) fn observed<'a>(object: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let kind = node.seg().text(2).unwrap_or_default();
    let shape = Shape::of(kind, node);
    if shape == Shape::Attachment {
        return attached(object, kind, node, c);
    }
    if shape == Shape::Samples && (object.has("valueSampledData") || object.has("valueString")) {
        // The first repetition stands for all.
        return Ok(());
    }
    match typed(kind, shape, node, c) {
        Ok(value) => {
            object.put(shape.member(), value);
            Ok(())
        }
        Err(reason) if shape == Shape::Samples => {
            let rows: Vec<&str> = node.seg().values(5).filter_map(|row| row.whole()).collect();
            object.set("valueString", c.arena.text(&rows.join("~")));
            Err(reason)
        }
        Err(reason) => {
            object.put("valueString", node.whole());
            Err(reason)
        }
    }
}

fn typed<'a>(kind: &str, shape: Shape, node: &Node<'a>, c: &mut Context<'a>) -> Found<Val<'a>> {
    match shape {
        Shape::Quantity if kind == "CQ" => CQ_QUANTITY.read(node, c),
        Shape::Quantity if kind == "SN" => Ok(sn::read(node, Kind::Quantity, c).map(Val::Object)),
        Shape::Quantity => Ok(nm::quantity(node.text(), c)?.map(Val::Object)),
        Shape::Range if kind == "SN" => Ok(sn::read(node, Kind::Range, c).map(Val::Object)),
        Shape::Range => NR_RANGE.read(node, c),
        Shape::Ratio => Ok(sn::read(node, Kind::Ratio, c).map(Val::Object)),
        Shape::Concept => Ok(cwe::concept(node, c).map(Val::Object)),
        Shape::DateTime => DTM_DATE_TIME.read(node, c),
        Shape::Time => Ok(node.text().map_or(Ok(None), |text| dtm::time(text, c))?.map(Val::Text)),
        Shape::Period => super::dr::whole_period(node, c),
        Shape::Samples => NA_SAMPLED_DATA.read(node, c),
        Shape::Text => Ok(text(kind, node, c).map(Val::Text)),
        Shape::Unread | Shape::Attachment => Err(Reason::UnknownValueType),
    }
}

fn text<'a>(kind: &str, node: &Node<'a>, c: &Context<'a>) -> Option<&'a str> {
    match kind {
        "SN" => {
            sn::kind(node)?;
            let unit = node.seg().node(6).and_then(|unit| cwe::text(&unit));
            sn::text(node, unit, c)
        }
        "VR" => match (node.get(1), node.get(2)) {
            (Some(from), Some(to)) => Some(c.arena.format(format_args!("{from}-{to}"))),
            (from, to) => from.or(to),
        },
        _ => node.whole(),
    }
}

/// The guide names the extension as R4 never had it; this is the one of R5's `Observation.value[x]`.
fn attached<'a>(object: &mut Object<'a>, kind: &str, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.value";
    let attachment = if kind == "ED" { &ED_ATTACHMENT } else { &RP_ATTACHMENT };
    if let Some(attachment) = attachment.read(node, c)? {
        extend(object, url, "valueAttachment", attachment, c.arena);
    }
    Ok(())
}

/// OBX-6: the unit of the amounts of a value that have none of their own.
pub(crate) fn unit<'a>(object: &mut Object<'a>, unit: &Node<'a>, c: &mut Context<'a>) {
    let pairs = [("valueRange", ["low", "high"]), ("valueRatio", ["numerator", "denominator"])];
    if let Some(quantity) = object.get_mut("valueQuantity").and_then(Val::as_object_mut) {
        cq::add_unit(quantity, unit, c);
    }
    for (name, ends) in pairs {
        let Some(value) = object.get_mut(name).and_then(Val::as_object_mut) else { continue };
        for end in ends {
            if let Some(amount) = value.get_mut(end).and_then(Val::as_object_mut) {
                cq::add_unit(amount, unit, c);
            }
        }
    }
    if let Some(samples) = object.get_mut("valueSampledData").and_then(Val::as_object_mut)
        && let Some(origin) = samples.get_mut("origin").and_then(Val::as_object_mut)
    {
        cq::add_unit(origin, unit, c);
    }
}

/// OBX-7: the text, and the ends of a range of numbers where it is one: `3.5-5.0`, `<=7`. What is below or above a
/// number stays a text, since the end of a range in FHIR belongs to it.
pub(crate) fn reference_range<'a>(text: &Node<'a>, c: &mut Context<'a>) -> Option<Object<'a>> {
    let said = text.whole()?;
    let mut range = c.object();
    let (low, high) = ends(said);
    for (name, end) in [("low", low), ("high", high)] {
        let Ok(Some(mut amount)) = nm::quantity(end, c) else { continue };
        if let Some(unit) = text.seg().values(6).next() {
            cq::add_unit(&mut amount, &unit, c);
        }
        range.set(name, amount);
    }
    range.set("text", said);
    Some(range)
}

fn ends(said: &str) -> (Option<&str>, Option<&str>) {
    let is_number = |text: &&str| {
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
            && text.parse::<f64>().is_ok()
    };
    if let Some(high) = said.strip_prefix("<=").map(str::trim).filter(is_number) {
        return (None, Some(high));
    }
    if let Some(low) = said.strip_prefix(">=").map(str::trim).filter(is_number) {
        return (Some(low), None);
    }
    let Some(at) = said.char_indices().skip(1).find(|(_, letter)| *letter == '-').map(|(at, _)| at) else {
        return (None, None);
    };
    let (low, high) =
        (said.get(..at).unwrap_or_default().trim(), said.get(at + 1..).unwrap_or_default().trim());
    let order = (low.parse::<f64>(), high.parse::<f64>());
    match order {
        (Ok(from), Ok(to)) if is_number(&low) && is_number(&high) && from <= to => (Some(low), Some(high)),
        _ => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_numbers_has_ends() {
        for (said, low, high) in [
            ("3.5-5.0", Some("3.5"), Some("5.0")),
            ("3.5 - 5", Some("3.5"), Some("5")),
            ("-2--1", Some("-2"), Some("-1")),
            ("-2-1", Some("-2"), Some("1")),
            ("<= 7", None, Some("7")),
            (">=7", Some("7"), None),
            ("<7", None, None),
            ("5-3", None, None),
            ("1-2-3", None, None),
            ("negative", None, None),
            ("inf-nan", None, None),
            ("1e3-2e3", None, None),
            ("", None, None),
            ("-", None, None),
            ("é-1", None, None),
        ] {
            assert_eq!(ends(said), (low, high), "{said}");
        }
    }
}
