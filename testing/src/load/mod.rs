//! Senders that behave: each message is sent again, the same bytes, until it is acknowledged.

mod message;
mod sender;

pub use message::{Kind, Patient, Planned, SYSTEM, control_id, number_of_instant, segment};
pub use sender::{Ledger, Sender, SenderOptions, correlate};
