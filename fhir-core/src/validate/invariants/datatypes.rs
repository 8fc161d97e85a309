//! The constraints of datatypes, which stand in every resource.

use std::cmp::Ordering;

use super::{ByCode, by_code, has, has_any, needs};
use crate::fhirpath::xhtml::{self, Flaw};
use crate::json::{JsonNode, NameId};
use crate::{DateParts, Zone};

pub(super) const CHECKS: &[ByCode] = by_code![
    ("Extension", "ext-1", |extension| extension_has_value_or_extensions(extension)),
    ("Quantity", "qty-3", |quantity| needs(quantity, CODE, SYSTEM)),
    ("Attachment", "att-1", |attachment| needs(attachment, DATA, CONTENT_TYPE)),
    ("ContactPoint", "cpt-2", |contact| needs(contact, VALUE, SYSTEM)),
    ("Period", "per-1", |period| period_does_not_end_before_it_starts(period)),
    ("Ratio", "rat-1", |ratio| ratio_is_whole(ratio)),
    ("Narrative", "txt-1", |div| matches!(flaw(div), None | Some(Flaw::NoContent))),
    ("Narrative", "txt-2", |div| flaw(div) != Some(Flaw::NoContent)),
    ("Timing.repeat", "tim-1", |repeat| needs(repeat, DURATION, DURATION_UNIT)),
    ("Timing.repeat", "tim-2", |repeat| needs(repeat, PERIOD, PERIOD_UNIT)),
    ("Timing.repeat", "tim-4", |repeat| is_not_negative(repeat, DURATION)),
    ("Timing.repeat", "tim-5", |repeat| is_not_negative(repeat, PERIOD)),
    ("Timing.repeat", "tim-6", |repeat| needs(repeat, PERIOD_MAX, PERIOD)),
    ("Timing.repeat", "tim-7", |repeat| needs(repeat, DURATION_MAX, DURATION)),
    ("Timing.repeat", "tim-8", |repeat| needs(repeat, COUNT_MAX, COUNT)),
    ("Timing.repeat", "tim-9", |repeat| offset_has_an_event_that_is_no_meal(repeat)),
    ("Timing.repeat", "tim-10", |repeat| !(has(repeat, TIME_OF_DAY) && has(repeat, WHEN))),
];

const ID: NameId = NameId::element("id");
const EXTENSION: NameId = NameId::element("extension");
const URL: NameId = NameId::element("url");
const CODE: NameId = NameId::element("code");
const SYSTEM: NameId = NameId::element("system");
const VALUE: NameId = NameId::element("value");
const DATA: NameId = NameId::element("data");
const CONTENT_TYPE: NameId = NameId::element("contentType");
const START: NameId = NameId::element("start");
const END: NameId = NameId::element("end");
const NUMERATOR: NameId = NameId::element("numerator");
const DENOMINATOR: NameId = NameId::element("denominator");
const DURATION: NameId = NameId::element("duration");
const DURATION_MAX: NameId = NameId::element("durationMax");
const DURATION_UNIT: NameId = NameId::element("durationUnit");
const PERIOD: NameId = NameId::element("period");
const PERIOD_MAX: NameId = NameId::element("periodMax");
const PERIOD_UNIT: NameId = NameId::element("periodUnit");
const COUNT: NameId = NameId::element("count");
const COUNT_MAX: NameId = NameId::element("countMax");
const OFFSET: NameId = NameId::element("offset");
const WHEN: NameId = NameId::element("when");
const TIME_OF_DAY: NameId = NameId::element("timeOfDay");

fn flaw<'a>(div: impl JsonNode<'a>) -> Option<Flaw> {
    div.as_str().and_then(|text| xhtml::check(text).err())
}

/// Whatever is neither `id`, `url` nor `extension` is a value: no other elements are known here.
fn extension_has_value_or_extensions<'a>(extension: impl JsonNode<'a>) -> bool {
    let mut names = extension.members().map(|(name, _)| name.id());
    let has_value = names.any(|id| id.is_some_and(|(id, _)| ![ID, URL, EXTENSION].contains(&id)));
    has_value != extension.member(EXTENSION).is_some()
}

/// Broken only where it is sure: the precision or the zone may leave it open.
fn period_does_not_end_before_it_starts<'a>(period: impl JsonNode<'a>) -> bool {
    let date = |name| period.text(name).and_then(DateParts::parse);
    let (Some(start), Some(end)) = (date(START), date(END)) else { return true };
    start.compare(&end, Zone::Any) != Some(Ordering::Greater)
}

fn ratio_is_whole<'a>(ratio: impl JsonNode<'a>) -> bool {
    let (numerator, denominator) = (has(ratio, NUMERATOR), has(ratio, DENOMINATOR));
    numerator == denominator && (numerator || has_any(ratio, &[EXTENSION]))
}

fn is_not_negative<'a>(object: impl JsonNode<'a>, name: NameId) -> bool {
    let number = object.member(name).and_then(JsonNode::as_number);
    number
        .is_none_or(|text| !text.starts_with('-') || text.bytes().all(|digit| !matches!(digit, b'1'..=b'9')))
}

fn offset_has_an_event_that_is_no_meal<'a>(repeat: impl JsonNode<'a>) -> bool {
    let mut when = repeat.member(WHEN).into_iter().flat_map(JsonNode::items);
    let meal = |code: Option<&str>| matches!(code, Some("C" | "CM" | "CD" | "CV"));
    !has(repeat, OFFSET) || (has(repeat, WHEN) && !when.any(|code| meal(code.as_str())))
}
