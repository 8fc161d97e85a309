//! Private servers: on free ports, in a temporary folder, as an ordinary user. As they are installed, but for what stands here.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::Result;

/// A server that runs until this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    _folder: TempDir,
}

impl Server {
    /// Redis with an append-only file that is synced each second: the most durable way that still is fast.
    pub(crate) fn redis() -> Result<Self> {
        let folder = folder()?;
        let port = free_port()?;
        let mut redis = ordinary_user(Path::new("redis-server"));
        redis.current_dir(folder.path()).args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
        redis.args(["--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--dir", "."]);
        Self::start(redis, port, folder)
    }

    /// Postgres with all of its defaults: `fsync`, `synchronous_commit` and `full_page_writes` are on.
    pub(crate) fn postgres() -> Result<Self> {
        let programs = postgres_programs().ok_or("PostgreSQL is not installed")?;
        let folder = folder()?;
        let data = folder.path().join("data");
        let mut initdb = ordinary_user(&programs.join("initdb"));
        initdb.current_dir(folder.path()).arg("-D").arg(&data).args(["--username=bench", "--auth=trust"]);
        let made = initdb.args(["--encoding=UTF8", "--locale=C"]).stdout(Stdio::null()).status()?;
        if !made.success() {
            return Err(format!("initdb ended with {made}").into());
        }
        let port = free_port()?;
        let mut postgres = ordinary_user(&programs.join("postgres"));
        postgres.current_dir(folder.path()).arg("-D").arg(&data);
        postgres.args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k", "."]);
        Self::start(postgres, port, folder)
    }

    fn start(mut command: Command, port: u16, folder: TempDir) -> Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let server = Self { child, port, _folder: folder };
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if started.elapsed() > Duration::from_secs(30) {
                return Err("a server did not answer within 30 s".into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // Postgres listens before it lets anybody in.
        std::thread::sleep(Duration::from_millis(300));
        Ok(server)
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // To Postgres a fast shutdown, which leaves no process behind.
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

/// A folder that the ordinary user may write to.
pub(crate) fn folder() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("carewire-queue-").tempdir()?;
    if is_root() {
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700))?;
        let owner = format!("{}:", ordinary_name());
        Command::new("chown").arg(owner).arg(folder.path()).status()?;
    }
    Ok(folder)
}

/// Distributions keep them off the search path.
fn postgres_programs() -> Option<PathBuf> {
    let parents = ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt"];
    let mut found: Vec<PathBuf> = parents
        .iter()
        .filter_map(|parent| std::fs::read_dir(parent).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("postgres").is_file() && folder.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop()
}

/// Postgres refuses to run as root.
fn ordinary_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    let name = ordinary_name();
    command.args([format!("--reuid={name}"), format!("--regid={name}"), "--clear-groups".into()]);
    command.arg(program);
    command
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn ordinary_name() -> &'static str {
    let known =
        Command::new("id").args(["-u", "postgres"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if known.is_ok_and(|status| status.success()) { "postgres" } else { "nobody" }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
