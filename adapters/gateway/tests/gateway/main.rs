//! The gateway on memory stores, in front of a real server.

mod audit;
mod closing;
mod con;
mod duties;
mod line;
mod lives;
mod orgs;
mod pipeline;
mod senders;
mod settling;
mod several;
mod support;
mod wire;
