//! DTM, TS, DT and TM: dates and times with the precision and zone that they came with.

use std::cmp::Ordering;

use carewire_fhir_core::{DateParts, Zone};

use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Found, Via};
use crate::fhir::tree::{Object, Val};
use crate::{Reduction, TimeOfDay, Timestamp, UtcOffset};

/// `DTM[dateTime]`
pub(crate) const DTM_DATE_TIME: Via =
    Via::Type(&Datatype { name: "DTM[dateTime]", fhir: "dateTime", read: |n, c| text(date_time(n, c)) });

/// `TS[dateTime]`: the same, with a degree of precision.
pub(crate) const TS_DATE_TIME: Via =
    Via::Type(&Datatype { name: "TS[dateTime]", fhir: "dateTime", read: |n, c| text(date_time(n, c)) });

/// `DTM[Annotation-Time]`: the time of an annotation.
pub(crate) const DTM_ANNOTATION_TIME: Via = Via::Type(&Datatype {
    name: "DTM[Annotation-Time]",
    fhir: "dateTime",
    read: |n, c| text(date_time(n, c)),
});

/// `DTM[date]`: the day; a time behind it is left to others.
pub(crate) const DTM_DATE: Via =
    Via::Type(&Datatype { name: "DTM[date]", fhir: "date", read: |n, c| text(date(n, c)) });

/// `DTM[instant]`: a moment, to the second.
pub(crate) const DTM_INSTANT: Via =
    Via::Type(&Datatype { name: "DTM[instant]", fhir: "instant", read: |n, c| text(instant(n, c)) });

fn text(found: Found<&str>) -> Found<Val<'_>> {
    Ok(found?.map(Val::Text))
}

/// `DTM[dateTime]`. A time without a zone is in the zone of the message; without one, only its day is kept.
pub(crate) fn date_time<'a>(node: &Node<'a>, c: &mut Context<'a>) -> Found<&'a str> {
    let Some(time) = timestamp(node, c)? else { return Ok(None) };
    let written = c.zone.map_or_else(|| time.to_fhir(), |zone| time.to_fhir_in(zone));
    match written.reduced() {
        None => {}
        Some(Reduction::NoMinutes) => c.report(node, Reason::OnlyTheDay),
        Some(_) => c.report(node, Reason::NoZone),
    }
    Ok(Some(c.arena.text(written.text())))
}

/// `DTM[date]`: the day.
pub(crate) fn date<'a>(node: &Node<'a>, c: &mut Context<'a>) -> Found<&'a str> {
    let Some(time) = timestamp(node, c)? else { return Ok(None) };
    Ok(Some(c.arena.text(&time.to_fhir_date())))
}

/// `DTM[instant]`: a moment, to the second.
pub(crate) fn instant<'a>(node: &Node<'a>, c: &mut Context<'a>) -> Found<&'a str> {
    let Some(time) = date_time(node, c)? else { return Ok(None) };
    if time.contains('T') { Ok(Some(time)) } else { Err(Reason::NotAMoment) }
}

/// A period of two DTM. An end before the start is left out, since FHIR refuses it.
pub(crate) fn period<'a>(
    start: Option<Node<'a>>,
    end: Option<Node<'a>>,
    c: &mut Context<'a>,
) -> Option<Object<'a>> {
    let (begin, mut until) = (time_or_report(start, c), time_or_report(end, c));
    if begin.zip(until).is_some_and(|(begin, until)| ends_before(begin, until)) {
        end.into_iter().for_each(|end| c.report(&end, Reason::EndsBeforeStart));
        until = None;
    }
    let mut period = c.object();
    period.put("start", begin);
    period.put("end", until);
    Some(period).filter(|period| !period.is_empty())
}

/// A time that is one of several: what is none takes nothing from the others.
fn time_or_report<'a>(node: Option<Node<'a>>, c: &mut Context<'a>) -> Option<&'a str> {
    let node = node?;
    date_time(&node, c).unwrap_or_else(|reason| {
        c.report(&node, reason);
        None
    })
}

/// Whether a period of these two ends before it starts, as per-1 has it.
pub(crate) fn ends_before(start: &str, end: &str) -> bool {
    let parts = DateParts::parse(start).zip(DateParts::parse(end));
    parts.is_some_and(|(start, end)| start.compare(&end, Zone::Any) == Some(Ordering::Greater))
}

/// `TM[time]`: hours and minutes at least. Some senders write colons; the zone has no place in FHIR.
pub(crate) fn time<'a>(text: &str, c: &Context<'a>) -> Found<&'a str> {
    let time: TimeOfDay = text.replace(':', "").parse().map_err(|_| Reason::NotADate)?;
    let minute = time.minute().ok_or(Reason::NotADate)?;
    let fraction = time.fraction_digits().map(|digits| format!(".{digits}")).unwrap_or_default();
    let (hour, second) = (time.hour(), time.second().unwrap_or(0));
    Ok(Some(c.arena.format(format_args!("{hour:02}:{minute:02}:{second:02}{fraction}"))))
}

/// The zone of a DTM, if it has one.
pub(crate) fn offset_of(text: &str) -> Option<UtcOffset> {
    text.parse::<Timestamp>().ok()?.offset()
}

/// A DTM, or a TS with its degree of precision.
fn timestamp<'a>(node: &Node<'a>, c: &Context<'a>) -> Found<Timestamp> {
    let Some(text) = node.text() else { return Ok(None) };
    let degree = if c.times_have_degrees { node.get(2) } else { None };
    Timestamp::parse_ts(text, degree.unwrap_or_default()).map(Some).map_err(|_| Reason::NotADate)
}

#[cfg(test)]
mod tests {
    use crate::fhir::datatype::DR_PERIOD;
    use crate::fhir::testing::read;

    #[test]
    fn a_period_does_not_end_before_it_starts() {
        let (got, issues) = read("20240805^20240704", DR_PERIOD);
        assert_eq!((got.as_str(), issues.len()), (r#"{"start":"2024-08-05"}"#, 1));
        for field in
            ["202408^2024", "20240805100000+0100^20240805093000+0000", "20240805100000+1400^20240804"]
        {
            assert!(read(field, DR_PERIOD).0.contains("end"), "{field}");
        }
    }
}
