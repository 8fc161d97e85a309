//! RI, RPT and TQ: when something is to be done, and how often.

use super::{cq, cwe, dtm, nm};
use crate::fhir::code::unit::seconds_in;
use crate::fhir::code::{EVENT_RELATED_PERIOD, EXTENDED_PRIORITY_CODES, REPEAT_PATTERN};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Found, Outcome, Own, Via};
use crate::fhir::tree::{Object, Val};

/// `RI[Timing]`
pub(crate) const RI_TIMING: Via = Via::Type(&Datatype {
    name: "RI[Timing]",
    fhir: "Timing",
    read: |n, c| Ok(interval(n, c)?.map(Val::Object)),
});

/// `RPT[Timing]`
pub(crate) const RPT_TIMING: Via = Via::Type(&Datatype {
    name: "RPT[Timing]",
    fhir: "Timing",
    read: |n, c| Ok(pattern(n, c)?.map(Val::Object)),
});

/// `TQ[ServiceRequest]`
pub(crate) const TQ_SERVICE_REQUEST: Via =
    Via::Own(&Own { name: "TQ[ServiceRequest]", apply: quantity_timing });

/// The days of the week from Monday, the first.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// `RI[Timing]`: a pattern, and times of the day between commas.
pub(crate) fn interval<'a>(ri: &Node<'a>, c: &mut Context<'a>) -> Found<Object<'a>> {
    let mut timing = c.object();
    let mut times = c.arena.list();
    for text in ri.get(2).into_iter().flat_map(|times| times.split(',')) {
        times.extend(dtm::time(text.trim(), c)?.map(Val::Text));
    }
    if !times.is_empty() {
        timing.set("repeat", c.object().with("timeOfDay", times));
    }
    timing.put("code", ri.valued_part(1).and_then(|code| cwe::concept_by(&code, &REPEAT_PATTERN, c)));
    Ok(Some(timing).filter(|timing| !timing.is_empty()))
}

/// `RPT[Timing]`. The guide lists the first and the last day of a span of days; the days between them count too.
pub(crate) fn pattern<'a>(rpt: &Node<'a>, c: &mut Context<'a>) -> Found<Object<'a>> {
    let mut repeat = c.object();
    if rpt.get(2) == Some("DW") {
        for day in days(rpt.get(3), rpt.get(4)) {
            repeat.push(c.arena, "dayOfWeek", *day);
        }
    }
    // tim-2: a period has a unit.
    if let (Some(period), Some(unit)) = (nm::decimal(rpt.get(5), c.arena)?, rpt.get(6)) {
        let unit = unit_of_time(unit).ok_or(Reason::UnknownCode("0255"))?;
        repeat.set("period", Val::Number(period));
        repeat.set("periodUnit", unit);
    }
    if let Some(event) = rpt.get(8) {
        let when =
            (EVENT_RELATED_PERIOD.find)(event).ok_or(Reason::UnknownCode(EVENT_RELATED_PERIOD.table))?;
        repeat.push(c.arena, "when", when.code);
        // tim-9: an offset is one from an event.
        let minutes = minutes(rpt.get(9), rpt.get(10), c);
        repeat.put("offset", minutes.map(Val::Number));
    }
    let mut timing = c.object();
    if !repeat.is_empty() {
        timing.set("repeat", repeat);
    }
    timing.put("code", rpt.valued_part(1).and_then(|code| cwe::concept_by(&code, &REPEAT_PATTERN, c)));
    Ok(Some(timing).filter(|timing| !timing.is_empty()))
}

fn days(from: Option<&str>, to: Option<&str>) -> &'static [&'static str] {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<usize>().ok());
    let Some(from) = number(from) else { return &[] };
    let to = number(to).unwrap_or(from);
    from.checked_sub(1).and_then(|from| DAYS.get(from..to)).unwrap_or_default()
}

/// Whole minutes.
pub(crate) fn minutes<'a>(amount: Option<&str>, unit: Option<&str>, c: &Context<'a>) -> Option<&'a str> {
    let seconds = amount?.parse::<i64>().ok()?.checked_mul(seconds_in(unit?)?)?;
    (seconds >= 0 && seconds % 60 == 0).then(|| c.arena.format(format_args!("{}", seconds / 60)))
}

/// A unit of time as FHIR has it: a code of UCUM, from that code, from ISO's or from words.
pub(crate) fn unit_of_time(text: &str) -> Option<&'static str> {
    let named = |(unit, names): &(&'static str, &[&str])| {
        (*unit == text || names.iter().any(|name| name.eq_ignore_ascii_case(text))).then_some(*unit)
    };
    UNITS.iter().find_map(named)
}

const UNITS: &[(&str, &[&str])] = &[
    ("s", &["sec", "second", "seconds"]),
    ("min", &["m", "minute", "minutes"]),
    ("h", &["hr", "hour", "hours"]),
    ("d", &["day", "days"]),
    ("wk", &["w", "week", "weeks"]),
    ("mo", &["mon", "month", "months"]),
    ("a", &["ann", "yr", "year", "years"]),
];

/// Adds the elements of a timing to those that are there; a second value of an element has no place.
pub(crate) fn add<'a>(request: &mut Object<'a>, timing: Object<'a>, c: &Context<'a>) -> Outcome {
    if request.has("occurrenceDateTime") {
        return Err(Reason::OnlyOneFits);
    }
    let Some(known) = request.within("occurrenceTiming", c.arena) else { return Ok(()) };
    let mut outcome = Ok(());
    for (name, value) in timing.members() {
        match (name, value) {
            ("repeat", Val::Object(repeat)) => {
                let Some(known) = known.within("repeat", c.arena) else { continue };
                outcome = outcome.and(add_members(known, repeat));
            }
            (name, value) => outcome = outcome.and(add_member(known, name, value)),
        }
    }
    outcome
}

fn add_members<'a>(known: &mut Object<'a>, more: &Object<'a>) -> Outcome {
    let mut outcome = Ok(());
    for (name, value) in more.members() {
        outcome = outcome.and(add_member(known, name, value));
    }
    outcome
}

fn add_member<'a>(known: &mut Object<'a>, name: &'static str, value: &Val<'a>) -> Outcome {
    if known.has(name) {
        return Err(Reason::OnlyOneFits);
    }
    known.set(name, value.clone());
    Ok(())
}

/// Puts one element of `Timing.repeat`.
pub(crate) fn add_repeat<'a>(
    request: &mut Object<'a>,
    name: &'static str,
    value: impl Into<Val<'a>>,
    c: &Context<'a>,
) -> Outcome {
    let repeat = c.object().with(name, value.into());
    add(request, c.object().with("repeat", repeat), c)
}

/// The priority of an order; where another field told the same, once.
pub(crate) fn priority<'a>(request: &mut Object<'a>, node: &Node<'a>, _: &mut Context<'a>) -> Outcome {
    let Some(code) = cwe::code(node) else { return Ok(()) };
    let table = EXTENDED_PRIORITY_CODES.table;
    let priority = (EXTENDED_PRIORITY_CODES.find)(code).ok_or(Reason::UnknownCode(table))?.code;
    match request.str("priority") {
        Some(known) if known != priority => Err(Reason::OnlyOneFits),
        _ => {
            request.set("priority", priority);
            Ok(())
        }
    }
}

/// `TQ[ServiceRequest]`. OBR-27 repeats ORC-7, and TQ1 takes the place of both.
fn quantity_timing<'a>(request: &mut Object<'a>, tq: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if tq.seg().is("OBR") && (request.has("occurrenceTiming") || request.has("quantityQuantity")) {
        return Ok(());
    }
    if let Some(amount) = tq.valued_part(1).map_or(Ok(None), |amount| cq::quantity(&amount, c))? {
        request.set("quantityQuantity", amount);
    }
    if let Some(text) = tq.part(8).and_then(|text| text.whole()) {
        request.push(c.arena, "note", c.object().with("text", text));
    }
    let mut outcome = tq.valued_part(6).map_or(Ok(()), |code| priority(request, &code, c));
    let mut repeat = c.object();
    let period = dtm::period(tq.valued_part(4), tq.valued_part(5), c);
    match (period, tq.get(3).and_then(duration)) {
        (Some(period), duration) => {
            repeat.set("boundsPeriod", period);
            // R4 has one of the two.
            outcome = outcome.and(duration.map_or(Ok(()), |_| Err(Reason::OnlyOneFits)));
        }
        (None, Some((amount, unit))) => {
            let duration = c.object().with("value", Val::Number(amount)).with("unit", unit);
            repeat.set("boundsDuration", duration.with("system", nm::UCUM).with("code", unit));
        }
        (None, None) => {}
    }
    match nm::count(tq.get(12), c.arena) {
        Ok(count) => repeat.put("count", count.map(Val::Number)),
        Err(reason) => outcome = outcome.and(Err(reason)),
    }
    if !repeat.is_empty() {
        outcome = outcome.and(add(request, c.object().with("repeat", repeat), c));
    }
    match tq.valued_part(2).map_or(Ok(None), |interval| self::interval(&interval, c))? {
        Some(timing) => outcome.and(add(request, timing, c)),
        None => outcome,
    }
}

/// A duration as the standard writes it: a letter for the unit, and a whole number.
fn duration(text: &str) -> Option<(&str, &'static str)> {
    let (letter, amount) = text.split_at_checked(1)?;
    let unit = match letter {
        "S" => "s",
        "M" => "min",
        "H" => "h",
        "D" => "d",
        "W" => "wk",
        "L" => "mo",
        _ => return None,
    };
    let is_count = amount.bytes().all(|digit| digit.is_ascii_digit()) && !amount.starts_with('0');
    (is_count && !amount.is_empty()).then_some((amount, unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{read, with_field};
    use crate::fhir::write;

    fn request(field: &str) -> (String, Outcome) {
        with_field(field, |n, c| {
            let mut request = c.object();
            let outcome = quantity_timing(&mut request, n, c);
            let mut text = String::new();
            write::value(&request.into(), &mut text);
            (text, outcome)
        })
    }

    #[test]
    fn a_pattern_has_days_a_period_and_an_event() {
        let (got, _) = read("^DW^1^3^2^wk", RPT_TIMING);
        assert_eq!(got, r#"{"repeat":{"dayOfWeek":["mon","tue","wed"],"period":2,"periodUnit":"wk"}}"#);
        assert_eq!(read("^DW^0^3", RPT_TIMING).0, "");
        assert_eq!(read("^DW^9^12", RPT_TIMING).0, "");
        let (event, _) = read("^^^^^^^ACM^30^min", RPT_TIMING);
        assert_eq!(event, r#"{"repeat":{"when":["ACM"],"offset":30}}"#);
        let refused = with_field("^^^^2^fortnight", |n, c| pattern(n, c).err());
        assert_eq!(refused, Some(Reason::UnknownCode("0255")));
    }

    #[test]
    fn an_interval_has_times_of_the_day() {
        let (code, _) = read("BID", RI_TIMING);
        assert!(code.starts_with(r#"{"code":{"coding":[{"#) && code.contains(r#""code":"BID""#), "{code}");
        let (got, _) = read("^0800,1600", RI_TIMING);
        assert_eq!(got, r#"{"repeat":{"timeOfDay":["08:00:00","16:00:00"]}}"#);
    }

    #[test]
    fn a_quantity_has_a_timing_and_a_priority() {
        let (got, outcome) = request("1^&0800^D5^^^R^^now^^^^3");
        assert_eq!(outcome, Ok(()));
        for part in [
            r#""quantityQuantity":{"value":1}"#,
            r#""note":[{"text":"now"}]"#,
            r#""priority":"routine""#,
            r#""boundsDuration":{"value":5,"unit":"d","system":"http://unitsofmeasure.org","code":"d"},"count":3"#,
            r#""timeOfDay":["08:00:00"]"#,
        ] {
            assert!(got.contains(part), "{part}: {got}");
        }
        let (period, _) = request("^^D5^20240305^20240306");
        assert_eq!(
            period,
            r#"{"occurrenceTiming":{"repeat":{"boundsPeriod":{"start":"2024-03-05","end":"2024-03-06"}}}}"#
        );
        assert_eq!(request("^^D5^20240305").1, Err(Reason::OnlyOneFits));
        assert_eq!(request("^^INDEF").0, "{}");
        let (rest, outcome) = request("2^^^20240305^soon^Z^^^^^^3");
        assert_eq!(outcome, Err(Reason::UnknownCode("0485")), "and the rest stays");
        assert!(rest.contains(r#""boundsPeriod":{"start":"2024-03-05"},"count":3"#), "{rest}");
        assert_eq!(request("^^^^^Z").1, Err(Reason::UnknownCode("0485")));
    }
}
