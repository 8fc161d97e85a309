//! Two gateways and the commands on one PostgreSQL: what one stores the other works on, and a consent binds both.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;
use std::time::{Duration, Instant};

use carewire_fhir_core::OrgId;
use carewire_hl7_v2::ack::{self, AckCode};
use carewire_mllp::{Client, ClientOptions};
use carewire_testing::canary::Persona;
use carewire_testing::database::Database;
use carewire_testing::gateway::{Gateway, GatewayOptions};
use carewire_testing::load::{Kind, Patient, Planned, correlate};
use carewire_testing::program;
use carewire_testing::remote::Remote;

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gateways_and_the_commands_share_a_store() {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return;
    };
    let Ok(server) = std::env::var("CAREWIRE_TEST_POSTGRES_URL") else {
        println!("skipped: CAREWIRE_TEST_POSTGRES_URL names no PostgreSQL server");
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let database = Database::make(&server).await.unwrap();
    let mut remote = Remote::start(&binary, directory.path()).await.unwrap();
    let mut gateways = start(&binary, directory.path(), &remote, &database).await;

    a_consent_at_one_releases_what_the_other_held(&gateways).await;
    a_revocation_by_a_command_binds_both(&gateways).await;
    a_pause_by_a_command_holds_both_back(&gateways).await;
    one_of_them_removes_what_is_finished(&gateways).await;

    for gateway in &mut gateways {
        assert!(gateway.terminate().await.unwrap().success());
    }
    remote.terminate().await.unwrap();
    database.remove().await.unwrap();
}

/// Nothing serves before the tables are there; the message says what to do.
async fn start(binary: &Path, directory: &Path, remote: &Remote, database: &Database) -> [Gateway; 2] {
    let options = |name: &str| {
        let mut options = GatewayOptions::new(binary, directory, remote.base());
        options.name = name.into();
        options.store = Some(database.store());
        options.environment =
            vec![("CAREWIRE_KEEP_COMPLETED", "1s".into()), ("CAREWIRE_CLEAN_CRON", "* * * * * *".into())];
        options
    };
    options("first").make_keys().unwrap();
    let check = options("first").check().unwrap();
    assert_eq!(check.status.code(), Some(3));
    let told = String::from_utf8_lossy(&check.stderr).into_owned();
    assert!(told.contains("carewire migrate"), "{told}");
    for _ in 0..2 {
        options("first").migrate(&database.store()).unwrap();
    }
    assert!(options("first").check().unwrap().status.success());
    let first = Gateway::start(options("first")).await.unwrap();
    [first, Gateway::start(options("second")).await.unwrap()]
}

async fn a_consent_at_one_releases_what_the_other_held([first, second]: &[Gateway; 2]) {
    let message = Planned::new(Patient(1), 1, Kind::Visit).bytes();
    send(first, &message).await;
    let held = second.wait_for(PATIENCE, |health| health.held == 1).await.unwrap();
    assert_eq!((held.held, held.received), (1, 0), "both count the same store");
    let admin = second.token("ADMIN").unwrap();
    second.permit_all(&admin, "consent-1", &token(second, &admin, &message).await).await.unwrap();
    let pushed = first.wait_for(PATIENCE, |health| health.pushed == 1 && health.is_idle()).await.unwrap();
    assert_eq!((pushed.pushed, pushed.held), (1, 0));
    // The resend reaches the process that has not seen it.
    send(second, &message).await;
    assert_eq!(second.health().await.unwrap().pushed, 1, "a resend is known");
}

async fn a_revocation_by_a_command_binds_both(gateways: &[Gateway; 2]) {
    let revoked = gateways[0].command(&["consent", "revoke", "consent-1"]).unwrap();
    assert!(revoked.status.success(), "{}", String::from_utf8_lossy(&revoked.stderr));
    for (turn, gateway) in (2..).zip(gateways) {
        send(gateway, &Planned::new(Patient(1), turn, Kind::Result).bytes()).await;
    }
    let held = gateways[0].wait_for(PATIENCE, |health| health.held == 2).await.unwrap();
    assert_eq!((held.pushed, held.held), (1, 2), "nothing leaves after the revocation");
    let listed = gateways[1].command(&["consent", "list"]).unwrap();
    assert!(String::from_utf8_lossy(&listed.stdout).contains("REVOKED"));
}

async fn a_pause_by_a_command_holds_both_back(gateways: &[Gateway; 2]) {
    assert!(gateways[0].command(&["jobs", "pause"]).unwrap().status.success());
    for (patient, gateway) in (2..).zip(gateways) {
        send(gateway, &Planned::new(Patient(patient), 1, Kind::Visit).bytes()).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let paused = gateways[1].health().await.unwrap();
    assert_eq!((paused.received, paused.held), (2, 2), "nobody works on them");
    assert!(gateways[1].command(&["jobs", "resume"]).unwrap().status.success());
    let resumed = gateways[0].wait_for(PATIENCE, |health| health.held == 4).await.unwrap();
    assert_eq!((resumed.received, resumed.held), (0, 4));
    let stats = gateways[1].command(&["jobs", "stats"]).unwrap();
    assert!(String::from_utf8_lossy(&stats.stdout).contains("\"held\":4"));
}

async fn one_of_them_removes_what_is_finished(gateways: &[Gateway; 2]) {
    let started = Instant::now();
    loop {
        let stats = gateways[0].command(&["jobs", "stats", "--queue", "sync"]).unwrap();
        if String::from_utf8_lossy(&stats.stdout).contains("\"completed\":0") {
            break;
        }
        assert!(started.elapsed() < PATIENCE, "finished jobs are still there");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let leads = |gateway: &Gateway| {
        let logs = gateway.log_files().map(|file| std::fs::read_to_string(file).unwrap());
        logs.concat().matches("fires the schedules").count()
    };
    assert_eq!(gateways.iter().map(leads).sum::<usize>(), 1, "one of them leads");
}

/// It must be accepted at once.
async fn send(gateway: &Gateway, message: &[u8]) {
    let mut client = Client::connect(gateway.mllp_address(), ClientOptions::new(correlate)).await.unwrap();
    let answer = client.send(message).await.unwrap().into_payload();
    assert_eq!(ack::read(&answer).unwrap().code, AckCode::AA);
}

async fn token(gateway: &Gateway, admin: &str, message: &[u8]) -> String {
    let identity = Persona::identity(message, &OrgId::new(gateway.org()).unwrap()).unwrap();
    gateway.resolve(admin, &identity.system, &identity.value).await.unwrap()
}
