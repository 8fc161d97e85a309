//! Private instances of PostgreSQL and Redis: on free ports, in a temporary directory, as an ordinary user. A FHIR server
//! of another implementation, on a free port, in memory.
//! Services that already run are not touched.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::oracle;
use crate::shell::{Shell, is_root, root, which};

/// Running services, stopped when this is dropped.
pub(crate) struct Services {
    children: Vec<Child>,
    directory: PathBuf,
    /// Variables for the tests: `CAREWIRE_TEST_POSTGRES_URL`, `CAREWIRE_TEST_REDIS_URL`, `CAREWIRE_TEST_PEER_URL`.
    pub(crate) environment: Vec<(&'static str, String)>,
    /// What is not there, for the report.
    pub(crate) skipped: Vec<String>,
}

impl Services {
    /// Starts what is installed; keeps what the environment already names.
    pub(crate) fn start() -> Result<Self, String> {
        let directory = std::env::temp_dir().join(format!("carewire-services-{}", std::process::id()));
        std::fs::create_dir_all(&directory).map_err(|error| format!("temporary directory: {error}"))?;
        let mut services = Self { children: vec![], directory, environment: vec![], skipped: vec![] };
        services.redis()?;
        services.postgres()?;
        services.peer()?;
        Ok(services)
    }

    fn redis(&mut self) -> Result<(), String> {
        if self.named("CAREWIRE_TEST_REDIS_URL") {
            return Ok(());
        }
        let Some(program) = which("redis-server") else {
            self.skipped.push("Redis tests: redis-server is not installed (run with --provision)".into());
            return Ok(());
        };
        let home = self.home("redis")?;
        let port = free_port()?;
        let port_text = port.to_string();
        let mut command = ordinary_user(&program);
        command.current_dir(&home).args([
            "--bind",
            "127.0.0.1",
            "--port",
            &port_text,
            "--save",
            "",
            "--appendonly",
            "yes",
            "--dir",
            ".",
        ]);
        self.spawn("redis-server", command)?;
        wait_for(port, "redis-server")?;
        self.environment.push(("CAREWIRE_TEST_REDIS_URL", format!("redis://127.0.0.1:{port}")));
        Ok(())
    }

    fn postgres(&mut self) -> Result<(), String> {
        if self.named("CAREWIRE_TEST_POSTGRES_URL") {
            return Ok(());
        }
        let Some(binaries) = postgres_binaries() else {
            self.skipped.push("PostgreSQL tests: PostgreSQL is not installed (run with --provision)".into());
            return Ok(());
        };
        let home = self.home("postgres")?;
        let data = home.join("data");
        let mut initdb = ordinary_user(&binaries.join("initdb"));
        initdb.current_dir(&home).arg("-D").arg(&data).args([
            "--username=carewire",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "--locale=C",
        ]);
        let made = initdb.stdout(Stdio::null()).status().map_err(|error| format!("initdb: {error}"))?;
        if !made.success() {
            return Err(format!("initdb ended with {made}"));
        }
        let port = free_port()?;
        let mut postgres = ordinary_user(&binaries.join("postgres"));
        postgres.current_dir(&home).arg("-D").arg(&data).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
        postgres.arg("-k").arg(&home).args(["-c", "fsync=off"]);
        self.spawn("postgres", postgres)?;
        wait_for(port, "postgres")?;
        self.environment
            .push(("CAREWIRE_TEST_POSTGRES_URL", format!("postgres://carewire@127.0.0.1:{port}/postgres")));
        Ok(())
    }

    /// Why it is not there says the report anyway.
    fn peer(&mut self) -> Result<(), String> {
        if self.named("CAREWIRE_TEST_PEER_URL") || oracle::missing().is_some() {
            return Ok(());
        }
        let port = free_port()?;
        let mut command = Command::new("node");
        command.args(["server.mjs", "--port", &port.to_string()]).current_dir(root().join("testing/oracle"));
        self.spawn("server.mjs", command)?;
        wait_for(port, "server.mjs")?;
        self.environment.push(("CAREWIRE_TEST_PEER_URL", format!("http://127.0.0.1:{port}/fhir/R4")));
        Ok(())
    }

    /// Whether the environment names an instance to use.
    fn named(&mut self, variable: &'static str) -> bool {
        match std::env::var(variable) {
            Ok(url) if !url.is_empty() => {
                self.environment.push((variable, url));
                true
            }
            _ => false,
        }
    }

    /// A directory that the ordinary user owns.
    fn home(&self, name: &str) -> Result<PathBuf, String> {
        let home = self.directory.join(name);
        std::fs::create_dir_all(&home).map_err(|error| format!("temporary directory: {error}"))?;
        if is_root() {
            let user = format!("{0}:", ordinary_name());
            Shell::new("chown").args([user.as_str()]).args([home.to_string_lossy()]).read()?;
        }
        Ok(home)
    }

    fn spawn(&mut self, name: &str, mut command: Command) -> Result<(), String> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{name}: {error}"))?;
        self.children.push(child);
        Ok(())
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        for child in &mut self.children {
            // SIGINT to the server itself: a fast shutdown that leaves no process behind.
            let stopped = Shell::new("kill").args(["-INT", &child.id().to_string()]).succeeds();
            if !stopped || !ends_within(child, Duration::from_secs(10)) {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// The directory of PostgreSQL's server programs: distributions keep them off the search path.
pub(crate) fn postgres_binaries() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> =
        ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt"]
            .iter()
            .filter_map(|parent| std::fs::read_dir(parent).ok())
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .filter(|directory| directory.join("postgres").is_file() && directory.join("initdb").is_file())
            .collect();
    found.sort();
    found.pop().or_else(|| {
        Some(which("postgres")?.parent()?.to_path_buf()).filter(|path| path.join("initdb").is_file())
    })
}

/// A command that does not run as root: PostgreSQL refuses to, and no test service needs it.
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

/// The user to run services as when we are root.
fn ordinary_name() -> &'static str {
    if Shell::new("id").args(["-u", "postgres"]).succeeds() { "postgres" } else { "nobody" }
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| format!("no free port: {error}"))?;
    listener.local_addr().map(|address| address.port()).map_err(|error| format!("no free port: {error}"))
}

fn wait_for(port: u16, name: &str) -> Result<(), String> {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(30) {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(format!("{name} did not answer within 30 s"))
}

fn ends_within(child: &mut Child, limit: Duration) -> bool {
    let started = Instant::now();
    while started.elapsed() < limit {
        if matches!(child.try_wait(), Ok(Some(_))) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}
