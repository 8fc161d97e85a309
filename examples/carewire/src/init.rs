//! `carewire init`: everything to start from.

use std::path::Path;

use crate::failure::{Done, Failure};
use crate::{keys, out};

const CONFIG: &str = include_str!("../samples/carewire.toml");
const CONSENT: &str = include_str!("../samples/consent-policy.toml");
const TYPES: &str = include_str!("../samples/consent-types.toml");

/// Sample messages; the people in them do not exist.
const MESSAGES: [(&str, &str); 3] = [
    ("admit.hl7", include_str!("../samples/admit.hl7")),
    ("result.hl7", include_str!("../samples/result.hl7")),
    ("update.hl7", include_str!("../samples/update.hl7")),
];

/// A question about consent, and a chart to answer it for.
const CONSENTS: [(&str, &str); 3] = [
    ("request.json", include_str!("../samples/consent/request.json")),
    ("consents.json", include_str!("../samples/consent/consents.json")),
    ("chart.json", include_str!("../samples/consent/chart.json")),
];

pub(crate) fn run(directory: &Path) -> Result<Done, Failure> {
    let place = directory.join("carewire.toml");
    if place.exists() {
        return Err(Failure::usage(format!("{}: is there already", place.display())));
    }
    make(&directory.join("messages"))?;
    make(&directory.join("consent"))?;
    let config = CONFIG.replace("@DIR@", &directory.to_string_lossy().replace('\\', "/"));
    write(&place, &config)?;
    write(&directory.join("consent-policy.toml"), CONSENT)?;
    write(&directory.join("consent-types.toml"), TYPES)?;
    for (name, text) in MESSAGES {
        write(&directory.join("messages").join(name), &text.replace('\n', "\r"))?;
    }
    for (name, text) in CONSENTS {
        write(&directory.join("consent").join(name), text)?;
    }
    keys::write_new(&directory.join("carewire.keys.json"))?;
    out::line(next_steps(directory))?;
    Ok(Done::All)
}

fn next_steps(directory: &Path) -> String {
    let shown = directory.display();
    format!(
        "{shown} holds a configuration, keys, three messages and a question about consent. Next:
  carewire convert v2-to-fhir {shown}/messages
  carewire serve --config {shown}/carewire.toml
  carewire mllp send --to 127.0.0.1:2575 {shown}/messages/admit.hl7
The HTTP API wants a JWT_SECRET of at least 32 characters in the environment; `carewire token` signs with it."
    )
}

fn make(directory: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(directory)
        .map_err(|error| Failure::usage(format!("{}: {error}", directory.display())))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}
