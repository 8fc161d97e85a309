//! `carewire hl7 get`.

use carewire_hl7_v2::{Index, Location, Path, PathError, Presence, Segment};
use serde_json::json;

use super::args::{Get, ValueFormat};
use super::definitions::Dictionaries;
use super::place::on_one_line;
use crate::failure::{Done, Failure};
use crate::messages::Received;
use crate::out;

/// The explicit null.
const NULL: &str = "\"\"";

pub(crate) fn run(options: &Get) -> Result<Done, Failure> {
    let mut dictionaries = Dictionaries::new(&options.definitions)?;
    let tree_options = dictionaries.tree_options();
    let path = &options.path;
    options.inputs.each_message(|received, message, done| {
        let found: Result<Vec<Segment<'_>>, PathError> = if path.groups().is_empty() {
            message.segments_at(path).map(Iterator::collect)
        } else {
            let grouped = message.grouped_with(dictionaries.of(message)?, &tree_options);
            grouped.and_then(|grouped| grouped.segments(path))
        };
        let segments = match found {
            Ok(segments) => segments,
            Err(error) => {
                out::note(format_args!("{}: {error}", received.name()));
                *done = Done::Some;
                return Ok(());
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

fn names_one_place(path: &Path) -> bool {
    let one = |index: Option<Index>| index != Some(Index::Every);
    let groups = path.groups().iter().all(|step| one(Some(step.occurrence())));
    groups && path.segment().is_some() && one(path.occurrence()) && one(path.repetition())
}

/// Prints the values of one segment, and says how many.
fn print(received: &Received<'_>, segment: Segment<'_>, options: &Get) -> Result<usize, Failure> {
    let Ok(values) = segment.get_all(&options.path) else {
        // A path without a field is to the segment itself.
        value(received, segment.location().as_ref(), segment.raw(), options.format)?;
        return Ok(1);
    };
    let mut printed = 0;
    for (place, text) in values {
        value(received, Some(&place), &text, options.format)?;
        printed += 1;
    }
    Ok(printed)
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
