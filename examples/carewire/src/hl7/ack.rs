//! `carewire hl7 ack`.

use std::io::Write;

use carewire_hl7_v2::ack::{
    AckCode, AckError, AckMode, AckOptions, AckPlan, Outcome, Received as Kind, acknowledge,
};
use carewire_hl7_v2::{Message, Timestamp};
use chrono::{DateTime, Utc};

use super::args::Ack;
use super::source::unreadable;
use crate::failure::{Done, Failure};
use crate::messages::Received;
use crate::out;

pub(crate) fn run(options: &Ack) -> Result<Done, Failure> {
    if options.code.is_accept() && !options.errors.is_empty() {
        return Err(Failure::usage("--error is not for AA and CA"));
    }
    let mut answered = 0_usize;
    options.inputs.each(|received, done| {
        answered += 1;
        if answered > 1 && options.control_id.is_some() {
            return Err(Failure::usage("--control-id is for one message; there are more"));
        }
        one(options, received, done)
    })
}

fn one(options: &Ack, received: &Received<'_>, done: &mut Done) -> Result<(), Failure> {
    let id = options.control_id.clone().map_or_else(new_control_id, Ok)?;
    let mut ack =
        AckOptions::new(options.code, &id).at(timestamp(Utc::now())).with_errors(options.errors.clone());
    if let Some(charset) = options.inputs.charset {
        ack = ack.with_default_charset(charset);
    }
    match Message::parse(received.bytes, &options.inputs.options()) {
        Ok(message) => {
            if let Some(reason) = not_due(AckPlan::of(&message), options.code) {
                out::note(format_args!("{}: no {} is due: {reason}", received.name(), options.code));
            }
        }
        Err(error) => {
            unreadable(received, &error, done);
            ack = ack.with_errors([AckError::from(&error)]);
        }
    }
    let mut bytes = acknowledge(received.bytes, &ack);
    bytes.push(b'\n');
    std::io::stdout().lock().write_all(&bytes).map_err(|error| out::failed(&error))
}

/// Why the message does not ask for this acknowledgement, if it does not.
fn not_due(plan: AckPlan, code: AckCode) -> Option<&'static str> {
    let (outcome, of_storage) = match code {
        AckCode::AA => (Outcome::Success, false),
        AckCode::AE => (Outcome::Error, false),
        AckCode::AR => (Outcome::Reject, false),
        AckCode::CA => (Outcome::Success, true),
        AckCode::CE => (Outcome::Error, true),
        AckCode::CR => (Outcome::Reject, true),
    };
    let due = if of_storage { plan.accept(outcome) } else { plan.application(outcome) };
    let reason = match (plan.received(), plan.mode()) {
        (Kind::Acknowledgement, _) => "it is an acknowledgement itself",
        (Kind::Response, _) if !of_storage => "it is a response",
        (_, AckMode::Original) => "MSH-15 and MSH-16 are empty, which asks for AA, AE or AR",
        (_, AckMode::Enhanced) if of_storage => "MSH-15 does not ask for it",
        (_, AckMode::Enhanced) => "MSH-16 does not ask for it",
    };
    due.is_none().then_some(reason)
}

/// MSH-7, to the second and in UTC.
pub(crate) fn timestamp(now: DateTime<Utc>) -> Option<Timestamp> {
    now.format("%Y%m%d%H%M%S+0000").to_string().parse().ok()
}

/// Twenty characters, as many as MSH-10 has in all versions.
pub(crate) fn new_control_id() -> Result<String, Failure> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|error| Failure::unreachable(format!("no randomness: {error}")))?;
    Ok(data_encoding::HEXUPPER.encode(&random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_one_that_we_read() {
        let time = timestamp(DateTime::UNIX_EPOCH);
        assert_eq!(time.map(|time| time.to_v2()).as_deref(), Some("19700101000000+0000"));
    }
}
