//! The private services that `cargo xtask test` starts are what they say, and no service of ours runs as root.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use carewire_testing::service::Endpoint;

#[test]
fn redis_answers() {
    let Some(endpoint) = endpoint("CAREWIRE_TEST_REDIS_URL") else { return };
    endpoint.ping().unwrap();
    not_root(&endpoint);
}

#[test]
fn postgres_answers() {
    let Some(endpoint) = endpoint("CAREWIRE_TEST_POSTGRES_URL") else { return };
    endpoint.start_up().unwrap();
    not_root(&endpoint);
}

fn endpoint(variable: &str) -> Option<Endpoint> {
    match std::env::var(variable) {
        Ok(url) if !url.is_empty() => Some(Endpoint::parse(&url).unwrap()),
        _ => {
            println!("skipped: {variable} is not set (cargo xtask test sets it)");
            None
        }
    }
}

fn not_root(endpoint: &Endpoint) {
    match endpoint.owner() {
        Some(user) => assert_ne!(user, 0, "it runs as root"),
        None => println!("skipped: the kernel does not tell who listens on {}", endpoint.address),
    }
}
