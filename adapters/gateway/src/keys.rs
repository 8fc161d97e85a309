//! The keys of one org, by use.

use carewire_deid::{KeyRing, Pseudonymizer, Sealer};
use carewire_fhir_core::OrgId;
use carewire_sync_engine::BlindKey;

/// Sealing and blinding for one org.
#[derive(Clone, Debug)]
pub struct OrgKeys {
    pub(crate) sealer: Sealer,
    /// Resends and ordering.
    intake: Pseudonymizer,
    /// Patients in the vault.
    vault: Pseudonymizer,
    /// What travels to the remote.
    pub(crate) remote: Pseudonymizer,
}

impl OrgKeys {
    /// Derives them from the ring.
    #[must_use]
    pub fn new(ring: &KeyRing, org: &OrgId) -> Self {
        Self {
            sealer: Sealer::new(ring),
            intake: Pseudonymizer::new(ring, org, "intake"),
            vault: Pseudonymizer::new(ring, org, "vault"),
            remote: Pseudonymizer::new(ring, org, "remote"),
        }
    }

    /// The same for the same message: the time at which it was sent (MSH-7) does not matter, since a sender that
    /// repeats a message may set it anew.
    pub(crate) fn content(&self, bytes: &[u8]) -> BlindKey {
        let [before, after] = around_message_time(bytes);
        BlindKey(self.intake.blind("content", &[before, after]))
    }

    pub(crate) fn control(&self, sender: [&str; 2], control_id: &str) -> BlindKey {
        let [application, facility] = sender;
        let parts = [application.as_bytes(), facility.as_bytes(), control_id.as_bytes()];
        BlindKey(self.intake.blind("control", &parts))
    }

    pub(crate) fn patient_order(&self, system: &str, value: &str) -> BlindKey {
        BlindKey(self.intake.blind("patient", &[system.as_bytes(), value.as_bytes()]))
    }

    pub(crate) fn sender_order(&self, sender: [&str; 2]) -> BlindKey {
        let [application, facility] = sender;
        BlindKey(self.intake.blind("sender", &[application.as_bytes(), facility.as_bytes()]))
    }

    pub(crate) fn patient(&self, system: &str, value: &str) -> [u8; 32] {
        self.vault.blind("patient", &[system.as_bytes(), value.as_bytes()])
    }
}

/// What stands before and after MSH-7; everything and nothing where there is no MSH-7.
fn around_message_time(bytes: &[u8]) -> [&[u8]; 2] {
    let whole = [bytes, &[][..]];
    let header = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len());
    let (Some(true), Some(separator)) = (bytes.get(..3).map(|name| name == b"MSH"), bytes.get(3)) else {
        return whole;
    };
    // MSH-1 is the separator itself: MSH-7 stands between the sixth and the seventh one.
    let mut separators = bytes
        .iter()
        .enumerate()
        .take(header)
        .filter(|(_, byte)| *byte == separator)
        .map(|(at, _)| at)
        .skip(5);
    let Some(start) = separators.next() else { return whole };
    let end = separators.next().unwrap_or(header);
    match (bytes.get(..=start), bytes.get(end..)) {
        (Some(before), Some(after)) => [before, after],
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_time_of_the_message_is_left_out() {
        let message = b"MSH|^~\\&|A|B|C|D|20260101||ADT^A01|1\rPID|1";
        assert_eq!(around_message_time(message), [&b"MSH|^~\\&|A|B|C|D|"[..], b"||ADT^A01|1\rPID|1"]);
        assert_eq!(around_message_time(b"MSH|^~\\&|A|B|C|D|2026"), [&b"MSH|^~\\&|A|B|C|D|"[..], b""]);
        for odd in [&b"MSH|^~\\&|A\rPID|1|2|3|4|5|6|7"[..], b"PID|1", b"MSH", b""] {
            assert_eq!(around_message_time(odd), [odd, &[][..]]);
        }
    }
}
