//! `carewire mllp`.

mod args;
mod inbox;
mod listen;
mod outbox;
mod send;
pub(crate) mod shapes;
pub(crate) mod tls;

use std::path::Path;

pub(crate) use args::Mllp;

use crate::failure::{Done, Failure};

pub(crate) async fn run(file: Option<&Path>, what: Mllp) -> Result<Done, Failure> {
    match what {
        Mllp::Send(options) => match (&options.to, &options.outbox) {
            (Some(to), _) => send::run(&options, to).await,
            (None, Some(name)) => outbox::hand_over(file, name, &options.inputs).await,
            (None, None) => Err(Failure::usage("--to or --outbox is needed")),
        },
        Mllp::Listen(options) => listen::run(options).await,
        Mllp::Outbox(what) => outbox::run(file, what).await,
    }
}
