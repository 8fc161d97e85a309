//! Commands that the interface names and this version does not have yet.

use crate::failure::Failure;

const LATER: &[&str] = &[
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

const PARTS: &[(&str, &str)] = &[("convert", "fhir-to-v2"), ("reconcile", "stats"), ("reconcile", "history")];

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
pub(crate) fn part(command: &str, words: &[String]) -> Failure {
    match words.first().map(String::as_str) {
        Some(word) if PARTS.contains(&(command, word)) => Failure::usage(format!(
            "`carewire {command} {word}` is not there yet; the README says what works"
        )),
        _ => Failure::usage(format!(
            "no such part of `carewire {command}`; `carewire {command} --help` lists them"
        )),
    }
}
