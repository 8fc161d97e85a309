//! `carewire explain`.

use carewire_hl7_v2::fhir::{MapOptions, explain, map};
use carewire_hl7_v2::{Message, ParseOptions};

use crate::cli::Explain;
use crate::config::default_org;
use crate::convert::messages_of;
use crate::failure::{Done, Failure};
use crate::inputs;

pub(crate) fn run(options: &Explain) -> Result<Done, Failure> {
    let input = inputs::read(&options.file)?;
    let mut done = Done::All;
    let mut found = false;
    for (index, bytes) in messages_of(&input.bytes).into_iter().enumerate() {
        let shown = Message::parse(bytes, &ParseOptions::default())
            .map_err(|error| error.to_string())
            .and_then(|message| table(&message, options.path.as_deref()));
        match shown {
            Ok(any) => found |= any,
            Err(why) => {
                eprintln!("{} message {}: {why}", input.name, index + 1);
                done = Done::Some;
            }
        }
    }
    if !found && done == Done::All {
        eprintln!("{}: no element of the output has that path", input.name);
        done = Done::Some;
    }
    Ok(done)
}

/// Prints element, field and row of the map; answers whether there was a line.
fn table(message: &Message<'_>, path: Option<&str>) -> Result<bool, String> {
    let options = MapOptions::new(default_org()).with_trace(true);
    let mapped = map(message, &options).map_err(|error| error.to_string())?;
    let lines = explain(&mapped);
    let wanted =
        |element: &str| path.is_none_or(|path| element == path || element.starts_with(&format!("{path}.")));
    let mut any = false;
    for line in lines.iter().filter(|line| wanted(&line.element)) {
        if !any {
            println!("{:<52} {:<18} row", "element", "from");
        }
        any = true;
        println!("{:<52} {:<18} {}", line.element, line.source.to_string(), line.row);
    }
    Ok(any)
}
