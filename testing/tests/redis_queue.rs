//! A gateway whose jobs are on Redis: what its operators see, and what is left when Redis has forgotten all of it.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;
use std::time::{Duration, Instant};

use carewire_fhir_core::OrgId;
use carewire_hl7_v2::ack::{self, AckCode};
use carewire_mllp::{Client, ClientOptions};
use carewire_testing::canary::Persona;
use carewire_testing::gateway::{Gateway, GatewayOptions, Health};
use carewire_testing::load::{Kind, Patient, Planned, correlate};
use carewire_testing::port;
use carewire_testing::process::Process;
use carewire_testing::program::Program;
use carewire_testing::redis::{Redis, program_with_redis};
use carewire_testing::remote::Remote;

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_are_on_redis_and_come_back_when_it_has_forgotten_them() {
    let Some(binary) = program_with_redis() else { return };
    let directory = tempfile::tempdir().unwrap();
    let mut remote = Remote::start(&binary, directory.path()).await.unwrap();
    let mut redis = Redis::start(directory.path()).await.unwrap();
    let options = |queue: Option<String>| {
        let mut options = GatewayOptions::new(&binary, directory.path(), remote.base());
        options.environment.extend(queue.map(|url| ("CAREWIRE_QUEUE", url)));
        options
    };
    let mut gateway = Gateway::start(options(Some(redis.url()))).await.unwrap();

    a_held_message_is_seen_and_released(&gateway).await;
    a_paused_job_is_shown_and_cancelled(&gateway).await;
    what_redis_forgot_is_worked_on(&gateway, &mut redis, directory.path()).await;
    what_was_never_handed_over_is_not_left_behind(&mut gateway, &mut redis, &options(None)).await;
    what_is_in_the_store_is_not_left_behind(options(None), &options(Some(redis.url()))).await;

    remote.terminate().await.unwrap();
}

async fn a_held_message_is_seen_and_released(gateway: &Gateway) {
    let message = Planned::new(Patient(1), 1, Kind::Visit).bytes();
    send(gateway, &message).await;
    gateway.wait_for(PATIENCE, |health| health.held == 1).await.unwrap();
    assert!(jobs(gateway, &["stats"]).contains("\"held\":1"));
    assert!(jobs(gateway, &["stats", "--queue", "relay"]).contains("\"completed\":1"));
    let listed = jobs(gateway, &["list", "--state", "held"]);
    assert_eq!(listed.lines().count(), 1, "{listed}");
    let admin = gateway.token("ADMIN").unwrap();
    let identity = Persona::identity(&message, &OrgId::new(gateway.org()).unwrap()).unwrap();
    let token = gateway.resolve(&admin, &identity.system, &identity.value).await.unwrap();
    gateway.permit_all(&admin, "consent-1", &token).await.unwrap();
    let pushed = gateway.wait_for(PATIENCE, |health| health.pushed == 1 && health.is_idle()).await.unwrap();
    assert_eq!((pushed.pushed, pushed.held, pushed.failed), (1, 0, 0));
}

async fn a_paused_job_is_shown_and_cancelled(gateway: &Gateway) {
    jobs(gateway, &["pause"]);
    send(gateway, &Planned::new(Patient(1), 2, Kind::Result).bytes()).await;
    let started = Instant::now();
    let listed = loop {
        let listed = jobs(gateway, &["list", "--state", "waiting"]);
        if !listed.is_empty() {
            break listed;
        }
        assert!(started.elapsed() < PATIENCE, "not handed over");
    };
    let job: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let id = format!("job_{}", job.get("id").unwrap());
    assert_eq!(jobs(gateway, &["show", &id]), listed);
    assert!(jobs(gateway, &["show", "job_1"]).contains("\"queue\":\"relay\""), "the one in the store");
    jobs(gateway, &["cancel", &id]);
    assert!(jobs(gateway, &["show", &id]).contains("cancelled"));
    jobs(gateway, &["retry", &id]);
    assert!(jobs(gateway, &["paused"]).contains("sync"));
}

/// One message is pushed, one waits behind a pause. The empty server knows neither them nor the pause.
async fn what_redis_forgot_is_worked_on(gateway: &Gateway, redis: &mut Redis, directory: &Path) {
    let before = gateway.health().await.unwrap();
    assert_eq!((before.pushed, before.received), (1, 1));
    redis.start_empty(directory).await.unwrap();
    let after = settled(gateway, |health| health.pushed == 2 && health.is_idle()).await;
    assert_eq!((after.received, after.dead), (0, 0));
}

/// The gateway that has taken messages while Redis was away is refused a start without it.
async fn what_was_never_handed_over_is_not_left_behind(
    gateway: &mut Gateway,
    redis: &mut Redis,
    without: &GatewayOptions,
) {
    redis.kill().unwrap();
    send(gateway, &Planned::new(Patient(1), 3, Kind::Result).bytes()).await;
    gateway.kill().unwrap();
    let check = without.check().unwrap();
    assert_eq!(check.status.code(), Some(2));
    let told = String::from_utf8_lossy(&check.stderr).into_owned();
    assert!(told.contains("CAREWIRE_QUEUE: 1 jobs are on their way to Redis"), "{told}");
    redis.start_again().await.unwrap();
    gateway.start_again().await.unwrap();
    let pushed = settled(gateway, |health| health.pushed == 3 && health.is_idle()).await;
    assert_eq!((pushed.received, pushed.dead), (0, 0));
    assert!(gateway.terminate().await.unwrap().success());
}

/// Waits over the time in which the queue cannot be counted.
async fn settled(gateway: &Gateway, wanted: impl Fn(&Health) -> bool) -> Health {
    let started = Instant::now();
    loop {
        match gateway.health().await {
            Ok(health) if wanted(&health) => return health,
            told => assert!(started.elapsed() < 2 * PATIENCE, "{told:?}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The store's own queue has a held job that nobody would release.
async fn what_is_in_the_store_is_not_left_behind(without: GatewayOptions, with: &GatewayOptions) {
    let mut gateway = Gateway::start(without).await.unwrap();
    send(&gateway, &Planned::new(Patient(2), 1, Kind::Visit).bytes()).await;
    gateway.wait_for(PATIENCE, |health| health.held == 1).await.unwrap();
    assert!(gateway.terminate().await.unwrap().success());
    let check = with.check().unwrap();
    assert_eq!(check.status.code(), Some(2));
    let told = String::from_utf8_lossy(&check.stderr).into_owned();
    assert!(told.contains("1 jobs are in the store's own queue"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_the_outbox_go_over_redis() {
    let Some(binary) = program_with_redis() else { return };
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path();
    let remote = Remote::start(&binary, place).await.unwrap();
    let redis = Redis::start(place).await.unwrap();
    let receiver = port::free_address().unwrap();
    let inbox = place.join("inbox");
    let listen = Program::new("receiver", &binary, place)
        .args(["mllp", "listen", "--bind", &receiver.to_string()])
        .args(["--out".to_owned(), inbox.display().to_string()]);
    let _receiver = Process::start(listen).unwrap();
    let configuration = place.join("carewire.toml");
    let lab = format!("[[destination]]\nname = \"lab\"\nto = \"{receiver}\"\nbasis = \"contract:dpa-7\"\n");
    std::fs::write(&configuration, lab).unwrap();
    let mut options = GatewayOptions::new(&binary, place, remote.base());
    options.configuration = Some(configuration);
    options.environment.push(("CAREWIRE_QUEUE", redis.url()));
    let mut gateway = Gateway::start(options).await.unwrap();

    let message = place.join("message.hl7");
    std::fs::write(&message, Planned::new(Patient(1), 1, Kind::Visit).bytes()).unwrap();
    let sent = gateway.command(&["mllp", "send", "--outbox", "lab", &message.display().to_string()]).unwrap();
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let started = Instant::now();
    loop {
        let listed = gateway.command(&["mllp", "outbox", "list"]).unwrap();
        if String::from_utf8_lossy(&listed.stdout).contains("\"delivered\":1") {
            break;
        }
        assert!(started.elapsed() < PATIENCE, "not delivered");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let taken = std::fs::read_dir(&inbox).unwrap().filter(|file| {
        let name = file.as_ref().unwrap().path();
        name.extension().is_some_and(|extension| extension == "hl7")
    });
    assert_eq!(taken.count(), 1);
    assert!(gateway.terminate().await.unwrap().success());
}

/// What a command about jobs prints.
fn jobs(gateway: &Gateway, words: &[&str]) -> String {
    let ran = gateway.command(&[&["jobs"], words].concat()).unwrap();
    assert!(ran.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// It must be accepted at once.
async fn send(gateway: &Gateway, message: &[u8]) {
    let mut client = Client::connect(gateway.mllp_address(), ClientOptions::new(correlate)).await.unwrap();
    let answer = client.send(message).await.unwrap().into_payload();
    assert_eq!(ack::read(&answer).unwrap().code, AckCode::AA);
}
