//! A process that can be killed, asked to end, and started again.

use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use crate::program::Program;
use crate::{Error, Result};

/// A running (or killed) program. Dropped, it is killed.
///
/// ```
/// # #[cfg(unix)] {
/// use carewire_testing::{process::Process, program::Program};
/// let program = Program::new("sleeper", "sleep", std::env::temp_dir()).args(["60"]);
/// let mut process = Process::start(program)?;
/// assert!(process.ended().is_none());
/// process.kill()?;
/// process.start_again()?;
/// # }
/// # Ok::<(), carewire_testing::Error>(())
/// ```
#[derive(Debug)]
pub struct Process {
    program: Program,
    child: Child,
    starts: u32,
}

impl Process {
    /// Starts the program.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(program: Program) -> Result<Self> {
        let child = spawn(&program)?;
        Ok(Self { program, child, starts: 1 })
    }

    /// Starts it again after its end.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_again(&mut self) -> Result<()> {
        self.kill()?;
        self.child = spawn(&self.program)?;
        self.starts += 1;
        Ok(())
    }

    /// Ends it at once (SIGKILL): it can do nothing about it.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn kill(&mut self) -> Result<()> {
        if self.ended().is_some() {
            return Ok(());
        }
        let killed = self.child.kill().and_then(|()| self.child.wait());
        killed.map(drop).map_err(Error::io(self.program.name()))
    }

    /// Asks it to end (SIGTERM) and waits for it.
    ///
    /// # Errors
    /// When it has not ended within that time; then it still runs.
    pub async fn terminate(&mut self, within: Duration) -> Result<ExitStatus> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().map_err(Error::io("kill"))?;
        let started = Instant::now();
        while started.elapsed() < within {
            if let Some(status) = self.ended() {
                return Ok(status);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(Error::timed_out(format!("end of {}", self.program.name()), within))
    }

    /// How it ended; `None` while it runs.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// How often it was started.
    #[must_use]
    pub fn starts(&self) -> u32 {
        self.starts
    }

    /// What runs.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A process that has ended already is as good.
        let _ = self.kill();
    }
}

fn spawn(program: &Program) -> Result<Child> {
    let spawned = program.logged()?.spawn();
    spawned.map_err(|error| Error::program(program.name(), format!("cannot be started: {error}")))
}
