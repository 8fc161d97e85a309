use std::sync::Arc;

use async_trait::async_trait;
use carewire_sync_engine::contract::remote::{Outside, Server};
use carewire_sync_engine::{Limits, Remote};
use carewire_testing::http::{Call, Http};

/// What Medplum takes, and the servers that are like it.
pub(crate) const LIMITS: Limits = Limits { conditional_entries: 8, update_entries: 50, atomic: true };

/// Somebody else with a plain HTTP client.
#[derive(Debug)]
pub(crate) struct Other {
    http: Http,
    base: String,
    token: Option<String>,
}

impl Other {
    pub(crate) fn at(base: &str, token: Option<String>) -> Arc<Self> {
        Arc::new(Self { http: Http::new().unwrap(), base: base.trim_end_matches('/').to_owned(), token })
    }
}

#[async_trait]
impl Outside for Other {
    async fn delete(&self, resource_type: &str, id: &str) {
        let call = Call::delete(format!("{}/{resource_type}/{id}", self.base));
        let call = match &self.token {
            Some(token) => call.bearer(token),
            None => call,
        };
        let answer = self.http.send(&call).await.unwrap();
        assert!(answer.is_success() || answer.status == 410, "DELETE answered {}", answer.status);
    }
}

/// Runs the whole suite, and once more through the trait object that the engine holds.
pub(crate) async fn keeps_its_promises<R: Remote + 'static>(remote: R, server: &Server) {
    let remote = Arc::new(remote);
    carewire_sync_engine::contract::remote::run_all(&remote, server).await;
    let remote: Arc<dyn Remote> = remote;
    carewire_sync_engine::contract::remote::run_all(&remote, server).await;
}
