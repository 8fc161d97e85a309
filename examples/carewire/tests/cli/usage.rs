//! Exit statuses, and commands that are not there.

use std::net::TcpListener;

use crate::support::Place;

#[test]
fn help_succeeds_and_wrong_usage_is_2() {
    let place = Place::new();
    let help = place.run(&["--help"]).is(0);
    for command in [
        "demo",
        "init",
        "serve",
        "hl7",
        "convert",
        "explain",
        "deid",
        "consent",
        "mllp",
        "jobs",
        "reconcile",
        "token",
    ] {
        assert!(help.out.contains(command), "{command}");
    }
    assert!(place.run(&["--version"]).is(0).out.starts_with("carewire "));
    place.run(&[]).is(2);
    place.run(&["demo", "--messages", "0"]).is(2);
    place.run(&["demo", "--no-such-flag"]).is(2);
    place.run(&["no-such-command"]).is(2).says(&["no such command"]);
    place.run(&["convert", "no-such-part"]).is(2).says(&["no such part"]);
}

#[test]
fn commands_that_are_not_there_yet_say_so() {
    let place = Place::new();
    for line in [
        "overlay check a.toml",
        "keys rotate",
        "backup x",
        "restore x",
        "purge",
        "api-key create",
        "webhooks list",
        "rules test",
        "bulk export --base https://example.org --level system --out d",
        "audit search",
        "conflicts list",
        "convert fhir-to-v2 --message ADT_A01 a.json",
        "reconcile stats",
        "reconcile history",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let ran = place.run(&words).is(2).says(&["not there yet"]);
        assert!(ran.out.is_empty(), "{line}: {}", ran.out);
    }
    let decide = ["consent", "decide", "--request", "r", "--consents", "c", "--combining", "most-recent"];
    place.run(&decide).is(2).says(&["--combining", "permit-unless-deny"]);
}

#[test]
fn a_service_that_cannot_be_reached_is_3() {
    let place = Place::initialised();
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    place.run(&["mllp", "send", "--to", &closed.to_string(), "carewire/messages/admit.hl7"]).is(3);
    place.run(&["jobs", "stats"]).is(3).says(&["there is no store"]);
    let remote = format!("http://{closed}/fhir/R4");
    let config = ["--config", "carewire/carewire.toml"];
    for command in [["serve", "--check"], ["reconcile", "run"]] {
        let words = [command, config].concat();
        place.run_with(&words, &[("CAREWIRE_REMOTE", &remote)]).is(3).says(&["remote"]);
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let environment = [("CAREWIRE_MLLP", address.as_str()), ("CAREWIRE_HTTP", "127.0.0.1:0")];
    let words = ["serve", "--config", "carewire/carewire.toml"];
    place.run_with(&words, &environment).is(3).says(&["CAREWIRE_MLLP", &address]);
}

#[test]
fn a_token_has_three_parts_and_needs_a_secret() {
    let place = Place::new();
    let token = ["token", "--sub", "ada", "--org", "default", "--role", "admin"];
    place.run(&token).is(2).says(&["JWT_SECRET is not set"]);
    let secret = [("JWT_SECRET", "0123456789abcdef0123456789abcdef")];
    let signed = place.run_with(&token, &secret).is(0);
    assert_eq!(signed.out.trim_end().split('.').count(), 3);
    assert!(!signed.err.contains("0123456789abcdef"));
    let wrong = ["token", "--sub", "ada", "--org", "default", "--role", "root"];
    place.run_with(&wrong, &secret).is(2).says(&["--role", "CLINICIAN"]);
    let wrong = [&token[..], &["--ttl", "soon"]].concat();
    place.run_with(&wrong, &secret).is(2).says(&["--ttl"]);
}
