//! The invariants of a consent engine, by their numbers, on random nested consents of all four forms.
//!
//! | | invariant | where |
//! |---|---|---|
//! | 1 | a permit has a ground: a consent in force that permits each class, the implicit policy, or a broken glass | `permits` |
//! | 2 | a permit that is taken back, and a denial that is given, permit nothing more | `permits` |
//! | 3 | order and repetition are nothing | `permits` |
//! | 4 | who asks for less is not denied | `permits` |
//! | 5 | what is below gives nothing outside of what is above | `permits` |
//! | 6 | decisions change at boundaries only | `time` |
//! | 7 | what cannot be evaluated is denied, and says why | `permits` |
//! | 8 | obligations come with permits, and applied they leave nothing that bears a redacted label | `data` |
//! | 9 | decisions that are kept are those that would be made | `time` |
//! | 10 | each decision is on record once, without a value | the tests of the gateway |
//! | 11 | another org's consents have no say | `who` |
//! | 12 | a researcher sees nothing identified, a clinician has an encounter | `who` |
//! | 13 | ids are opaque | `data` |
//! | 14 | the engine says what the rules say by the word, and what Cedar says | the crate root; `testing/oracles/cedar` |

mod data;
mod permits;
mod time;
mod who;

use carewire_consent::{Consent, Decision, Described, Policy, Response, evaluate};

use crate::ast::{Document, Given, Said};
use crate::interpreter::Form;
use crate::{Case, generate, parse, policy};

/// Whether the datum may be used by a request that says this much of it.
fn keeps(given: &Given, form: Form) -> bool {
    let (case, policy) = (Case::of(given), policy(given));
    case.decide(form, &policy).keeps(&Described::of(&case.resource), &policy)
}

/// The same case with other consents.
fn with(given: &Given, documents: Vec<Document>) -> Given {
    Given { documents, ..given.clone() }
}

/// A case of which consents decide alone.
fn by_consents_alone(given: Given) -> Given {
    let combining =
        if given.said.combining == "permit-unless-deny" { "deny-overrides" } else { given.said.combining };
    Given { said: Said { combining, implicit: false, glass: false, ..given.said }, ..given }
}
