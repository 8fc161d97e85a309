//! A visit, an appointment, and where the patient lies.

use super::codes::WARDS;
use super::dice::Dice;
use super::moment::Moment;

/// A visit from its plan to its end.
#[derive(Clone, Copy)]
pub(super) struct Visit {
    pub(super) number: u64,
    pub(super) class: Class,
    pub(super) bed: Bed,
    pub(super) bed_before: Option<Bed>,
    pub(super) begun: Option<Moment>,
    pub(super) ended: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Inpatient,
    Outpatient,
    Emergency,
    /// Before the stay.
    Preadmit,
}

impl Class {
    /// Table 0004.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Inpatient => "I",
            Self::Outpatient => "O",
            Self::Emergency => "E",
            Self::Preadmit => "P",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Bed {
    pub(super) ward: &'static str,
    pub(super) service: &'static str,
    pub(super) room: u64,
    pub(super) bed: u64,
}

impl Bed {
    pub(super) fn draw(class: Class, dice: &mut Dice) -> Self {
        let (ward, service) = match class {
            Class::Emergency => ("EMERG", "MED"),
            Class::Outpatient => ("CLINIC", "MED"),
            Class::Inpatient | Class::Preadmit => dice.pick(WARDS, ("MED1", "MED")),
        };
        Self { ward, service, room: dice.between(100, 139), bed: dice.between(1, 4) }
    }
}

/// An appointment.
#[derive(Clone, Copy)]
pub(super) struct Appointment {
    pub(super) number: u64,
    pub(super) begin: Moment,
    pub(super) minutes: u64,
    /// Table 0278.
    pub(super) status: &'static str,
}
