//! `carewire mllp`.

mod args;
mod inbox;
mod listen;
mod send;
mod shapes;
mod tls;

pub(crate) use args::Mllp;

use crate::failure::{Done, Failure};

pub(crate) async fn run(what: Mllp) -> Result<Done, Failure> {
    match what {
        Mllp::Send(options) => send::run(&options).await,
        Mllp::Listen(options) => listen::run(options).await,
    }
}
