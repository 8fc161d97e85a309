//! Structured logs on stderr. `LOG_LEVEL` is `error`, `warn`, `info`, `debug` or `trace`.

use std::io::stderr;

use tracing::level_filters::LevelFilter;

use crate::cli::LogFormat;

/// Starts logging; `default` holds where `LOG_LEVEL` is not set or cannot be read.
pub(crate) fn start(format: LogFormat, default: LevelFilter) {
    let level = std::env::var("LOG_LEVEL").ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let builder = tracing_subscriber::fmt().with_writer(stderr).with_max_level(level);
    // A second start (tests in one process) keeps the first.
    let _ = match format {
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(false).try_init(),
        LogFormat::Pretty => builder.with_target(false).try_init(),
    };
}
