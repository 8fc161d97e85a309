//! The messages of all patients in the order of their times.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;

use super::journey::{Patient, Step};
use super::message::Writer;
use super::moment::Moment;
use super::{Event, Identifier, SenderProfile, TrafficOptions};
use crate::build::BuildError;

/// So many steps without a message end the traffic.
const MOST_UNTOLD: usize = 1_000_000;

/// A message of the traffic.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyntheticMessage {
    /// The message, in the delimiters, character set and line ends of the sender.
    pub bytes: Vec<u8>,
    /// MSH-10.
    pub control_id: String,
    /// What it tells.
    pub event: Event,
    /// Which patient it is about, from 0.
    pub patient: usize,
    /// Which of the senders of the options it is from.
    pub sender: usize,
}

impl fmt::Debug for SyntheticMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyntheticMessage")
            .field("bytes", &self.bytes.len())
            .field("control_id", &self.control_id)
            .field("event", &self.event)
            .field("patient", &self.patient)
            .field("sender", &self.sender)
            .finish()
    }
}

/// An endless iterator of messages, ordered by time.
///
/// The control ids are unique and count up. A message that cannot be written, because the options pair people
/// with a character set that cannot hold their names, is an error in its place. Without patients or senders there
/// are no messages.
#[derive(Clone)]
pub struct Traffic {
    options: TrafficOptions,
    patients: Vec<Patient>,
    next: BinaryHeap<Reverse<(Moment, usize)>>,
    sent: u64,
}

impl Traffic {
    /// The traffic that these options describe, from its begin.
    #[must_use]
    pub fn new(options: TrafficOptions) -> Self {
        let count = if options.senders.is_empty() { 0 } else { options.patients };
        let patients = (0..count)
            .filter_map(|number| Some(Patient::new(number, sender_of(number, &options)?, &options)));
        let mut patients: Vec<Patient> = patients.collect();
        let next = patients.iter_mut().enumerate();
        let next = next.map(|(number, patient)| Reverse((patient.next_time(), number))).collect();
        Self { options, patients, next, sent: 0 }
    }

    /// The number that the sender has for a patient, the first of PID-3; the one that lasts, where two are merged.
    #[must_use]
    pub fn identifier(&self, patient: usize) -> Option<Identifier> {
        let record = self.patients.get(patient)?.person.record;
        let profile = sender_of(patient, &self.options)?;
        Some(Identifier {
            value: record.to_string(),
            namespace: profile.facility.clone(),
            oid: profile.facility_oid.clone(),
        })
    }

    /// The next thing that is told, and the message about it. Nothing when nothing was told for very long, because
    /// the options leave out every event.
    fn step(&mut self) -> Option<(usize, Step, Result<Vec<u8>, BuildError>)> {
        for _ in 0..MOST_UNTOLD {
            let (number, at, step) = self.happen()?;
            if !self.options.without.contains(&step.event()) {
                self.sent += 1;
                return Some((number, step, self.write(number, at, step)));
            }
        }
        None
    }

    /// Lets the next thing happen to whom it happens first.
    fn happen(&mut self) -> Option<(usize, Moment, Step)> {
        let Reverse((_, number)) = self.next.pop()?;
        let patient = self.patients.get_mut(number)?;
        let profile = sender_of(number, &self.options)?;
        let (at, step) = patient.advance(profile, self.options.observations)?;
        self.next.push(Reverse((patient.next_time(), number)));
        Some((number, at, step))
    }

    fn write(&mut self, number: usize, at: Moment, step: Step) -> Result<Vec<u8>, BuildError> {
        let (patient, profile) = (self.patients.get_mut(number), sender_of(number, &self.options));
        let (Some(patient), Some(profile)) = (patient, profile) else { return Err(BuildError::NoHeader) };
        let (control_id, document_bytes) = (control_id(self.sent), self.options.document_bytes);
        let written = Writer { patient, profile, at, control_id: &control_id, document_bytes }.write(step);
        patient.forget();
        written
    }
}

impl Iterator for Traffic {
    type Item = Result<SyntheticMessage, BuildError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (patient, step, bytes) = self.step()?;
        let sender = patient.checked_rem(self.options.senders.len()).unwrap_or(0);
        let (control_id, event) = (control_id(self.sent), step.event());
        Some(bytes.map(|bytes| SyntheticMessage { bytes, control_id, event, patient, sender }))
    }
}

impl fmt::Debug for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traffic")
            .field("patients", &self.patients.len())
            .field("sent", &self.sent)
            .finish_non_exhaustive()
    }
}

fn sender_of(patient: usize, options: &TrafficOptions) -> Option<&SenderProfile> {
    options.senders.get(patient.checked_rem(options.senders.len())?)
}

/// At most 20 characters, as MSH-10 had them until 2.6.
fn control_id(number: u64) -> String {
    format!("S{number:09}")
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
