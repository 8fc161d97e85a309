//! Looking at what goes over a connection, without seeing it.

use crate::Shape;

/// Which way bytes went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a connection has two directions")]
pub enum Direction {
    /// From the peer.
    Received,
    /// To the peer.
    Sent,
}

impl Direction {
    /// The stable name, for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Sent => "sent",
        }
    }
}

/// Is told the shape of everything that goes over the connections of a server or a client, as it is read and written.
///
/// It answers "what did the peer send" when no frame is found: positions and byte classes, never a value. It is called
/// between reads and writes, so it must not block.
///
/// ```
/// use carewire_mllp::{Direction, Shape, Tap};
///
/// #[derive(Default)]
/// struct Shown(std::sync::Mutex<Vec<String>>);
///
/// impl Tap for Shown {
///     fn saw(&self, connection: u64, direction: Direction, offset: u64, shape: &Shape) {
///         let line = format!("{connection} {} at {offset}: {shape}", direction.as_str());
///         self.0.lock().unwrap().push(line);
///     }
/// }
///
/// let shown = Shown::default();
/// shown.saw(7, Direction::Received, 0, &Shape::of(b"\x0bMSH|\r"));
/// assert_eq!(shown.0.into_inner().unwrap(), ["7 received at 0: VT text*4 CR"]);
/// ```
pub trait Tap: Send + Sync + 'static {
    /// These bytes went over the connection of this number, the first of them being byte `offset` of that direction.
    fn saw(&self, connection: u64, direction: Direction, offset: u64, shape: &Shape);
}

impl std::fmt::Debug for dyn Tap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tap")
    }
}
