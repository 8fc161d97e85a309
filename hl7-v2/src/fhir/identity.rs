//! Who the patient of a message is.

use super::MapOptions;
use super::resolver::Authority;
use crate::light::{PatientId, Peek};

/// The identifier that a patient is known by: the key of tokens, of order and of consent.
///
/// `Debug` shows no content.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PatientIdentity {
    /// The URI of who assigned the identifier.
    pub system: String,
    /// The identifier.
    pub value: String,
}

impl std::fmt::Debug for PatientIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PatientIdentity").finish_non_exhaustive()
    }
}

/// Of the patient identifiers of a message, the one that the patient is known by.
///
/// The first whose system is in [`MapOptions::patient_systems`], in the order of that list; else the first of type
/// `MR`; else the first of type `PI`; else the first with an authority; else the first. The map uses the same rule, so
/// the identity found before the acknowledgement is the identity of the Patient in the Bundle.
///
/// ```
/// use carewire_fhir_core::OrgId;
/// use carewire_hl7_v2::{ParseOptions, fhir::{MapOptions, patient_identity}, light};
/// let options = MapOptions::new(OrgId::new("clinic")?);
/// let bytes = b"MSH|^~\\&|ADT|GEN|||20240305||ADT^A08|1|P|2.5\rPID|1||9^^^^SS~7^^^GEN^MR";
/// let identity = patient_identity(&light::peek(bytes, &ParseOptions::default())?, &options).unwrap();
/// assert_eq!((identity.system.as_str(), identity.value.as_str()), ("urn:carewire:authority:clinic:GEN", "7"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn patient_identity(peek: &Peek, options: &MapOptions) -> Option<PatientIdentity> {
    identity_in(&peek.patient_ids, peek, options)
}

/// What every patient is known by whom a message names: the one of [`patient_identity`], those of further PIDs, and those
/// whom an MRG names. Each once.
///
/// ```
/// use carewire_fhir_core::OrgId;
/// use carewire_hl7_v2::{ParseOptions, fhir::{MapOptions, patient_identities}, light};
/// let options = MapOptions::new(OrgId::new("clinic")?);
/// let bytes = b"MSH|^~\\&|ADT|GEN|||20240305||ADT^A40|1|P|2.5\rPID|1||7^^^GEN^MR\rMRG|6^^^GEN^MR";
/// let identities = patient_identities(&light::peek(bytes, &ParseOptions::default())?, &options);
/// assert_eq!(identities.iter().map(|patient| patient.value.as_str()).collect::<Vec<_>>(), ["7", "6"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn patient_identities(peek: &Peek, options: &MapOptions) -> Vec<PatientIdentity> {
    let all = std::iter::once(&peek.patient_ids).chain(&peek.further_patients);
    let mut identities = Vec::new();
    for identity in all.filter_map(|ids| identity_in(ids, peek, options)) {
        if !identities.contains(&identity) {
            identities.push(identity);
        }
    }
    identities
}

fn identity_in(ids: &[PatientId], peek: &Peek, options: &MapOptions) -> Option<PatientIdentity> {
    let sender = (peek.sending_application.as_deref(), peek.sending_facility.as_deref());
    let candidates: Vec<Candidate> = ids.iter().filter_map(|id| candidate(id, sender, options)).collect();
    choose(&candidates, &options.patient_systems).map(|chosen| chosen.identity.clone())
}

/// An identifier that the patient may be known by.
pub(crate) struct Candidate {
    pub(crate) identity: PatientIdentity,
    pub(crate) type_code: Option<String>,
    pub(crate) has_authority: bool,
}

pub(crate) fn choose<'c>(candidates: &'c [Candidate], preferred: &[String]) -> Option<&'c Candidate> {
    let of_type =
        |code: &str| candidates.iter().find(|candidate| candidate.type_code.as_deref() == Some(code));
    preferred
        .iter()
        .find_map(|system| candidates.iter().find(|candidate| candidate.identity.system == *system))
        .or_else(|| of_type("MR"))
        .or_else(|| of_type("PI"))
        .or_else(|| candidates.iter().find(|candidate| candidate.has_authority))
        .or_else(|| candidates.first())
}

fn candidate(
    id: &PatientId,
    sender: (Option<&str>, Option<&str>),
    options: &MapOptions,
) -> Option<Candidate> {
    let authority = Authority {
        namespace: content(id.authority_namespace.as_deref()),
        universal_id: content(id.authority_universal_id.as_deref()),
        universal_id_type: content(id.authority_universal_id_type.as_deref()),
        org: &options.org,
        sending_application: sender.0.unwrap_or_default(),
        sending_facility: sender.1.unwrap_or_default(),
    };
    let value = content(Some(&id.value))?.to_owned();
    Some(Candidate {
        identity: PatientIdentity { system: options.resolver.resolve(&authority), value },
        type_code: content(id.type_code.as_deref()).map(str::to_owned),
        has_authority: !authority.is_unnamed(),
    })
}

fn content(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(list: &[(&str, Option<&str>, bool)]) -> Vec<Candidate> {
        list.iter()
            .map(|(system, code, has_authority)| Candidate {
                identity: PatientIdentity { system: (*system).into(), value: "1".into() },
                type_code: code.map(Into::into),
                has_authority: *has_authority,
            })
            .collect()
    }

    #[test]
    fn preference_then_type_then_authority_then_order() {
        let all = candidates(&[
            ("urn:none", None, false),
            ("urn:ss", Some("SS"), true),
            ("urn:pi", Some("PI"), true),
            ("urn:mr", Some("MR"), true),
        ]);
        let chosen = |list: &[Candidate], preferred: &[&str]| {
            let preferred: Vec<String> = preferred.iter().map(|&s| s.into()).collect();
            choose(list, &preferred).map(|candidate| candidate.identity.system.clone())
        };
        assert_eq!(chosen(&all, &["urn:other", "urn:ss"]).as_deref(), Some("urn:ss"));
        assert_eq!(chosen(&all, &[]).as_deref(), Some("urn:mr"));
        assert_eq!(chosen(&all[..3], &[]).as_deref(), Some("urn:pi"));
        assert_eq!(chosen(&all[..2], &[]).as_deref(), Some("urn:ss"));
        assert_eq!(chosen(&all[..1], &[]).as_deref(), Some("urn:none"));
        assert_eq!(chosen(&[], &[]), None);
    }

    #[test]
    fn debug_shows_no_content() {
        let identity = PatientIdentity { system: "urn:x".into(), value: "secret".into() };
        assert_eq!(format!("{identity:?}"), "PatientIdentity { .. }");
    }
}
