//! Search as values: what a client asks and what a server is asked, read and written by the same code.
//!
//! A [`SearchQuery`] has a [`Scope`] (a type, a compartment, the whole system), criteria that must all hold, resources
//! to include, and [`Results`]: sorting, paging, summaries. Values are typed by the kind that R4 gives the parameter;
//! [`parameter`] knows all of R4's (`http://hl7.org/fhir/R4/search.html`).
//!
//! ```
//! use carewire_fhir_core::search::{Criterion, DateValue, Prefix, Scope, SearchQuery, Token};
//! let query = SearchQuery::of("Observation")
//!     .with(Criterion::new("code", Token::coded("http://loinc.org", "718-7")))
//!     .with(Criterion::new("date", DateValue::new(Prefix::Ge, "2024-03")?))
//!     .with(Criterion::new("family", "Chalmers").through("subject", Some("Patient")))
//!     .count(50);
//! assert_eq!(
//!     query.to_query(),
//!     "code=http%3A%2F%2Floinc.org%7C718-7&date=ge2024-03&subject:Patient.family=Chalmers&_count=50",
//! );
//! let read = SearchQuery::parse(Scope::Type("Observation".into()), &query.to_query())?;
//! assert!(read == query);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! To a remote that knows patients by name, send [`SearchQuery::to_form`] in a body: URLs are logged.
//!
//! [`SearchQuery::fits`] says whether a resource is what the query looks for, [`SortPlace`] where it stands, and
//! [`Include::targets`] what comes with it: all that a server needs besides its indexes. Where it cannot be said, that is
//! an error and neither a match nor a miss: `:not` and `:missing` would turn a wrong "no" into a wrong "yes".
//!
//! # Case of codes
//! R4 leaves it to the code system whether case counts, and wants it not to count in doubt, since to find too much does
//! less harm than to find too little (3.1.1.4.10). So codes are compared without ASCII case, and with case where there is
//! no doubt or the harm is the other way round: ids, the values of identifiers and contact points, systems, UCUM, what
//! `:not` leaves out, and everything where [`Surroundings::exact_codes`] says so, as for conditional interactions.
//!
//! Not here: terminology (`:in`, `:above` of codes), full text, `_filter`; they are read and named, for a server that has
//! them.

mod criterion;
mod error;
mod escape;
pub(crate) mod form;
mod include;
mod matching;
pub(crate) mod name;
mod parameter;
mod parse;
mod query;
mod results;
mod value;
mod write;

pub use criterion::{Criterion, Link, Modifier};
pub use error::{MatchError, MatchReason, SearchError, SearchReason};
pub use include::Include;
pub use matching::{Alone, SortPlace, Surroundings, Target};
pub use parameter::{Component, ParameterKind, SearchParameter, parameter, parameters};
pub use parse::{Ignored, Parsed, SearchOptions, Unknown};
pub use query::{Scope, SearchQuery};
pub use results::{Contained, ContainedType, Results, Sort, Summary, Total};
pub use value::{DateValue, NumberValue, Prefix, QuantityValue, SearchValue, Token, TypedIdentifier};

#[cfg(test)]
mod tests;
