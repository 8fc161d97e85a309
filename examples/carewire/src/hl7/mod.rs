//! `carewire hl7`: messages read, checked, answered and looked into.

mod ack;
mod args;
mod definitions;
mod findings;
mod get;
mod parse;
mod place;
mod source;
mod validate;

pub(crate) use ack::{new_control_id, timestamp};
pub(crate) use args::Hl7;

use crate::failure::{Done, Failure};

pub(crate) fn run(what: Hl7) -> Result<Done, Failure> {
    match what {
        Hl7::Parse(options) => parse::run(&options),
        Hl7::Validate(options) => validate::run(&options),
        Hl7::Ack(options) => ack::run(&options),
        Hl7::Get(options) => get::run(&options),
    }
}
