//! NR and NA, ranges and rows of numbers.

use super::nm;
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Found, Via};
use crate::fhir::target::unstated;
use crate::fhir::tree::{Object, Val};

/// `NR[Range]`
pub(crate) const NR_RANGE: Via = Via::Type(&Datatype {
    name: "NR[Range]",
    fhir: "Range",
    read: |n, c| Ok(range(n.get(1), n.get(2), c)?.map(Val::Object)),
});

/// `NA[SampledData]`: the numbers of all repetitions of the field.
///
/// The guide puts `^` between them; FHIR knows spaces only. Rows beside each other are points in time with as many
/// dimensions as they have numbers. A sample that is zero is zero: that is the origin. The time between two samples is
/// not in an NA: it is stated as unknown.
pub(crate) const NA_SAMPLED_DATA: Via = Via::Type(&Datatype {
    name: "NA[SampledData]",
    fhir: "SampledData",
    read: |n, c| Ok(sampled(n, c)?.map(Val::Object)),
});

/// A range of two numbers.
pub(crate) fn range<'a>(low: Option<&'a str>, high: Option<&'a str>, c: &Context<'a>) -> Found<Object<'a>> {
    let order = [low, high].map(|text| text.and_then(|text| text.parse::<f64>().ok()));
    if let [Some(low), Some(high)] = order
        && low > high
    {
        // rng-2
        return Err(Reason::NotANumber);
    }
    let mut range = c.object();
    range.put("low", nm::quantity(low, c)?);
    range.put("high", nm::quantity(high, c)?);
    Ok(Some(range).filter(|range| !range.is_empty()))
}

fn sampled<'a>(na: &Node<'a>, c: &mut Context<'a>) -> Found<Object<'a>> {
    let rows: Vec<Vec<&'a str>> =
        na.seg().values(5).map(|row| numbers(&row, c)).collect::<Result<_, Reason>>()?;
    let width = rows.first().map_or(0, Vec::len);
    if width == 0 || rows.iter().any(|row| row.len() != width) {
        return Err(Reason::NotANumber);
    }
    let dimensions = if rows.len() > 1 { width } else { 1 };
    let data = rows.concat().join(" ");
    let origin = c.object().with("value", Val::Number("0"));
    let mut sampled = c.object().with("origin", origin);
    unstated(&mut sampled, "_period", c.arena);
    let dimensions = c.arena.format(format_args!("{dimensions}"));
    Ok(Some(sampled.with("dimensions", Val::Number(dimensions)).with("data", c.arena.text(&data))))
}

fn numbers<'a>(row: &Node<'a>, c: &Context<'a>) -> Result<Vec<&'a str>, Reason> {
    let mut found = Vec::new();
    for part in row.parts() {
        found.push(nm::decimal(part.text(), c.arena)?.ok_or(Reason::NotANumber)?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::read;

    #[test]
    fn a_range_has_a_low_and_a_high_end() {
        assert_eq!(read("2.0^5", NR_RANGE).0, r#"{"low":{"value":2.0},"high":{"value":5}}"#);
        assert_eq!(read("^5", NR_RANGE).0, r#"{"high":{"value":5}}"#);
        assert_eq!(read("^", NR_RANGE).0, "");
    }
}
