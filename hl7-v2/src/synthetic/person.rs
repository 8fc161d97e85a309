//! A person: what does not change with a visit, or seldom.

use super::SenderProfile;
use super::codes::{ALLERGIES, DIAGNOSES};
use super::dice::Dice;
use super::moment::{DAY, Moment};
use super::names::names;

/// The number by which a sender knows a patient: PID-3.1, and PID-3.4 as it is written.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identifier {
    /// The number.
    pub value: String,
    /// The namespace of the assigning authority, PID-3.4.1.
    pub namespace: String,
    /// The object identifier of the assigning authority, PID-3.4.2.
    pub oid: String,
}

impl std::fmt::Debug for Identifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identifier").finish_non_exhaustive()
    }
}

/// Somebody invented.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) record: u64,
    /// The number of a first registration, until the person is registered anew.
    pub(super) duplicate: Option<u64>,
    /// The number of the first registration, once there is a second.
    pub(super) merged: Option<u64>,
    pub(super) national: u64,
    pub(super) family: &'static str,
    pub(super) given: &'static str,
    pub(super) female: bool,
    pub(super) born: Moment,
    pub(super) address: Address,
    pub(super) phone: u64,
    pub(super) married: bool,
    pub(super) kin: Option<Kin>,
    pub(super) insured: Option<u64>,
    pub(super) allergy: Option<(&'static str, &'static str, &'static str, &'static str)>,
    pub(super) diagnosis: (&'static str, &'static str),
    pub(super) doctor: Doctor,
}

#[derive(Clone, Copy)]
pub(super) struct Address {
    pub(super) house: u64,
    pub(super) street: &'static str,
    pub(super) town: &'static str,
    pub(super) code: &'static str,
}

#[derive(Clone, Copy)]
pub(super) struct Kin {
    pub(super) given: &'static str,
    /// Table 0063.
    pub(super) relation: (&'static str, &'static str),
    pub(super) phone: u64,
}

#[derive(Clone, Copy)]
pub(super) struct Doctor {
    pub(super) number: u64,
    pub(super) family: &'static str,
    pub(super) given: &'static str,
}

impl Person {
    pub(super) fn new(number: usize, profile: &SenderProfile, start: Moment, dice: &mut Dice) -> Self {
        let lists = names(profile.people);
        let female = dice.percent(52);
        let given = dice.word(if female { lists.women } else { lists.men });
        let age = DAY * dice.between(30, 32_000);
        let adult = age > DAY * 365 * 20;
        let record = 1_000_000 + u64::try_from(number).unwrap_or(0) * 7;
        Self {
            record,
            duplicate: dice.percent(6).then_some(record + 3),
            merged: None,
            national: 100_000_000 + dice.below(900_000_000),
            family: dice.word(lists.families),
            given,
            female,
            born: start.before(age),
            address: Address::draw(profile, dice),
            phone: dice.between(1_000_000, 9_999_999),
            married: dice.percent(45) && adult,
            kin: dice.percent(60).then(|| Kin::draw(profile, adult, dice)),
            insured: dice.percent(70).then(|| dice.between(100_000_000, 999_999_999)),
            allergy: dice.percent(35).then(|| dice.pick(ALLERGIES, ("DA", "", "", ""))),
            diagnosis: dice.pick(DIAGNOSES, ("", "")),
            doctor: Doctor::draw(profile, dice),
        }
    }
}

impl Person {
    /// The number that messages carry now.
    pub(super) fn number(&self) -> u64 {
        self.duplicate.unwrap_or(self.record)
    }
}

impl Address {
    pub(super) fn draw(profile: &SenderProfile, dice: &mut Dice) -> Self {
        let lists = names(profile.people);
        let (town, code) = dice.pick(lists.towns, ("", ""));
        Self { house: dice.between(1, 180), street: dice.word(lists.streets), town, code }
    }
}

impl Kin {
    fn draw(profile: &SenderProfile, adult: bool, dice: &mut Dice) -> Self {
        const RELATIONS: &[(&str, &str)] =
            &[("PAR", "Parent"), ("SIB", "Sibling"), ("SPO", "Spouse"), ("CHD", "Child")];
        let relations = if adult { RELATIONS } else { RELATIONS.get(..2).unwrap_or(RELATIONS) };
        let lists = names(profile.people);
        let list = if dice.percent(50) { lists.women } else { lists.men };
        let given = dice.word(list);
        Self {
            given,
            relation: dice.pick(relations, ("PAR", "Parent")),
            phone: dice.between(1_000_000, 9_999_999),
        }
    }
}

impl Doctor {
    pub(super) fn draw(profile: &SenderProfile, dice: &mut Dice) -> Self {
        let lists = names(profile.people);
        let list = if dice.percent(50) { lists.women } else { lists.men };
        let given = dice.word(list);
        Self { number: dice.between(10_000, 99_999), family: dice.word(lists.families), given }
    }
}
