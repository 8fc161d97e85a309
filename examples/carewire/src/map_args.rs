//! From what was typed to the options of the map.

use carewire_fhir_core::OrgId;
use carewire_hl7_v2::fhir::{Deletion, MapOptions, RawMessage, Unidentified, UnknownCodes, Unnumbered};

use crate::cli::{DeletionKind, MapArgs, RawKind, UnidentifiedKind, UnknownCodesKind, UnnumberedKind};
use crate::config::offset;
use crate::failure::Failure;

impl MapArgs {
    /// A transaction under these options.
    pub(crate) fn options(&self) -> Result<MapOptions, Failure> {
        let org = OrgId::new(&self.org).map_err(|error| Failure::usage(format!("--org: {error}")))?;
        let map = MapOptions::new(org)
            .with_patient_systems(&self.patient_systems)
            .with_deletion(match self.deletion {
                DeletionKind::Status => Deletion::Status,
                DeletionKind::Delete => Deletion::Delete,
            })
            .with_unidentified(match self.unidentified {
                UnidentifiedKind::Refuse => Unidentified::Refuse,
                UnidentifiedKind::BindToMessage => Unidentified::BindToMessage,
            })
            .with_raw(match self.raw {
                RawKind::None => RawMessage::None,
                RawKind::DocumentReference => RawMessage::DocumentReference,
                RawKind::Binary => RawMessage::Binary,
            })
            .with_provenance(self.provenance)
            .with_unnumbered(match self.unnumbered {
                UnnumberedKind::Created => Unnumbered::Created,
                UnnumberedKind::AtOwnId => Unnumbered::AtOwnId,
            })
            .with_unknown_codes(match self.unknown_codes {
                UnknownCodesKind::WithoutSystem => UnknownCodes::WithoutSystem,
                UnknownCodesKind::OfTable => UnknownCodes::OfTable,
            });
        let Some(zone) = &self.zone else { return Ok(map) };
        let zone =
            offset(zone).ok_or_else(|| Failure::usage("--zone: an offset such as -03:00 is expected"))?;
        Ok(map.with_zone(zone))
    }
}
