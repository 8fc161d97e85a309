//! What a message tells.

use super::SenderProfile;

/// An event of the traffic, named by what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Event {
    /// ADT^A28: a person is known.
    AddPerson,
    /// ADT^A31: something about a person has changed.
    UpdatePerson,
    /// ADT^A40: two patient numbers are one.
    Merge,
    /// ADT^A05: an admission is planned.
    Preadmit,
    /// ADT^A04: an outpatient or emergency visit begins.
    Register,
    /// ADT^A01: a stay begins.
    Admit,
    /// ADT^A11: there was no admission.
    CancelAdmit,
    /// ADT^A02: to another bed.
    Transfer,
    /// ADT^A12: there was no transfer.
    CancelTransfer,
    /// ADT^A08: something about the visit has changed.
    Update,
    /// ADT^A03: the visit ends.
    Discharge,
    /// ADT^A13: there was no discharge.
    CancelDischarge,
    /// ORM^O01 before 2.5, OML^O21 from then on: a laboratory order.
    Order,
    /// ORU^R01: results, preliminary, final or corrected.
    Results,
    /// VXU^V04: a vaccination.
    Vaccinate,
    /// MDM^T02: a document.
    Document,
    /// SIU^S12: an appointment.
    Book,
    /// SIU^S13: at another time.
    Reschedule,
    /// SIU^S14: changed otherwise.
    ModifyAppointment,
    /// SIU^S15: cancelled.
    CancelAppointment,
    /// SIU^S26: the patient did not come.
    NoShow,
    /// RDE^O11, RDE^O01 before 2.4: a pharmacy order.
    Prescribe,
}

impl Event {
    /// MSH-9.1.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Results => "ORU",
            Self::Vaccinate => "VXU",
            Self::Document => "MDM",
            Self::Prescribe => "RDE",
            Self::Order => "OML",
            Self::Book
            | Self::Reschedule
            | Self::ModifyAppointment
            | Self::CancelAppointment
            | Self::NoShow => "SIU",
            _ => "ADT",
        }
    }

    /// MSH-9.2 in the later versions: [`Event::Order`] is O01 before 2.5, [`Event::Prescribe`] before 2.4.
    #[must_use]
    pub fn trigger(self) -> &'static str {
        match self {
            Self::AddPerson => "A28",
            Self::UpdatePerson => "A31",
            Self::Merge => "A40",
            Self::Preadmit => "A05",
            Self::Register => "A04",
            Self::Admit => "A01",
            Self::CancelAdmit => "A11",
            Self::Transfer => "A02",
            Self::CancelTransfer => "A12",
            Self::Update => "A08",
            Self::Discharge => "A03",
            Self::CancelDischarge => "A13",
            Self::Order => "O21",
            Self::Results => "R01",
            Self::Vaccinate => "V04",
            Self::Document => "T02",
            Self::Book => "S12",
            Self::Reschedule => "S13",
            Self::ModifyAppointment => "S14",
            Self::CancelAppointment => "S15",
            Self::NoShow => "S26",
            Self::Prescribe => "O11",
        }
    }

    /// MSH-9 in a version: code, event, and the structure, which MSH-9 has since 2.3.1.
    pub(super) fn message_type(self, profile: &SenderProfile) -> [&'static str; 3] {
        let since = |version| profile.since(version);
        let (code, trigger) = match self {
            Self::Order if !since([2, 5, 0]) => ("ORM", "O01"),
            Self::Prescribe if !since([2, 4, 0]) => ("RDE", "O01"),
            _ => (self.code(), self.trigger()),
        };
        if !since([2, 3, 1]) {
            return [code, trigger, ""];
        }
        let modern = since([2, 4, 0]);
        let structure = match self {
            Self::Preadmit if modern => "ADT_A05",
            Self::AddPerson | Self::UpdatePerson => {
                if modern {
                    "ADT_A05"
                } else {
                    "ADT_A28"
                }
            }
            Self::Preadmit | Self::Register | Self::Admit | Self::Update | Self::CancelDischarge => "ADT_A01",
            Self::CancelAdmit => "ADT_A09",
            Self::Transfer => "ADT_A02",
            // Table 0354 files A12 under ADT_A09 where it has no ADT_A12.
            Self::CancelTransfer if modern && !since([2, 7, 0]) => "ADT_A09",
            Self::CancelTransfer => "ADT_A12",
            Self::Discharge => "ADT_A03",
            Self::Merge => "ADT_A39",
            Self::Order => {
                if code == "ORM" {
                    "ORM_O01"
                } else {
                    "OML_O21"
                }
            }
            Self::Results => "ORU_R01",
            Self::Vaccinate => "VXU_V04",
            Self::Document => "MDM_T02",
            Self::Prescribe => {
                if modern {
                    "RDE_O11"
                } else {
                    "RDE_O01"
                }
            }
            Self::Book
            | Self::Reschedule
            | Self::ModifyAppointment
            | Self::CancelAppointment
            | Self::NoShow => "SIU_S12",
        };
        [code, trigger, structure]
    }
}
