//! The servers, each a process of its own on the core of the servers.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

use tokio::net::TcpListener;

use crate::{codec, framer, machine, ours};

/// The first argument of a process that becomes a server; then the core, the program, and its arguments.
const PINNED: &str = "pinned";
/// The first argument of a process that is one of the servers of this program; the second says which.
const SERVE: &str = "serve";

/// What can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Framer,
    Carewire,
    Codec,
    Python,
    Node,
}

impl Kind {
    pub(crate) const RUST: [Self; 3] = [Self::Framer, Self::Carewire, Self::Codec];
    pub(crate) const ALL: [Self; 5] = [Self::Framer, Self::Carewire, Self::Codec, Self::Python, Self::Node];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Framer => "bare memchr framer",
            Self::Carewire => "carewire-mllp",
            Self::Codec => "hl7-mllp-codec 0.4",
            Self::Python => "python-hl7, asyncio",
            Self::Node => "@medplum/hl7, Node",
        }
    }

    /// Starts it on a core; the error says why it cannot be.
    pub(crate) fn start(self, core: usize) -> Result<Server, String> {
        let this = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(&this);
        command.args([PINNED, &core.to_string()]);
        let script = |name| Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts").join(name);
        match self {
            Self::Framer => command.arg(&this).args([SERVE, "framer"]),
            Self::Carewire => command.arg(&this).args([SERVE, "carewire"]),
            Self::Codec => command.arg(&this).args([SERVE, "codec"]),
            Self::Python => command.arg(python()).arg(script("python_hl7.py")),
            Self::Node => command.arg("node").arg(script("medplum_hl7.mjs")),
        };
        Server::start(self, command)
    }
}

fn python() -> String {
    std::env::var("CAREWIRE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// A running server. It ends when this is dropped.
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) address: SocketAddr,
    child: Child,
}

impl Server {
    fn start(kind: Kind, mut command: Command) -> Result<Self, String> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line).map_err(|error| error.to_string())?;
        }
        let Ok(port) = line.trim().parse::<u16>() else {
            let _ = child.wait();
            let mut reason = String::new();
            let _ = child.stderr.take().map(|mut stderr| stderr.read_to_string(&mut reason));
            let reason = reason.lines().rfind(|line| line.contains("rror")).unwrap_or("it did not start");
            return Err(reason.to_owned());
        };
        // A full pipe would stop it.
        let stderr = child.stderr.take();
        std::thread::spawn(move || stderr.map(|mut stderr| io::copy(&mut stderr, &mut io::sink())));
        Ok(Self { kind, address: SocketAddr::from(([127, 0, 0, 1], port)), child })
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
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
        [_, first, core, program, rest @ ..] if first == PINNED => become_program(core, program, rest),
        [_, first, kind] if first == SERVE => serve(kind),
        _ => return None,
    };
    // The parent looks for the word.
    let _ = ended.map_err(|error| io::Write::write_fmt(&mut io::stderr(), format_args!("error: {error}\n")));
    Some(ExitCode::FAILURE)
}

fn become_program(core: &str, program: &str, arguments: &[String]) -> io::Result<()> {
    machine::pin(core.parse().map_err(io::Error::other)?)?;
    machine::open_many_files()?;
    Err(io::Error::other(format!("{program}: {}", Command::new(program).args(arguments).exec())))
}

fn serve(kind: &str) -> io::Result<()> {
    std::thread::spawn(end_with_parent);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        io::Write::write_fmt(&mut io::stdout(), format_args!("{}\n", listener.local_addr()?.port()))?;
        match kind {
            "framer" => framer::serve(listener).await,
            "carewire" => ours::serve(listener).await,
            "codec" => codec::serve(listener).await,
            _ => Err(io::Error::other("no such server")),
        }
    })
}

/// Its end of the pipe closes however the parent ends.
fn end_with_parent() {
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    std::process::exit(0);
}
