//! [`TokenVault`].

use async_trait::async_trait;
use carewire_deid::{Error, Result, TokenVault};
use carewire_fhir_core::{OrgId, PatientToken};

use crate::error::{Cause, Failure};
use crate::{PostgresStore, row};

#[async_trait]
impl TokenVault for PostgresStore {
    async fn resolve(
        &self,
        org: &OrgId,
        patient_key: &[u8; 32],
        candidate: &PatientToken,
    ) -> Result<PatientToken> {
        // Most patients are known: those need no write.
        if let Some(known) = self.find(org, patient_key).await? {
            return Ok(known);
        }
        let mut transaction = self.of_org(org).await?;
        // The update changes nothing; it makes RETURNING answer with the token that is there.
        let token: String = sqlx::query_scalar(
            "INSERT INTO carewire.token AS known (org, patient_key, token) VALUES ($1, $2, $3)
             ON CONFLICT (org, patient_key) DO UPDATE SET token = known.token RETURNING token",
        )
        .bind(org.as_str())
        .bind(patient_key.as_slice())
        .bind(candidate.as_str())
        .fetch_one(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(row::token(&token)?)
    }

    async fn find(&self, org: &OrgId, patient_key: &[u8; 32]) -> Result<Option<PatientToken>> {
        let mut transaction = self.of_org(org).await?;
        let found: Option<String> =
            sqlx::query_scalar("SELECT token FROM carewire.token WHERE org = $1 AND patient_key = $2")
                .bind(org.as_str())
                .bind(patient_key.as_slice())
                .fetch_optional(&mut *transaction)
                .await
                .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(found.as_deref().map(row::token).transpose()?)
    }

    async fn put_original(
        &self,
        org: &OrgId,
        token: &PatientToken,
        sealed: Vec<u8>,
        sequence: i64,
    ) -> Result<()> {
        let mut transaction = self.of_org(org).await?;
        sqlx::query(
            "INSERT INTO carewire.original (org, token, sequence, sealed) VALUES ($1, $2, $3, $4)
             ON CONFLICT (org, token) DO UPDATE SET sequence = excluded.sequence, sealed = excluded.sealed
             WHERE excluded.sequence >= original.sequence",
        )
        .bind(org.as_str())
        .bind(token.as_str())
        .bind(sequence)
        .bind(sealed)
        .execute(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(())
    }

    async fn original(&self, org: &OrgId, token: &PatientToken) -> Result<Option<Vec<u8>>> {
        let mut transaction = self.of_org(org).await?;
        let sealed = sqlx::query_scalar("SELECT sealed FROM carewire.original WHERE org = $1 AND token = $2")
            .bind(org.as_str())
            .bind(token.as_str())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(sealed)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound(what)
            | Failure::Conflict(what)
            | Failure::Invalid(what)
            | Failure::Corrupt(what) => Self::Corrupt { what },
            Failure::Unavailable(cause) => Self::Unavailable { source: Some(Box::new(Cause::of(&cause))) },
        }
    }
}
