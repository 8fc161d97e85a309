//! The client under test, and its run in one scenario.

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::Arc;

use tokio::process::{Child, Command};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

use super::door::Event;
use crate::{Error, Result};

/// What is tested.
#[derive(Clone)]
#[non_exhaustive]
pub enum ClientUnderTest {
    /// A client that runs already, and sends and sends.
    External,
    /// A command that is run for each scenario, `{addr}`, `{host}` and `{port}` replaced; status 0 says that every message
    /// was accepted.
    Command(Vec<String>),
    /// A function that is called for each scenario.
    Function(ClientFunction),
}

/// Sends the messages of one scenario to this address and says whether all were accepted.
pub type ClientFunction = Arc<dyn Fn(SocketAddr) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

impl ClientUnderTest {
    /// A function that sends the messages of one scenario to this address and says whether all were accepted.
    pub fn function<F, R>(function: F) -> Self
    where
        F: Fn(SocketAddr) -> R + Send + Sync + 'static,
        R: Future<Output = bool> + Send + 'static,
    {
        Self::Function(Arc::new(move |address| Box::pin(function(address))))
    }

    pub(super) fn is_external(&self) -> bool {
        matches!(self, Self::External)
    }

    /// Begins a run, whose end is told as an event.
    pub(super) fn start(&self, address: SocketAddr, events: UnboundedSender<Event>) -> Result<Option<Run>> {
        let task = match self {
            Self::External => return Ok(None),
            Self::Function(function) => {
                let sending = function(address);
                tokio::spawn(async move {
                    let ended = sending.await;
                    // Where nobody listens any more, the scenario is over.
                    let _ = events.send(Event::Ended(ended));
                })
            }
            Self::Command(words) => {
                let mut child = spawn(words, address)?;
                tokio::spawn(async move {
                    let ended = child.wait().await.is_ok_and(|status| status.success());
                    let _ = events.send(Event::Ended(ended));
                })
            }
        };
        Ok(Some(Run(task)))
    }
}

impl fmt::Debug for ClientUnderTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::External => "External",
            Self::Command(_) => "Command",
            Self::Function(_) => "Function",
        })
    }
}

/// A run of the client. Dropped, it ends: a command is killed.
pub(super) struct Run(JoinHandle<()>);

impl Drop for Run {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn spawn(words: &[String], address: SocketAddr) -> Result<Child> {
    let mut words = words.iter().map(|word| {
        word.replace("{addr}", &address.to_string())
            .replace("{host}", &address.ip().to_string())
            .replace("{port}", &address.port().to_string())
    });
    let program = words.next().ok_or_else(|| Error::Command(std::io::ErrorKind::InvalidInput.into()))?;
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    command.spawn().map_err(Error::Command)
}
