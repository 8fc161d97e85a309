//! PostgreSQL and Redis, asked over their own protocols: no client library, no rights.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use crate::{Error, Result};

const PATIENCE: Duration = Duration::from_secs(5);
/// The version of PostgreSQL's protocol, 3.0.
const PROTOCOL: u32 = 196_608;

/// Where a service is and who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// The address.
    pub address: SocketAddr,
    /// The user.
    pub user: String,
    /// The database.
    pub database: String,
    /// Whether the URL has a password.
    pub has_password: bool,
}

impl Endpoint {
    /// Reads `scheme://[user[:password]@]host:port[/database]`.
    ///
    /// ```
    /// use carewire_testing::service::Endpoint;
    /// let endpoint = Endpoint::parse("postgres://carewire@127.0.0.1:5433/postgres")?;
    /// assert_eq!((endpoint.address.port(), endpoint.user.as_str()), (5433, "carewire"));
    /// # Ok::<(), carewire_testing::Error>(())
    /// ```
    ///
    /// # Errors
    /// When it is no such URL, or the host has no address.
    pub fn parse(url: &str) -> Result<Self> {
        let wrong = || Error::not_understood("URL of a service");
        let (_, rest) = url.split_once("://").ok_or_else(wrong)?;
        let (rest, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, host) = rest.rsplit_once('@').unwrap_or(("", rest));
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let database = database.split('?').next().unwrap_or_default();
        let address = host.to_socket_addrs().ok().and_then(|mut all| all.next()).ok_or_else(wrong)?;
        Ok(Self {
            address,
            user: user.to_owned(),
            database: database.to_owned(),
            has_password: !password.is_empty(),
        })
    }

    fn connect(&self) -> Result<TcpStream> {
        let connected = TcpStream::connect_timeout(&self.address, PATIENCE).and_then(|stream| {
            stream.set_read_timeout(Some(PATIENCE))?;
            Ok(stream)
        });
        connected.map_err(Error::io(self.address.to_string()))
    }

    /// Redis: `PING`.
    ///
    /// # Errors
    /// When the answer is neither `+PONG` nor a demand for a password.
    pub fn ping(&self) -> Result<()> {
        let mut stream = self.connect()?;
        let mut answer = [0; 7];
        let exchanged =
            stream.write_all(b"*1\r\n$4\r\nPING\r\n").and_then(|()| stream.read_exact(&mut answer));
        exchanged.map_err(Error::io("PING"))?;
        match &answer {
            b"+PONG\r\n" | b"-NOAUTH" => Ok(()),
            _ => Err(Error::not_understood("PING")),
        }
    }

    /// PostgreSQL: a startup packet.
    ///
    /// # Errors
    /// When the answer is not about authentication, or asks for a password that the URL does not have.
    pub fn start_up(&self) -> Result<()> {
        let mut stream = self.connect()?;
        let mut answer = [0; 9];
        let exchanged = stream
            .write_all(&startup_packet(&self.user, &self.database))
            .and_then(|()| stream.read_exact(&mut answer));
        exchanged.map_err(Error::io("startup packet"))?;
        match answer {
            [b'R', 0, 0, 0, 8, 0, 0, 0, 0] => Ok(()),
            [b'R', ..] if self.has_password => Ok(()),
            _ => Err(Error::not_understood("startup packet")),
        }
    }

    /// The user that listens, as the kernel knows it; `None` where it does not tell (no `/proc`, or another machine).
    #[must_use]
    pub fn owner(&self) -> Option<u32> {
        let IpAddr::V4(address) = self.address.ip() else { return None };
        let table = std::fs::read_to_string("/proc/net/tcp").ok()?;
        let local =
            |address: [u8; 4]| format!("{:08X}:{:04X}", u32::from_le_bytes(address), self.address.port());
        let wanted = [local(address.octets()), local([0; 4])];
        table.lines().skip(1).find_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let listens = columns.get(3) == Some(&LISTENING);
            let is_it = columns.get(1).is_some_and(|column| wanted.iter().any(|wanted| wanted == column));
            (listens && is_it).then(|| columns.get(7)?.parse().ok()).flatten()
        })
    }
}

/// The state in `/proc/net/tcp`.
const LISTENING: &str = "0A";

fn startup_packet(user: &str, database: &str) -> Vec<u8> {
    let mut body = PROTOCOL.to_be_bytes().to_vec();
    for text in ["user", user, "database", database] {
        body.extend_from_slice(text.as_bytes());
        body.push(0);
    }
    body.push(0);
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    [length.to_be_bytes().to_vec(), body].concat()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let endpoint = Endpoint::parse("postgres://me:secret@127.0.0.1:1/db?sslmode=disable").unwrap();
        assert_eq!((endpoint.user.as_str(), endpoint.database.as_str()), ("me", "db"));
        assert!(endpoint.has_password);
        assert!(Endpoint::parse("redis://127.0.0.1:6379").is_ok());
        assert!(Endpoint::parse("127.0.0.1:6379").is_err());
    }

    #[test]
    fn a_startup_packet_begins_with_its_length() {
        let packet = startup_packet("me", "db");
        assert_eq!(packet[..4], (packet.len() as u32).to_be_bytes());
        assert!(packet.ends_with(b"user\0me\0database\0db\0\0"));
    }

    #[test]
    fn what_speaks_otherwise_is_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Endpoint::parse(&format!("x://{}", listener.local_addr().unwrap())).unwrap();
        let server = std::thread::spawn(move || {
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().unwrap();
                stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
            }
        });
        assert!(endpoint.ping().is_err());
        assert!(endpoint.start_up().is_err());
        server.join().unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_kernel_knows_who_listens() {
        use std::os::unix::fs::MetadataExt as _;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Endpoint::parse(&format!("x://{}", listener.local_addr().unwrap())).unwrap();
        assert_eq!(endpoint.owner(), Some(std::fs::metadata("/proc/self").unwrap().uid()));
    }
}
