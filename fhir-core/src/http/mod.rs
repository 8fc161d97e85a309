//! The FHIR client as values: what to send for an [`Interaction`], and what an answer means. No socket.
//!
//! ```
//! use carewire_fhir_core::http::{Answer, Effect, FailureKind, HttpResponse, Interaction, Preferences};
//! let read = Interaction::read("Patient", "p1");
//! let request = read.request(&Preferences::default())?;
//! assert_eq!(request.url("https://fhir.example.org/R4"), "https://fhir.example.org/R4/Patient/p1");
//!
//! let body = br#"{"resourceType":"Patient","id":"p1"}"#;
//! let answer = Answer::of(&read, &HttpResponse::new(200, body).header("ETag", "W/\"7\""))?;
//! assert_eq!((answer.effect, answer.version.as_deref()), (Effect::Done, Some("7")));
//!
//! let busy = Answer::of(&read, &HttpResponse::new(429, b"").header("Retry-After", "3")).unwrap_err();
//! assert_eq!((busy.kind(), busy.wait().map(|wait| wait.as_secs())), (FailureKind::Throttled, Some(3)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An adapter opens the connection, adds the token, sends the [`HttpRequest`] and hands back the [`HttpResponse`]. Whether
//! to try again is up to the caller: a [`Failure`] says what happened, whether a repetition can help, and how long to wait.
//! [`Pager`] follows the pages of a search without leaving the server.

mod answer;
mod classify;
mod date;
mod failure;
mod interaction;
mod pager;
mod request;
mod response;
mod wait;

pub use answer::{Answer, Effect, Location};
pub use failure::{Failure, FailureKind};
pub use interaction::{Input, Interaction, Patch, Place, SearchBy, Target};
pub use pager::{PageError, PageLink, Pager};
pub use request::{HttpRequest, Preferences, RequestError, Return};
pub use response::HttpResponse;

#[cfg(test)]
mod tests;
