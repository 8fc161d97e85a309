//! How a server behaves.

use std::{sync::Arc, time::Duration};

use crate::{Limits, Tap};

/// How a server behaves.
///
/// ```
/// use carewire_mllp::ServerOptions;
/// let options = ServerOptions { max_connections: 20, ..ServerOptions::default() };
/// assert_eq!(options.max_frame, 16 << 20);
/// ```
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "settings that a caller writes out, the rest by default")]
pub struct ServerOptions {
    /// Connections beyond this are closed as soon as they come (256). Those in a handshake count.
    pub max_connections: usize,
    /// Connections of one address beyond this are closed as soon as they come (no limit).
    pub max_connections_per_address: Option<usize>,
    /// A TLS handshake must be done after so long (10 seconds).
    pub handshake_timeout: Duration,
    /// A connection without a whole frame for so long is closed (10 minutes).
    pub idle_timeout: Duration,
    /// A frame must be whole so long after its first byte (30 seconds), and as much later as the bytes that have come of it
    /// take at the least rate.
    pub frame_timeout: Duration,
    /// The slowest sender whose large frames get through, in bytes per second (16 KiB). With 0 the frame timeout alone counts.
    pub least_rate: u64,
    /// A frame with its `FS` whose next byte does not come is taken as ended after so long (200 milliseconds).
    pub end_timeout: Duration,
    /// The handler must be done with a message after so long (30 seconds).
    pub handler_timeout: Duration,
    /// An answer must be written after so long (30 seconds).
    pub write_timeout: Duration,
    /// The longest payload, in bytes (16 MiB).
    pub max_frame: usize,
    /// How many bytes all connections together hold of large messages that come in or are handled (256 MiB; at least one
    /// longest payload). Those that would hold more are not read from meanwhile, and their frame timeout goes on. The
    /// first 128 KiB of each connection do not count.
    pub max_buffered: usize,
    /// After the shutdown signal connections have so long to finish (30 seconds).
    pub drain_deadline: Duration,
    /// Is told the shape of all bytes that come and go.
    pub tap: Option<Arc<dyn Tap>>,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            max_connections: 256,
            max_connections_per_address: None,
            handshake_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(600),
            frame_timeout: Duration::from_secs(30),
            least_rate: 16 << 10,
            end_timeout: Duration::from_millis(200),
            handler_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            max_frame: Limits::default().max_frame,
            max_buffered: 256 << 20,
            drain_deadline: Duration::from_secs(30),
            tap: None,
        }
    }
}
