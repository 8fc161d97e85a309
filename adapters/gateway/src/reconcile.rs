//! Reconcile: the engine's run, with this gateway's permits and keys.

use std::sync::Arc;

use async_trait::async_trait;
use carewire_consent::{DataClass, Permit, Request, authorize};
use carewire_deid::SealContext;
use carewire_fhir_core::{CorrelationId, OrgId, PatientToken};
use carewire_sync_engine::{
    AuditAction, AuditRecord, BaseSealer, LocalKey, PermitSource, ReconcileOptions, ReconcileReport,
    Reconciler,
};

use crate::gated::GatedRemote;
use crate::{Error, Gateway, Result, Shared};

impl Gateway {
    /// Compares the identity map with the remote and repairs drift, unless `options` say only to count.
    ///
    /// # Errors
    /// What a store could not do. An outage of the remote is in the report.
    pub async fn reconcile(&self, options: &ReconcileOptions) -> Result<ReconcileReport> {
        let shared = &self.shared;
        let reconciler = Reconciler {
            identities: Arc::clone(&shared.parts.identities),
            remote: Arc::new(GatedRemote::new(Arc::clone(shared))),
            permits: Arc::clone(shared) as Arc<dyn PermitSource>,
            sealer: Arc::clone(shared) as Arc<dyn BaseSealer>,
            clock: Arc::clone(&shared.parts.clock),
        };
        let report = reconciler.run(&shared.org, options).await?;
        shared.parts.audit.append(vec![shared.reconciled(&report, options.dry_run)?]).await?;
        Ok(report)
    }
}

#[async_trait]
impl PermitSource for Shared {
    async fn permit(
        &self,
        org: &OrgId,
        patient: &PatientToken,
        remote: &str,
        classes: &[String],
    ) -> carewire_sync_engine::Result<Option<Permit>> {
        let unavailable = |error| carewire_sync_engine::Error::Unavailable {
            what: "consent store",
            source: Some(Box::new(error) as Box<_>),
        };
        let consents = self.parts.consents.for_patient(org, patient).await.map_err(unavailable)?;
        let request = Request::new(org.clone(), patient.clone(), self.settings.purpose.clone())
            .with_classes(classes.iter().map(|code| DataClass::parse(code)))
            .to_remote(remote)
            .fulfilling(self.duties());
        Ok(authorize(&request, &consents, &self.settings.consent, self.parts.clock.now()).ok())
    }
}

impl BaseSealer for Shared {
    fn seal(
        &self,
        _: &OrgId,
        remote: &str,
        key: &LocalKey,
        plain: &[u8],
    ) -> carewire_sync_engine::Result<Vec<u8>> {
        self.seal_base(remote, key, plain).map_err(|error| carewire_sync_engine::Error::Unavailable {
            what: "keys",
            source: Some(Box::new(error)),
        })
    }

    fn open(
        &self,
        _: &OrgId,
        remote: &str,
        key: &LocalKey,
        sealed: &[u8],
    ) -> carewire_sync_engine::Result<Vec<u8>> {
        let id = base_id(remote, key);
        let context = SealContext { org: &self.org, kind: "base", id: &id, version: 1 };
        self.keys
            .sealer
            .open(&context, sealed)
            .map_err(|_| carewire_sync_engine::Error::Corrupt { what: "base" })
    }
}

impl Shared {
    pub(crate) fn seal_base(&self, remote: &str, key: &LocalKey, plain: &[u8]) -> Result<Vec<u8>> {
        let id = base_id(remote, key);
        let context = SealContext { org: &self.org, kind: "base", id: &id, version: 1 };
        self.keys.sealer.seal(&context, plain, self.parts.entropy.as_ref()).map_err(Error::from)
    }

    fn reconciled(&self, report: &ReconcileReport, dry_run: bool) -> Result<AuditRecord> {
        let counts = [
            ("checked", report.checked),
            ("missing", report.missing),
            ("changed", report.changed),
            ("repaired", report.repaired),
            ("blocked", report.blocked),
            ("errors", report.errors),
        ];
        let mut details: std::collections::BTreeMap<String, String> =
            counts.into_iter().map(|(name, count)| (name.to_owned(), count.to_string())).collect();
        details.insert("dry_run".into(), dry_run.to_string());
        Ok(AuditRecord {
            org: self.org.clone(),
            at: self.parts.clock.now(),
            action: AuditAction::Reconciled,
            outcome: if report.interrupted.is_none() { "success" } else { "interrupted" }.into(),
            correlation: CorrelationId::new(self.new_ids()?.0.as_str())?,
            patient: None,
            details,
        })
    }
}

/// The place of a base: a base moved to another row does not open.
fn base_id(remote: &str, key: &LocalKey) -> String {
    format!("{remote}|{}|{}|{}", key.resource_type, key.system, key.value)
}
