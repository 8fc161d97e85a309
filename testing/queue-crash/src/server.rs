//! A private server that can be killed: with a durable configuration, on a free port, as an ordinary user.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Error, Result};

/// What serves the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Postgres,
    Redis,
}

/// A running (or killed) server. Dropped, it is killed.
#[derive(Debug)]
pub struct Server {
    kind: Kind,
    program: PathBuf,
    home: PathBuf,
    port: u16,
    child: Child,
}

impl Server {
    /// PostgreSQL with its defaults, so with fsync; `None` where it is not installed.
    ///
    /// # Errors
    /// When it does not start.
    pub fn postgres(directory: &Path) -> Result<Option<Self>> {
        let Some(binaries) = postgres_binaries() else { return Ok(None) };
        let home = ordinary_home(directory, "postgres")?;
        let options = ["--username=carewire", "--auth=trust", "--encoding=UTF8", "--locale=C"];
        let mut initdb = ordinary_user(&binaries.join("initdb"));
        let made =
            initdb.current_dir(&home).arg("-D").arg(home.join("data")).args(options).stdout(Stdio::null());
        if !made.status().map_err(Error::io("initdb"))?.success() {
            return Err(Error::failed("initdb", "no success"));
        }
        let server = Self::start(Kind::Postgres, binaries.join("postgres"), home)?;
        server.client(&binaries, "createuser", &["worker"])?;
        server.client(&binaries, "createdb", &["queue"])?;
        Ok(Some(server))
    }

    /// Runs a client program of PostgreSQL, when the server takes connections.
    fn client(&self, binaries: &Path, program: &str, arguments: &[&str]) -> Result<()> {
        let began = Instant::now();
        loop {
            let mut command = Command::new(binaries.join(program));
            command.args(["-h", "127.0.0.1", "-U", "carewire", "-p", &self.port.to_string()]).args(arguments);
            if command.stderr(Stdio::null()).status().map_err(Error::io("createdb"))?.success() {
                return Ok(());
            }
            if began.elapsed() > Duration::from_secs(20) {
                return Err(Error::failed("PostgreSQL", "takes no connections"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Redis with an append-only file that is synced before each answer; `None` where it is not installed.
    ///
    /// # Errors
    /// When it does not start.
    pub fn redis(directory: &Path) -> Result<Option<Self>> {
        let Some(program) = on_path("redis-server") else { return Ok(None) };
        Self::start(Kind::Redis, program, ordinary_home(directory, "redis")?).map(Some)
    }

    fn start(kind: Kind, program: PathBuf, home: PathBuf) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(Error::io("free port"))?;
        let port = listener.local_addr().map_err(Error::io("free port"))?.port();
        drop(listener);
        let child = spawn(kind, &program, &home, port)?;
        let mut server = Self { kind, program, home, port, child };
        server.wait()?;
        Ok(server)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Ends it at once, with all its processes.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn kill(&mut self) -> Result<()> {
        // PostgreSQL's own processes end when they find their parent gone; those that are in a transaction may write until then.
        let signal = if self.kind == Kind::Postgres { "-QUIT" } else { "-KILL" };
        let id = self.child.id().to_string();
        Command::new("kill").args([signal, &id]).status().map_err(Error::io("kill"))?;
        self.child.wait().map(drop).map_err(Error::io("wait"))
    }

    /// Starts it again after it was killed; it finds what it had made durable.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_again(&mut self) -> Result<()> {
        self.child = spawn(self.kind, &self.program, &self.home, self.port)?;
        self.wait()
    }

    fn wait(&mut self) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(30) {
            if TcpStream::connect(self.address()).is_ok() {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(Error::failed("server", status));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(Error::failed("server", "does not answer"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.kill());
    }
}

fn spawn(kind: Kind, program: &Path, home: &Path, port: u16) -> Result<Child> {
    let port = port.to_string();
    let mut command = ordinary_user(program);
    match kind {
        Kind::Postgres => {
            command.arg("-D").arg(home.join("data")).args(["-h", "127.0.0.1", "-p", &port, "-k"]).arg(home);
        }
        Kind::Redis => {
            command.args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--dir"]).arg(home);
            command.args(["--appendonly", "yes", "--appendfsync", "always"]);
        }
    }
    let quiet = command.current_dir(home).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.spawn().map_err(Error::io("server"))
}

/// The directory of PostgreSQL's server programs: distributions keep them off the search path.
fn postgres_binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok();
    let mut found: Vec<PathBuf> = versions
        .into_iter()
        .flatten()
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop().or_else(|| on_path("initdb")?.parent().map(Path::to_path_buf))
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|directory| directory.join(program)).find(|file| file.is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// PostgreSQL refuses to run as root, and no test service needs to.
fn ordinary_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(program);
    command
}

fn ordinary_home(directory: &Path, name: &str) -> Result<PathBuf> {
    let home = directory.join(name);
    std::fs::create_dir_all(&home).map_err(Error::io("directory of the server"))?;
    if is_root() {
        // A temporary directory is its maker's alone.
        let opened = Command::new("chmod").arg("a+x").arg(directory).status();
        let given = Command::new("chown").arg("nobody:nogroup").arg(&home).status();
        if !opened.and(given).map_err(Error::io("chown"))?.success() {
            return Err(Error::failed("chown", "no success"));
        }
    }
    Ok(home)
}
