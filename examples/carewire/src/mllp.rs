//! `carewire mllp send`.

use std::time::Duration;

use carewire_mllp::{Client, ClientOptions};

use crate::cli::{Mllp, MllpSend};
use crate::convert::messages_of;
use crate::failure::{Done, Failure};
use crate::{inputs, later, out};

pub(crate) async fn run(what: Mllp) -> Result<Done, Failure> {
    match what {
        Mllp::Send(options) => send(&options).await,
        Mllp::Later(words) => Err(later::part("mllp", &words)),
    }
}

async fn send(options: &MllpSend) -> Result<Done, Failure> {
    let settings = ClientOptions {
        ack_timeout: Duration::from_secs(options.timeout.max(1)),
        ..ClientOptions::new(carewire_gateway::correlate)
    };
    let mut client = Client::connect(options.to.as_str(), settings)
        .await
        .map_err(|error| Failure::unreachable(format!("{}: {error}", options.to)))?;
    let mut done = Done::All;
    for file in inputs::files(&options.inputs)? {
        let Some(input) = inputs::one_of_many(&file, &mut done) else { continue };
        for (number, message) in messages_of(&input.bytes).into_iter().enumerate() {
            let answer = client.send(message).await.map_err(|error| {
                Failure::unreachable(format!("{} message {}: {error}", input.name, number + 1))
            })?;
            out::line(String::from_utf8_lossy(&answer.payload).replace('\r', "\n").trim_end())?;
            let accepted = carewire_hl7_v2::ack::read(&answer.payload).is_ok_and(|ack| ack.code.is_accept());
            if !accepted {
                out::note(format_args!("{} message {}: not accepted", input.name, number + 1));
                done = Done::Some;
            }
        }
    }
    Ok(done)
}
