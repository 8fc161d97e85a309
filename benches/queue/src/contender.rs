//! Who is measured, each in a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;

use crate::measured::Answer;
use crate::services::{Server, folder};
use crate::{Options, Result, clock};

/// An engine and its store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) store: Store,
    /// The most jobs that may wait, where more break it.
    pub(crate) most: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
    Redis,
}

/// What the others are measured by.
pub(crate) const BULLMQ: &str = "bullmq";

/// All; ours are called as their store.
pub(crate) const CONTENDERS: [Contender; 8] = [
    Contender { name: BULLMQ, store: Store::Redis, most: None },
    // With 8,000 jobs due its script fails at every call: "too many results to unpack".
    Contender { name: "apalis-redis", store: Store::Redis, most: Some(7_000) },
    Contender { name: "apalis-postgres", store: Store::Postgres, most: None },
    Contender { name: "apalis-postgres-100", store: Store::Postgres, most: None },
    Contender { name: "riverqueue", store: Store::Postgres, most: None },
    Contender { name: "postgres", store: Store::Postgres, most: None },
    Contender { name: "redis", store: Store::Redis, most: None },
    Contender { name: "sqlite", store: Store::Sqlite, most: None },
];

impl Contender {
    pub(crate) fn is_ours(&self) -> bool {
        ["sqlite", "postgres", "redis"].contains(&self.name)
    }

    /// Those of ours that were asked for.
    pub(crate) fn ours(options: &Options) -> impl Iterator<Item = Self> {
        CONTENDERS.into_iter().filter(|contender| contender.is_ours() && options.wants(contender.name))
    }

    /// Why it cannot run here, if so.
    pub(crate) fn missing(&self) -> Option<String> {
        let installed = scripts().join("../node_modules/bullmq").is_dir();
        (self.name == BULLMQ && !installed).then(|| {
            "bullmq: its npm packages are not installed (`npm install --ignore-scripts` in benches/queue)"
                .to_owned()
        })
    }
}

/// A store that is empty, to be used by one contender.
pub(crate) struct Place {
    address: String,
    server: Option<u32>,
    _redis: Option<Server>,
    _folder: Option<TempDir>,
}

impl Place {
    /// A Redis or a folder of its own; of Postgres a database of its own, after a checkpoint, so that nobody pays for who
    /// was there before.
    pub(crate) fn new(store: Store, postgres: &Server) -> Result<Self> {
        match store {
            Store::Sqlite => {
                let folder = folder()?;
                let address = folder.path().to_string_lossy().into_owned();
                Ok(Self { address, server: None, _redis: None, _folder: Some(folder) })
            }
            Store::Redis => {
                let redis = Server::redis()?;
                let address = format!("redis://127.0.0.1:{}", redis.port);
                Ok(Self { address, server: Some(redis.process()), _redis: Some(redis), _folder: None })
            }
            Store::Postgres => {
                let address = database(postgres.port)?;
                Ok(Self { address, server: Some(postgres.process()), _redis: None, _folder: None })
            }
        }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The processor time of the server so far, in microseconds.
    pub(crate) fn cpu(&self) -> Result<f64> {
        self.server.map_or(Ok(0.0), clock::server)
    }
}

/// A new database; the one before is dropped.
fn database(port: u16) -> Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = format!("postgres://bench@127.0.0.1:{port}");
        let mut connection = PgConnection::connect(&format!("{server}/postgres")).await?;
        for statement in ["DROP DATABASE IF EXISTS queue WITH (FORCE)", "CREATE DATABASE queue", "CHECKPOINT"]
        {
            sqlx::query(statement).execute(&mut connection).await?;
        }
        connection.close().await?;
        Ok(format!("{server}/queue"))
    })
}

/// A contender at work.
pub(crate) struct Process {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Process {
    /// Starts it and waits until it is ready.
    pub(crate) fn start(name: &str, place: &Place, lease: Duration) -> Result<Self> {
        let mut command = if name == BULLMQ {
            let mut node = Command::new("node");
            let port = place.address.rsplit(':').next().unwrap_or_default();
            node.arg(scripts().join("bullmq.mjs")).arg(port);
            node
        } else {
            let mut own = Command::new(std::env::current_exe()?);
            own.args(["engine", name, &place.address, &lease.as_secs().to_string()]);
            own
        };
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let commands = child.stdin.take().ok_or("no stdin")?;
        let answers = BufReader::new(child.stdout.take().ok_or("no stdout")?);
        let mut process = Self { child, commands, answers };
        match process.line()?.as_str() {
            "ready" => Ok(process),
            other => Err(format!("{name} said `{other}`").into()),
        }
    }

    /// Has it do something.
    pub(crate) fn ask(&mut self, command: &str) -> Result<Answer> {
        writeln!(self.commands, "{command}")?;
        let answer: Answer = serde_json::from_str(&self.line()?)?;
        match answer.error {
            Some(error) => Err(format!("{command}: {error}").into()),
            None => Ok(answer),
        }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("the process that is measured has ended".into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // As a crash: nothing can be done about it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn scripts() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scripts")
}
