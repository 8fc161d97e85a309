//! What a message says of consents, put into the store before anything else is done with the message.

use std::collections::BTreeSet;

use carewire_consent::ConsentEpoch;
use carewire_fhir_core::PatientToken;
use carewire_hl7_v2::fhir::patient_identities;
use carewire_hl7_v2::light::peek;
use carewire_hl7_v2::{Message, ParseOptions};
use carewire_sync_engine::{AuditAction, AuditQuery, StoredMessage};

use crate::con::{CarriedConsent, NotTaken, TakeConsents};
use crate::trail::Trail;
use crate::{Result, Shared};

/// Records in one look at the trail.
const PAGE: usize = 1_000;

impl Shared {
    /// Takes the consents of a message, each once: a message that is worked on again (it was held, or its worker died) changes
    /// nothing that a later one said. It comes before the map, so that a withdrawal counts although the rest cannot be mapped.
    ///
    /// What forbids is taken for each patient of the message; what permits, where there is one.
    pub(crate) async fn take_consents(
        &self,
        bytes: &[u8],
        stored: &StoredMessage,
        trail: &mut Trail<'_>,
    ) -> Result<()> {
        let rules = &self.settings.message_consents;
        if rules.take == TakeConsents::None || !may_carry(bytes) {
            return Ok(());
        }
        let options = ParseOptions::default();
        let (Ok(message), Ok(peeked)) = (Message::parse(bytes, &options), peek(bytes, &options)) else {
            return Ok(());
        };
        let carried = rules.read(&message);
        if carried.is_empty() {
            return Ok(());
        }
        let mut tokens = Vec::new();
        for patient in patient_identities(&peeked, &self.map_options()) {
            tokens.push(self.token_of(&patient.system, &patient.value).await?);
        }
        let _turns = self.turns.of(&tokens).await;
        let done = self.taken_before(stored).await?;
        for token in &tokens {
            for con in &carried {
                let id = self.keys.consent(token, con.name());
                if !done.contains(&id) {
                    self.take_one(con, &id, token, tokens.len(), stored, trail).await?;
                }
            }
        }
        Ok(())
    }

    async fn take_one(
        &self,
        con: &CarriedConsent,
        id: &str,
        token: &PatientToken,
        patients: usize,
        stored: &StoredMessage,
        trail: &mut Trail<'_>,
    ) -> Result<()> {
        let rules = &self.settings.message_consents;
        let read = rules.consent(con, id, &self.org, token, self.settings.zone);
        let read = read.and_then(|consent| match con.forbids() || patients == 1 {
            true => Ok(consent),
            false => Err(NotTaken::SeveralPatients),
        });
        let outcome = match read {
            Err(not_taken) => {
                trail.consent_not_taken(token, id, not_taken.code());
                "not-taken"
            }
            Ok(consent) => {
                let known = self.parts.consents.get(&self.org, id).await?;
                let (outcome, epoch) = match known.is_some_and(|known| known == consent) {
                    true => ("unchanged", self.parts.consents.epoch(&self.org, token).await?),
                    false => ("stored", self.parts.consents.put(consent).await?),
                };
                self.consent_carried(id, token, epoch, outcome, stored).await?;
                outcome
            }
        };
        metrics::counter!("carewire_consents_of_messages_total", "org" => self.org.to_string(), "outcome" => outcome)
            .increment(1);
        Ok(())
    }

    /// On record under the message, at once: what is on record is not taken again.
    async fn consent_carried(
        &self,
        id: &str,
        token: &PatientToken,
        epoch: ConsentEpoch,
        outcome: &str,
        stored: &StoredMessage,
    ) -> Result<()> {
        let by = [("message".to_owned(), stored.id.to_string())];
        self.consent_changed(id, token, epoch, outcome, (&stored.correlation, &by)).await
    }

    /// The ids of the consents that this message had its say about.
    async fn taken_before(&self, stored: &StoredMessage) -> Result<BTreeSet<String>> {
        // By the one column that tells a message's few records from all others.
        let query = AuditQuery { correlation: Some(stored.correlation.clone()), ..AuditQuery::default() };
        let mut done = BTreeSet::new();
        let mut after = None;
        loop {
            let page =
                self.parts.audit.search(&self.org, &AuditQuery { after, ..query.clone() }, PAGE).await?;
            after = page.last().map(|last| last.sequence);
            let is_full = page.len() == PAGE;
            let changed = page.into_iter().filter(|entry| entry.record.action == AuditAction::ConsentChanged);
            done.extend(changed.filter_map(|mut entry| entry.record.details.remove("consent")));
            if !is_full {
                return Ok(done);
            }
        }
    }
}

/// Whether there may be such a segment: most messages have none and are not read for it. What holds zero bytes is in another
/// character set, and is read.
fn may_carry(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|three| three == b"CON") || bytes.contains(&0)
}
