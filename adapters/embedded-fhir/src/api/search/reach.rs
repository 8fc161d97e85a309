use std::collections::BTreeSet;

use carewire_fhir_core::search::{Scope, SearchQuery};
use carewire_fhir_core::{Compartment, Value};
use uuid::Uuid;

use crate::api::find::belongs;
use crate::api::interaction::parse_id;
use crate::refusal::Refusal;
use crate::rules::types;
use crate::store::{State, Table};

/// Which resources a search looks at.
pub(super) struct Reach {
    /// The types, each once.
    pub(super) types: Vec<&'static str>,
    /// Only what belongs to this resource.
    focus: Option<Focus>,
}

struct Focus {
    compartment: Compartment,
    id: String,
    /// `Patient/<id>`
    reference: String,
}

impl Reach {
    pub(super) fn of(query: &SearchQuery) -> Result<Self, Refusal> {
        let asked = &query.results().types;
        Ok(match query.scope() {
            Scope::Type(name) => Self { types: vec![known(name)?], focus: None },
            Scope::System => Self { types: or_all(asked, types::all().iter().copied())?, focus: None },
            Scope::Compartment { resource_type, id, of } => {
                let compartment = Compartment::of(resource_type).ok_or_else(Refusal::not_found)?;
                let types = match of {
                    Some(name) => vec![known(name)?],
                    None => or_all(asked, compartment.types())?,
                };
                let reference = format!("{resource_type}/{id}");
                Self { types, focus: Some(Focus { compartment, id: id.clone(), reference }) }
            }
            _ => return Err(Refusal::not_found()),
        })
    }

    /// Whether all resources of the types are meant.
    pub(super) fn is_open(&self) -> bool {
        self.focus.is_none()
    }

    /// Refuses a search around a resource that is not there.
    pub(super) fn require_focus(&self, state: &State) -> Result<(), Refusal> {
        let Some(focus) = &self.focus else { return Ok(()) };
        let row = parse_id(&focus.id).and_then(|id| state.row(focus.compartment.resource_type(), id));
        let newest = row.and_then(|row| row.newest()).ok_or_else(Refusal::not_found)?;
        newest.text.as_ref().map(|_| ()).ok_or_else(Refusal::gone)
    }

    /// The ids among which are all that are meant, where that is fewer than all.
    pub(super) fn candidates(&self, table: &Table) -> Option<Vec<Uuid>> {
        Some(table.with_reference(&self.focus.as_ref()?.reference).collect())
    }

    pub(super) fn holds(&self, resource: &Value, resource_type: &str) -> bool {
        self.focus.as_ref().is_none_or(|focus| {
            belongs(resource, focus.compartment, resource_type, &|target| target == focus.reference)
        })
    }
}

fn known(name: &str) -> Result<&'static str, Refusal> {
    types::known(name).ok_or_else(|| Refusal::bad_request("Unknown resource type"))
}

/// The types that were asked for; all of them where none were.
fn or_all(asked: &[String], all: impl Iterator<Item = &'static str>) -> Result<Vec<&'static str>, Refusal> {
    let found: BTreeSet<_> = match asked {
        [] => all.collect(),
        _ => asked.iter().map(|name| known(name)).collect::<Result<_, _>>()?,
    };
    Ok(found.into_iter().collect())
}
