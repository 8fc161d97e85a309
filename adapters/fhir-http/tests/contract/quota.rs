//! A quota in points: what is asked for costs more than one, and the wait is what the server says.

use std::time::Duration;

use carewire_sync_engine::{Refusal, Remote};

use crate::faults::{organization, remote, submit};
use crate::peer::start;

#[tokio::test]
async fn a_used_up_quota_is_waited_for() {
    let Some(peer) = start(&["--quota", "500", "--quota-window", "2"]) else { return };
    let remote = remote(&peer);
    let mut sent = 0;
    let refusal = loop {
        match submit(&remote, &[organization(&format!("o{sent}"))]).await {
            Ok(_) => sent += 1,
            Err(refusal) => break refusal,
        }
        assert!(sent < 10, "500 points are fewer than ten conditional updates");
    };
    let Refusal::Transient { code, wait: Some(wait) } = refusal else { panic!("{refusal:?}") };
    assert_eq!(code, Refusal::THROTTLED);
    assert!(wait <= Duration::from_secs(2) && !wait.is_zero(), "{wait:?}");
    // Whatever is asked meanwhile is not sent: it would cost points of the next window's client.
    assert!(remote.read("Organization", "x").await.is_err());
    tokio::time::sleep(wait + Duration::from_millis(50)).await;
    assert!(submit(&remote, &[organization("after")]).await.is_ok());
    assert!(sent > 0);
}
