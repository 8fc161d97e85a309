//! The command line of the suite.
//!
//! The table goes to stdout, everything else to stderr. Exit status: 0 no required quirk failed, 1 one did, 2 wrong usage,
//! 3 the endpoint cannot be reached.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use carewire_mllp_quirks::{
    Error, Release, Report, Result, ServerOptions, TlsClient, read_file, run_server_suite, server_quirks,
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
    /// Prints the quirks that are tried.
    List {
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
        Command::List { format } => Ok(print(&list(format))),
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

fn list(format: Format) -> String {
    let quirks = server_quirks();
    match format {
        Format::Table => {
            quirks.map(|quirk| format!("{:<22} {:<11} {}\n", quirk.id, quirk.level, quirk.does)).collect()
        }
        Format::Json => {
            let ids: Vec<_> =
                quirks.map(|quirk| serde_json::json!({"id": quirk.id, "does": quirk.does})).collect();
            format!("{:#}\n", serde_json::Value::from(ids))
        }
        Format::Markdown => carewire_mllp_quirks::to_markdown(quirks),
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
