//! `carewire explain`.

use carewire_hl7_v2::fhir::{ExplainLine, MapOptions, explain, explain_element, map};
use carewire_hl7_v2::{Message, ParseOptions};

use crate::cli::Explain;
use crate::failure::{Done, Failure};
use crate::messages::Messages;
use crate::out;

pub(crate) fn run(options: &Explain) -> Result<Done, Failure> {
    let mut done = Done::All;
    let map = options.map.options()?.with_trace(true);
    let Some(mut messages) = Messages::open_one(&options.file, &mut done) else { return Ok(done) };
    let mut found = false;
    while let Some(received) = messages.next_sound(&mut done) {
        let explained = Message::parse(received.bytes, &ParseOptions::default())
            .map_err(|error| error.to_string())
            .and_then(|message| lines(&message, &map, options.path.as_deref()));
        match explained {
            Ok(lines) => {
                found |= !lines.is_empty();
                table(&lines)?;
            }
            Err(why) => {
                out::note(format_args!("{}: {why}", received.name()));
                done = Done::Some;
            }
        }
    }
    if !found && done == Done::All {
        out::note(format_args!("{}: no element of the output has that path", messages.name()));
        done = Done::Some;
    }
    Ok(done)
}

/// Element, field and row of the map, for one element and what is below it or for all.
fn lines(
    message: &Message<'_>,
    options: &MapOptions,
    path: Option<&str>,
) -> Result<Vec<ExplainLine>, String> {
    let mapped = map(message, options).map_err(|error| error.to_string())?;
    Ok(match path {
        Some(path) => explain_element(&mapped, path).collect(),
        None => explain(&mapped),
    })
}

fn table(lines: &[ExplainLine]) -> Result<(), Failure> {
    if !lines.is_empty() {
        out::line(format_args!("{:<52} {:<18} row", "element", "from"))?;
    }
    for line in lines {
        out::line(format_args!("{:<52} {:<18} {}", line.element, line.source.to_string(), line.row))?;
    }
    Ok(())
}
