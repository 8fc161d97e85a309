//! What can be asked of `carewire mllp`.

use std::net::SocketAddr;
use std::path::PathBuf;

use carewire_hl7_v2::ack::AckCode;
use carewire_mllp::PeerRule;
use clap::{Args, Subcommand, ValueEnum};

use super::tls::Trust;

#[derive(Subcommand)]
pub(crate) enum Mllp {
    /// Send messages and print their acknowledgements.
    ///
    /// Messages go one after another, each once the one before is acknowledged. An acknowledgement counts when its MSA-2
    /// is the MSH-10 of the message. A message that is not answered in time, or is refused for a reason that passes
    /// (ERR-3 206 or 207), is sent again over a new connection: the receiver may have it twice, with the same bytes.
    Send(Send),
    /// Receive messages into a directory and print the acknowledgements that are sent.
    ///
    /// Each message becomes a file, durably, before it is acknowledged; the same message again gets the same
    /// acknowledgement and no second file.
    Listen(Listen),
    /// Look at the outbox of the configured gateway and act on it.
    #[command(subcommand)]
    Outbox(Outbox),
}

#[derive(Subcommand)]
pub(crate) enum Outbox {
    /// What waits for each destination, and whether it is stopped.
    List,
    /// The messages that a destination did not take, as jobs in NDJSON.
    Dead {
        /// The destination.
        name: String,
        /// At most this many.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Send messages again that a destination did not take: one, or all.
    Again {
        /// The destination.
        name: String,
        /// The id of the job, as `dead` shows it.
        job: Option<String>,
    },
    /// Send nothing more to a destination; messages are taken in meanwhile.
    Stop {
        /// The destination.
        name: String,
    },
    /// Go on with a destination that was stopped, by `stop` or by a message that it did not take.
    Resume {
        /// The destination.
        name: String,
    },
}

#[derive(Args)]
pub(crate) struct Send {
    /// Where to.
    #[arg(long, value_name = "HOST:PORT", required_unless_present = "outbox", conflicts_with = "outbox")]
    pub(crate) to: Option<String>,
    /// Store the messages in the outbox of the configured gateway instead: `serve` sends them to the destination of this
    /// name, in order, until they are taken. They are safe when this command ends.
    #[arg(long, value_name = "DESTINATION")]
    pub(crate) outbox: Option<String>,
    #[command(flatten)]
    pub(crate) tls: SendTls,
    /// Seconds to wait for each acknowledgement.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) timeout: u64,
    /// How often a message is sent before it is given up.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) attempts: u32,
    /// What becomes of the messages behind one that the receiver refuses.
    #[arg(long, value_enum, default_value_t = AfterRefusal::Skip)]
    pub(crate) on_reject: AfterRefusal,
    /// Messages that may be on their way at once. Above 1, none is sent twice: at the first doubt the rest is named and
    /// left.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) pipeline: u16,
    /// Show on stderr what goes over the wire: positions and kinds of bytes, never what they say.
    #[arg(long)]
    pub(crate) tap: bool,
    /// Files with one or more messages; `-` is stdin.
    #[arg(required = true)]
    pub(crate) inputs: Vec<PathBuf>,
}

#[derive(Args)]
pub(crate) struct SendTls {
    /// Encrypt. The server's certificate must be one that this system trusts, or that --tls-ca does.
    #[arg(long)]
    pub(crate) tls: bool,
    /// Certificates (PEM) to trust instead of the system's; implies --tls.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_ca: Option<PathBuf>,
    /// The name that the server's certificate must have; the host of --to otherwise.
    #[arg(long, value_name = "NAME")]
    pub(crate) tls_name: Option<String>,
    /// The certificate chain (PEM) that we show.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
}

impl SendTls {
    pub(crate) fn trust(&self) -> Trust {
        Trust {
            tls: self.tls,
            ca: self.tls_ca.clone(),
            name: self.tls_name.clone(),
            cert: self.tls_cert.clone(),
            key: self.tls_key.clone(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AfterRefusal {
    /// They are sent; the refused one is named and makes the exit status 1.
    Skip,
    /// They are not sent, so that order is kept.
    Stop,
}

#[derive(Args)]
pub(crate) struct Listen {
    /// The address to listen on; port 0 is a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:2575")]
    pub(crate) bind: SocketAddr,
    /// Answer each message with this code: AA, AE, AR, CA, CE or CR. Without it, with what its MSH-15 and MSH-16 ask for.
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub(crate) ack: Option<AckCode>,
    /// The directory for the messages.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Encrypt, with this certificate chain (PEM). It is read again on SIGHUP.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Demand a certificate that one of these (PEM) has signed.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_client_ca: Option<PathBuf>,
    /// Who may send: an address, a network such as 10.1.0.0/16, `name:` with a name of the certificate, or `sha256:` with
    /// its fingerprint. May be repeated; without it, anybody who can connect.
    #[arg(long, value_name = "RULE")]
    pub(crate) allow: Vec<PeerRule>,
    /// Stop after so many messages.
    #[arg(long, value_name = "N")]
    pub(crate) max: Option<u64>,
    /// Show on stderr what comes over the wire: positions and kinds of bytes, never what they say.
    #[arg(long)]
    pub(crate) tap: bool,
}

fn code(text: &str) -> Result<AckCode, &'static str> {
    text.to_ascii_uppercase().parse().map_err(|_| "AA, AE, AR, CA, CE or CR is expected")
}
