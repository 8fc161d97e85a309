//! Pairs of a message and the Bundle that another converter makes of it, and how far ours is from it.
//!
//! Ids and the order of lists mean nothing: a resource is compared with the one of ours that has most in common with it,
//! an element of a list likewise, and a reference by what it leads to. What ours has beyond is counted, not judged.
//!
//! ```
//! use carewire_testing::pairs::{Kind, compare};
//! use serde_json::json;
//!
//! let bundle = |patient| json!({"entry": [{"fullUrl": "urn:uuid:1", "resource": patient}]});
//! let theirs = bundle(json!({"resourceType": "Patient", "gender": "male", "birthDate": "1970-01-01"}));
//! let ours = bundle(json!({"resourceType": "Patient", "gender": "male", "active": true}));
//!
//! let comparison = compare(&theirs, &ours);
//! assert_eq!((comparison.identical, comparison.beyond), (1, 1));
//! assert_eq!(comparison.differences[0].path, "Patient.birthDate");
//! assert_eq!(comparison.differences[0].kind, Kind::Missing);
//! ```

mod bundle;
mod comparison;
mod element;
mod matching;
mod pair;
mod rule;
mod strip;
mod xml;

pub use comparison::{Comparison, Difference, Kind, compare};
pub use pair::{CORPORA, Pair, pairs};
pub use rule::{Finding, Rule, Rules};
