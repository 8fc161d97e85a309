//! The keys of one org, by use.

use carewire_deid::{KeyRing, Pseudonymizer, Sealer};
use carewire_fhir_core::{OrgId, PatientToken};
use carewire_hl7_v2::light::around_message_time;
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

    /// What is sent: its control id or its order, at one destination.
    pub(crate) fn outbound(&self, what: &str, parts: &[&str]) -> BlindKey {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        BlindKey(self.intake.blind(&format!("outbound-{what}"), &parts))
    }

    /// The id of a consent that a message carries. The sender's name for it is not in it.
    pub(crate) fn consent(&self, patient: &PatientToken, [kind, name]: [&str; 2]) -> String {
        let parts = [patient.as_str().as_bytes(), kind.as_bytes(), name.as_bytes()];
        let hash = self.intake.blind("consent", &parts);
        hash.iter().take(16).fold(String::from("con-"), |id, byte| format!("{id}{byte:02x}"))
    }

    pub(crate) fn patient(&self, system: &str, value: &str) -> [u8; 32] {
        self.vault.blind("patient", &[system.as_bytes(), value.as_bytes()])
    }
}
