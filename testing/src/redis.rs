//! `redis-server` as a process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::process::Process;
use crate::program::{self, Program};
use crate::service::Endpoint;
use crate::{Error, Result, port};

/// How long a start may take: the file of what was written is read first.
const START: Duration = Duration::from_secs(30);

/// The `carewire` binary, where there is one and a Redis to run it with; `None`, with the reason printed.
#[must_use]
#[expect(clippy::print_stdout, reason = "tests say why they are skipped")]
pub fn program_with_redis() -> Option<PathBuf> {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return None;
    };
    if std::env::var_os("CAREWIRE_TEST_REDIS_URL").is_none() {
        println!("skipped: CAREWIRE_TEST_REDIS_URL is not set");
        return None;
    }
    Some(binary)
}

/// A Redis server of one test with an append-only file, as most are run: synced every second.
#[derive(Debug)]
pub struct Redis {
    process: Process,
    address: SocketAddr,
}

impl Redis {
    /// Starts one over the files in a directory and waits until it answers.
    ///
    /// # Errors
    /// When it is not installed, or does not come up.
    pub async fn start(directory: &Path) -> Result<Self> {
        let address = port::free_address()?;
        let files = directory.join("redis");
        std::fs::create_dir_all(&files).map_err(Error::io(files.display().to_string()))?;
        let program = Program::new("redis", "redis-server", directory)
            .args(["--bind", "127.0.0.1", "--port", &address.port().to_string()])
            .args(["--dir".to_owned(), files.display().to_string()])
            .args(["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]);
        let mut redis = Self { process: Process::start(program)?, address };
        redis.until_ready().await?;
        Ok(redis)
    }

    /// What a gateway is told of it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// SIGKILL.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()
    }

    /// Starts it again after its end and waits until it answers.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_again(&mut self) -> Result<()> {
        self.process.start_again()?;
        self.until_ready().await
    }

    /// Starts it again without its files: it has forgotten everything.
    ///
    /// # Errors
    /// When the files cannot be removed, or it does not come up.
    pub async fn start_empty(&mut self, directory: &Path) -> Result<()> {
        self.kill()?;
        let files = directory.join("redis").join("appendonlydir");
        std::fs::remove_dir_all(&files).map_err(Error::io(files.display().to_string()))?;
        self.start_again().await
    }

    async fn until_ready(&mut self) -> Result<()> {
        let endpoint = Endpoint::parse(&self.url())?;
        let started = Instant::now();
        while started.elapsed() < START {
            if endpoint.ping().is_ok() {
                return Ok(());
            }
            if let Some(status) = self.process.ended() {
                return Err(Error::program("redis", format!("ended with {status}")));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(Error::timed_out("start of redis", START))
    }
}
