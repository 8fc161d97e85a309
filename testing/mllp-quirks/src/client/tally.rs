//! What came in one scenario, and what must hold in every one.

use crate::hl7::header_field;
use crate::quirk::{Finding, Verdict};

/// A message of the client.
#[derive(Clone)]
pub(super) struct Arrival {
    pub(super) connection: u64,
    pub(super) id: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

#[derive(Default)]
pub(super) struct Tally {
    /// Control id and payload of each message, in the order in which they first came.
    seen: Vec<(Vec<u8>, Vec<u8>)>,
    accepted: Vec<Vec<u8>>,
    last: Option<Arrival>,
    repeated: usize,
    changed: usize,
    /// Whether the run of the client is over, and whether it says that all is well.
    pub(super) ended: Option<bool>,
}

impl Tally {
    pub(super) fn note(&mut self, connection: u64, payload: Vec<u8>) -> Arrival {
        let id = header_field(&payload, 10).unwrap_or_default();
        match self.seen.iter().find(|(seen, _)| *seen == id) {
            None => self.seen.push((id.clone(), payload.clone())),
            Some((_, first)) => {
                self.repeated += 1;
                self.changed += usize::from(without_time(first) != without_time(&payload));
            }
        }
        let arrival = Arrival { connection, id, payload };
        self.last = Some(arrival.clone());
        arrival
    }

    /// Notes that the client was told that it is accepted.
    pub(super) fn accept(&mut self, message: &Arrival) {
        if !self.accepted.contains(&message.id) {
            self.accepted.push(message.id.clone());
        }
    }

    pub(super) fn accepted(&self) -> usize {
        self.accepted.len()
    }

    pub(super) fn messages(&self) -> usize {
        self.seen.len()
    }

    pub(super) fn repeated(&self) -> usize {
        self.repeated
    }

    /// The last message that came, unless it is accepted.
    pub(super) fn open(&self) -> Option<Arrival> {
        self.last.clone().filter(|last| !self.accepted.contains(&last.id))
    }

    /// Whatever the scenario: nothing is lost, out of order, or another message under the same id.
    pub(super) fn judge(&self) -> Finding {
        let lost = self.seen.iter().filter(|(id, _)| !self.accepted.contains(id)).count();
        let accepted = self.seen.iter().map(|(id, _)| id).filter(|id| self.accepted.contains(id));
        let in_order = accepted.eq(self.accepted.iter());
        let mut observed = vec![match self.seen.len() {
            1 => "1 message".to_owned(),
            messages => format!("{messages} messages"),
        }];
        let mut wrong = Vec::new();
        if self.repeated > 0 {
            observed.push(format!("{} sent again", self.repeated));
        }
        if self.ended == Some(false) {
            observed.push("ended with an error".to_owned());
        }
        if lost > 0 && self.ended == Some(true) {
            wrong.push(format!("{lost} never accepted and no error"));
        }
        if !in_order {
            wrong.push("out of order".to_owned());
        }
        if self.changed > 0 {
            wrong.push(format!("{} with other content", self.changed));
        }
        let verdict = if wrong.is_empty() { Verdict::Ok } else { Verdict::Fail };
        observed.extend(wrong);
        Finding::new(verdict, observed.join(", "))
    }
}

/// A sender that repeats may set MSH-7 anew.
fn without_time(payload: &[u8]) -> Vec<&[u8]> {
    let separator = payload.get(3).copied().unwrap_or(b'|');
    let fields = payload.splitn(9, |byte| *byte == separator).enumerate();
    fields.filter(|(at, _)| *at != 6).map(|(_, field)| field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str, time: &str, rest: &str) -> Vec<u8> {
        format!("MSH|^~\\&|A|B|C|D|{time}||ADT^A01|{id}|P|2.5\r{rest}\r").into_bytes()
    }

    #[test]
    fn losses_disorder_and_changes_are_found() {
        let mut tally = Tally::default();
        let one = tally.note(1, message("1", "2024", "PID"));
        let two = tally.note(1, message("2", "2024", "PID"));
        tally.accept(&two);
        tally.ended = Some(true);
        assert!(tally.judge().observed.contains("1 never accepted and no error"));
        tally.note(2, message("1", "2025", "PID"));
        tally.accept(&one);
        assert_eq!(tally.judge().observed, "2 messages, 1 sent again, out of order");
        tally.note(2, message("2", "2025", "PV1"));
        assert!(tally.judge().observed.contains("1 with other content"));
    }

    #[test]
    fn an_open_message_is_the_last_one_that_is_not_accepted() {
        let mut tally = Tally::default();
        let one = tally.note(1, message("1", "2024", "PID"));
        assert_eq!(tally.open().map(|open| open.id), Some(b"1".to_vec()));
        tally.accept(&one);
        assert!(tally.open().is_none());
        assert_eq!(tally.judge().verdict, Verdict::Ok);
    }
}
