//! The commands of the README for files that leave and for consent, as they stand there.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{CANARIES, Place, Ran, canary_message, json_lines};

const README: &str = include_str!("../../../../README.md");

/// The lines of the first block of commands of a section, each with the exit status that it is said to have.
fn commands(section: &str) -> Vec<(&'static str, i32)> {
    let (_, behind) = README.split_once(&format!("\n## {section}\n")).unwrap();
    let (_, block) = behind.split_once("```sh\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let status = |line: &str| {
        let said = line.split_once("# exit ").and_then(|(_, said)| said.split(':').next());
        said.map_or(0, |said| said.parse().unwrap())
    };
    block.lines().map(|line| (line, status(line))).collect()
}

/// Runs a line as a user's shell does, with the program in the path.
fn shell(place: &Place, line: &str) -> Ran {
    let program = Path::new(env!("CARGO_BIN_EXE_carewire")).parent().unwrap();
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", line])
        .env_clear()
        .env("PATH", program)
        .current_dir(place.path(""))
        .stdin(Stdio::null());
    Ran::of(&[line], command.output().unwrap())
}

#[test]
fn the_commands_for_files_that_leave_do_what_they_say() {
    let place = Place::new();
    place.run(&["init", "my-gateway"]).is(0);
    place.write("my-gateway/messages/canary.hl7", canary_message("1"));
    let commands = commands("Files that leave");
    assert!(commands.len() >= 7, "{commands:?}");
    for (line, status) in commands {
        let ran = shell(&place, line).is(status);
        assert!(CANARIES.iter().all(|canary| !ran.out.contains(canary)), "{line}");
    }
    let report = json_lines(&place.read("report.json")).remove(0);
    assert_eq!((&report["policy"], &report["totals"]["documents"]), (&"safe-harbor".into(), &4.into()));
    for release in ["harbor.ndjson", "release.ndjson"] {
        let text = place.read(release);
        assert_eq!(text.lines().count(), 4, "{release}");
        assert!(CANARIES.iter().all(|canary| !text.contains(canary)), "{release}");
    }
    let messages = place.list("release-v2").into_iter().filter(|name| !name.starts_with('.'));
    let messages: Vec<String> = messages.map(|name| place.read(&format!("release-v2/{name}"))).collect();
    assert_eq!(messages.len(), 4);
    assert!(
        messages
            .iter()
            .all(|text| text.starts_with("MSH|") && CANARIES.iter().all(|canary| !text.contains(canary)))
    );
}

/// The words of the README's example, each in a line of its own.
fn words(section: &str) -> Vec<&'static str> {
    let (_, behind) = README.split_once(&format!("\n## {section}\n")).unwrap();
    let (_, block) = behind.split_once("```text\n").unwrap();
    block.split_once("```").unwrap().0.lines().collect()
}

#[test]
fn the_commands_for_consent_do_what_they_say() {
    let place = Place::new();
    place.run(&["init", "my-gateway"]).is(0);
    let said: Vec<Ran> = commands("What consent permits")
        .into_iter()
        .map(|(line, status)| shell(&place, line).is(status))
        .collect();
    let [decided, _, _, listed, _] = &said[..] else { panic!("{} commands", said.len()) };
    assert_eq!(decided.err.lines().collect::<Vec<_>>(), words("What consent permits"));
    assert!(README.contains(r#"`{"withheld":{"redacted":2,"other-patient":1}}`"#));
    let report = json_lines(&place.read("withheld.ndjson")).remove(0);
    assert_eq!(report["withheld"], serde_json::json!({"redacted": 2, "other-patient": 1}));
    let permitted = json_lines(&place.read("permitted.ndjson")).remove(0);
    assert_eq!((&permitted["total"], &permitted["entry"][0]["resource"]["id"]), (&1.into(), &"hb".into()));
    assert_eq!(json_lines(&listed.out).len(), 2);
}
