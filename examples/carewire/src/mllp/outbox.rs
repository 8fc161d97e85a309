//! `carewire mllp send --outbox` and `carewire mllp outbox`: the outbox of the configured gateway.

use std::path::{Path, PathBuf};

use carewire_gateway::{Error, MllpOutbox, Outgoing};
use carewire_sync_engine::JobId;
use serde_json::json;

use super::args::Outbox;
use crate::config::Config;
use crate::destinations::DestinationConfig;
use crate::failure::{Done, Failure};
use crate::messages::Messages;
use crate::stack::Beside;
use crate::{destinations, inputs, out};

/// Stores messages for `serve` to send, and prints the id under which each is kept.
pub(crate) async fn hand_over(file: Option<&Path>, name: &str, from: &[PathBuf]) -> Result<Done, Failure> {
    let desk = Desk::open(file).await?;
    let done = desk.hand_over(name, from).await;
    desk.beside.store.close().await;
    done
}

pub(crate) async fn run(file: Option<&Path>, what: Outbox) -> Result<Done, Failure> {
    let desk = Desk::open(file).await?;
    let done = desk.act(what).await;
    desk.beside.store.close().await;
    done
}

/// The outbox, while another process may serve it.
struct Desk {
    config: Config,
    beside: Beside,
    outbox: MllpOutbox,
}

impl Desk {
    async fn open(file: Option<&Path>) -> Result<Self, Failure> {
        let config = Config::read(file)?;
        let beside = Beside::open(&config).await?;
        let outbox = destinations::outbox(&config.destinations, &beside.gateway, &beside.queue)?;
        let outbox = outbox.ok_or_else(|| Failure::usage("the configuration has no [[destination]]"))?;
        Ok(Self { config, beside, outbox })
    }

    fn destination(&self, name: &str) -> Result<&DestinationConfig, Failure> {
        let known = &self.config.destinations;
        known.iter().find(|destination| destination.name == name).ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|destination| destination.name.as_str()).collect();
            Failure::usage(format!("no such destination; there are {}", names.join(", ")))
        })
    }

    async fn hand_over(&self, name: &str, from: &[PathBuf]) -> Result<Done, Failure> {
        let basis = &self.destination(name)?.basis;
        let mut done = Done::All;
        for file in inputs::files(from)? {
            let Some(mut messages) = Messages::open_one(&file, &mut done) else { continue };
            while let Some(received) = messages.next_sound(&mut done) {
                match self.outbox.enqueue(Outgoing::new(name, received.bytes, basis.clone())).await {
                    Ok(id) => out::line(id)?,
                    Err(error @ Error::NotSendable { .. }) => {
                        out::note(format_args!("{}: {error}", received.name()));
                        done = Done::Some;
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(done)
    }

    async fn act(&self, what: Outbox) -> Result<Done, Failure> {
        match what {
            Outbox::List => self.list().await?,
            Outbox::Dead { name, limit } => {
                self.destination(&name)?;
                for job in self.outbox.dead(&name, limit).await? {
                    out::line(json!(job))?;
                }
            }
            Outbox::Again { name, job } => {
                self.destination(&name)?;
                let job = job.as_deref().map(job_id).transpose()?;
                let moved = self.outbox.send_again(&name, job).await?;
                out::line(json!({"moved": moved}))?;
                if job.is_some() && moved == 0 {
                    out::note("no such message in the dead letter of this destination");
                    return Ok(Done::Some);
                }
            }
            Outbox::Stop { name } => {
                self.destination(&name)?;
                self.outbox.stop(&name).await?;
            }
            Outbox::Resume { name } => {
                self.destination(&name)?;
                self.outbox.resume(&name).await?;
            }
        }
        Ok(Done::All)
    }

    async fn list(&self) -> Result<(), Failure> {
        for destination in &self.config.destinations {
            let name = &destination.name;
            let tally = self.outbox.tally(name).await?;
            out::line(json!({
                "destination": name,
                "to": destination.to,
                "waiting": tally.waiting,
                "held": tally.held,
                "delivered": tally.delivered,
                "dead": tally.dead,
            }))?;
        }
        Ok(())
    }
}

fn job_id(text: &str) -> Result<JobId, Failure> {
    text.parse().map_err(|_| Failure::usage("an id such as job_7 is expected"))
}
