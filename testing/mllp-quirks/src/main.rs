//! The command line of the suite.
//!
//! The table goes to stdout, everything else to stderr. Exit status: 0 no required quirk failed, 1 one did, 2 wrong usage,
//! 3 the endpoint cannot be reached.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use carewire_mllp_quirks::{
    ClientOptions, ClientUnderTest, Error, Quirk, Release, Report, Result, ServerOptions, TlsClient,
    TlsServer, client_quirks, read_file, run_client_suite, run_server_suite, server_quirks, to_markdown,
};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Tries every known quirk of MLLP peers on a server or a client, and prints a table.
#[derive(Parser)]
#[command(name = "mllp-quirks", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tests a server: the suite connects to it.
    Server(Server),
    /// Tests a client: the suite listens, and misbehaves in one scenario after another.
    Client(Client),
    /// Prints the quirks that are tried.
    List {
        /// On which side.
        #[arg(value_enum)]
        side: Side,
        /// How.
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
}

#[derive(Args)]
struct Server {
    /// `host:port` of the server.
    address: String,
    /// Certificates (PEM) to trust: switches TLS on.
    #[arg(long, value_name = "FILE", requires = "tls_name")]
    tls_ca: Option<PathBuf>,
    /// The name that the server's certificate must have.
    #[arg(long, value_name = "NAME", requires = "tls_ca")]
    tls_name: Option<String>,
    /// The certificate (PEM) to show to the server.
    #[arg(long, value_name = "FILE", requires_all = ["tls_ca", "tls_key"])]
    tls_cert: Option<PathBuf>,
    /// Its key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A message that the server takes; MSH-10 is replaced each time.
    #[arg(long, value_name = "FILE")]
    message: Option<PathBuf>,
    /// How long an answer may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0)]
    timeout: f64,
    /// How long nothing must come where nothing is to come.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    quiet: f64,
    /// Only these, by id.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    only: Vec<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// The release of the transport: 2 has commit blocks.
    #[arg(long, value_parser = ["1", "2"], default_value = "1")]
    release: String,
    /// How long a message is that no server should take, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 64)]
    oversize: usize,
}

#[derive(Args)]
struct Client {
    /// Where to listen. With a command, port 0 is any that is free.
    #[arg(long, value_name = "HOST:PORT")]
    listen: String,
    /// The certificate (PEM) to show to clients: switches TLS on.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Certificates (PEM) of which the client must show one.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_client_ca: Option<PathBuf>,
    /// A certificate (PEM) that the client must not trust: whether it sends nothing then is tried as well.
    #[arg(long, value_name = "FILE", requires_all = ["tls_cert", "tls_other_key"])]
    tls_other_cert: Option<PathBuf>,
    /// Its key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_other_cert")]
    tls_other_key: Option<PathBuf>,
    /// How many messages the client sends in each scenario; at least 3 for a full picture.
    #[arg(long, value_name = "N", default_value_t = 3)]
    messages: usize,
    /// How long the client may take to do something: longer than it waits for an answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    patience: f64,
    /// For how long nothing is answered, where it is counted how often the client tries.
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0)]
    outage: f64,
    /// Only these, by id.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    only: Vec<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// The client, run for each scenario; `{addr}`, `{host}` and `{port}` are replaced. Without it the client runs already.
    #[arg(last = true)]
    command: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Side {
    Server,
    Client,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Json,
    Markdown,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&format!("no runtime: {error}"), 3),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(status) => status,
        Err(error @ (Error::Unreachable(_) | Error::Listen(_))) => complain(&error.to_string(), 3),
        Err(error) => complain(&error.to_string(), 2),
    }
}

async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Server(server) => {
            let format = server.format;
            let report = run_server_suite(&server.options()?).await?;
            Ok(shown(&report, format))
        }
        Command::Client(client) => {
            let format = client.format;
            let (options, under_test) = client.options()?;
            let report = run_client_suite(&options, &under_test).await?;
            Ok(shown(&report, format))
        }
        Command::List { side: Side::Server, format } => Ok(print(&list(server_quirks(), format))),
        Command::List { side: Side::Client, format } => Ok(print(&list(client_quirks(), format))),
    }
}

impl Server {
    fn options(self) -> Result<ServerOptions> {
        let mut options = ServerOptions::new(self.address);
        options.message = self.message.as_deref().map(read_file).transpose()?;
        options.timeout = seconds(self.timeout);
        options.quiet = seconds(self.quiet);
        options.only = self.only;
        options.oversize = self.oversize << 20;
        options.release = if self.release == "2" { Release::Two } else { Release::One };
        if let (Some(ca), Some(name)) = (self.tls_ca, self.tls_name) {
            let certificate = self.tls_cert.as_deref().map(read_file).transpose()?;
            let key = self.tls_key.as_deref().map(read_file).transpose()?;
            let identity = certificate.as_deref().zip(key.as_deref());
            options.tls = Some(TlsClient::new(&read_file(&ca)?, &name, identity)?);
        }
        Ok(options)
    }
}

impl Client {
    fn options(self) -> Result<(ClientOptions, ClientUnderTest)> {
        let mut options = ClientOptions::new(self.listen);
        options.messages = self.messages;
        options.patience = seconds(self.patience);
        options.outage = seconds(self.outage);
        options.only = self.only;
        if let (Some(certificate), Some(key)) = (self.tls_cert, self.tls_key) {
            let client_ca = self.tls_client_ca.as_deref().map(read_file).transpose()?;
            options.tls =
                Some(TlsServer::new(&read_file(&certificate)?, &read_file(&key)?, client_ca.as_deref())?);
        }
        if let (Some(certificate), Some(key)) = (self.tls_other_cert, self.tls_other_key) {
            options.other_tls = Some(TlsServer::new(&read_file(&certificate)?, &read_file(&key)?, None)?);
        }
        let under_test = match self.command.is_empty() {
            true => ClientUnderTest::External,
            false => ClientUnderTest::Command(self.command),
        };
        Ok((options, under_test))
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::from_secs(5))
}

fn shown(report: &Report, format: Format) -> ExitCode {
    let text = match format {
        Format::Table => report.to_string(),
        Format::Json => format!("{:#}\n", report.to_json()),
        Format::Markdown => report.to_markdown(),
    };
    let printed = print(&text);
    if report.passed() { printed } else { ExitCode::from(1) }
}

fn list(quirks: impl Iterator<Item = Quirk>, format: Format) -> String {
    match format {
        Format::Table => {
            quirks.map(|quirk| format!("{:<22} {:<11} {}\n", quirk.id, quirk.level, quirk.does)).collect()
        }
        Format::Json => {
            let row = |quirk: Quirk| {
                serde_json::json!({"id": quirk.id, "level": quirk.level.as_str(), "does": quirk.does,
                    "expects": quirk.expects, "source": quirk.source})
            };
            format!("{:#}\n", serde_json::Value::from(quirks.map(row).collect::<Vec<_>>()))
        }
        Format::Markdown => to_markdown(quirks),
    }
}

/// A pipe that is closed is no error.
fn print(text: &str) -> ExitCode {
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn complain(text: &str, status: u8) -> ExitCode {
    // There is nowhere else to complain.
    let _ = writeln!(std::io::stderr(), "mllp-quirks: {text}");
    ExitCode::from(status)
}
