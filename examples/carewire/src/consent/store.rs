//! `carewire consent import`, `list` and `revoke`: the consents of the configured store.

use std::path::{Path, PathBuf};

use carewire_consent::{Consent, StoreError};
use carewire_fhir_core::PatientToken;
use carewire_gateway::{Error, Gateway};
use serde_json::json;

use super::documents;
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::stack::{Beside, Stack};
use crate::{inputs, out};

pub(super) async fn import(file: Option<&Path>, paths: &[PathBuf]) -> Result<Done, Failure> {
    let config = Config::read(file)?;
    let stack = Stack::without_remote(&config).await?;
    let mut import = Import { gateway: &stack.gateway, stored: 0, unchanged: 0, failed: 0 };
    let done = import.files(paths).await;
    stack.store.close().await;
    done?;
    let Import { stored, unchanged, failed, .. } = import;
    out::line(json!({"stored": stored, "unchanged": unchanged, "failed": failed}))?;
    Ok(if failed == 0 { Done::All } else { Done::Some })
}

/// A run, and what came of it so far.
struct Import<'g> {
    gateway: &'g Gateway,
    stored: u64,
    unchanged: u64,
    failed: u64,
}

impl Import<'_> {
    async fn files(&mut self, paths: &[PathBuf]) -> Result<(), Failure> {
        for file in inputs::files(paths)? {
            let input = match inputs::read(&file) {
                Ok(input) => input,
                Err(failure) => {
                    self.fails(failure);
                    continue;
                }
            };
            if documents::is_v2(&input.bytes) {
                self.fails(format_args!(
                    "{}: the consents of messages are taken when they are received",
                    input.name
                ));
                continue;
            }
            match documents::parse(&file, &input.bytes, self.gateway.org()) {
                Err(error) => self.fails(format_args!("{}: {error}", input.name)),
                Ok(consents) => {
                    for (index, consent) in consents.into_iter().enumerate() {
                        self.one(&input.name, index + 1, consent).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// What the store cannot do ends the run; what one consent lacks is its own fault.
    async fn one(&mut self, input: &str, number: usize, consent: Consent) -> Result<(), Failure> {
        let gateway = self.gateway;
        let known = gateway.parts().consents.get(gateway.org(), consent.id()).await;
        if known.map_err(Error::from)?.is_some_and(|known| known == consent) {
            self.unchanged += 1;
            return Ok(());
        }
        match gateway.put_consent(consent).await {
            Ok(_) => self.stored += 1,
            Err(
                error @ (Error::OtherOrg | Error::NotStorable { .. } | Error::Consents(StoreError::Conflict)),
            ) => self.fails(format_args!("{input} consent {number}: {error}")),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn fails(&mut self, why: impl std::fmt::Display) {
        out::note(why);
        self.failed += 1;
    }
}

pub(super) async fn list(file: Option<&Path>, patient: Option<&str>, limit: usize) -> Result<Done, Failure> {
    let config = Config::read(file)?;
    let patient = patient.map(PatientToken::new).transpose();
    let patient = patient.map_err(|_| Failure::usage("--patient: a patient token is expected"))?;
    let beside = Beside::open(&config).await?;
    let consents = &beside.gateway.parts().consents;
    let listed = consents.list(&config.org, patient.as_ref(), None, limit).await;
    beside.store.close().await;
    for consent in listed.map_err(Error::from)? {
        out::line(consent.to_json())?;
    }
    Ok(Done::All)
}

pub(super) async fn revoke(file: Option<&Path>, id: &str) -> Result<Done, Failure> {
    let config = Config::read(file)?;
    let stack = Stack::without_remote(&config).await?;
    let revoked = stack.gateway.revoke_consent(id).await;
    stack.store.close().await;
    match revoked {
        Ok((patient, epoch)) => {
            out::line(json!({"id": id, "patient": patient.as_str(), "epoch": epoch.0}))?;
            Ok(Done::All)
        }
        Err(Error::Consents(StoreError::NotFound)) => {
            out::note(format_args!("{id}: no such consent"));
            Ok(Done::Some)
        }
        Err(error) => Err(error.into()),
    }
}
