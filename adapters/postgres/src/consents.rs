//! [`ConsentStore`]: each change moves the patient's epoch in the same transaction.

use std::collections::BTreeMap;

use async_trait::async_trait;
use carewire_consent::{Consent, ConsentEpoch, ConsentGuard, ConsentStore, PatientConsents, StoreError};
use carewire_fhir_core::{OrgId, PatientToken};
use sqlx::{AssertSqlSafe, PgConnection};

use crate::error::Failure;
use crate::{PostgresStore, row};

type Result<T, E = StoreError> = std::result::Result<T, E>;

#[async_trait]
impl ConsentStore for PostgresStore {
    async fn put(&self, consent: Consent) -> Result<ConsentEpoch> {
        let mut transaction = self.of_org(consent.org()).await?;
        change_of(&mut transaction, consent.org(), consent.patient()).await?;
        let epoch = put(&mut transaction, &consent).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(epoch)
    }

    /// Binds every process that works on the database, as long as the connection lasts.
    async fn guard(&self, org: &OrgId, patients: &[PatientToken]) -> Result<ConsentGuard> {
        let mut transaction = self.guard_of_org(org).await?;
        let mut epochs: BTreeMap<_, _> = patients.iter().map(|one| (one.clone(), ConsentEpoch(0))).collect();
        for (patient, held) in &mut epochs {
            lock(&mut transaction, "pg_advisory_xact_lock_shared", org, patient).await?;
            *held = epoch(&mut transaction, org, patient).await?;
        }
        Ok(ConsentGuard::new(org.clone(), epochs, transaction))
    }

    async fn for_patient(&self, org: &OrgId, patient: &PatientToken) -> Result<PatientConsents> {
        let mut transaction = self.of_org(org).await?;
        // One statement is one snapshot: the epoch belongs to exactly these consents.
        let rows: Vec<(i64, Option<String>)> = sqlx::query_as(
            "SELECT coalesce((SELECT epoch FROM carewire.consent_epoch WHERE org = $1 AND patient = $2), 0), body
             FROM (SELECT 1) AS one LEFT JOIN carewire.consent ON org = $1 AND patient = $2 ORDER BY id",
        )
        .bind(org.as_str())
        .bind(patient.as_str())
        .fetch_all(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        let epoch = rows.first().map_or(0, |(epoch, _)| *epoch);
        let bodies = rows.iter().filter_map(|(_, body)| body.as_deref());
        Ok(PatientConsents {
            epoch: epoch_of(epoch)?,
            consents: bodies.map(|body| consent(org, body)).collect::<Result<_, _>>()?,
        })
    }

    async fn epoch(&self, org: &OrgId, patient: &PatientToken) -> Result<ConsentEpoch> {
        let mut transaction = self.of_org(org).await?;
        let epoch = epoch(&mut transaction, org, patient).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(epoch)
    }

    async fn get(&self, org: &OrgId, id: &str) -> Result<Option<Consent>> {
        let mut transaction = self.of_org(org).await?;
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM carewire.consent WHERE org = $1 AND id = $2")
                .bind(org.as_str())
                .bind(id)
                .fetch_optional(&mut *transaction)
                .await
                .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(body.as_deref().map(|body| consent(org, body)).transpose()?)
    }

    async fn revoke(&self, org: &OrgId, id: &str) -> Result<(PatientToken, ConsentEpoch)> {
        let mut transaction = self.of_org(org).await?;
        let revoked = revoke(&mut transaction, org, id).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(revoked)
    }

    async fn list(
        &self,
        org: &OrgId,
        patient: Option<&PatientToken>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Consent>> {
        let mut transaction = self.of_org(org).await?;
        let bodies: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM carewire.consent
             WHERE org = $1 AND ($2::text IS NULL OR id > $2) AND ($3::text IS NULL OR patient = $3)
             ORDER BY id LIMIT $4",
        )
        .bind(org.as_str())
        .bind(after)
        .bind(patient.map(PatientToken::as_str))
        .bind(row::limit(limit))
        .fetch_all(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(bodies.iter().map(|body| consent(org, body)).collect::<Result<_, _>>()?)
    }
}

/// The document says of what kind it is.
fn consent(org: &OrgId, body: &str) -> Result<Consent, Failure> {
    Consent::parse(body.as_bytes(), org).map_err(|_| Failure::Corrupt("consent"))
}

fn epoch_of(number: i64) -> Result<ConsentEpoch, Failure> {
    Ok(ConsentEpoch(row::unsigned(number)?))
}

/// Waits for other changes of the patient's consents, and for what holds them.
async fn change_of(
    connection: &mut PgConnection,
    org: &OrgId,
    patient: &PatientToken,
) -> Result<(), Failure> {
    lock(connection, "pg_advisory_xact_lock", org, patient).await
}

/// Locks a patient of an org until the transaction ends. Two whose hashes are equal wait for each other, no more.
async fn lock(
    connection: &mut PgConnection,
    how: &'static str,
    org: &OrgId,
    patient: &PatientToken,
) -> Result<(), Failure> {
    let lock = format!("SELECT {how}(hashtextextended($1 || '|' || $2, 0))");
    sqlx::query(AssertSqlSafe(lock)).bind(org.as_str()).bind(patient.as_str()).execute(connection).await?;
    Ok(())
}

async fn put(connection: &mut PgConnection, consent: &Consent) -> Result<ConsentEpoch, Failure> {
    let put = sqlx::query(
        "INSERT INTO carewire.consent (org, id, patient, body, kind) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org, id) DO UPDATE SET body = excluded.body, kind = excluded.kind
         WHERE consent.patient = excluded.patient",
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

/// The patient is locked before the row, as `put` does it. He does not change: an id stays with its patient.
async fn revoke(
    connection: &mut PgConnection,
    org: &OrgId,
    id: &str,
) -> Result<(PatientToken, ConsentEpoch), Failure> {
    let patient: Option<String> =
        sqlx::query_scalar("SELECT patient FROM carewire.consent WHERE org = $1 AND id = $2")
            .bind(org.as_str())
            .bind(id)
            .fetch_optional(&mut *connection)
            .await?;
    let patient = row::token(&patient.ok_or(Failure::NotFound("consent"))?)?;
    change_of(connection, org, &patient).await?;
    let body: String =
        sqlx::query_scalar("SELECT body FROM carewire.consent WHERE org = $1 AND id = $2 FOR UPDATE")
            .bind(org.as_str())
            .bind(id)
            .fetch_one(&mut *connection)
            .await?;
    let epoch = put(connection, &consent(org, &body)?.revoked()).await?;
    Ok((patient, epoch))
}

/// The next epoch of a patient; the first is 1.
async fn advance(
    connection: &mut PgConnection,
    org: &OrgId,
    patient: &PatientToken,
) -> Result<ConsentEpoch, Failure> {
    let epoch: i64 = sqlx::query_scalar(
        "INSERT INTO carewire.consent_epoch (org, patient, epoch) VALUES ($1, $2, 1)
         ON CONFLICT (org, patient) DO UPDATE SET epoch = consent_epoch.epoch + 1 RETURNING epoch",
    )
    .bind(org.as_str())
    .bind(patient.as_str())
    .fetch_one(connection)
    .await?;
    epoch_of(epoch)
}

async fn epoch(
    connection: &mut PgConnection,
    org: &OrgId,
    patient: &PatientToken,
) -> Result<ConsentEpoch, Failure> {
    let epoch: Option<i64> =
        sqlx::query_scalar("SELECT epoch FROM carewire.consent_epoch WHERE org = $1 AND patient = $2")
            .bind(org.as_str())
            .bind(patient.as_str())
            .fetch_optional(connection)
            .await?;
    epoch_of(epoch.unwrap_or(0))
}
