//! The servers, each a process of its own.

use std::io::{self, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use crate::durable::{self, Durability};
use crate::tls::Tls;
use crate::{codec, framer, machine, ours};

/// The first argument of a process that becomes a server; then the cores, the program, and its arguments.
const PINNED: &str = "pinned";
/// The first argument of a process that is one of the servers of this program; then which, and what it needs.
const SERVE: &str = "serve";

/// What our server is called in tables.
pub(crate) const OURS: &str = "carewire-mllp";

/// What can be started.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Framer,
    Carewire,
    CarewireTls(Tls),
    Codec,
    Python,
    Node,
    /// Our server with the gateway's intake, its store in a folder.
    Durable(Durability, PathBuf),
}

impl Kind {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Framer => "bare memchr framer",
            Self::Carewire => OURS,
            Self::CarewireTls(_) => "carewire-mllp over TLS",
            Self::Codec => "hl7-mllp-codec 0.4",
            Self::Python => "python-hl7, asyncio",
            Self::Node => "@medplum/hl7, Node",
            Self::Durable(Durability::Full, _) => "synchronous=FULL",
            Self::Durable(Durability::Off, _) => "synchronous=OFF",
            Self::Durable(Durability::Slow, _) => "FULL, each fsync + 3 ms",
        }
    }

    /// Starts it on these cores; the error says why it cannot be.
    pub(crate) fn start(&self, cores: &[usize]) -> Result<Server, String> {
        let cores: Vec<String> = cores.iter().map(usize::to_string).collect();
        let this = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(&this);
        command.args([PINNED, &cores.join(",")]);
        let script = |name| Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts").join(name);
        match self {
            Self::Framer => command.arg(&this).args([SERVE, "framer"]),
            Self::Carewire => command.arg(&this).args([SERVE, "carewire"]),
            Self::CarewireTls(tls) => command.arg(&this).args([SERVE, "tls"]).arg(&tls.folder),
            Self::Codec => command.arg(&this).args([SERVE, "codec"]),
            Self::Python => command.arg(python()).arg(script("python_hl7.py")),
            Self::Node => command.arg("node").arg(script("medplum_hl7.mjs")),
            Self::Durable(durability, folder) => {
                command.arg(&this).args([SERVE, durability.name()]).arg(folder)
            }
        };
        Server::start(self.clone(), command)
    }
}

fn python() -> String {
    std::env::var("CAREWIRE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// A running server. It ends when this is dropped.
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) address: SocketAddr,
    /// What a client needs, where it speaks TLS.
    pub(crate) tls: Option<Arc<ClientConfig>>,
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// What a server has done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    /// Its processor time.
    pub(crate) worked: Duration,
    /// Its commits, where it has a store.
    pub(crate) commits: u64,
}

impl Server {
    fn start(kind: Kind, mut command: Command) -> Result<Self, String> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().ok_or("no pipe")?);
        let mut stderr = child.stderr.take().ok_or("no pipe")?;
        let Ok(port) = number(&mut output) else {
            let _ = child.wait();
            let mut reason = String::new();
            let _ = stderr.read_to_string(&mut reason);
            let reason = reason.lines().rfind(|line| line.contains("rror")).unwrap_or("it did not start");
            return Err(reason.to_owned());
        };
        // A full pipe would stop it.
        std::thread::spawn(move || io::copy(&mut stderr, &mut io::sink()));
        let port = u16::try_from(port).map_err(|error| error.to_string())?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let tls = match &kind {
            Kind::CarewireTls(tls) => Some(Arc::clone(&tls.client)),
            _ => None,
        };
        Ok(Self { kind, address, tls, child, input, output })
    }

    /// What it has done so far.
    pub(crate) fn done(&mut self) -> io::Result<Done> {
        let commits = match self.kind {
            Kind::Durable(..) => {
                self.input.as_ref().ok_or(io::ErrorKind::BrokenPipe)?.write_all(b"\n")?;
                number(&mut self.output)?
            }
            _ => 0,
        };
        Ok(Done { worked: machine::worked(self.child.id())?, commits })
    }

    /// Its resident memory, in bytes.
    pub(crate) fn resident(&self) -> io::Result<f64> {
        machine::resident(self.child.id())
    }
}

fn number(output: &mut impl io::BufRead) -> io::Result<u64> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    line.trim().parse().map_err(io::Error::other)
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What this process is to be instead of the bench, if anything.
pub(crate) fn asked(arguments: &[String]) -> Option<ExitCode> {
    let ended = match arguments {
        [_, first, cores, program, rest @ ..] if first == PINNED => become_program(cores, program, rest),
        [_, first, kind] if first == SERVE => serve_echo(kind, Path::new("")),
        [_, first, kind, folder] if first == SERVE && kind == "tls" => serve_echo(kind, Path::new(folder)),
        [_, first, durability, folder] if first == SERVE => serve_durable(durability, Path::new(folder)),
        _ => return None,
    };
    // The parent looks for the word.
    let _ = ended.map_err(|error| io::stderr().write_fmt(format_args!("error: {error}\n")));
    Some(ExitCode::FAILURE)
}

fn become_program(cores: &str, program: &str, arguments: &[String]) -> io::Result<()> {
    let cores: Result<Vec<usize>, _> = cores.split(',').map(str::parse).collect();
    machine::pin(&cores.map_err(io::Error::other)?)?;
    machine::open_many_files()?;
    Err(io::Error::other(format!("{program}: {}", Command::new(program).args(arguments).exec())))
}

fn serve_echo(kind: &str, folder: &Path) -> io::Result<()> {
    std::thread::spawn(end_with_parent);
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let listener = listen(&runtime)?;
    runtime.block_on(async {
        match kind {
            "framer" => framer::serve(listener).await,
            "carewire" => ours::serve(listener).await,
            "tls" => ours::serve_tls(listener, folder).await,
            "codec" => codec::serve(listener).await,
            _ => Err(io::Error::other("no such server")),
        }
    })
}

/// On the runtime that the program has.
fn serve_durable(durability: &str, folder: &Path) -> io::Result<()> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let listener = listen(&runtime)?;
    runtime.block_on(durable::serve(listener, durability, folder))
}

/// Tells the parent the port.
fn listen(runtime: &Runtime) -> io::Result<TcpListener> {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    io::stdout().write_fmt(format_args!("{}\n", listener.local_addr()?.port()))?;
    Ok(listener)
}

/// Its end of the pipe closes however the parent ends.
fn end_with_parent() {
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    std::process::exit(0);
}
