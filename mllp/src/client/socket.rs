//! Making connections.

use std::{future::Future, io, time::Duration};

use tokio::{
    net::{TcpStream, ToSocketAddrs},
    time::timeout,
};

use crate::{ClientError, ClientOptions, KeepAlive};

pub(super) async fn in_time<T>(
    limit: Duration,
    connecting: impl Future<Output = Result<T, ClientError>>,
) -> Result<T, ClientError> {
    timeout(limit, connecting).await.unwrap_or(Err(ClientError::ConnectTimeout))
}

pub(super) async fn tcp(
    address: impl ToSocketAddrs,
    options: &ClientOptions,
) -> Result<TcpStream, ClientError> {
    let stream = TcpStream::connect(address).await.map_err(ClientError::Connect)?;
    stream.set_nodelay(true).map_err(ClientError::Connect)?;
    if let Some(keepalive) = &options.keepalive {
        keep_alive(&stream, keepalive).map_err(ClientError::Connect)?;
    }
    Ok(stream)
}

fn keep_alive(stream: &TcpStream, keepalive: &KeepAlive) -> io::Result<()> {
    let socket = socket2::SockRef::from(stream);
    let probes = socket2::TcpKeepalive::new().with_time(keepalive.idle).with_interval(keepalive.interval);
    socket.set_tcp_keepalive(&probes.with_retries(keepalive.retries))?;
    // With data under way no probe is sent: the time that it may stay without acknowledgement bounds that case.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    socket.set_tcp_user_timeout(Some(keepalive.total()))?;
    Ok(())
}

#[cfg(test)]
#[path = "socket_tests.rs"]
mod tests;
