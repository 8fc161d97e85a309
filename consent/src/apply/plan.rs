//! Which resources stay.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use carewire_fhir_core::json::{JsonNode, NameId};

use super::whose::Whose;
use super::{Filter, Withheld};
use crate::classify::{classes_of_entries, targets};
use crate::facts::{Described, Facts, items};
use crate::model::data::NO_CLASS;
use crate::model::type_and_id;
use crate::{DataClass, Decision, Obligation};

/// What becomes of each entry of a Bundle, or of one resource.
pub(super) struct Plan<'n> {
    pub(super) verdicts: Vec<Verdict>,
    pub(super) is_bundle: bool,
    /// By what the withheld resources may be referred to.
    gone: HashSet<&'n str>,
    gone_ids: HashSet<(&'n str, &'n str)>,
    pub(super) total: Total,
}

pub(super) type Verdict = Result<(), Withheld>;

/// What becomes of the `total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Total {
    /// It is not there, or says nothing of what is in the Bundle.
    Keep,
    /// It counts what is left.
    Set(usize),
    Remove,
}

impl<'n> Plan<'n> {
    pub(super) fn of<N: JsonNode<'n>>(filter: &Filter<'_>, resource: N) -> Self {
        if resource.text(RESOURCE_TYPE) == Some("Bundle") {
            return Self::of_bundle(filter, resource);
        }
        let whose = Whose::of(&filter.patient, std::iter::empty::<N>());
        let described = Described::of_node(resource);
        let verdicts = vec![Judge { filter, whose: &whose }.judge(resource, None, described, false)];
        let (gone, gone_ids) = (HashSet::new(), HashSet::new());
        Self { verdicts, is_bundle: false, gone, gone_ids, total: Total::Keep }
    }

    fn of_bundle<N: JsonNode<'n>>(filter: &Filter<'_>, bundle: N) -> Self {
        let entries: Vec<N> = items(bundle, ENTRY).collect();
        let whose = Whose::of(&filter.patient, entries.iter().copied());
        let judge = Judge { filter, whose: &whose };
        let classes = classes_of_entries(bundle);
        let mut verdicts: Vec<Verdict> =
            entries.iter().zip(classes).map(|(entry, classes)| judge.entry(*entry, classes)).collect();
        withhold_what_tells(&entries, &mut verdicts);
        let total = total(bundle, &entries, &verdicts);
        let mut plan =
            Self { verdicts, is_bundle: true, gone: HashSet::new(), gone_ids: HashSet::new(), total };
        for (entry, verdict) in entries.iter().zip(&plan.verdicts) {
            let resource = entry.member(RESOURCE);
            // That there is the patient is told by all that stays.
            let is_told =
                resource.is_some_and(|resource| whose.is_the_patient(resource, entry.text(FULL_URL)));
            if verdict.is_err() && !is_told {
                let id = |one: N| one.text(RESOURCE_TYPE).zip(one.text(ID));
                plan.gone.extend(entry.text(FULL_URL));
                plan.gone_ids.extend(resource.and_then(id));
            }
        }
        plan
    }

    pub(super) fn keeps_something(&self) -> bool {
        self.is_bundle || self.verdicts.iter().all(Result::is_ok)
    }

    pub(super) fn withheld(&self) -> BTreeMap<Withheld, usize> {
        let mut counts = BTreeMap::new();
        for reason in self.verdicts.iter().filter_map(|verdict| verdict.err()) {
            let count: &mut usize = counts.entry(reason).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }

    pub(super) fn changes_something(&self) -> bool {
        self.total != Total::Keep || self.verdicts.iter().any(Result::is_err)
    }

    /// Whether something was withheld that could be referred to.
    pub(super) fn withholds_something(&self) -> bool {
        !self.gone.is_empty() || !self.gone_ids.is_empty()
    }

    /// Whether a reference leads to what was withheld.
    pub(super) fn is_gone(&self, reference: &str) -> bool {
        self.gone.contains(reference)
            || type_and_id(reference).is_some_and(|target| self.gone_ids.contains(&target))
    }
}

/// What tells about others stays only if all of them are there and stay; one may tell about one that tells.
fn withhold_what_tells<'n, N: JsonNode<'n>>(entries: &[N], verdicts: &mut [Verdict]) {
    let told: Vec<Vec<&str>> =
        entries.iter().map(|entry| entry.member(RESOURCE).map(targets).unwrap_or_default()).collect();
    if told.iter().all(Vec::is_empty) {
        return;
    }
    let places = places(entries);
    let mut tellers: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut going = Vec::new();
    for (teller, targets) in told.iter().enumerate() {
        for target in targets {
            match places.get(*target) {
                Some(target) => tellers.entry(*target).or_default().push(teller),
                None => going.push(teller),
            }
        }
    }
    let withheld = verdicts.iter().enumerate().filter(|(_, verdict)| verdict.is_err());
    going.extend(withheld.filter_map(|(place, _)| tellers.remove(&place)).flatten());
    while let Some(place) = going.pop() {
        if let Some(verdict) = verdicts.get_mut(place).filter(|verdict| verdict.is_ok()) {
            *verdict = Err(Withheld::TellsAboutWithheld);
        }
        going.extend(tellers.remove(&place).into_iter().flatten());
    }
}

/// The entries by what they may be referred to.
fn places<'n, N: JsonNode<'n>>(entries: &[N]) -> HashMap<String, usize> {
    let mut places = HashMap::new();
    for (place, entry) in entries.iter().enumerate() {
        let resource = entry.member(RESOURCE);
        let id = resource.and_then(|one| Some(format!("{}/{}", one.text(RESOURCE_TYPE)?, one.text(ID)?)));
        for name in entry.text(FULL_URL).map(str::to_owned).into_iter().chain(id) {
            places.insert(name, place);
        }
    }
    places
}

/// A `total` that counts the matches of this very Bundle is counted anew; one that counts other pages goes, since it would tell
/// how much was withheld, here or there.
fn total<'n, N: JsonNode<'n>>(bundle: N, entries: &[N], verdicts: &[Verdict]) -> Total {
    let Some(total) = bundle.member(TOTAL) else { return Total::Keep };
    let is_match = |entry: &N| {
        let mode = entry.member(SEARCH).and_then(|search| search.text(MODE));
        !matches!(mode, Some("include" | "outcome"))
    };
    let matches: Vec<&Verdict> = entries
        .iter()
        .zip(verdicts)
        .filter(|(entry, _)| is_match(entry))
        .map(|(_, verdict)| verdict)
        .collect();
    let is_whole = total.as_number().and_then(|text| text.parse().ok()) == Some(matches.len())
        && !items(bundle, LINK).any(|link| matches!(link.text(RELATION), Some("next" | "previous" | "prev")));
    match matches.iter().filter(|verdict| verdict.is_ok()).count() {
        left if is_whole && left == matches.len() => Total::Keep,
        left if is_whole => Total::Set(left),
        _ => Total::Remove,
    }
}

struct Judge<'f, 'a, 'n> {
    filter: &'f Filter<'a>,
    whose: &'f Whose<'f, 'n>,
}

impl<'n> Judge<'_, '_, 'n> {
    fn entry<N: JsonNode<'n>>(&self, entry: N, classes: BTreeSet<DataClass>) -> Verdict {
        let Some(resource) = entry.member(RESOURCE) else { return Err(Withheld::NoResource) };
        if resource.text(RESOURCE_TYPE) == Some("Bundle") {
            let inside = Plan::of_bundle(self.filter, resource);
            return if inside.changes_something() { Err(Withheld::BundleInside) } else { Ok(()) };
        }
        let tells = matches!(
            resource.text(RESOURCE_TYPE),
            Some("Provenance" | "AuditEvent" | "MessageHeader" | "Device")
        );
        self.judge(resource, entry.text(FULL_URL), Described::of_node(resource).with_classes(classes), tells)
    }

    fn judge<N: JsonNode<'n>>(
        &self,
        resource: N,
        full_url: Option<&'n str>,
        described: Described,
        tells: bool,
    ) -> Verdict {
        if self.filter.response.decision != Decision::Permit {
            return Err(Withheld::Denied);
        }
        if resource.text(RESOURCE_TYPE).is_none() {
            return Err(Withheld::NoResource);
        }
        if !described.classes().iter().all(DataClass::is_permittable) {
            return Err(Withheld::Unclassified);
        }
        self.whose.judge(resource, full_url, tells)?;
        let described = match self.filter.labeller {
            Some(labeller) => {
                let labels = labeller.label_node(resource);
                described.with_labels(labels.counted(self.filter.policy.unlabelled))
            }
            None => described,
        };
        self.residual(&described)?;
        items(resource, CONTAINED).try_for_each(|inside| self.contained(inside, &described))
    }

    /// What the obligations say. What is no data of a patient needs no permit, but may be redacted.
    fn residual(&self, described: &Described) -> Verdict {
        let mut facts = Facts::of(described, self.filter.policy);
        let is_administrative = described.classes().is_empty();
        if is_administrative {
            facts.classes = NO_CLASS;
        }
        for obligation in &self.filter.response.obligations {
            match obligation {
                Obligation::Only { .. } if is_administrative => {}
                Obligation::Only { .. } if obligation.withholds(&facts) => {
                    return Err(Withheld::NotPermitted);
                }
                Obligation::Redact(_) if obligation.withholds(&facts) => return Err(Withheld::Redacted),
                _ => {}
            }
        }
        Ok(())
    }

    /// What is contained was permitted with the resource around it, and may be redacted by itself. What it does not say of
    /// itself, the one around it says.
    fn contained<N: JsonNode<'n>>(&self, inside: N, around: &Described) -> Verdict {
        let mut described = Described::of_node(inside);
        if described.resource.labels.is_empty() {
            described.resource.labels.clone_from(&around.resource.labels);
        }
        described.resource.dates = described.resource.dates.or(around.resource.dates);
        let mut facts = Facts::of(&described, self.filter.policy);
        if described.classes().is_empty() {
            facts.classes = NO_CLASS;
        }
        let redacts = |one: &&Obligation| matches!(one, Obligation::Redact(_)) && one.withholds(&facts);
        match self.filter.response.obligations.iter().find(redacts) {
            Some(_) => Err(Withheld::Redacted),
            None => items(inside, CONTAINED).try_for_each(|inner| self.contained(inner, &described)),
        }
    }
}

const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const ENTRY: NameId = NameId::element("entry");
const RESOURCE: NameId = NameId::element("resource");
const FULL_URL: NameId = NameId::element("fullUrl");
const CONTAINED: NameId = NameId::element("contained");
const ID: NameId = NameId::element("id");
const TOTAL: NameId = NameId::element("total");
const SEARCH: NameId = NameId::element("search");
const MODE: NameId = NameId::element("mode");
const LINK: NameId = NameId::element("link");
const RELATION: NameId = NameId::element("relation");
