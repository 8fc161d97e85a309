use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use sha2::Sha256;
use tokio::net::TcpStream;

use super::guard::Reach;
use super::hook::{Hook, interaction};
use crate::store::{Effect, Text};

/// One notification, the same at every attempt.
pub(crate) struct Notification {
    /// As it is stored; it is not copied while the notification waits.
    pub(crate) body: Option<Text>,
    pub(crate) effect: Effect,
    /// `Type/<id>` of what was deleted.
    pub(crate) deleted: Option<String>,
}

/// Sends a notification once. The status of the answer; `None` when there was none. Redirects are not followed.
pub(crate) async fn send(
    hook: &Hook,
    notification: &Notification,
    reach: &Reach,
    timeout: Duration,
) -> Option<u16> {
    tokio::time::timeout(timeout, exchange(hook, notification, reach)).await.ok().flatten()
}

async fn exchange(hook: &Hook, notification: &Notification, reach: &Reach) -> Option<u16> {
    let address = hook.endpoint.resolve(reach).await?;
    let stream = TcpStream::connect(address).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request(hook, notification)?).await;
    connection.abort();
    answer.ok().map(|answer| answer.status().as_u16())
}

fn request(hook: &Hook, notification: &Notification) -> Option<Request<Body>> {
    let mut request = Request::post(hook.endpoint.target.as_str())
        .header(header::HOST, hook.endpoint.authority())
        .header(header::CONTENT_TYPE, "application/fhir+json")
        .header("x-medplum-subscription", hook.id.to_string())
        .header("x-medplum-interaction", interaction(notification.effect));
    if let Some(deleted) = &notification.deleted {
        request = request.header("x-medplum-deleted-resource", deleted);
    }
    let body = notification.body.as_deref().unwrap_or_default();
    if let Some(secret) = hook.secret() {
        request = request.header("x-signature", signature(secret, body)?);
    }
    let mut request = request.body(Body::from(body.to_owned())).ok()?;
    for (name, value) in &hook.headers {
        request.headers_mut().insert(name, value.clone());
    }
    Some(request)
}

/// The HMAC-SHA-256 of the exact body, in hexadecimal digits.
fn signature(secret: &str, body: &str) -> Option<HeaderValue> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(body.as_bytes());
    HeaderValue::from_str(&HEXLOWER.encode(&mac.finalize().into_bytes())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        assert_eq!(
            signature("Jefe", "what do ya want for nothing?").unwrap(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
