//! Configuration: everything that is wrong is said at once, and no secret is repeated.

use crate::support::Place;

const CHECK: [&str; 2] = ["serve", "--check"];
const CHECK_FILE: [&str; 4] = ["serve", "--check", "--config", "carewire/carewire.toml"];

#[test]
fn every_wrong_variable_is_named_with_what_was_expected() {
    let place = Place::new();
    let wrong = [
        ("CAREWIRE_STORE", "mysql://x", "`sqlite:PATH` or `postgres://…` is expected"),
        ("CAREWIRE_ORG", "a b", "one to 64 letters"),
        ("CAREWIRE_HTTP", "localhost", "an address and a port"),
        ("CAREWIRE_MLLP", "2575", "an address and a port"),
        ("CAREWIRE_REMOTE", "http://fhir.example.org/R4", "must be https"),
        ("CAREWIRE_IMPLICIT_CONSENT", "maybe", "`deny` or `permit-unless-denied`"),
        ("CAREWIRE_ON_REVOKE", "withdraw", "`stop` is expected"),
        ("CAREWIRE_DEID_POLICY", "no-such-file.toml", "no-such-file.toml"),
        ("CAREWIRE_ZONE", "Lisbon", "an offset such as"),
        ("CAREWIRE_WORKERS", "0", "a number from 1 to 256"),
        ("CAREWIRE_RATE_LIMIT", "10", "a rate such as"),
        ("CAREWIRE_KEEP_COMPLETED", "forever", "a time up to"),
        ("CAREWIRE_KEEP_FAILED", "99999d", "a time up to"),
        ("CAREWIRE_CLEAN_CRON", "61 * * * *", "a pattern of cron"),
        ("CAREWIRE_RECONCILE_CRON", "0 3 * * *", "not there yet"),
        ("CAREWIRE_QUEUE", "amqp://x", "`redis://…` or `rediss://…` is expected"),
        ("CAREWIRE_BLOBS", "s3://x", "not there yet"),
        ("CAREWIRE_MLLP_TLS_CLIENT_CA", "ca.pem", "needs CAREWIRE_MLLP_TLS_CERT"),
        ("CAREWIRE_MLLP_MAX_CONNECTIONS", "0", "a number from 1"),
        ("CAREWIRE_MLLP_IDLE_TIMEOUT", "600", "a time such as"),
        ("CAREWIRE_MLLP_MAX_FRAME", "100", "a number of bytes"),
        ("CAREWIRE_SHUTDOWN", "1d", "a time from `1s`"),
        ("ENABLE_MEDPLUM", "true", "not there yet"),
        ("JWT_SECRET", "hunter2", "at least 32 characters"),
        ("JWT_ISSUER", "https://idp.example.org", "not there yet"),
        ("CRON_SECRET", "hunter3", "at least 32 characters"),
        ("LOG_LEVEL", "loud", "debug or trace"),
    ];
    let environment: Vec<(&str, &str)> = wrong.iter().map(|(name, value, _)| (*name, *value)).collect();
    let ran = place.run_with(&CHECK, &environment).is(2);
    for (name, _, expected) in wrong {
        let line = ran.err.lines().find(|line| line.trim_start().starts_with(&format!("{name}: ")));
        assert!(line.is_some_and(|line| line.contains(expected)), "{name}: {}", ran.err);
    }
    assert!(!ran.err.contains("hunter"), "{}", ran.err);
    assert!(place.list("").is_empty(), "nothing was made");
}

#[test]
fn a_policy_that_would_refuse_every_message_is_refused_at_the_start() {
    let place = Place::initialised();
    let head = "id = 'own'\nversion = '1'\njurisdiction = 'any'\nsources = []\n";
    let tokens = "[[fhir]]\npath = 'Patient'\nmethod = 'token'\n";
    for (lines, expected) in [
        (format!("keys = 'run'\n{tokens}"), "`keys = \"run\"`"),
        (format!("as_of_rule = 'required'\n{tokens}"), "`as_of_rule = \"required\"`"),
        ("[[fhir]]\npath = 'Patient.gender'\nmethod = 'keep'\n".to_owned(), "`method = \"token\"`"),
        (format!("{tokens}[[fhir]]\npath = 'Patient.photo.url'\nmethod = 'encrypt'\n"), "`encrypt`"),
    ] {
        place.write("own.toml", format!("{head}{lines}"));
        for command in [&CHECK_FILE[..], &["serve", "--config", "carewire/carewire.toml"]] {
            let environment = [("CAREWIRE_DEID_POLICY", "own.toml")];
            place.run_with(command, &environment).is(2).says(&["policy own.toml", expected]);
        }
    }
    place.write("own.toml", format!("{head}{tokens}"));
    place.run_with(&CHECK_FILE, &[("CAREWIRE_DEID_POLICY", "own.toml")]).is(0);
}

#[test]
fn the_environment_overrides_the_file() {
    let place = Place::initialised();
    let ran = place.run(&CHECK_FILE).is(0).says(&["org               default", "deny"]);
    assert!(ran.out.is_empty());
    let environment = [("CAREWIRE_ORG", "north"), ("CAREWIRE_IMPLICIT_CONSENT", "permit-unless-denied")];
    place
        .run_with(&CHECK_FILE, &environment)
        .is(0)
        .says(&["org               north", "permit-unless-denied"]);
}

#[test]
fn a_file_that_is_wrong_is_refused_with_the_place() {
    let place = Place::initialised();
    place.write("a.toml", "org = \"a\"\nworkers = = 5\n");
    place.run(&["serve", "--check", "--config", "a.toml"]).is(2).says(&["a.toml: line 2, column 11"]);
    place.write("b.toml", "implict_consent = \"permit-unless-denied\"\nworkers = 0\n");
    let ran = place.run(&["serve", "--check", "--config", "b.toml"]).is(2);
    ran.says(&["implict_consent: no setting", "CAREWIRE_WORKERS: a number"]);
    place.run(&["serve", "--check", "--config", "no-such.toml"]).is(2).says(&["no-such.toml"]);
}

#[test]
fn init_does_not_overwrite_what_is_there() {
    let place = Place::initialised();
    let keys = place.read("carewire/carewire.keys.json");
    place.run(&["init"]).is(2).says(&["is there already"]);
    assert_eq!(place.read("carewire/carewire.keys.json"), keys);
    place.run(&["init", "other/place"]).is(0);
    assert!(place.read("other/place/carewire.toml").contains("sqlite:other/place/carewire.db"));
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_is_refused() {
    use crate::support::set_mode;
    use std::os::unix::fs::PermissionsExt;
    let place = Place::initialised();
    let keys = place.path("carewire/carewire.keys.json");
    assert_eq!(std::fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o600);
    for mode in [0o644, 0o640, 0o604] {
        set_mode(&keys, mode);
        place.run(&CHECK_FILE).is(2).says(&["can be read by others", "chmod 600"]);
        let deid = ["deid", "fhir", "-", "--key-file", "carewire/carewire.keys.json"];
        place.run(&deid).is(2).says(&["can be read by others"]);
    }
    set_mode(&keys, 0o400);
    place.run(&CHECK_FILE).is(0);
}

#[test]
fn keys_that_a_store_was_written_with_are_not_made_anew() {
    let place = Place::initialised();
    place.run(&CHECK_FILE).is(0);
    std::fs::remove_file(place.path("carewire/carewire.keys.json")).unwrap();
    place.run(&CHECK_FILE).is(2).says(&["carewire.keys.json"]);
    assert!(!place.path("carewire/carewire.keys.json").exists());
    // Without a store there is nothing that could not be opened.
    place.run_with(&CHECK, &[("CAREWIRE_STORE", "sqlite:fresh.db")]).is(0);
    assert!(place.path("fresh.keys.json").exists());
}

#[test]
fn production_refuses_what_is_only_good_for_trying() {
    let place = Place::new();
    let production =
        [("CAREWIRE_ENV", "production"), ("CRON_SECRET", "not 64 hex digits, but longer than 32")];
    place.run_with(&CHECK, &production).is(2).says(&[
        "CAREWIRE_REMOTE: production needs a remote",
        "JWT_SECRET: production needs",
        "CAREWIRE_KEY_FILE: production does not make keys",
        "CRON_SECRET: 64 hex digits",
    ]);
    let plain = [("CAREWIRE_ENV", "production"), ("CAREWIRE_REMOTE", "http://127.0.0.1:1/fhir")];
    place.run_with(&CHECK, &plain).is(2).says(&["CAREWIRE_REMOTE: production needs https"]);
    let open = [("CAREWIRE_ENV", "production"), ("CAREWIRE_MLLP", "0.0.0.0:2575")];
    place.run_with(&CHECK, &open).is(2).says(&["CAREWIRE_MLLP: production needs TLS"]);
    let local =
        place.run_with(&CHECK, &[("CAREWIRE_ENV", "production"), ("CAREWIRE_MLLP", "[::1]:2575")]).is(2);
    assert!(!local.err.contains("CAREWIRE_MLLP"), "{}", local.err);
}

#[test]
fn a_shared_store_needs_keys_and_a_remote_that_all_have() {
    let place = Place::new();
    let store =
        [("CAREWIRE_STORE", "postgres://app:hunter2@db.example/health"), ("CAREWIRE_ENV", "production")];
    let ran = place.run_with(&CHECK, &store).is(2).says(&[
        "CAREWIRE_KEY_FILE: a store on PostgreSQL needs one",
        "CAREWIRE_REMOTE: a store on PostgreSQL needs a remote",
        "CAREWIRE_STORE: production needs `sslmode=verify-full`",
    ]);
    assert!(!ran.err.contains("hunter"), "{}", ran.err);
    place.run_with(&["migrate"], &[("CAREWIRE_STORE", "sqlite:a.db")]).is(2).says(&["needs no migration"]);
    let owner =
        [("DATABASE_URL", "postgres://app:hunter2@127.0.0.1:1/health"), ("CAREWIRE_STORE_OWNER", "me")];
    place.run_with(&["migrate"], &owner).is(2).says(&["CAREWIRE_STORE_OWNER: `postgres://…` is expected"]);
    let ran = place.run_with(&["migrate"], &owner[..1]).is(3).says(&["postgres://127.0.0.1:1/health"]);
    assert!(!ran.err.contains("hunter"), "{}", ran.err);
}

#[test]
fn half_of_a_certificate_is_named() {
    let place = Place::new();
    for (given, missing) in [
        ("CAREWIRE_MLLP_TLS_CERT", "CAREWIRE_MLLP_TLS_KEY"),
        ("CAREWIRE_MLLP_TLS_KEY", "CAREWIRE_MLLP_TLS_CERT"),
    ] {
        let ran = place.run_with(&CHECK, &[(given, "a.pem")]).is(2);
        ran.says(&[&format!("{missing}: is expected beside {given}")]);
    }
    let both = [("CAREWIRE_MLLP_TLS_CERT", "no-such.pem"), ("CAREWIRE_MLLP_TLS_KEY", "a.pem")];
    place.run_with(&CHECK, &both).is(2).says(&["CAREWIRE_MLLP_TLS: cannot read no-such.pem"]);
    place.write("no-such.pem", "no certificate").write("a.pem", "SECRETKEY");
    let ran = place.run_with(&CHECK, &both).is(2).says(&["CAREWIRE_MLLP_TLS: no-such.pem: "]);
    assert!(!ran.err.contains("SECRETKEY"));
}

#[test]
fn each_sender_that_is_wrong_is_named_with_its_number() {
    let place = Place::initialised();
    place.write(
        "a.toml",
        r#"
[[sender]]
from = ["10.1.0.0/16", "10.1.0.1/16", "name:*.example.org", "lis", "sha256:12", 7]
[[sender]]
form = ["10.1.0.0/16"]
application = 3
facility = ""
org = "a b"
[[sender]]
from = []
org = "north"
[[sender]]
from = ["name:lis.example.org"]
[[sender]]
[[sender]]
application = "LAB"
"#,
    );
    let ran = place.run(&["serve", "--check", "--config", "a.toml"]).is(2);
    ran.says(&[
        "sender 1: from, entry 2: not a network",
        "sender 1: from, entry 3: not a name",
        "sender 1: from, entry 4: not an address",
        "sender 1: from, entry 5: not a SHA-256 fingerprint",
        "sender 1: from, entry 6: a text is expected",
        "sender 2: form: no setting of a sender has this name",
        "sender 2: application: a text is expected",
        "sender 2: facility: a text is expected",
        "sender 2: org: one to 64 letters",
        "sender 3: from: a list of addresses",
        "sender 4: from: a rule about certificates needs CAREWIRE_MLLP_TLS_CLIENT_CA",
        "sender 6: is never asked: sender",
    ]);
    place.write("b.toml", "sender = \"10.0.0.1\"\n");
    let ran = place.run(&["serve", "--check", "--config", "b.toml"]).is(2);
    ran.says(&["sender 1: is written as a table"]);
}

#[test]
fn the_check_says_who_may_send_and_how_open_the_door_is() {
    let place = Place::initialised();
    place.run(&CHECK_FILE).is(0).says(&["mllp              127.0.0.1:2575, no TLS", "whoever can connect"]);
    let open = [("CAREWIRE_MLLP", "0.0.0.0:2575")];
    let warned = place.run_with(&CHECK_FILE, &open).is(0);
    warned.says(&[
        "warning: CAREWIRE_MLLP is reachable",
        "no TLS: messages travel in clear text",
        "no [[sender]]",
    ]);
    let senders = "[[sender]]\nfrom = [\"10.1.0.0/16\"]\norg = \"north\"\n[[sender]]\nfrom = [\"::1\"]\n";
    let file = format!("{}\n{senders}", place.read("carewire/carewire.toml"));
    place.write("carewire/carewire.toml", file);
    let ran = place.run_with(&CHECK_FILE, &open).is(0).says(&["2 configured; orgs default, north", "no TLS"]);
    assert!(!ran.err.contains("no [[sender]]"), "{}", ran.err);
}

/// Whoever takes the comment signs away gets what the comments say.
#[test]
fn what_the_sample_configuration_offers_is_understood() {
    let place = Place::initialised();
    let sample = place.read("carewire/carewire.toml");
    let offered = |line: &&str| {
        let word = line.strip_prefix("# ").unwrap_or_default().split(' ').next().unwrap_or_default();
        word.starts_with('[') || (line.contains(" = ") && !word.is_empty() && word == word.to_lowercase())
    };
    let secret = |line: &str| line.contains("_secret") || line.contains("env = ");
    let lines = sample.lines().map(|line| match offered(&line) && !secret(line) {
        true => line.trim_start_matches("# "),
        false => line,
    });
    let all = lines.collect::<Vec<_>>().join("\n");
    assert!(
        all.contains("\n[[sender]]\n") && all.contains("\nshutdown = ") && all.contains("\nzone = "),
        "{all}"
    );
    assert!(all.contains("\n[map]\n") && all.contains("\npatient_systems = "), "{all}");
    place.write("all.toml", all);
    place.run(&["jobs", "stats", "--config", "all.toml"]).is(3).says(&["there is no store"]);
}

#[test]
fn how_messages_are_read_is_checked_and_shown() {
    let place = Place::initialised();
    let file = place.read("carewire/carewire.toml");
    let with = |map: &str| {
        place.write("carewire/carewire.toml", format!("{file}\n{map}\n"));
        place.run(&CHECK_FILE)
    };
    with("[map]\npatient_systems = [\"urn:oid:1.2\"]\nunknown_codes = \"of-table\"\nnull = \"ignore\"\nsnapshot = [\"Encounter\"]")
        .is(0)
        .says(&["patients by       urn:oid:1.2"]);
    with("[map]\npatient_systems = \"urn:oid:1.2\"\nunknown_codes = \"guess\"\nabsence = \"drop\"\nnull = 1\nsnapshot = [\"Visit\"]\nfoo = 1")
        .is(2)
        .says(&[
            "map: patient_systems: a list of texts is expected",
            "map: unknown_codes: `without-system` or `of-table` is expected",
            "map: absence: `keep` or `snapshot` is expected",
            "map: null: a text is expected",
            "map: snapshot: the names of resource types",
            "map: foo: no setting of a map has this name",
        ]);
    with("map = 7").is(2);
}
