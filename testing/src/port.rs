//! Ports that stay free while the process that listens on them is down.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Mutex, PoisonError};

use crate::{Error, Result, Rng};

/// Below the range that operating systems give to outgoing connections: otherwise a client that knocks on a dead server's
/// port can be given that very port, be connected to itself, and keep the server from coming back.
const PORTS: std::ops::Range<u16> = 20_000..31_000;

/// A loopback address on which nobody listens now, and that this process was not given before.
///
/// ```
/// use carewire_testing::port::free_address;
/// assert_ne!(free_address()?, free_address()?);
/// # Ok::<(), carewire_testing::Error>(())
/// ```
///
/// # Errors
/// When none is found.
pub fn free_address() -> Result<SocketAddr> {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut rng = Rng::new(Rng::arbitrary_seed());
    let width = u64::from(PORTS.end - PORTS.start);
    for _ in 0..200 {
        let port = PORTS.start + u16::try_from(rng.below(width)).unwrap_or(0);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if !given.contains(&port) && TcpListener::bind(address).is_ok() {
            given.insert(port);
            return Ok(address);
        }
    }
    Err(Error::program("port", "not free: 200 were tried"))
}
