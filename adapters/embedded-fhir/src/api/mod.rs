//! What a request asks for, and doing it on the state. Nothing here waits or speaks to a socket.

mod answer;
mod bundle;
mod capability;
mod interaction;
mod operation;
mod search;

pub(crate) use answer::{Answer, Frame, json_string};
pub(crate) use bundle::run_bundle;
pub(crate) use capability::capability_statement;
pub(crate) use interaction::{Context, Preconditions, read, write};
pub(crate) use operation::Operation;
