//! What the configuration says about how messages are read: the table `[map]`.

use carewire_fhir_core::element;
use carewire_hl7_v2::fhir::{Absence, Null, SettlePolicy, UnknownCodes};

use crate::config::Source;
use crate::tables::{self, Table};

/// The table `[map]` of the configuration file.
#[derive(Debug, Default)]
pub(crate) struct MapConfig {
    /// The systems of the numbers that say who a patient is, the best first.
    pub(crate) patient_systems: Vec<String>,
    pub(crate) unknown_codes: UnknownCodes,
    pub(crate) settle: SettlePolicy,
}

const MEMBERS: [&str; 5] = ["patient_systems", "unknown_codes", "absence", "snapshot", "null"];

impl MapConfig {
    pub(crate) fn read(source: &mut Source) -> Self {
        tables::one(source, "map", |table| {
            table.allow(&MEMBERS);
            Self {
                patient_systems: table.texts("patient_systems"),
                unknown_codes: table
                    .parsed("unknown_codes", "`without-system` or `of-table`", unknown_codes)
                    .unwrap_or_default(),
                settle: settle(table),
            }
        })
    }
}

fn unknown_codes(text: &str) -> Option<UnknownCodes> {
    match text {
        "without-system" => Some(UnknownCodes::WithoutSystem),
        "of-table" => Some(UnknownCodes::OfTable),
        _ => None,
    }
}

fn settle(table: &mut Table<'_>) -> SettlePolicy {
    let absence = table.parsed("absence", "`keep` or `snapshot`", |text| match text {
        "keep" => Some(Absence::Keep),
        "snapshot" => Some(Absence::Snapshot),
        _ => None,
    });
    let null = table.parsed("null", "`clear` or `ignore`", |text| match text {
        "clear" => Some(Null::Clear),
        "ignore" => Some(Null::Ignore),
        _ => None,
    });
    let mut policy =
        SettlePolicy::default().with_absence(absence.unwrap_or_default()).with_null(null.unwrap_or_default());
    for resource_type in table.texts("snapshot") {
        if element(&resource_type, "meta").is_none() {
            table.problem("snapshot: the names of resource types, such as `Encounter`, are expected");
        }
        policy = policy.with_absence_of(resource_type, Absence::Snapshot);
    }
    policy
}
