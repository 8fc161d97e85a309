//! `carewire fhir-server`: the embedded FHIR R4 server as a process of its own.

use std::sync::Arc;

use carewire_embedded_fhir::{
    BASE_PATH, EmbeddedFhir, ExportOptions, FileRequestLog, Quota, SubscriptionOptions,
};
use tokio::net::TcpListener;
use tracing::level_filters::LevelFilter;

use crate::cli::{FhirServer, LogFormat};
use crate::failure::{Done, Failure};
use crate::lock::Hold;
use crate::serve::signalled;
use crate::{logging, stack};

pub(crate) async fn run(options: FhirServer, format: LogFormat) -> Result<Done, Failure> {
    logging::start(format, LevelFilter::INFO);
    let mut builder = EmbeddedFhir::builder()
        .admin(true)
        .audit_events(options.audit_events)
        .subscriptions(
            SubscriptionOptions::default()
                .loopback(options.notify_loopback)
                .any_host(options.notify_any_host),
        )
        .export(ExportOptions::default().demand_prefer(!options.lax_export));
    if let Some(points) = options.quota {
        builder = builder.quota(Quota::new(points));
    }
    let mut hold = None;
    if let Some(file) = options.store {
        let in_use = || Failure::unreachable(format!("{}: another process serves it", file.display()));
        hold = Some(Hold::take(&file)?.ok_or_else(in_use)?);
        builder = builder.sqlite(file);
    }
    if let Some(file) = options.request_log {
        let log = FileRequestLog::open(&file).map_err(|error| Failure::usage(error.to_string()))?;
        builder = builder.request_log(Arc::new(log));
    }
    let server = builder.build().await.map_err(|error| Failure::unreachable(error.to_string()))?;
    let listener = TcpListener::bind(options.bind).await.map_err(stack::unreachable)?;
    let address = listener.local_addr().map_err(stack::unreachable)?;
    tracing::info!(base = %format!("http://{address}{BASE_PATH}"), "serving FHIR R4");
    server.serve(listener, signalled()).await.map_err(|error| Failure::unreachable(error.to_string()))?;
    drop(hold);
    Ok(Done::All)
}
