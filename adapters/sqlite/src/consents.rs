//! [`ConsentStore`]: each change moves the patient's epoch in the same transaction.

use std::collections::BTreeMap;

use async_trait::async_trait;
use carewire_consent::{Consent, ConsentEpoch, ConsentGuard, ConsentStore, PatientConsents, StoreError};
use carewire_fhir_core::{OrgId, PatientToken};
use sqlx::SqliteConnection;

use crate::error::Failure;
use crate::{SqliteStore, row};

type Result<T, E = StoreError> = std::result::Result<T, E>;

#[async_trait]
impl ConsentStore for SqliteStore {
    async fn put(&self, consent: Consent) -> Result<ConsentEpoch> {
        let _alone = self.gate().change(consent.org(), consent.patient()).await;
        Ok(self.write(consent, |connection, consent| Box::pin(put(connection, consent))).await?)
    }

    /// Binds the clones of this store.
    async fn guard(&self, org: &OrgId, patients: &[PatientToken]) -> Result<ConsentGuard> {
        let guard = self.gate().hold(org, patients).await;
        let mut epochs = BTreeMap::new();
        for patient in patients {
            epochs.insert(patient.clone(), self.epoch(org, patient).await?);
        }
        Ok(ConsentGuard::new(org.clone(), epochs, guard))
    }

    async fn for_patient(&self, org: &OrgId, patient: &PatientToken) -> Result<PatientConsents> {
        // One statement is one snapshot: the epoch belongs to exactly these consents.
        let rows: Vec<(i64, Option<String>)> = sqlx::query_as(
            "SELECT coalesce((SELECT epoch FROM consent_epoch WHERE org = ?1 AND patient = ?2), 0), body
             FROM (SELECT 1) LEFT JOIN consent ON org = ?1 AND patient = ?2 ORDER BY id",
        )
        .bind(org.as_str())
        .bind(patient.as_str())
        .fetch_all(self.reader().await?.connection())
        .await
        .map_err(Failure::from)?;
        let epoch = rows.first().map_or(0, |(epoch, _)| *epoch);
        let bodies = rows.iter().filter_map(|(_, body)| body.as_deref());
        let consents = bodies.map(|body| consent(org, body)).collect::<Result<_, Failure>>()?;
        Ok(PatientConsents { epoch: epoch_of(epoch)?, consents })
    }

    async fn epoch(&self, org: &OrgId, patient: &PatientToken) -> Result<ConsentEpoch> {
        let epoch: Option<i64> =
            sqlx::query_scalar("SELECT epoch FROM consent_epoch WHERE org = ?1 AND patient = ?2")
                .bind(org.as_str())
                .bind(patient.as_str())
                .fetch_optional(self.reader().await?.connection())
                .await
                .map_err(Failure::from)?;
        Ok(epoch_of(epoch.unwrap_or(0))?)
    }

    async fn get(&self, org: &OrgId, id: &str) -> Result<Option<Consent>> {
        let body: Option<String> = sqlx::query_scalar("SELECT body FROM consent WHERE org = ?1 AND id = ?2")
            .bind(org.as_str())
            .bind(id)
            .fetch_optional(self.reader().await?.connection())
            .await
            .map_err(Failure::from)?;
        Ok(body.as_deref().map(|body| consent(org, body)).transpose()?)
    }

    async fn revoke(&self, org: &OrgId, id: &str) -> Result<(PatientToken, ConsentEpoch)> {
        // Whose it is does not change: an id stays with its patient.
        let patient = self.get(org, id).await?.ok_or(StoreError::NotFound)?.patient().clone();
        let _alone = self.gate().change(org, &patient).await;
        let input = (org.clone(), id.to_owned());
        Ok(self.write(input, |connection, input| Box::pin(revoke(connection, input))).await?)
    }

    async fn list(
        &self,
        org: &OrgId,
        patient: Option<&PatientToken>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Consent>> {
        let bodies: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM consent WHERE org = ?1 AND (?2 IS NULL OR id > ?2) AND (?3 IS NULL OR patient = ?3)
             ORDER BY id LIMIT ?4",
        )
        .bind(org.as_str())
        .bind(after)
        .bind(patient.map(PatientToken::as_str))
        .bind(row::limit(limit))
        .fetch_all(self.reader().await?.connection())
        .await
        .map_err(Failure::from)?;
        Ok(bodies.iter().map(|body| consent(org, body)).collect::<Result<_, Failure>>()?)
    }
}

/// The document says of what kind it is.
fn consent(org: &OrgId, body: &str) -> Result<Consent, Failure> {
    Consent::parse(body.as_bytes(), org).map_err(|_| Failure::Corrupt("consent"))
}

fn epoch_of(number: i64) -> Result<ConsentEpoch, Failure> {
    Ok(ConsentEpoch(row::unsigned(number)?))
}

async fn put(connection: &mut SqliteConnection, consent: &Consent) -> Result<ConsentEpoch, Failure> {
    let put = sqlx::query(
        "INSERT INTO consent (org, id, patient, body, kind) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET body = excluded.body, kind = excluded.kind WHERE patient = excluded.patient",
    )
    .bind(consent.org().as_str())
    .bind(consent.id())
    .bind(consent.patient().as_str())
    .bind(consent.to_json())
    .bind(consent.kind().as_str())
    .execute(&mut *connection)
    .await?;
    if put.rows_affected() == 0 {
        // The id belongs to another patient.
        return Err(Failure::Conflict("consent"));
    }
    advance(connection, consent.org(), consent.patient()).await
}

async fn revoke(
    connection: &mut SqliteConnection,
    (org, id): &(OrgId, String),
) -> Result<(PatientToken, ConsentEpoch), Failure> {
    let body: Option<String> = sqlx::query_scalar("SELECT body FROM consent WHERE org = ?1 AND id = ?2")
        .bind(org.as_str())
        .bind(id)
        .fetch_optional(&mut *connection)
        .await?;
    let consent = consent(org, &body.ok_or(Failure::NotFound("consent"))?)?.revoked();
    let epoch = put(connection, &consent).await?;
    Ok((consent.patient().clone(), epoch))
}

/// The next epoch of a patient; the first is 1.
async fn advance(
    connection: &mut SqliteConnection,
    org: &OrgId,
    patient: &PatientToken,
) -> Result<ConsentEpoch, Failure> {
    let epoch: i64 = sqlx::query_scalar(
        "INSERT INTO consent_epoch (org, patient, epoch) VALUES (?1, ?2, 1)
         ON CONFLICT DO UPDATE SET epoch = epoch + 1 RETURNING epoch",
    )
    .bind(org.as_str())
    .bind(patient.as_str())
    .fetch_one(connection)
    .await?;
    epoch_of(epoch)
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound(_) => Self::NotFound,
            Failure::Conflict(_) => Self::Conflict,
            Failure::Corrupt(_) => Self::Corrupt,
            Failure::Unavailable(cause) => Self::Unavailable { source: Some(Box::new(cause)) },
            Failure::Closed => Self::Unavailable { source: None },
        }
    }
}
