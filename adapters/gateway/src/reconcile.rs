//! Reconcile: the engine's run, with this gateway's permits and keys.

use std::sync::Arc;

use async_trait::async_trait;
use carewire_consent::{DataClass, Permit};
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
        let (_, correlation) = shared.new_ids()?;
        let permits = Arc::new(RepairPermits { shared: Arc::clone(shared), correlation });
        let reconciler = Reconciler {
            identities: Arc::clone(&shared.parts.identities),
            remote: Arc::new(GatedRemote::new(Arc::clone(&permits))),
            permits: Arc::clone(&permits) as Arc<dyn PermitSource>,
            sealer: Arc::clone(shared) as Arc<dyn BaseSealer>,
            clock: Arc::clone(&shared.parts.clock),
        };
        let report = reconciler.run(&shared.org, options).await?;
        let record = shared.reconciled(&report, options.dry_run, &permits.correlation);
        shared.parts.audit.append(vec![record]).await?;
        Ok(report)
    }
}

/// The consents of those whose resources a run repairs. Each decision is on record, under the id of the run, before it is used.
#[derive(Debug)]
pub(crate) struct RepairPermits {
    pub(crate) shared: Arc<Shared>,
    pub(crate) correlation: CorrelationId,
}

impl RepairPermits {
    async fn ask(&self, patient: &PatientToken, remote: &str, classes: &[String]) -> Result<Option<Permit>> {
        let Self { shared, correlation } = self;
        let classes = classes.iter().map(|code| DataClass::parse(code)).collect();
        let asked = shared.ask_consent(classes, patient, remote, shared.duties()).await?;
        let record = shared.decided(patient, asked.outcome(), asked.details(), correlation);
        shared.parts.audit.append(vec![record]).await?;
        Ok(asked.decided.ok())
    }
}

#[async_trait]
impl PermitSource for RepairPermits {
    async fn permit(
        &self,
        _: &OrgId,
        patient: &PatientToken,
        remote: &str,
        classes: &[String],
    ) -> carewire_sync_engine::Result<Option<Permit>> {
        self.ask(patient, remote, classes).await.map_err(|error| carewire_sync_engine::Error::Unavailable {
            what: "consent store",
            source: Some(Box::new(error)),
        })
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

    fn reconciled(
        &self,
        report: &ReconcileReport,
        dry_run: bool,
        correlation: &CorrelationId,
    ) -> AuditRecord {
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
        AuditRecord {
            org: self.org.clone(),
            at: self.parts.clock.now(),
            action: AuditAction::Reconciled,
            outcome: if report.interrupted.is_none() { "success" } else { "interrupted" }.into(),
            correlation: correlation.clone(),
            patient: None,
            details,
        }
    }
}

/// The place of a base: a base moved to another row does not open.
fn base_id(remote: &str, key: &LocalKey) -> String {
    format!("{remote}|{}|{}|{}", key.resource_type, key.system, key.value)
}
