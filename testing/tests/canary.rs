//! Canaries through the whole path, at log level trace: none may come out anywhere but sealed.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use std::path::Path;
use std::time::Duration;

use carewire_testing::canary::{CONTROL_VALUE, Canaries, Finding, Persona, Scene, Searcher, Story};
use carewire_testing::gateway::Health;
use carewire_testing::http::Call;
use carewire_testing::program;

const PATIENCE: Duration = Duration::from_secs(60);
const FAULTS: [&str; 5] =
    ["transient-400", "drop-after-apply", "throttle-429-entry", "serialization-409", "drop-before"];

/// A consented patient, a denied one, one whose consent comes later and is revoked again, one in remote faults, one
/// without identifiers, and bytes that nobody can read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_canary_comes_out_unsealed() {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let mut canaries = Canaries::new(20_261_120);
    let mut scene = Scene::start(&binary, directory.path()).await.unwrap();
    let sent = tell_all(&mut scene, &mut canaries).await;
    let health = scene.gateway.wait_for(PATIENCE, |health| *health == sent).await.unwrap();
    assert_eq!(health, sent, "not everything went the way that it should have gone");
    look_everywhere(&mut scene, &mut canaries).await;

    let searcher = Searcher::new(&canaries);
    let places = scene.places().await.unwrap();
    let found: Vec<Finding> = places.iter().flat_map(|place| place.search(&searcher)).collect();
    report(&canaries, places.len(), &found);

    scene.gateway.terminate().await.unwrap();
    scene.remote.terminate().await.unwrap();
    let left = scene.files().unwrap();
    let found: Vec<Finding> = left.iter().flat_map(|place| place.search(&searcher)).collect();
    report(&canaries, left.len(), &found);
    controls(&places.iter().map(|place| (place.name.as_str(), place.bytes.as_slice())).collect::<Vec<_>>());
}

/// A leak in each kind of place, each in another encoding: every one is found.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planted_leak_is_found() {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let mut canaries = Canaries::new(7);
    let scene = Scene::start(&binary, directory.path()).await.unwrap();
    let mut persona = Persona::identified("denied patient", &mut canaries);
    let message = persona.message(&mut canaries, Story::Admission);
    scene.send(&message).await.unwrap();
    let searcher = Searcher::new(&canaries);
    let name = canaries.all().iter().find(|canary| canary.name.contains("PID-5")).unwrap().forms[0].clone();

    leak_to_the_remote(&scene, &name).await;
    let places = scene.places().await.unwrap();
    let found: Vec<Finding> = places.iter().flat_map(|place| place.search(&searcher)).collect();
    for wanted in ["remote.db", "remote search for Organization"] {
        assert!(found.iter().any(|finding| finding.place.starts_with(wanted)), "{wanted}: {found:?}");
    }
    assert!(found.iter().all(|finding| finding.place.starts_with("remote")), "{found:?}");

    let hexadecimal: String = name.bytes().map(|byte| format!("{byte:02X}")).collect();
    let utf_16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let copies = [
        (scene.gateway.store_files().remove(0), hexadecimal.into_bytes(), "hexadecimal"),
        (scene.gateway.log_files()[1].clone(), utf_16, "UTF-16LE"),
        (scene.gateway.log_files()[1].clone(), format!("%{name}").into_bytes(), "plain"),
    ];
    for (file, leak, encoding) in copies {
        let copy = directory.path().join("copy");
        plant(&file, &leak, &copy);
        let found = searcher.search_file(&copy).unwrap();
        let is_it = |finding: &Finding| finding.encoding == encoding && finding.canary.contains("PID-5");
        assert!(found.iter().any(is_it), "{encoding} in {}: {found:?}", file.display());
    }
}

/// Sends everything; answers what the gateway must have counted in the end.
async fn tell_all(scene: &mut Scene, canaries: &mut Canaries) -> Health {
    let mut health = Health::default();
    let mut consented = Persona::identified("consented patient", canaries);
    let first = consented.message(canaries, Story::Admission);
    scene.permit(&first).await.unwrap();
    accepted(scene, canaries, &first).await;
    for story in Story::ALL.into_iter().skip(1) {
        let message = consented.message(canaries, story);
        accepted(scene, canaries, &message).await;
        accepted(scene, canaries, &message).await;
    }
    health.pushed += 5;
    health.held += tell_denied(scene, canaries).await;
    health.held += tell_revoked(scene, canaries).await;
    health.pushed += 1;
    health.pushed += tell_through_faults(scene, canaries).await;
    let mut nobody = Persona::new("patient without identifiers", canaries);
    let message = nobody.message(canaries, Story::Results);
    accepted(scene, canaries, &message).await;
    (health.dead, health.failed) = (1, 1);
    let mut garbled = Persona::identified("unreadable message", canaries);
    let unreadable = garbled.unreadable(canaries);
    let answer = scene.send(&unreadable).await.unwrap();
    assert!(Searcher::new(canaries).search("AE", &answer).is_empty(), "the AE repeats what cannot be read");
    health.refused = 1;
    health
}

async fn tell_denied(scene: &mut Scene, canaries: &mut Canaries) -> u64 {
    let mut denied = Persona::identified("denied patient", canaries);
    for story in Story::ALL {
        let mut message = denied.message(canaries, story);
        message.extend(refusal(canaries).into_bytes());
        accepted(scene, canaries, &message).await;
    }
    Story::ALL.len() as u64
}

/// A segment by which a patient refuses, with all that may be said beside it.
fn refusal(canaries: &mut Canaries) -> String {
    let mut word = |field: &str| canaries.word(format!("refusal, {field}"));
    let (code, text, form, number) = (word("CON-2.1"), word("CON-2.2"), word("CON-3"), word("CON-4"));
    let (wording, limits, by) = (word("CON-5"), word("CON-9"), word("CON-24"));
    format!("CON|1|{code}^{text}|{form}|{number}|{wording}||||{limits}||R|||||||||||||{by}\r")
}

/// Held, released by a consent, pushed; after its revocation held again.
async fn tell_revoked(scene: &mut Scene, canaries: &mut Canaries) -> u64 {
    let mut patient = Persona::identified("patient who revokes", canaries);
    let message = patient.message(canaries, Story::Results);
    accepted(scene, canaries, &message).await;
    let held = scene.gateway.wait_for(PATIENCE, |health| health.is_idle()).await.unwrap().held;
    let consent = scene.permit(&message).await.unwrap();
    let released =
        scene.gateway.wait_for(PATIENCE, |health| health.held < held && health.is_idle()).await.unwrap();
    assert!(released.held < held, "the consent released nothing: {released:?}");
    let revoke = Call::post(scene.gateway.url(&format!("/api/consents/{consent}/revoke")), "");
    assert_eq!(scene.ask(revoke).await.unwrap(), 200);
    let message = patient.message(canaries, Story::Admission);
    accepted(scene, canaries, &message).await;
    1
}

/// Each message meets another fault.
async fn tell_through_faults(scene: &mut Scene, canaries: &mut Canaries) -> u64 {
    scene.gateway.wait_for(PATIENCE, |health| health.is_idle()).await.unwrap();
    let mut patient = Persona::identified("patient in remote faults", canaries);
    let first = patient.message(canaries, Story::Admission);
    scene.permit(&first).await.unwrap();
    for kind in
        ["transient-400", "drop-after-apply", "throttle-429-entry", "serialization-409", "drop-before"]
    {
        let fault = format!(r#"{{"kind":"{kind}","times":1,"method":"POST","millis":100}}"#);
        scene.remote.fault(&fault).await.unwrap();
        let message =
            if kind == "transient-400" { first.clone() } else { patient.message(canaries, Story::Results) };
        accepted(scene, canaries, &message).await;
        scene.gateway.wait_for(PATIENCE, |health| health.is_idle()).await.unwrap();
        assert_eq!(scene.remote.faults_of(kind).await.unwrap(), 1, "{kind} did not happen");
    }
    FAULTS.len() as u64
}

/// The sender gets AA, with nothing in it but what acknowledgements repeat.
async fn accepted(scene: &Scene, canaries: &Canaries, message: &[u8]) {
    let answer = scene.send(message).await.unwrap();
    assert!(answer.windows(8).any(|window| window == b"\rMSA|AA|"), "not accepted");
    let repeated = ["MSH-3", "MSH-4", "MSH-5", "MSH-6", "MSH-10"];
    let found = Searcher::new(canaries).search("an acknowledgement", &answer);
    let more = found.iter().find(|finding| !repeated.iter().any(|field| finding.canary.ends_with(field)));
    assert_eq!(more, None);
}

/// Everything that answers, with canaries of its own in what is asked.
async fn look_everywhere(scene: &mut Scene, canaries: &mut Canaries) {
    let url = |scene: &Scene, path: &str| scene.gateway.url(path);
    for path in ["/health", "/health/ready", "/health/live", "/health/startup", "/metrics", "/metrics/json"] {
        let call = Call::get(url(scene, path));
        assert_eq!(scene.ask_as_is(call).await.unwrap(), 200, "{path}");
    }
    for path in ["/fhir/admin/queue/stats", "/fhir/admin/queue/failed?limit=1000", "/api/consents?limit=1000"]
    {
        let call = Call::get(url(scene, path));
        assert_eq!(scene.ask(call).await.unwrap(), 200, "{path}");
    }
    let reconcile = Call::post(url(scene, "/fhir/admin/reconciliation/run"), r#"{"dryRun":true}"#);
    assert_eq!(scene.ask(reconcile).await.unwrap(), 200);
    refusals(scene, canaries).await;
    for arguments in
        [&["jobs", "list", "--limit", "1000"][..], &["jobs", "stats"], &["reconcile", "run", "--dry-run"]]
    {
        scene.run_and_read(arguments).unwrap();
    }
    convert(scene, canaries);
}

/// What is wrong with a request must be said without repeating it.
async fn refusals(scene: &mut Scene, canaries: &mut Canaries) {
    let word = canaries.word("path of a request");
    let paths = ["/", "/fhir/admin/queue/retry/", "/api/consents/", "/api/patients/"];
    for path in paths {
        let call = Call::get(scene.gateway.url(&format!("{path}{word}")));
        assert!(scene.ask(call).await.unwrap() >= 400);
    }
    for path in [format!("/fhir/admin/queue/retry/{word}"), format!("/api/consents/{word}/revoke")] {
        let call = Call::post(scene.gateway.url(&path), "");
        assert!(scene.ask(call).await.unwrap() >= 400);
    }
    let word = canaries.word("query of a request");
    for path in [
        "/fhir/admin/queue/failed?limit=",
        "/fhir/admin/queue/failed?cursor=",
        "/api/consents?limit=",
        "/api/consents?cursor=",
    ] {
        let call = Call::get(scene.gateway.url(&format!("{path}{word}")));
        scene.ask(call).await.unwrap();
    }
    let (member, value) = (canaries.word("member of a body"), canaries.word("value in a body"));
    let bodies = [
        format!(r#"{{"{member}":"{value}"}}"#),
        format!(r#"{{"system":"{value}","value":"{value}","{member}":1}}"#),
        format!(r#"{{"system":["{value}"],"value":{{"{member}":1}}}}"#),
        format!(
            r#"{{"id":"{value}","org":"{value}","patient":"{value}","purpose":"{value}","state":"{value}"}}"#
        ),
        format!(r#"{{"reason":["{value}"],"{member}":1}}"#),
        format!("{value}{{"),
        format!(r#""{value}"#),
    ];
    for body in bodies {
        for path in [
            "/api/patients/resolve",
            "/api/consents",
            "/api/consents/decide",
            "/fhir/admin/queue/redrive",
            "/fhir/admin/reconciliation/run",
        ] {
            let call = Call::post(scene.gateway.url(path), body.as_str());
            assert!(scene.ask(call).await.unwrap() >= 400, "{path}");
        }
    }
    question(scene, canaries).await;
    let word = canaries.word("header of a request");
    for (name, value) in [
        ("authorization", format!("Bearer {word}")),
        ("authorization", word.clone()),
        ("x-org-id", word.clone()),
    ] {
        let call = Call::get(scene.gateway.url("/api/consents")).header(name, &value);
        assert!(scene.ask_as_is(call).await.unwrap() >= 400);
    }
}

/// A question about consent that could be told from its answer and its record.
async fn question(scene: &mut Scene, canaries: &mut Canaries) {
    let mut word = |part: &str| canaries.word(format!("question about consent, {part}"));
    let question = format!(
        r#"{{"org":"{}","patient":"pt_1","purpose":"{}","data_classes":["{}"],"labels":["{}"],
            "actor":{{"reference":"{}","aliases":["{}"],"role":"{}"}},"break_glass":{{"reason":"{}"}}}}"#,
        scene.gateway.org(),
        word("purpose"),
        word("class"),
        word("label"),
        word("actor"),
        word("alias"),
        word("role"),
        word("reason"),
    );
    let call = Call::post(scene.gateway.url("/api/consents/decide"), question);
    assert_eq!(scene.ask(call).await.unwrap(), 200);
}

/// The command line's reports and complaints about these messages.
fn convert(scene: &mut Scene, canaries: &mut Canaries) {
    let folder = scene.directory().join("input");
    std::fs::create_dir_all(&folder).unwrap();
    let mut persona = Persona::identified("patient on the command line", canaries);
    let readable: Vec<u8> =
        Story::ALL.into_iter().flat_map(|story| persona.message(canaries, story)).collect();
    let (whole, broken) = (folder.join("whole.hl7"), folder.join("broken.hl7"));
    std::fs::write(&whole, readable).unwrap();
    std::fs::write(&broken, persona.unreadable(canaries)).unwrap();
    let report = scene.directory().join("report.ndjson");
    let out = folder.join("out.ndjson");
    let text = |path: &Path| path.display().to_string();
    scene
        .run(&[
            "convert",
            "v2-to-fhir",
            &text(&whole),
            &text(&broken),
            "--out",
            &text(&out),
            "--report",
            &text(&report),
        ])
        .unwrap();
    scene.keep(&report).unwrap();
    assert!(std::fs::metadata(&report).unwrap().len() > 0, "the report is empty");
}

fn report(canaries: &Canaries, places: usize, found: &[Finding]) {
    println!("{} canaries, {places} places, {} findings", canaries.all().len(), found.len());
    for finding in found {
        println!("LEAK {finding}");
    }
    assert!(found.is_empty(), "{} leaks", found.len());
}

/// That nothing was found must not be because nothing was there.
fn controls(places: &[(&str, &[u8])]) {
    let holds = |place: &str, text: &str| {
        let is_there = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        places.iter().any(|(name, bytes)| name.starts_with(place) && is_there(bytes))
    };
    for (place, text) in [
        ("remote.db", CONTROL_VALUE),
        ("remote search for Observation", CONTROL_VALUE),
        ("wire-1-request.bin", "POST"),
        ("remote.requests.log", "POST"),
        ("gateway.stderr.log", "TRACE"),
        ("gateway.stderr.log", "message processed"),
        ("gateway.db", "no-patient-identifier"),
        ("answer", "carewire_messages_received_total"),
        ("answer", "no-patient-identifier"),
        ("stdout of carewire jobs list", "no-patient-identifier"),
    ] {
        assert!(holds(place, text), "`{text}` is not in {place}: the search proves nothing");
    }
}

/// A resource with a name in it, as if it had been forgotten.
async fn leak_to_the_remote(scene: &Scene, name: &str) {
    let body = format!(r#"{{"resourceType":"Organization","name":"of {name}"}}"#);
    let call = Call::post(format!("{}/Organization", scene.remote.base()), body);
    assert_eq!(scene.gateway.send(&call).await.unwrap().status, 201);
}

/// A copy of a file with something in its middle.
fn plant(file: &Path, leak: &[u8], copy: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes.splice(middle..middle, leak.iter().copied());
    std::fs::write(copy, bytes).unwrap();
}
