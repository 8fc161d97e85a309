//! Where a server listens.

use std::{io, net::SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

/// Who may reach a server at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Exposure {
    /// This machine only: other addresses are refused.
    #[default]
    Loopback,
    /// Whoever reaches the address. MLLP itself knows no passwords and no encryption: use TLS with client certificates, or a
    /// network that is closed.
    Network,
}

/// How many connections wait to be accepted before the system refuses more.
const BACKLOG: u32 = 1024;

/// Listens on an address. Must be called within a tokio runtime.
///
/// ```
/// use carewire_mllp::{Exposure, bind};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let listener = bind("127.0.0.1:0".parse().unwrap(), Exposure::Loopback)?;
/// assert!(listener.local_addr()?.ip().is_loopback());
/// assert!(bind("0.0.0.0:0".parse().unwrap(), Exposure::Loopback).is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] where the address is not of this machine alone and the exposure does not allow it; any
/// error of the system.
pub fn bind(address: SocketAddr, exposure: Exposure) -> io::Result<TcpListener> {
    if exposure == Exposure::Loopback && !address.ip().to_canonical().is_loopback() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{address} is not a loopback address, and exposure to the network was not asked for"),
        ));
    }
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Elsewhere it would let two servers share an address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
