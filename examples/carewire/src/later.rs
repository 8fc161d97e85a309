//! Commands that the interface names and this version does not have yet.

use crate::failure::Failure;

const LATER: &[&str] = &[
    "hl7",
    "overlay",
    "keys",
    "backup",
    "restore",
    "purge",
    "api-key",
    "webhooks",
    "rules",
    "bulk",
    "audit",
    "conflicts",
];

/// Says that a command is not there yet, or that there is none of that name. Both are wrong usage.
pub(crate) fn refuse(words: &[String]) -> Failure {
    match words.first().map(String::as_str) {
        Some(word) if LATER.contains(&word) => {
            Failure::usage(format!("`carewire {word}` is not there yet; the README says what works"))
        }
        _ => Failure::usage("no such command; `carewire --help` lists them"),
    }
}

/// The same for a part of a command.
pub(crate) fn part(command: &str) -> Failure {
    Failure::usage(format!("this part of `carewire {command}` is not there yet; the README says what works"))
}
