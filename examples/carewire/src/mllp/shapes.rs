//! What goes over the wire, shown without what it says.

use std::sync::Arc;

use carewire_mllp::{Direction, Shape, Tap};

use crate::out;

/// A tap that logs each piece, where the log is as fine as that.
pub(crate) fn logged() -> Option<Arc<dyn Tap>> {
    tracing::enabled!(tracing::Level::TRACE).then(|| Arc::new(Logged) as Arc<dyn Tap>)
}

#[derive(Debug)]
struct Logged;

impl Tap for Logged {
    fn saw(&self, connection: u64, direction: Direction, offset: u64, shape: &Shape) {
        tracing::trace!(connection, direction = direction.as_str(), offset, %shape, "bytes over the wire");
    }
}

/// A tap that prints a line for each piece.
pub(crate) fn printed() -> Arc<dyn Tap> {
    Arc::new(Printed)
}

#[derive(Debug)]
struct Printed;

impl Tap for Printed {
    fn saw(&self, connection: u64, direction: Direction, offset: u64, shape: &Shape) {
        out::note(format_args!("connection {connection} {} at {offset}: {shape}", direction.as_str()));
    }
}
