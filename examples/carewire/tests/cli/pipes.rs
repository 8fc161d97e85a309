//! Readers that stop reading: no panic, and nothing said about it.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use std::io::pipe;
use std::process::Stdio;

use crate::support::{Place, Ran, canary_message};

/// Runs with a stdout that nobody reads.
fn unread(place: &Place, arguments: &[&str]) -> Ran {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let mut command = place.command(arguments);
    command.stdout(writer).stderr(Stdio::piped());
    Ran::of(arguments, command.output().unwrap())
}

#[test]
fn output_that_nobody_reads_ends_a_command_quietly() {
    let place = Place::initialised();
    place.write("request.json", crate::consent::REQUEST).write("consents.json", "[]");
    place.run(&["serve", "--check", "--config", "carewire/carewire.toml"]).is(0);
    let key_file = ["--key-file", "carewire/carewire.keys.json"];
    let bundles = place.run(&["convert", "v2-to-fhir", "carewire/messages"]).is(0).out;
    place.write("bundles.ndjson", bundles);
    for arguments in [
        &["explain", "carewire/messages/admit.hl7"][..],
        &["hl7", "parse", "carewire/messages"],
        &["hl7", "get", "PID-5", "carewire/messages"],
        &["hl7", "ack", "--code", "AA", "carewire/messages"],
        &["convert", "v2-to-fhir", "carewire/messages"],
        &[&["deid", "fhir", "bundles.ndjson"][..], &key_file].concat(),
        &["deid", "keygen"],
        &["deid", "check-policy", "pseudonymous"],
        &["consent", "decide", "--request", "request.json", "--consents", "consents.json"],
        &["init", "elsewhere"],
        &["jobs", "stats", "--config", "carewire/carewire.toml"],
        &["reconcile", "run", "--config", "carewire/carewire.toml"],
    ] {
        let ran = unread(&place, arguments).is(1);
        assert_eq!(ran.err, "", "{arguments:?}");
    }
}

#[test]
fn messages_that_nobody_reads_change_nothing_else() {
    let place = Place::new();
    place.write("bad.hl7", "nothing").write("good.hl7", canary_message("1"));
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let arguments = ["convert", "v2-to-fhir", "bad.hl7", "good.hl7", "no-such.hl7"];
    let output = place.command(&arguments).stdout(Stdio::piped()).stderr(writer).output().unwrap();
    let ran = Ran::of(&arguments, output).is(1);
    assert_eq!(ran.lines().len(), 1);
}
