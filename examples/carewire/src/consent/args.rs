//! What can be typed after `carewire consent`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum Consent {
    /// One JSON decision.
    Decide(Decide),
    /// Leave out of resources what a decision does not permit.
    Apply(Apply),
    /// Put consents into the configured store; what is there already is left as it is.
    Import {
        /// Files or directories of FHIR R4 and R5 consents, ABDM artefacts, simple ones, or tables of those (`.csv`). `-` is stdin.
        #[arg(required = true)]
        inputs: Vec<PathBuf>,
    },
    /// The consents of the configured store, as NDJSON.
    List {
        /// Only those of this patient's token.
        #[arg(long, value_name = "TOKEN")]
        patient: Option<String>,
        /// At most this many.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Take back a consent of the configured store.
    Revoke { id: String },
}

/// What is to be decided, and by what.
#[derive(Args)]
pub(crate) struct Question {
    /// The request, as JSON.
    #[arg(long)]
    pub(crate) request: PathBuf,
    /// A file, or a directory of files: FHIR R4 and R5 consents, ABDM artefacts or simple ones; one, an array, NDJSON or a Bundle, or a
    /// table of simple ones (`.csv`); or HL7 v2 messages about the patient of the request, of which the CON segments are read.
    #[arg(long)]
    pub(crate) consents: PathBuf,
    /// What the types of CON segments (CON-2) are about, as TOML.
    #[arg(long, value_name = "FILE")]
    pub(crate) con_types: Option<PathBuf>,
    /// The org's rules, as TOML.
    #[arg(long)]
    pub(crate) policy: Option<PathBuf>,
    /// The instant to decide for (RFC 3339), or a date, of which it is the first instant in UTC; now otherwise.
    #[arg(long)]
    pub(crate) at: Option<String>,
    /// How consents combine: a code of `permission-rule-combining`; as the policy says otherwise.
    #[arg(long)]
    pub(crate) combining: Option<String>,
}

#[derive(Args)]
pub(crate) struct Decide {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Say on stderr, in words, what each provision had to say.
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Args)]
pub(crate) struct Apply {
    /// Files or directories of resources or Bundles, as JSON or NDJSON; `-` is stdin.
    #[arg(default_value = "-")]
    pub(crate) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) question: Question,
    /// A reference by which the resources mean the patient, beside `Patient/` and the token; several times.
    #[arg(long = "known-as", value_name = "REFERENCE")]
    pub(crate) known_as: Vec<String>,
    /// Look for sensitive codes as well, by the built-in table, beside the labels that resources bear.
    #[arg(long)]
    pub(crate) label: bool,
    /// A file for NDJSON, or a directory for one file per document.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// How much was withheld of each document and why, without values, as NDJSON.
    #[arg(long)]
    pub(crate) report: Option<PathBuf>,
}
