//! Whatever server somebody wants to know about.

use carewire_fhir_http::{FhirHttpRemote, NoToken, Options, StaticToken};
use carewire_sync_engine::contract::remote::Server;
use carewire_sync_engine::{Limits, Remote};

use crate::outside::{LIMITS, Other, keeps_its_promises};

#[tokio::test]
async fn a_named_server() {
    let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let Some(base) = variable("CAREWIRE_TEST_FHIR_URL") else {
        println!("skipped: CAREWIRE_TEST_FHIR_URL is not set");
        return;
    };
    let token = variable("CAREWIRE_TEST_FHIR_TOKEN");
    let options = Options::default().allow_plain_http(true);
    let remote = match token.clone() {
        Some(token) => FhirHttpRemote::new("clinic", &base, &options, StaticToken::new(token)),
        None => FhirHttpRemote::new("clinic", &base, &options, NoToken),
    };
    let remote = remote.unwrap();
    // Atomicity is whatever it says; the limits are ours, and it may well take more.
    let limits = Limits { atomic: remote.probe().await.unwrap().atomic, ..LIMITS };
    println!("transactions are atomic: {}", limits.atomic);
    let server = Server { limits, enforces_limits: false, outside: Other::at(&base, token) };
    keeps_its_promises(remote, &server).await;
}
