//! What is set on a socket.

use super::*;
use crate::Correlation;

async fn connected(keepalive: Option<KeepAlive>) -> TcpStream {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = ClientOptions { keepalive, ..ClientOptions::new(|_, _| Correlation::Other) };
    tcp(listener.local_addr().unwrap(), &options).await.unwrap()
}

#[tokio::test]
async fn a_dead_peer_is_looked_for() {
    let stream = connected(Some(KeepAlive::default())).await;
    let socket = socket2::SockRef::from(&stream);
    assert!(socket.keepalive().unwrap() && stream.nodelay().unwrap());
    #[cfg(target_os = "linux")]
    {
        assert_eq!(socket.tcp_keepalive_time().unwrap().as_secs(), 60);
        assert_eq!(socket.tcp_keepalive_interval().unwrap().as_secs(), 10);
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), 3);
        assert_eq!(socket.tcp_user_timeout().unwrap().map(|limit| limit.as_secs()), Some(90));
    }
}

#[tokio::test]
async fn or_not() {
    let stream = connected(None).await;
    assert!(!socket2::SockRef::from(&stream).keepalive().unwrap());
}
