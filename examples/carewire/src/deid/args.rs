//! What `carewire deid …` is told.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use carewire_deid::import::Unmatched;
use clap::{Args, Subcommand, ValueEnum};

#[derive(Subcommand)]
pub(crate) enum Deid {
    /// Transform FHIR resources and Bundles under a policy.
    Fhir(Transform),
    /// Transform HL7 v2 messages under a policy.
    V2(Transform),
    /// Count how many persons of a release look alike; exit 1 when they are fewer than K.
    #[command(name = "k-anonymity")]
    KAnonymity(KAnonymity),
    /// Print a fresh key file.
    Keygen,
    /// Show what a policy does with every element that it can meet, or a rule file with its rules.
    CheckPolicy {
        /// A policy file, the name of a built-in one, or a rule file of Microsoft's anonymizer.
        policy: String,
        /// What becomes of elements that no rule of a rule file names: `drop` unless said otherwise.
        #[arg(long, value_enum)]
        unmatched: Option<Others>,
    },
    #[command(external_subcommand)]
    Later(Vec<String>),
}

#[derive(Args)]
pub(crate) struct Transform {
    /// Resources and Bundles as JSON or NDJSON, or messages; `-` is stdin.
    #[arg(default_value = "-")]
    pub(super) inputs: Vec<PathBuf>,
    /// A policy file, the name of a built-in one, or, for FHIR, a rule file of Microsoft's anonymizer (JSON).
    #[arg(long, default_value = "pseudonymous")]
    pub(super) policy: String,
    /// What becomes of elements that no rule of a rule file names: `drop` unless said otherwise.
    #[arg(long, value_enum)]
    pub(super) unmatched: Option<Others>,
    /// The key file. A policy whose key lives for one run, such as `safe-harbor`, needs none.
    #[arg(long)]
    pub(super) key_file: Option<PathBuf>,
    /// The org whose keys are used.
    #[arg(long, default_value = "default")]
    pub(super) org: String,
    /// The day at which ages are counted: that of the release. `safe-harbor` demands it.
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// Files or directories with the Patients, which are read first. With them, the dates of lines of NDJSON move as they do
    /// in Bundles and in HL7 v2, by the patient's identifier; without, by his id. Two texts for each are held in memory.
    #[arg(long, value_name = "FILE|DIR")]
    pub(super) patients: Vec<PathBuf>,
    /// Where to write: a file, or a directory with a file for each input. Stdout otherwise.
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
    /// What was done, by path and method, as NDJSON.
    #[arg(long)]
    pub(super) report: Option<PathBuf>,
    /// How many threads work; as many as there are processors otherwise. The output is the same.
    #[arg(long)]
    pub(super) threads: Option<NonZeroUsize>,
}

/// What becomes of elements that no rule names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Others {
    /// They do not leave.
    #[default]
    Drop,
    /// They stay, as in Microsoft's engine: also what a rule names with a typing error.
    Keep,
}

impl From<Others> for Unmatched {
    fn from(others: Others) -> Self {
        match others {
            Others::Drop => Self::Drop,
            Others::Keep => Self::Keep,
        }
    }
}

#[derive(Args)]
pub(crate) struct KAnonymity {
    /// The release, all of it: resources and Bundles as JSON or NDJSON, or messages; `-` is stdin.
    #[arg(default_value = "-")]
    pub(super) inputs: Vec<PathBuf>,
    /// What persons could be found by: elements of FHIR, as `Patient.birthDate,Condition.code.coding.code`, or fields of
    /// HL7 v2, as `PID-7,PID-11.5`; may be given several times.
    #[arg(long, value_name = "PATHS", required = true)]
    pub(super) by: Vec<String>,
    /// How many persons each combination of their values must have.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) k: u64,
    /// A sensitive element or field, whose values must differ within each combination.
    #[arg(long, value_name = "PATH", requires = "l")]
    pub(super) sensitive: Option<String>,
    /// How many different values of it each combination must have.
    #[arg(long, requires = "sensitive")]
    pub(super) l: Option<NonZeroUsize>,
    /// List the combinations that too few persons have, with their values: for those who make the release, nobody else.
    #[arg(long)]
    pub(super) values: bool,
}
