//! Which `carewire` is tested, and how it is run.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::{Error, Result};

/// What a test says when there is no binary to test.
pub const NOT_BUILT: &str = "skipped: build it with cargo build --release -p carewire";

/// The `carewire` binary: `CAREWIRE_BIN`, else the release build, else the debug build of this workspace.
#[must_use]
pub fn carewire() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CAREWIRE_BIN") {
        return Some(PathBuf::from(path));
    }
    let name = format!("carewire{}", std::env::consts::EXE_SUFFIX);
    let builds = target_directories()
        .into_iter()
        .flat_map(|target| ["release", "debug"].map(|profile| target.join(profile).join(&name)));
    builds.into_iter().find(|path| path.is_file())
}

/// Where builds lie: beside the test that runs (`target/<profile>/deps/<test>`), and beside this crate.
fn target_directories() -> Vec<PathBuf> {
    let beside_test =
        std::env::current_exe().ok().and_then(|test| test.ancestors().nth(3).map(Path::to_path_buf));
    let beside_crate = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    beside_test.into_iter().chain([beside_crate]).collect()
}

/// A program with its arguments and the whole of its environment. What it prints is appended to two files.
#[derive(Clone, Debug)]
pub struct Program {
    name: String,
    path: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    logs: PathBuf,
}

impl Program {
    /// A program that logs into `logs/NAME.{stdout,stderr}.log`.
    pub fn new(name: impl Into<String>, path: impl Into<PathBuf>, logs: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            path: path.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            logs: logs.into(),
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: Into<String>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets a variable. None is inherited but `PATH`.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The files that hold what it printed.
    #[must_use]
    pub fn log_files(&self) -> [PathBuf; 2] {
        ["stdout", "stderr"].map(|stream| self.logs.join(format!("{}.{stream}.log", self.name)))
    }

    /// Runs it to its end and returns what it printed, which is not appended to the files.
    ///
    /// # Errors
    /// When it cannot be run. How it ended is in the output.
    pub fn run(&self) -> Result<Output> {
        let output = self.command().stdin(Stdio::null()).output();
        output.map_err(|error| Error::program(&self.name, format!("cannot be run: {error}")))
    }

    /// The command with its output going to the files.
    pub(crate) fn logged(&self) -> Result<Command> {
        let [stdout, stderr] = self.log_files();
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(append(&stdout)?).stderr(append(&stderr)?);
        Ok(command)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).env_clear();
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

fn append(path: &Path) -> Result<File> {
    OpenOptions::new().create(true).append(true).open(path).map_err(Error::io(path.display().to_string()))
}
