//! What a request asks for, and doing it on the state. Nothing here waits or speaks to a socket.

mod answer;
mod arguments;
mod bundle;
mod capability;
mod everything;
mod find;
mod history;
mod interaction;
mod operation;
mod patch;
mod search;
mod validate;

pub(crate) use answer::{Answer, Body, Frame, json_string};
pub(crate) use arguments::Arguments;
pub(crate) use bundle::run_bundle;
pub(crate) use capability::capability_statement;
pub(crate) use find::belongs;
pub(crate) use interaction::{Context, Preconditions, parse_id, read, write};
pub(crate) use operation::{ExportLevel, ExportStep, Operation, Scope};
pub(crate) use search::Search;
