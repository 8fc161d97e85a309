//! What goes over the wire, shown without what it says.

use std::sync::Arc;

use carewire_mllp::{Direction, Shape, Tap};

use crate::out;

/// A tap that prints a line for each piece.
pub(crate) fn printed() -> Arc<dyn Tap> {
    Arc::new(Printed)
}

#[derive(Debug)]
struct Printed;

impl Tap for Printed {
    fn saw(&self, connection: u64, direction: Direction, offset: u64, shape: &Shape) {
        let direction = match direction {
            Direction::Received => "received",
            _ => "sent",
        };
        out::note(format_args!("connection {connection} {direction} at {offset}: {shape}"));
    }
}
