//! Messages as hospitals send them, from the synthetic traffic. The people in them do not exist.

use carewire_hl7_v2::synthetic::{Event, SenderProfile, SyntheticMessage, Traffic, TrafficOptions};

use crate::failure::Failure;

/// The identifier system that the demo's assigning authority resolves to.
pub(crate) const SYSTEM: &str = "urn:oid:2.16.840.1.113883.19.5.99";

/// The same, as PID-3.4.2 has it.
const AUTHORITY: &str = "2.16.840.1.113883.19.5.99";

/// The traffic of the demo: so many patients of one hospital, without the events that the map to FHIR does not have.
/// Nobody is merged, so that a consent that is stored before the first message fits the number of the patient.
pub(crate) fn traffic(patients: usize, seed: u64) -> Traffic {
    let hospital = SenderProfile {
        application: "DEMOSYS".into(),
        facility: "DEMO HOSPITAL".into(),
        facility_oid: AUTHORITY.into(),
        ..SenderProfile::northside()
    };
    Traffic::new(TrafficOptions {
        seed,
        patients,
        senders: vec![hospital],
        without: vec![Event::Merge, Event::Order, Event::Prescribe],
        ..TrafficOptions::default()
    })
}

/// The first messages of the traffic.
pub(crate) fn messages(traffic: Traffic, count: usize) -> Result<Vec<SyntheticMessage>, Failure> {
    let written = traffic.take(count).collect::<Result<_, _>>();
    written.map_err(|error| Failure::usage(format!("the traffic of the demo: {error}")))
}

/// Bytes that no parser can read: a broken sender.
pub(crate) fn unreadable(number: usize) -> Vec<u8> {
    format!("PID|1||{number}^^^DEMO\rOBX|1|ST|\r").into_bytes()
}
