//! Queues and servers for tests.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use carewire_redis::{RedisOptions, RedisQueue};

/// A queue with keys of its own on the server of `CAREWIRE_TEST_REDIS_URL`; `None`, with the reason printed, where that is
/// not set.
pub(crate) async fn queue(name: &str) -> Option<RedisQueue> {
    let url = url()?;
    let prefix = format!("test-{name}-{}", std::process::id());
    Some(RedisQueue::connect(&url, RedisOptions::default().prefix(prefix)).await.unwrap())
}

fn url() -> Option<String> {
    let url = std::env::var("CAREWIRE_TEST_REDIS_URL").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        println!("skipped: CAREWIRE_TEST_REDIS_URL is not set (cargo xtask test sets it)");
    }
    url
}

/// A server of the test's own, that it may kill and start again over the same files.
pub(crate) struct Server {
    child: Child,
    port: u16,
    files: tempfile::TempDir,
    settings: Vec<String>,
}

impl Server {
    /// Starts one with these settings; `None`, with the reason printed, where tests with Redis are not asked for.
    pub(crate) fn start(settings: &[&str]) -> Option<Self> {
        url()?;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let files = tempfile::tempdir().unwrap();
        let settings: Vec<String> = settings.iter().copied().map(str::to_owned).collect();
        let Ok(child) = spawn(port, files.path(), &settings) else {
            println!("skipped: redis-server is not installed (cargo xtask test --provision installs it)");
            return None;
        };
        let server = Self { child, port, files, settings };
        server.wait();
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// With little patience: the tests wait for a server that is down.
    pub(crate) async fn queue(&self) -> RedisQueue {
        let options = RedisOptions::default().patience(Duration::from_secs(3));
        RedisQueue::connect(&self.url(), options).await.unwrap()
    }

    /// SIGKILL: nothing is written any more.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn start_again(&mut self) {
        self.child = spawn(self.port, self.files.path(), &self.settings).unwrap();
        self.wait();
    }

    /// What is on the disk now.
    pub(crate) fn save_files(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        copy_files(&self.files.path().join("appendonlydir"), copy.path());
        copy
    }

    /// Goes back to that: what has happened since is lost. The server must be down.
    pub(crate) fn lose_what_came_after(&self, saved: &tempfile::TempDir) {
        let place = self.files.path().join("appendonlydir");
        std::fs::remove_dir_all(&place).unwrap();
        std::fs::create_dir(&place).unwrap();
        copy_files(saved.path(), &place);
    }

    /// Waits until it has read its files.
    fn wait(&self) {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(30) {
            if self.answers() {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("redis-server does not answer");
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn answers(&self) -> bool {
        use std::io::{Read as _, Write as _};
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        let mut answer = [0; 5];
        stream.write_all(b"PING\r\n").is_ok() && stream.read_exact(&mut answer).is_ok() && answer == *b"+PONG"
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn spawn(port: u16, files: &Path, settings: &[String]) -> std::io::Result<Child> {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
        .arg("--dir")
        .arg(files)
        .args(settings)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
}

fn copy_files(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}
