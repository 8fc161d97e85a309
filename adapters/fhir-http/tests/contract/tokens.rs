//! Tokens from the token endpoint, and a server that forgets those that it gave out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use carewire_fhir_http::{Error, FhirHttpRemote, NoToken, Options, TokenSource};
use carewire_sync_engine::{Remembered, Remote};
use carewire_testing::http::{Call, Http};
use carewire_testing::peer::Peer;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::peer::start;

const NOWHERE: &str = "00000000-0000-4000-8000-000000000001";

/// Client credentials, without any care for expiry.
#[derive(Clone, Debug)]
struct Credentials {
    url: String,
    form: Arc<SecretString>,
    current: Arc<Mutex<Option<SecretString>>>,
    asked: Arc<AtomicUsize>,
}

impl Credentials {
    fn of(peer: &Peer) -> Self {
        let client = peer.client().unwrap();
        let form =
            format!("grant_type=client_credentials&client_id={}&client_secret={}", client.id, client.secret);
        Self {
            url: peer.token_url(),
            form: Arc::new(form.into()),
            current: Arc::default(),
            asked: Arc::default(),
        }
    }

    async fn ask(&self) -> Result<Option<SecretString>, Error> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let form = self.form.expose_secret().to_owned();
        let call = Call::form(self.url.as_str(), form);
        let lost = |error: carewire_testing::Error| Error::Token { source: Box::new(error) };
        let answer = Http::new().map_err(lost)?.json(&call).await.map_err(lost)?;
        Ok(answer["access_token"].as_str().map(SecretString::from))
    }
}

#[async_trait]
impl TokenSource for Credentials {
    async fn token(&self) -> Result<Option<SecretString>, Error> {
        let mut current = self.current.lock().await;
        if current.is_none() {
            *current = self.ask().await?;
        }
        Ok(current.clone())
    }

    async fn renew(&self, refused: &SecretString) -> Result<Option<SecretString>, Error> {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|token| token.expose_secret() == refused.expose_secret()) {
            *current = self.ask().await?;
        }
        Ok(current.clone())
    }
}

#[tokio::test]
async fn a_flush_of_all_tokens_costs_one_sign_in() {
    let Some(peer) = start(&["--auth"]) else { return };
    let tokens = Credentials::of(&peer);
    let remote = FhirHttpRemote::new("clinic", peer.base(), &Options::default(), tokens.clone()).unwrap();
    for signed_in in [1, 2] {
        let reads = (0..4).map(|_| remote.read("Patient", NOWHERE));
        for read in reads {
            assert!(matches!(read.await, Ok(Remembered::Absent)));
        }
        assert_eq!(tokens.asked.load(Ordering::SeqCst), signed_in);
        peer.flush_tokens().await.unwrap();
    }
    let stats = peer.stats().await.unwrap();
    assert_eq!((stats["tokens"].as_u64(), stats["unauthorized"].as_u64()), (Some(2), Some(1)));
}

#[tokio::test]
async fn without_a_token_nothing_is_shown() {
    let Some(peer) = start(&["--auth"]) else { return };
    let remote = FhirHttpRemote::new("clinic", peer.base(), &Options::default(), NoToken).unwrap();
    assert_eq!(remote.read("Patient", NOWHERE).await.unwrap_err().code(), "unauthorized");
}

#[tokio::test]
async fn a_wrong_secret_is_a_400_that_is_no_fhir() {
    let Some(peer) = start(&["--auth"]) else { return };
    let tokens = Credentials {
        form: Arc::new("grant_type=client_credentials&client_id=x".into()),
        ..Credentials::of(&peer)
    };
    let remote = FhirHttpRemote::new("clinic", peer.base(), &Options::default(), tokens.clone()).unwrap();
    assert_eq!(remote.read("Patient", NOWHERE).await.unwrap_err().code(), "no-token");
    assert_eq!(tokens.asked.load(Ordering::SeqCst), 1);
}
