//! Searching: the indexes narrow, the rules of `fhir-core` decide.

mod include;
mod narrow;
mod reach;
mod show;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use carewire_fhir_core::Value;
use carewire_fhir_core::search::{
    Alone, Criterion, Scope, SearchQuery, SearchReason, SortPlace, Surroundings, Total, parameter,
};
use uuid::Uuid;

use super::interaction::parse_id;
use super::{Answer, Context, Frame};
use crate::refusal::Refusal;
use crate::store::{Row, State, Table};
use narrow::Filter;
use reach::Reach;
use show::entry;

const DEFAULT_COUNT: usize = 20;
const MAX_COUNT: usize = 1_000;
const MAX_OFFSET: usize = 10_000;

type Key = (&'static str, Uuid);

/// A search that was understood.
pub(crate) struct Search {
    reach: Reach,
    query: SearchQuery,
    /// What the keys of a resource decide.
    filters: Vec<Filter>,
    /// What only the resource itself decides.
    rest: Vec<Criterion>,
    order: Order,
    count: usize,
    offset: usize,
    /// Whether the case of codes counts.
    is_exact: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    OldestFirst,
    NewestFirst,
    ByPlace,
}

impl Search {
    /// Reads a query. A parameter that is not known, or that cannot be decided here, is refused.
    pub(crate) fn parse(resource_type: &'static str, query: &str) -> Result<Self, Refusal> {
        Self::read(Scope::Type(resource_type.to_owned()), query, false)
    }

    /// Reads a query for all types, or for those of its `_type`.
    pub(crate) fn system(query: &str) -> Result<Self, Refusal> {
        Self::read(Scope::System, query, false)
    }

    /// Reads a query for what belongs to a resource.
    pub(crate) fn compartment(
        resource_type: &str,
        id: &str,
        of: Option<&str>,
        query: &str,
    ) -> Result<Self, Refusal> {
        let (resource_type, id, of) = (resource_type.to_owned(), id.to_owned(), of.map(str::to_owned));
        Self::read(Scope::Compartment { resource_type, id, of }, query, false)
    }

    fn read(scope: Scope, query: &str, is_exact: bool) -> Result<Self, Refusal> {
        let query = SearchQuery::parse(scope, query).map_err(|error| match error.reason() {
            SearchReason::Unknown => {
                Refusal::bad_request(format!("Unknown search parameter: {}", error.name()))
            }
            _ => Refusal::bad_request(error.to_string()),
        })?;
        let results = query.results();
        let reach = Reach::of(&query)?;
        let order = order(&reach.types, &query)?;
        let offset = results.offset.map_or(0, |offset| offset as usize);
        if offset > MAX_OFFSET {
            return Err(Refusal::bad_request("Search offset exceeds maximum"));
        }
        if results.cursor.is_some() || results.contained.is_some() || results.contained_type.is_some() {
            return Err(Refusal::bad_request("Unsupported search result parameter"));
        }
        let count = results.count.map_or(DEFAULT_COUNT, |count| (count as usize).min(MAX_COUNT));
        let (mut filters, mut rest) = (Vec::new(), Vec::new());
        for criterion in query.criteria() {
            if !criterion.is_decidable() {
                let text = format!("Unsupported search parameter: {}", criterion.name());
                return Err(Refusal::bad_request(text));
            }
            match Filter::of(criterion, is_exact) {
                Some(filter) => filters.push(filter),
                None => rest.push(criterion.clone()),
            }
        }
        Ok(Self { reach, query, filters, rest, order, count, offset, is_exact })
    }

    /// Reads the query of a conditional request, which must narrow something down. Codes are compared with their case.
    pub(crate) fn condition(resource_type: &'static str, query: &str) -> Result<Self, Refusal> {
        let search = Self::read(Scope::Type(resource_type.to_owned()), query, true)?;
        if search.query.criteria().is_empty() {
            return Err(Refusal::bad_request("Search criteria required for conditional operation"));
        }
        Ok(search)
    }

    /// The resources that meet the condition, at most `limit`. Refused when it cannot be said of a resource whether it
    /// does: another one could be changed than is meant.
    pub(crate) fn matches(&self, state: &State, limit: usize) -> Result<Vec<Uuid>, Refusal> {
        let within = self.within(state, "", 0);
        let found: Vec<_> = self.hits(state, &within).take(limit).map(|(_, (_, id))| id).collect();
        if found.len() < limit { within.decided().map(|()| found) } else { Ok(found) }
    }

    fn within<'a>(&self, state: &'a State, base: &'a str, now: i128) -> Within<'a> {
        Within { state, base, now, is_exact: self.is_exact, undecided: RefCell::default() }
    }

    /// Whether other resources are looked into.
    pub(crate) fn has_chains(&self) -> bool {
        self.query.criteria().iter().any(|criterion| !criterion.links.is_empty())
    }

    /// Whether a resource, which need not be stored, meets the conditions. Chains lead nowhere. What cannot be said is
    /// logged and not met.
    pub(crate) fn fits(&self, resource: &Value) -> bool {
        self.query.fits(resource, &Alone).unwrap_or_else(|error| {
            tracing::warn!(resource_type = resource.str("resourceType"), %error, "left out");
            false
        })
    }

    /// Answers with a `searchset`. Where it cannot be said of a resource whether it is meant, it is left out, and an
    /// `OperationOutcome` says so; where only a number is asked for, the search is refused.
    pub(crate) fn run(&self, state: &State, context: &Context<'_>, query: &str) -> Result<Answer, Refusal> {
        let within = self.within(state, context.base, i128::from(context.now) * 1_000_000);
        self.reach.require_focus(state)?;
        let results = self.query.results();
        let only_count = show::is_count(results) || results.count == Some(0);
        let wants_total = results.total.is_some_and(|total| total != Total::None) || only_count;
        let mut frame = Frame::new("searchset");
        if wants_total {
            frame.total(self.hits(state, &within).count());
        }
        if only_count {
            return within.decided().map(|()| Answer::json(frame.finish()));
        }
        let hits = self.hits(state, &within);
        let mut matches: Vec<Key> = match self.order {
            Order::ByPlace => self.in_order(hits, state),
            _ => hits.skip(self.offset).take(self.count + 1).map(|(_, key)| key).collect(),
        };
        let more = matches.len() > self.count;
        matches.truncate(self.count);
        frame.links(&self.links(context, query, more));
        let included = include::included(&within, self.query.includes(), &matches);
        for (keys, mode) in [(&matches, "match"), (&included, "include")] {
            for (resource_type, id) in keys {
                if let Some(version) = state.live(resource_type, *id) {
                    frame.entry(&entry((resource_type, *id), version, mode, results, context));
                }
            }
        }
        if let Err(refusal) = within.decided() {
            let outcome = refusal.warning().to_json();
            frame.entry(&format!(r#""search":{{"mode":"outcome"}},"resource":{outcome}"#));
        }
        Ok(Answer::json(frame.finish()))
    }

    /// One resource more than the page holds, in the order that was asked for.
    fn in_order(&self, hits: impl Iterator<Item = (i64, Key)>, state: &State) -> Vec<Key> {
        let sort = &self.query.results().sort;
        let mut placed: Vec<_> = hits
            .filter_map(|(_, key)| {
                let resource = state.live(key.0, key.1)?.resource()?;
                Some((SortPlace::new(sort, &resource), key))
            })
            .collect();
        placed.sort_by(|a, b| a.0.cmp(&b.0));
        placed.into_iter().skip(self.offset).take(self.count + 1).map(|(_, key)| key).collect()
    }

    fn links(&self, context: &Context<'_>, query: &str, more: bool) -> Vec<(&'static str, String)> {
        let address = format!("{}/{}", context.base, self.query.scope().path());
        let address = address.trim_end_matches('/');
        let mut links = vec![("self", format!("{address}?{query}"))];
        if more && self.count > 0 {
            let mut next = url::form_urlencoded::Serializer::new(String::new());
            next.extend_pairs(
                url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "_offset"),
            );
            next.append_pair("_offset", &(self.offset + self.count).to_string());
            links.push(("next", format!("{address}?{}", next.finish())));
        }
        links
    }

    /// Everything that matches, by the time of its last change.
    fn hits<'t>(
        &'t self,
        state: &'t State,
        within: &'t Within<'t>,
    ) -> Box<dyn Iterator<Item = (i64, Key)> + 't> {
        let of_type = move |name: &'static str| {
            let table = state.table(name).into_iter();
            table
                .flat_map(move |table| self.hits_of(name, table, within))
                .map(move |(at, id)| (at, (name, id)))
        };
        if let [only] = self.reach.types.as_slice() {
            return Box::new(of_type(only));
        }
        let mut all: Vec<_> = self.reach.types.iter().copied().flat_map(of_type).collect();
        all.sort_unstable();
        if self.order == Order::NewestFirst {
            all.reverse();
        }
        Box::new(all.into_iter())
    }

    /// What matches of one type, by the time of its last change. The narrowest index that the criteria offer is walked,
    /// never the whole table, unless there is nothing to narrow it.
    fn hits_of<'t>(
        &'t self,
        resource_type: &'static str,
        table: &'t Table,
        within: &'t Within<'t>,
    ) -> Box<dyn Iterator<Item = (i64, Uuid)> + 't> {
        let by_filter = self.filters.iter().find_map(|filter| filter.candidates(table));
        let by_focus = || self.reach.candidates(table);
        let by_index =
            || self.rest.iter().find_map(|criterion| narrow::candidates(resource_type, criterion, table));
        let ordered: Box<dyn DoubleEndedIterator<Item = (i64, Uuid)> + 't> =
            match by_filter.or_else(by_focus).or_else(by_index) {
                Some(ids) => {
                    let found: BTreeSet<_> =
                        ids.into_iter().filter_map(|id| Some((live_at(table, id)?, id))).collect();
                    Box::new(found.into_iter())
                }
                None => Box::new(table.times().range(self.time_bounds()).copied()),
            };
        let keep = move |(at, id): &(i64, Uuid)| {
            let key = (resource_type, *id);
            table.row(*id).is_some_and(|row| self.keeps(row, key, *at, within))
        };
        if self.order == Order::NewestFirst {
            Box::new(ordered.rev().filter(keep))
        } else {
            Box::new(ordered.filter(keep))
        }
    }

    /// The resource itself is only looked into when its keys do not decide.
    fn keeps(&self, row: &Row, (resource_type, id): Key, at: i64, within: &Within<'_>) -> bool {
        if !self.filters.iter().all(|filter| filter.holds(row.keys(), id, at)) {
            return false;
        }
        if self.rest.is_empty() && self.reach.is_open() {
            return true;
        }
        let Some(resource) = row.newest().and_then(|version| version.resource()) else { return false };
        if !self.reach.holds(&resource, resource_type) {
            return false;
        }
        let mut undecided = Vec::new();
        for criterion in &self.rest {
            match criterion.fits(&resource, within) {
                Ok(true) => {}
                Ok(false) => return false,
                Err(error) => undecided.push(error.parameter().to_owned()),
            }
        }
        let is_decided = undecided.is_empty();
        within.undecided.borrow_mut().extend(undecided);
        is_decided
    }

    fn time_bounds(&self) -> Range<(i64, Uuid)> {
        let (mut first, mut after) = (i64::MIN, i64::MAX);
        for filter in &self.filters {
            if let Filter::Updated(from, to) = filter {
                first = first.max(*from);
                after = after.min(*to);
            }
        }
        // A range that begins after its end would be a mistake of the caller of `BTreeSet::range`.
        (first, Uuid::nil())..(after.max(first), Uuid::nil())
    }
}

fn order(types: &[&str], query: &SearchQuery) -> Result<Order, Refusal> {
    let sort = &query.results().sort;
    let is_known = |code: &str| types.iter().all(|name| parameter(name, code).is_some());
    if !sort.iter().all(|key| is_known(&key.code)) {
        return Err(Refusal::bad_request("Unknown sort parameter"));
    }
    Ok(match sort.as_slice() {
        [] => Order::OldestFirst,
        [only] if only.code == "_lastUpdated" && only.is_descending => Order::NewestFirst,
        [only] if only.code == "_lastUpdated" => Order::OldestFirst,
        _ => Order::ByPlace,
    })
}

fn live_at(table: &Table, id: Uuid) -> Option<i64> {
    let newest = table.row(id)?.newest()?;
    newest.text.is_some().then_some(newest.at)
}

/// The stored resources, as a search sees them.
struct Within<'a> {
    state: &'a State,
    base: &'a str,
    now: i128,
    is_exact: bool,
    /// The criteria of which it could not be said whether a resource meets them.
    undecided: RefCell<BTreeSet<String>>,
}

impl Within<'_> {
    fn decided(&self) -> Result<(), Refusal> {
        let undecided = self.undecided.borrow();
        if undecided.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = undecided.iter().map(String::as_str).collect();
        let text = format!("It cannot be decided for all resources whether they meet: {}", names.join(", "));
        Err(Refusal::unprocessable(text))
    }
}

impl Surroundings for Within<'_> {
    fn resource(&self, resource_type: &str, id: &str) -> Option<Value> {
        self.state.live(resource_type, parse_id(id)?)?.resource()
    }

    fn referring(&self, resource_type: &str, target: &str) -> Vec<Value> {
        let table = self.state.table(resource_type);
        let ids = table.into_iter().flat_map(|table| table.with_reference(target));
        ids.filter_map(|id| self.state.live(resource_type, id)?.resource()).collect()
    }

    fn base(&self) -> &str {
        self.base
    }

    fn now(&self) -> i128 {
        self.now
    }

    fn exact_codes(&self) -> bool {
        self.is_exact
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_refused() {
        let refused = [
            "shoe-size=x",
            "identifier:exact=x",
            "_sort=shoe-size",
            "_count=many",
            "_offset=10001",
            "_contained=true",
            "_content=x",
            "_include=Patient:name",
            "birthdate=x",
            "general-practitioner.family=x&organization.family=x",
        ];
        for query in refused {
            let status = Search::parse("Patient", query).err().map(|refusal| refusal.status);
            assert_eq!(status, Some(400), "{query}");
        }
        assert!(Search::parse("Provenance", "identifier=x").is_err());
        assert!(Search::parse("Patient", "patient=x").is_err());
        assert!(Search::parse("Patient", "_sort=-_lastUpdated&_total=accurate&_elements=id").is_ok());
        assert!(Search::condition("Patient", "_count=1").is_err());
    }

    const VALUES: [&str; 3] = ["a", "b", "A"];

    fn resource(shape: &(usize, usize, usize, bool)) -> Value {
        let pick = |index: usize| VALUES.get(index).copied();
        let mut value = Value::object().with("resourceType", "Observation").with("status", "final");
        if let Some(code) = pick(shape.0) {
            let coding = Value::object().with("code", code).with("system", if shape.3 { "s" } else { "t" });
            value.set("code", Value::object().with("coding", vec![coding.clone()]));
            value.set("meta", Value::object().with("tag", vec![coding]));
        }
        if let Some(identifier) = pick(shape.1) {
            let identifier = Value::object().with("value", identifier);
            let identifier = if shape.3 { identifier.with("system", "s") } else { identifier };
            value.set("identifier", vec![identifier]);
        }
        if let Some(subject) = pick(shape.2) {
            let name = if shape.3 { "subject" } else { "encounter" };
            value.set(name, Value::object().with("reference", format!("Patient/{subject}")));
        }
        value
    }

    proptest::proptest! {
        /// What the indexes find is what one finds who looks into every resource.
        #[test]
        fn indexes_hide_nothing_and_invent_nothing(
            shapes in proptest::collection::vec((0_usize..4, 0_usize..4, 0_usize..4, proptest::bool::ANY), 0..12),
            query in "(identifier|code|_tag)=(a|b|s\\|a|\\|a|s\\||a,b|s\\|a,t\\|b)(&subject=(a|Patient/a|Patient/b,Patient/c))?|subject(:Patient)?=(a|b)",
        ) {
            let mut state = State::default();
            for (index, shape) in shapes.iter().enumerate() {
                let id = Uuid::from_u128(index as u128);
                let content = resource(shape);
                let text = crate::rules::content::stored_text(&content, id, Uuid::nil(), 0);
                let version = crate::store::Version::new(Uuid::nil(), 0, Some(text.into()));
                let mut work = crate::store::Work::new(&mut state);
                work.put("Observation", id, version, crate::store::Keys::of(&content));
                drop(work.finish());
            }
            let search = Search::parse("Observation", &query).unwrap();
            let all = shapes.iter().enumerate().filter(|(_, shape)| search.fits(&resource(shape)));
            let expected: BTreeSet<_> = all.map(|(index, _)| Uuid::from_u128(index as u128)).collect();
            let found: BTreeSet<_> = search.matches(&state, usize::MAX).unwrap().into_iter().collect();
            proptest::prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn contradicting_times_find_nothing_and_do_not_panic() {
        let search = Search::parse("Patient", "_lastUpdated=gt2026&_lastUpdated=lt2020").unwrap();
        let state = State::default();
        let within = search.within(&state, "", 0);
        assert_eq!(search.hits_of("Patient", &Table::default(), &within).count(), 0);
    }
}
