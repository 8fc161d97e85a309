//! Tokens: sent, renewed once, never shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use carewire_embedded_fhir::EmbeddedFhir;
use carewire_fhir_core::Value;
use carewire_fhir_http::{Error, FhirHttpRemote, NoToken, StaticToken, TokenSource};
use carewire_sync_engine::{Refusal, Remembered, Remote};
use secrecy::{ExposeSecret, SecretString};

use crate::support::{options, serve, transient_code};

/// Gives `old` until it is told that it was refused, then `new`.
#[derive(Clone, Debug, Default)]
struct Renewing {
    renewals: Arc<AtomicUsize>,
    new: &'static str,
}

#[async_trait]
impl TokenSource for Renewing {
    async fn token(&self) -> Result<Option<SecretString>, Error> {
        let token = if self.renewals.load(Ordering::SeqCst) == 0 { "old" } else { self.new };
        Ok(Some(SecretString::from(token)))
    }

    async fn renew(&self, refused: &SecretString) -> Result<Option<SecretString>, Error> {
        assert!(["old", self.new].contains(&refused.expose_secret()));
        self.renewals.fetch_add(1, Ordering::SeqCst);
        Ok(Some(SecretString::from(self.new)))
    }
}

#[derive(Debug)]
struct Broken;

#[async_trait]
impl TokenSource for Broken {
    async fn token(&self) -> Result<Option<SecretString>, Error> {
        Err(Error::Token { source: "away".into() })
    }

    async fn renew(&self, _: &SecretString) -> Result<Option<SecretString>, Error> {
        Ok(None)
    }
}

async fn read(tokens: impl TokenSource + 'static) -> (Result<Remembered, Refusal>, i64) {
    let (server, base) = serve(EmbeddedFhir::builder().bearer_token("new")).await;
    let remote = FhirHttpRemote::new("clinic", &base, &options(), tokens).unwrap();
    let result = remote.read("Patient", "6b8a5c0e-0000-4000-8000-000000000001").await;
    (result, server.stats().get("requests").and_then(Value::as_i64).unwrap())
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let source = Renewing { new: "new", ..Renewing::default() };
    let (result, requests) = read(source.clone()).await;
    assert!(matches!(result, Ok(Remembered::Absent)));
    assert_eq!((source.renewals.load(Ordering::SeqCst), requests), (1, 2));
}

#[tokio::test]
async fn a_second_refusal_is_final() {
    let source = Renewing { new: "wrong", ..Renewing::default() };
    let (result, requests) = read(source.clone()).await;
    assert_eq!(transient_code(&result.unwrap_err()), "unauthorized");
    assert_eq!((source.renewals.load(Ordering::SeqCst), requests), (1, 2));
}

#[tokio::test]
async fn a_token_that_cannot_change_is_sent_once() {
    assert!(matches!(read(StaticToken::new("new")).await, (Ok(Remembered::Absent), 1)));
    for (result, requests) in [read(StaticToken::new("wrong")).await, read(NoToken).await] {
        assert_eq!((transient_code(&result.unwrap_err()), requests), ("unauthorized", 1));
    }
}

#[tokio::test]
async fn without_a_token_source_that_works_nothing_is_sent() {
    let (result, requests) = read(Broken).await;
    assert_eq!((transient_code(&result.unwrap_err()), requests), ("no-token", 0));
}

#[test]
fn a_token_is_never_shown() {
    let token = StaticToken::new("s3cret");
    assert!(!format!("{token:?}").contains("s3cret"));
    let remote = FhirHttpRemote::new("clinic", "https://a.example", &options(), token).unwrap();
    assert!(!format!("{remote:?}").contains("s3cret"));
}
