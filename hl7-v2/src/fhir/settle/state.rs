//! A resource as a set of sayings, each with its stamp: what can be joined in any order.

use std::collections::BTreeMap;

use carewire_fhir_core::{Resource, Value};

use super::rank;
use super::stamp::Stamp;
use super::unit::{Items, ends_by_null, ends_by_silence, unit_of};
use super::{Absence, Null, SettlePolicy};
use crate::fhir::Change;

/// All that is known of a resource, and who said it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct State {
    pub(super) resource_type: String,
    pub(super) id: Option<Value>,
    pub(super) said: BTreeMap<Slot, Saying>,
    /// The units, and single extensions (`extension:URL`), of which somebody said that there is none.
    pub(super) ends: BTreeMap<String, Stamp>,
}

/// What is settled as one: a unit, or one item of a list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    pub(super) unit: String,
    /// Of an item.
    pub(super) key: Option<String>,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Saying {
    pub(super) stamp: Stamp,
    /// The place of an item in its list.
    pub(super) place: usize,
    /// The members of a unit; for an item, the list with its versions of the message.
    pub(super) members: BTreeMap<String, Value>,
}

impl State {
    /// What a message says.
    pub(super) fn of_message(resource: &Resource, change: &Change, policy: &SettlePolicy) -> Self {
        let mut state = Self::unstamped(resource);
        let stamp = Stamp::of(change, rank::of_resource(resource.value()));
        let cleared: Vec<&str> = change.cleared.iter().map(|name| state.end_name(name)).collect();
        let unlinks = cleared.contains(&"link");
        let stamp_of = |unit: &str| match unit {
            "active" if unlinks => stamp.ranked(rank::MERGE),
            unit => {
                let unit = member_of(unit).map_or(unit, |(unit, _)| unit);
                stamp.ranked(stamp.rank.max(rank::of_unit(resource.value(), unit)))
            }
        };
        for (slot, saying) in &mut state.said {
            saying.stamp = stamp_of(&slot.unit);
        }
        let can_end = |name: &&&str| state.can_end(name, ends_by_null);
        let is_obeyed = |name: &&&str| policy.null == Null::Clear || **name == "link";
        let mut ended: Vec<&str> = cleared.iter().filter(is_obeyed).filter(can_end).copied().collect();
        ended.extend(unlinks.then_some("active"));
        if policy.absence(&state.resource_type) == Absence::Snapshot {
            let owned = change.owned.iter().map(|name| state.end_name(name));
            ended
                .extend(owned.filter(|name| !cleared.contains(name) && state.can_end(name, ends_by_silence)));
        }
        let ends = ended.into_iter().map(|name| (name.to_owned(), stamp_of(name)));
        state.ends.extend(ends.collect::<Vec<_>>());
        state.tidy();
        state
    }

    /// What both know: of each slot what was said last, unless it was ended later.
    pub(super) fn join(mut self, other: Self) -> Self {
        for (slot, saying) in other.said {
            match self.said.get_mut(&slot) {
                Some(known) if !saying.is_later(known) => {}
                Some(known) => *known = saying,
                None => drop(self.said.insert(slot, saying)),
            }
        }
        for (name, stamp) in other.ends {
            let end = self.ends.entry(name).or_default();
            *end = stamp.max(std::mem::take(end));
        }
        self.id = self.id.or(other.id);
        self.tidy();
        self
    }

    /// Gives a message without a time the place after everything of its rank that is known.
    pub(super) fn arrived_after(mut self, known: &Self) -> Self {
        let stamps = || known.said.values().map(|saying| &saying.stamp).chain(known.ends.values());
        let time = stamps().map(|stamp| stamp.time.as_str()).max().unwrap_or_default();
        let arrivals = stamps().filter(|stamp| stamp.time == time).filter_map(Stamp::arrival);
        let arrival = arrivals.max().unwrap_or_default().saturating_add(1);
        let own = self.said.values_mut().map(|saying| &mut saying.stamp).chain(self.ends.values_mut());
        own.for_each(|stamp| *stamp = stamp.arrived(time, arrival));
        self
    }

    /// Whether both say the same, whoever said it.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let sayings = self.said.iter().zip(&other.said);
        self.said.len() == other.said.len()
            && sayings.into_iter().all(|((slot, saying), (other_slot, other))| {
                slot == other_slot && saying.members == other.members
            })
    }

    /// What the end of an element is called: the unit, the one extension, or the member of an element that is a unit
    /// alone.
    fn end_name<'n>(&self, element: &'n str) -> &'n str {
        if element.starts_with("extension:") {
            return element;
        }
        let Some((parent, _)) = member_of(element) else { return unit_of(&self.resource_type, element) };
        let unit = unit_of(&self.resource_type, parent);
        if unit == parent { element } else { unit }
    }

    /// Whether silence about this, or its null, says that there is none.
    fn can_end(&self, name: &str, ends: fn(&str, &str) -> bool) -> bool {
        let (unit, key) = match name.split_once(':') {
            Some((unit, key)) => (unit, Some(key.to_owned())),
            None => (member_of(name).map_or(name, |(unit, _)| unit), None),
        };
        let is_list = key.is_none() && Items::of(&self.resource_type, unit).is_some();
        let is_said = || self.said.contains_key(&Slot { unit: unit.to_owned(), key });
        ends(&self.resource_type, unit) && (is_list || !is_said())
    }

    /// Removes what was ended later than it was said, and ends that nothing older can meet any more; puts the items of
    /// each list in order.
    pub(super) fn tidy(&mut self) {
        let ends = &self.ends;
        let ended = |slot: &Slot, stamp: &Stamp| {
            let later = |name: &str| ends.get(name).is_some_and(|end| end > stamp);
            later(&slot.unit) || slot.key.as_ref().is_some_and(|key| later(&format!("{}:{key}", slot.unit)))
        };
        self.said.retain(|slot, saying| !ended(slot, &saying.stamp));
        self.end_members();
        let whole = self.ends.get("extension").cloned();
        let said = &self.said;
        self.ends.retain(|name, end| {
            let (unit, key) = match name.split_once(':') {
                Some((unit, key)) => (unit.to_owned(), Some(key.to_owned())),
                None => (name.clone(), None),
            };
            let dominated = key.is_some() && whole.as_ref().is_some_and(|whole| whole >= end);
            !dominated && !said.contains_key(&Slot { unit, key })
        });
        self.order_items();
    }

    /// Takes out of a unit the members that were ended later than it was said. Nothing older than the unit, or than the end
    /// of it as a whole, comes back, so that an end of a member which is older still is nothing to remember.
    fn end_members(&mut self) {
        let members: Vec<(String, Stamp)> = self
            .ends
            .iter()
            .filter(|(name, _)| member_of(name).is_some())
            .map(|(n, s)| (n.clone(), s.clone()))
            .collect();
        for (name, end) in members {
            let Some((unit, member)) = member_of(&name) else { continue };
            let slot = Slot { unit: unit.to_owned(), key: None };
            let is_over = |stamp: &Stamp| *stamp >= end;
            if self.ends.get(unit).is_some_and(is_over)
                || self.said.get(&slot).is_some_and(|said| is_over(&said.stamp))
            {
                self.ends.remove(&name);
                continue;
            }
            let Some(saying) = self.said.get_mut(&slot) else { continue };
            saying.members.values_mut().for_each(|value| drop(value.remove(member)));
            if saying.members.values().all(Value::is_empty) {
                // What it said is over, and it came after what was said before it.
                let stamp = saying.stamp.clone();
                self.said.remove(&slot);
                self.ends.insert(slot.unit, stamp);
            }
        }
    }

    /// The latest first; those of one message as they stood there; labels by their text.
    fn order_items(&mut self) {
        let resource_type = &self.resource_type;
        let mut lists: BTreeMap<&str, Vec<(&Slot, &mut Saying)>> = BTreeMap::new();
        for (slot, saying) in self.said.iter_mut().filter(|(slot, _)| slot.key.is_some()) {
            if Items::of(resource_type, &slot.unit) == Some(Items::Labels) {
                (saying.stamp, saying.place) = (Stamp::default(), 0);
            }
            lists.entry(&slot.unit).or_default().push((slot, saying));
        }
        for mut list in lists.into_values() {
            list.sort_by(|(a_slot, a), (b_slot, b)| {
                b.stamp.cmp(&a.stamp).then(a.place.cmp(&b.place)).then(a_slot.cmp(b_slot))
            });
            for (place, (_, saying)) in list.into_iter().enumerate() {
                saying.place = place;
            }
        }
    }
}

/// The unit and the member in the name of an end of a member: `period.end`. What stands in `meta` are units.
fn member_of(name: &str) -> Option<(&str, &str)> {
    name.split_once('.').filter(|(unit, _)| *unit != "meta" && !name.contains(':'))
}

impl Saying {
    pub(super) fn at(place: usize) -> Self {
        Self { stamp: Stamp::default(), place, members: BTreeMap::new() }
    }

    /// By stamp; two that share one, which no two messages do, by their text.
    fn is_later(&self, other: &Self) -> bool {
        let text = |saying: &Self| -> Vec<(String, String)> {
            saying.members.iter().map(|(name, value)| (name.clone(), value.to_json())).collect()
        };
        match self.stamp.cmp(&other.stamp) {
            std::cmp::Ordering::Equal if self.members == other.members => false,
            std::cmp::Ordering::Equal => text(self) > text(other),
            order => order.is_gt(),
        }
    }
}
