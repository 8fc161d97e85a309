use std::sync::Arc;

use super::{ExportOptions, Lines, Spec};

/// An export that was ordered.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) spec: Arc<Spec>,
    pub(crate) progress: Progress,
}

/// How far a job is.
pub(crate) enum Progress {
    /// Types done, and of how many.
    Running(usize, usize),
    /// What there is, since when (milliseconds since 1970).
    Done(Vec<File>, i64),
}

/// A file of an export.
pub(crate) struct File {
    pub(crate) name: String,
    /// `Bundle` when it lists what was deleted.
    pub(crate) resource_type: &'static str,
    pub(crate) is_deleted: bool,
    pub(crate) lines: Lines,
    /// How many resources.
    pub(crate) count: usize,
}

impl Job {
    pub(crate) fn new(spec: Spec) -> Self {
        Self { spec: Arc::new(spec), progress: Progress::Running(0, 0) }
    }

    /// When the files go, in milliseconds since 1970.
    pub(crate) fn expires(&self, options: &ExportOptions) -> i64 {
        match &self.progress {
            Progress::Running(..) => i64::MAX,
            Progress::Done(_, since) => {
                since.saturating_add(i64::try_from(options.keep.as_millis()).unwrap_or(i64::MAX))
            }
        }
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Running(done, all) => write!(f, "Running({done} of {all})"),
            Self::Done(files, _) => write!(f, "Done({} files)", files.len()),
        }
    }
}
