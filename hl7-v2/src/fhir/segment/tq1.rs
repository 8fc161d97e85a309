//! TQ1: the quantity and the timing of an order.

use crate::fhir::code::unit::seconds_in;
use crate::fhir::context::{Context, Draft};
use crate::fhir::datatype::timing::{add, add_repeat, minutes, priority, unit_of_time};
use crate::fhir::datatype::{CQ_QUANTITY, RPT_TIMING, cq, dtm, instant, nm};
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::tree::{Object, Val};

/// `TQ1[ServiceRequest]`. The guide leaves out `repeat` in the targets of TQ1-6 and TQ1-13, and puts TQ1-14 into
/// `countMax`, which R4 has beside `count` only (tim-7).
pub(crate) static TQ1_SERVICE_REQUEST: Table = Table::new(
    "TQ1[ServiceRequest]",
    "TQ1",
    "ServiceRequest",
    &[
        row(2, "quantityQuantity", CQ_QUANTITY),
        row(3, "occurrenceTiming", Via::Own(&Own { name: "RPT[Timing]", apply: pattern })),
        row(4, "occurrenceTiming.repeat", Via::Own(&Own { name: "TM[time]", apply: time_of_day })),
        row(5, "occurrenceTiming.repeat", Via::Own(&Own { name: "CQ[unsignedInt]", apply: offset }))
            .and(&[3])
            .when("TQ1-3.9 is not valued", |s| s.component(3, 9).is_none()),
        row(6, "occurrenceTiming", Via::Own(&Own { name: "CQ[Quantity]", apply: duration }))
            .when("neither TQ1-7 nor TQ1-8 is valued", |s| !s.valued(7) && !s.valued(8)),
        row(7, "occurrenceTiming.repeat", Via::Own(&Own { name: "DTM[dateTime]", apply: period }))
            .and(&[6, 8]),
        row(8, "occurrenceTiming.repeat", Via::Own(&Own { name: "DTM[dateTime]", apply: end }))
            .and(&[6])
            .when("TQ1-7 is not valued", |s| !s.valued(7)),
        row(9, "priority", Via::Own(&Own { name: "CWE[code]", apply: priority })),
        row(11, "note", Via::Own(&Own { name: "TX[markdown]", apply: instruction })),
        row(13, "occurrenceTiming", Via::Own(&Own { name: "CQ[decimal]", apply: each_duration })),
        row(14, "occurrenceTiming.repeat", Via::Own(&Own { name: "NM[positiveInt]", apply: count })),
    ],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[left(
    "TQ1[ServiceRequest] TQ1-5 occurrenceTIming.repeat.offset",
    "misspelt there: the row of this field has it",
)];

/// Adds the timings to a request; FHIR holds one.
pub(crate) fn on_request<'a>(timings: &[Seg<'a>], draft: &mut Draft<'a>, c: &mut Context<'a>) {
    timings.iter().for_each(|tq1| TQ1_SERVICE_REQUEST.apply(draft, tq1, c));
}

pub(crate) fn pattern<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    match RPT_TIMING.read(node, c)? {
        Some(Val::Object(timing)) => add(request, timing, c),
        _ => Ok(()),
    }
}

/// tim-10: a time of the day and an event exclude each other.
pub(crate) fn time_of_day<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(time) = node.text().map_or(Ok(None), |text| dtm::time(text, c))? else { return Ok(()) };
    let repeat = repeat(request);
    if repeat.is_some_and(|repeat| repeat.has("when")) {
        return Err(Reason::OnlyOneFits);
    }
    match self::repeat_mut(request).filter(|repeat| repeat.has("timeOfDay")) {
        Some(repeat) => {
            repeat.push(c.arena, "timeOfDay", time);
            Ok(())
        }
        None => add_repeat(request, "timeOfDay", c.arena.only(time), c),
    }
}

/// tim-9: an offset is one from an event.
pub(crate) fn offset<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let has_event = repeat(request).is_some_and(|repeat| repeat.has("when"));
    match minutes(node.get(1), node.get(2), c).filter(|_| has_event) {
        Some(minutes) => add_repeat(request, "offset", Val::Number(minutes), c),
        None => Ok(()),
    }
}

pub(crate) fn duration<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    match cq::quantity(node, c)? {
        Some(mut duration) => {
            // drt-1: a length of time is coded in UCUM or not at all.
            if duration.str("system") != Some(nm::UCUM) {
                let unit = duration.str("code").or_else(|| duration.str("unit")).and_then(unit_of_time);
                duration.remove("system");
                duration.remove("code");
                duration.put("system", unit.map(|_| nm::UCUM));
                duration.put("code", unit);
            }
            add_repeat(request, "boundsDuration", duration, c)
        }
        None => Ok(()),
    }
}

/// From TQ1-7 to TQ1-8; without an end for as long as TQ1-6 says.
pub(crate) fn period<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let tq1 = *node.seg();
    let Some(mut period) = dtm::period(Some(*node), tq1.values(8).next(), c) else { return Ok(()) };
    if let (false, Some(start)) = (period.has("end"), period.str("start")) {
        period.put("end", moved(start, &tq1, 1, c));
    }
    add_repeat(request, "boundsPeriod", period, c)
}

/// To TQ1-8, from as long before as TQ1-6 says.
pub(crate) fn end<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(end) = dtm::date_time(node, c)? else { return Ok(()) };
    let mut period = c.object();
    period.put("start", moved(end, node.seg(), -1, c));
    add_repeat(request, "boundsPeriod", period.with("end", end), c)
}

/// The moment that is TQ1-6 away from this one; nothing when its unit has no fixed length.
fn moved<'a>(from: &str, tq1: &Seg<'a>, sign: i64, c: &Context<'a>) -> Option<&'a str> {
    let duration = tq1.values(6).next()?;
    let amount: i64 = duration.get(1)?.parse().ok()?;
    let seconds = amount.checked_mul(seconds_in(duration.get(2)?)?)?.checked_mul(sign)?;
    instant::later(from, seconds).map(|text| c.arena.text(&text))
}

fn instruction<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let Some(text) = node.whole() {
        request.push(c.arena, "note", c.object().with("text", text));
    }
    Ok(())
}

/// tim-1: a duration has a unit.
pub(crate) fn each_duration<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(amount) = nm::decimal(node.get(1), c.arena)? else { return Ok(()) };
    let Some(unit) = node.get(2) else { return Ok(()) };
    let unit = unit_of_time(unit).ok_or(Reason::UnknownCode("0255"))?;
    let repeat = c.object().with("duration", Val::Number(amount)).with("durationUnit", unit);
    add(request, c.object().with("repeat", repeat), c)
}

pub(crate) fn count<'a>(request: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    match nm::count(node.text(), c.arena)? {
        Some(count) => add_repeat(request, "count", Val::Number(count), c),
        None => Ok(()),
    }
}

fn repeat<'o, 'a>(request: &'o Object<'a>) -> Option<&'o Object<'a>> {
    request.get("occurrenceTiming")?.as_object()?.get("repeat")?.as_object()
}

fn repeat_mut<'o, 'a>(request: &'o mut Object<'a>) -> Option<&'o mut Object<'a>> {
    request.get_mut("occurrenceTiming")?.as_object_mut()?.get_mut("repeat")?.as_object_mut()
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{only, orders};

    fn request(tq1: &str) -> (String, Vec<String>) {
        let (resources, issues) = orders(&["ORC|NW|P1^OE", tq1, "OBR|1|P1^OE||100^Panel^L"]);
        (only(&resources, "ServiceRequest").to_owned(), issues)
    }

    #[test]
    fn a_timing_has_a_pattern_times_and_bounds() {
        let (got, issues) = request("TQ1|1|2^tab|BID|0800~2000||5^d|||R||with food||30^min|10");
        for part in [
            r#""quantityQuantity":{"value":2,"unit":"tab"}"#,
            r#""code":"BID""#,
            r#""timeOfDay":["08:00:00","20:00:00"]"#,
            r#""boundsDuration":{"value":5,"unit":"d","system":"http://unitsofmeasure.org","code":"d"}"#,
            r#""duration":30,"durationUnit":"min""#,
            r#""count":10"#,
            r#""priority":"routine""#,
            r#""note":[{"text":"with food"}]"#,
        ] {
            assert!(got.contains(part), "{part}: {got}");
        }
        assert!(issues.iter().all(|issue| issue.starts_with("OBR[1]: no value")), "{issues:?}");
    }

    #[test]
    fn a_start_and_a_length_have_an_end() {
        let (got, _) = request("TQ1|1|||||2^d|20240305080000+0100");
        let bounds =
            r#""boundsPeriod":{"start":"2024-03-05T08:00:00+01:00","end":"2024-03-07T08:00:00+01:00"}"#;
        assert!(got.contains(bounds), "{got}");
        let (got, _) = request("TQ1|1|||||2^h||20240305080000+0100");
        assert!(got.contains(r#""start":"2024-03-05T06:00:00+01:00""#), "{got}");
    }

    #[test]
    fn an_offset_is_one_from_an_event() {
        assert!(request("TQ1|1||^^^^^^^ACM||30^min").0.contains(r#""offset":30"#));
        assert!(!request("TQ1|1||||30^min").0.contains("occurrenceTiming"));
    }
}
