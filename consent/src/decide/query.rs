//! A request, prepared to be compared with many rules.

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::access::Access;
use crate::facts::Facts;
use crate::model::Name;
use crate::{Policy, Request};

/// A request at an instant.
#[derive(Clone, Debug)]
pub(crate) struct Query<'a> {
    pub(crate) request: &'a Request,
    pub(crate) now: DateTime<Utc>,
    /// The bit of its purpose; none for a purpose of no table.
    pub(crate) purpose: u64,
    /// What it says of the data.
    pub(crate) facts: Facts<'a>,
    /// Whether the actor belongs to another org.
    pub(crate) is_foreign: bool,
    /// By what the actor is known.
    pub(crate) names: SmallVec<[Name<'a>; 2]>,
    /// What the rules of access make of it.
    pub(crate) access: Access,
}

impl<'a> Query<'a> {
    pub(crate) fn new(request: &'a Request, policy: &Policy, now: DateTime<Utc>) -> Self {
        Self {
            request,
            now,
            purpose: request.purpose.bit(),
            facts: Facts::of_request(request, policy),
            is_foreign: request.is_foreign(),
            names: request.actor.names().map(Name::of).collect(),
            access: Access::of(request, policy, now),
        }
    }

    /// The bits of the classes asked for.
    pub(crate) fn classes(&self) -> u32 {
        self.facts.classes
    }
}
