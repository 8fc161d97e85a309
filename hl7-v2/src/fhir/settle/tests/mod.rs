//! The laws of settling, on made messages of every type that has rules of its own, and each rule by example.

mod examples;
mod generate;
mod laws;

use carewire_fhir_core::Resource;

use super::{SettlePolicy, Settled, settle};
use crate::fhir::Change;

/// What one message says of the resource.
#[derive(Clone, Debug)]
struct Message {
    resource: Resource,
    change: Change,
}

/// What becomes of the messages in this order.
fn settled<'m>(messages: impl IntoIterator<Item = &'m Message>, policy: &SettlePolicy) -> Resource {
    let mut known: Option<Resource> = None;
    for message in messages {
        if let Settled::Write(next) = settle(known.as_ref(), &message.resource, &message.change, policy) {
            known = Some(next);
        }
    }
    known.unwrap()
}
