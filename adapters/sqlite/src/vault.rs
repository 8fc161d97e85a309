//! [`TokenVault`].

use async_trait::async_trait;
use carewire_deid::{Error, Result, TokenVault};
use carewire_fhir_core::{OrgId, PatientToken};
use sqlx::SqliteConnection;

use crate::error::Failure;
use crate::{SqliteStore, row};

#[async_trait]
impl TokenVault for SqliteStore {
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
        let input = (org.clone(), *patient_key, candidate.clone());
        Ok(self.write(input, |connection, input| Box::pin(resolve(connection, input))).await?)
    }

    async fn find(&self, org: &OrgId, patient_key: &[u8; 32]) -> Result<Option<PatientToken>> {
        let found: Option<String> =
            sqlx::query_scalar("SELECT token FROM token WHERE org = ?1 AND patient_key = ?2")
                .bind(org.as_str())
                .bind(patient_key.as_slice())
                .fetch_optional(self.reader().await?.connection())
                .await
                .map_err(Failure::from)?;
        Ok(found.as_deref().map(row::token).transpose()?)
    }

    async fn put_original(
        &self,
        org: &OrgId,
        token: &PatientToken,
        sealed: Vec<u8>,
        sequence: i64,
    ) -> Result<()> {
        let input = (org.clone(), token.clone(), sealed, sequence);
        Ok(self.write(input, |connection, input| Box::pin(put_original(connection, input))).await?)
    }

    async fn original(&self, org: &OrgId, token: &PatientToken) -> Result<Option<Vec<u8>>> {
        let sealed = sqlx::query_scalar("SELECT sealed FROM original WHERE org = ?1 AND token = ?2")
            .bind(org.as_str())
            .bind(token.as_str())
            .fetch_optional(self.reader().await?.connection())
            .await
            .map_err(Failure::from)?;
        Ok(sealed)
    }
}

async fn resolve(
    connection: &mut SqliteConnection,
    (org, patient_key, candidate): &(OrgId, [u8; 32], PatientToken),
) -> Result<PatientToken, Failure> {
    // The update changes nothing; it makes RETURNING answer with the token that is there.
    let token: String = sqlx::query_scalar(
        "INSERT INTO token (org, patient_key, token) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET token = token RETURNING token",
    )
    .bind(org.as_str())
    .bind(patient_key.as_slice())
    .bind(candidate.as_str())
    .fetch_one(connection)
    .await?;
    row::token(&token)
}

async fn put_original(
    connection: &mut SqliteConnection,
    (org, token, sealed, sequence): &(OrgId, PatientToken, Vec<u8>, i64),
) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO original (org, token, sequence, sealed) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET sequence = excluded.sequence, sealed = excluded.sealed
         WHERE excluded.sequence >= original.sequence",
    )
    .bind(org.as_str())
    .bind(token.as_str())
    .bind(sequence)
    .bind(sealed.as_slice())
    .execute(connection)
    .await?;
    Ok(())
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound(what) | Failure::Conflict(what) | Failure::Corrupt(what) => {
                Self::Corrupt { what }
            }
            Failure::Unavailable(cause) => Self::Unavailable { source: Some(Box::new(cause)) },
            Failure::Closed => Self::Unavailable { source: None },
        }
    }
}
