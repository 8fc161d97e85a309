//! `carewire hl7 get`.

use std::borrow::Cow;

use carewire_hl7_v2::{Index, Location, Path, Presence, Segment};
use serde_json::json;

use super::args::{Get, ValueFormat};
use super::definitions::Dictionaries;
use super::place::on_one_line;
use super::source::Received;
use crate::failure::{Done, Failure};
use crate::out;

/// The explicit null.
const NULL: &str = "\"\"";

pub(crate) fn run(options: &Get) -> Result<Done, Failure> {
    let mut dictionaries = Dictionaries::new(&options.definitions)?;
    let tree_options = dictionaries.tree_options();
    let path = &options.path;
    options.inputs.each_message(|received, message, done| {
        let segments: Vec<Segment<'_>> = if path.groups().is_empty() {
            among(message.segments(), path)
        } else {
            let grouped = message.grouped_with(dictionaries.of(message)?, &tree_options);
            match grouped.and_then(|grouped| grouped.segments(path)) {
                Ok(segments) => segments,
                Err(error) => {
                    out::note(format_args!("{}: {error}", received.name()));
                    *done = Done::Some;
                    return Ok(());
                }
            }
        };
        let printed = segments.into_iter().try_fold(0, |printed, segment| {
            Ok::<usize, Failure>(printed + print(received, segment, options)?)
        })?;
        // One line per message, so that the lines of several commands belong together.
        if printed > 0 || !names_one_place(path) {
            return Ok(());
        }
        match options.format {
            ValueFormat::Text => out::line(""),
            ValueFormat::Json => json_line(received, path.location().as_ref(), Presence::Absent, ""),
        }
    })
}

/// The segments of those that the path names.
fn among<'m>(segments: impl Iterator<Item = Segment<'m>>, path: &Path) -> Vec<Segment<'m>> {
    let named = |segment: &Segment<'m>| match path.segment() {
        Some(wanted) => segment.name().eq_ignore_ascii_case(wanted.as_str()),
        None => true,
    };
    let all = segments.filter(named).zip(1..);
    let wanted = |number| path.occurrence().is_none_or(|occurrence| includes(occurrence, number));
    all.filter(|(_, number)| wanted(*number)).map(|(segment, _)| segment).collect()
}

fn includes(index: Index, number: usize) -> bool {
    match index {
        Index::Nth(wanted) => wanted == number,
        Index::Every => true,
    }
}

fn names_one_place(path: &Path) -> bool {
    let one = |index: Option<Index>| index != Some(Index::Every);
    let groups = path.groups().iter().all(|step| one(Some(step.occurrence())));
    groups && path.segment().is_some() && one(path.occurrence()) && one(path.repetition())
}

/// Prints the values of one segment, and says how many.
fn print(received: &Received<'_>, segment: Segment<'_>, options: &Get) -> Result<usize, Failure> {
    let Some(field) = options.path.field() else {
        value(received, segment.location().as_ref(), segment.raw(), options.format)?;
        return Ok(1);
    };
    let values = values(segment, field, &options.path);
    values.iter().try_for_each(|(place, text)| value(received, Some(place), text, options.format))?;
    Ok(values.len())
}

/// The values in one segment that the path names, with their places. Asked of the segment itself: to look for it by its
/// place once more would take as long as the message has segments.
fn values<'m>(segment: Segment<'m>, field: usize, path: &Path) -> Vec<(Location, Cow<'m, str>)> {
    let Some(place) = segment.location().map(|location| location.at_field(field)) else { return vec![] };
    let Some(field) = segment.field(field) else { return vec![] };
    let wanted = path.repetition().unwrap_or(Index::Nth(1));
    let repetitions = (1..).zip(field.repetitions()).filter(|(n, _)| includes(wanted, *n));
    let inside = repetitions.filter_map(|(n, repetition)| {
        let place = path.repetition().map_or(place, |_| place.at_repetition(n));
        let Some(component) = path.component() else {
            return Some((place, given(repetition.raw(), repetition.text())?));
        };
        let (place, component) = (place.at_component(component), repetition.component(component)?);
        let Some(number) = path.subcomponent() else {
            return Some((place, given(component.raw(), component.text())?));
        };
        let part = component.subcomponent(number)?;
        Some((place.at_subcomponent(number), given(part.raw(), part.text())?))
    });
    inside.collect()
}

fn given<'m>(raw: &str, text: Cow<'m, str>) -> Option<Cow<'m, str>> {
    (!raw.is_empty()).then_some(text)
}

fn value(
    received: &Received<'_>,
    place: Option<&Location>,
    text: &str,
    format: ValueFormat,
) -> Result<(), Failure> {
    match format {
        ValueFormat::Text => out::line(on_one_line(text)),
        ValueFormat::Json => {
            let presence = if text == NULL { Presence::Null } else { Presence::Value };
            json_line(received, place, presence, text)
        }
    }
}

/// A line of JSON. Only what is present as a value has one.
fn json_line(
    received: &Received<'_>,
    place: Option<&Location>,
    presence: Presence,
    text: &str,
) -> Result<(), Failure> {
    let presence_name = match presence {
        Presence::Absent => "absent",
        Presence::Null => "null",
        Presence::Value => "value",
    };
    out::line(json!({
        "input": received.input,
        "message": received.number,
        "at": place.map(Location::to_string),
        "presence": presence_name,
        "value": (presence == Presence::Value).then_some(text),
    }))
}
