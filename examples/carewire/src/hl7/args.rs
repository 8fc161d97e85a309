//! What can be typed behind `carewire hl7`.

use std::path::PathBuf;

use carewire_hl7_v2::ack::{AckCode, AckError, ErrorCode};
use carewire_hl7_v2::dictionary::Version;
use carewire_hl7_v2::{Charset, Location, Path};
use clap::{Args, Subcommand, ValueEnum};

#[derive(Subcommand)]
pub(crate) enum Hl7 {
    /// Print each message as a line of JSON, or as the tree of its groups.
    #[command(disable_version_flag = true)]
    Parse(Parse),
    /// Print what is not as the standard, a site or a profile has it. Errors make the exit status 1.
    #[command(disable_version_flag = true)]
    Validate(Validate),
    /// Print an acknowledgement of each message.
    #[command(disable_version_flag = true)]
    Ack(Ack),
    /// Print the values at a path.
    ///
    /// What is absent and what is empty give the same empty line in text, and exit status 0; `--format json` tells
    /// absent, null and value apart. The exit status is 1 when an input or a message could not be read, or when a batch
    /// declares another number of messages than it has: the values of the others are printed all the same.
    #[command(disable_version_flag = true)]
    Get(Get),
}

/// Which messages are read, and how.
#[derive(Args)]
pub(crate) struct Inputs {
    /// Files or directories; `-` is stdin. A file may hold a batch, or messages one after another.
    #[arg(default_value = "-")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The character set of the bytes, whatever MSH-18 says, as in table 0211: `8859/1`, `UNICODE UTF-8`.
    #[arg(long, value_parser = charset)]
    pub(crate) charset: Option<Charset>,
}

/// Which definitions apply.
#[derive(Args)]
pub(crate) struct Definitions {
    /// The version of HL7, whatever MSH-12 says.
    #[arg(long, value_parser = version)]
    pub(crate) version: Option<Version>,
    /// A file with segments, fields, tables and places that a site adds.
    #[arg(long, value_name = "FILE")]
    pub(crate) dictionary_overlay: Option<PathBuf>,
    /// The structure of the messages, whatever MSH-9 says, for example ORU_R01.
    #[arg(long)]
    pub(crate) structure: Option<String>,
}

#[derive(Args)]
pub(crate) struct Parse {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) definitions: Definitions,
    /// How messages are printed.
    #[arg(long, value_enum, default_value_t = ParseFormat::Json)]
    pub(crate) format: ParseFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ParseFormat {
    /// One line per message: segments, places and values.
    Json,
    /// Groups and segments by name; `!` stands before a segment that the structure does not have there.
    Tree,
}

#[derive(Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) definitions: Definitions,
    /// A NIST conformance profile: its XML file, or the directory with all of its files. Instead of the dictionary.
    #[arg(long, value_name = "FILE|DIR", conflicts_with_all = ["dictionary_overlay", "structure"])]
    pub(crate) profile: Option<PathBuf>,
    /// Warnings make the exit status 1 as well.
    #[arg(long)]
    pub(crate) strict: bool,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t = FindingFormat::Text)]
    pub(crate) format: FindingFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingFormat {
    /// One line per finding.
    Text,
    /// One line per message.
    Json,
}

#[derive(Args)]
pub(crate) struct Ack {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// AA, AE or AR (original mode); CA, CE or CR (enhanced mode).
    #[arg(long, value_parser = ack_code)]
    pub(crate) code: AckCode,
    /// MSH-10 of the acknowledgement, for one message; one of its own is made otherwise.
    #[arg(long)]
    pub(crate) control_id: Option<String>,
    /// An error for ERR, with a code other than AA and CA: the place (or nothing), the code of table 0357, and a text if
    /// wanted, as in `PID-3.1:101` or `:207:try again later`. May be given several times.
    #[arg(long = "error", value_name = "LOCATION:CODE[:TEXT]", value_parser = ack_error)]
    pub(crate) errors: Vec<AckError>,
}

#[derive(Args)]
pub(crate) struct Get {
    /// For example PID-5.1, PID-3(*).1, OBX(2)-5 or PATIENT_RESULT.ORDER_OBSERVATION(*).OBX(*)-5. A path to a segment
    /// gives it as written.
    #[arg(value_parser = path)]
    pub(crate) path: Path,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) definitions: Definitions,
    /// How values are printed.
    #[arg(long, value_enum, default_value_t = ValueFormat::Text)]
    pub(crate) format: ValueFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ValueFormat {
    /// One value a line; a line end or other control character in it is shown as `\n`, `\u{1b}`. A path to one place
    /// gives one line per message, empty when there is no value.
    Text,
    /// One line per value, with its place and its presence: `value`, or `null` for `""`. A path to one place gives
    /// `absent` when there is nothing.
    Json,
}

fn charset(label: &str) -> Result<Charset, String> {
    Charset::parse(label).ok_or_else(|| "not a character set of table 0211 that is known here".into())
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| {
        let known: Vec<&str> = Version::ALL.iter().map(|version| version.as_str()).collect();
        format!("one of {} is expected", known.join(", "))
    })
}

fn ack_code(code: &str) -> Result<AckCode, String> {
    code.parse().map_err(|_| "AA, AE, AR, CA, CE or CR is expected".into())
}

fn ack_error(text: &str) -> Result<AckError, String> {
    let mut parts = text.splitn(3, ':');
    let (place, code) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let code = ErrorCode::parse(code).ok_or("LOCATION:CODE[:TEXT] with a code of table 0357 is expected")?;
    let mut error = AckError::new(code);
    if !place.is_empty() {
        let place: Location = place.parse().map_err(|error: carewire_hl7_v2::PathError| error.to_string())?;
        error = error.in_place(place);
    }
    Ok(match parts.next().filter(|text| !text.is_empty()) {
        Some(text) => error.with_text(text.to_owned()),
        None => error,
    })
}

fn path(text: &str) -> Result<Path, String> {
    text.parse().map_err(|error: carewire_hl7_v2::PathError| error.to_string())
}
