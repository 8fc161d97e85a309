//! Resources and Bundles of files: no vault, no tokens; ids and references become surrogates under one key.

use carewire_fhir_core::json::{JsonNode, NameId, Tape, TapeNode};
use carewire_fhir_core::{Date, Limits};

use super::address::{Addresses, id_of};
use super::envelope::{Envelope, FULL_URL};
use super::manifest::Warning;
use super::names::{CODE, ID, META, RESOURCE_TYPE, SECURITY, SYSTEM};
use super::scope::{Oldest, Scope};
use super::subject::Known;
use super::walk::Walk;
use super::{Manifest, Treatment};
use crate::patient::{PatientIndex, PatientKey};
use crate::policy::{At, Plan, Step};
use crate::tools::Tools;
use crate::transform::{Shift, TextScrubber, ValueCipher};
use crate::{Entropy, Error, Policy, Pseudonymizer, Refusal, Result};

/// Transforms resources and Bundles of files under a policy, one after another, from text to text.
///
/// The id of a resource becomes a surrogate of its type and id under the key, and every reference to it the same, so
/// references lead to the same resources as before, across files and across runs with the same key. The server's
/// address in a reference goes; a file holds the resources of one server.
///
/// Dates that are shifted move with the patient to whom the resource belongs (`subject`, `patient` and the like); where there
/// is none, they go. One rule says by what he is known, and holds for [`v2`](crate::v2) too, so that under one key his
/// dates move by the same number of days everywhere:
///
/// | where | known by |
/// |---|---|
/// | a Bundle that holds the Patient | the identifier that the map from v2 chooses: of a preferred system, else type `MR`, else `PI`, else the first with a system |
/// | a reference with an identifier and no address, a contained Patient | the same |
/// | a resource by itself (NDJSON), a Bundle without the Patient | the same, where [`with_patients`](Self::with_patients) knows him; else his id, and [`Warning::MovedById`] counts it |
///
/// A line of NDJSON does not show the identifier, and the Patient may stand in another file, so in one pass and bounded memory
/// only the id is left; a lone Patient then goes by it too, so that the intervals of a patient hold among the lines.
///
/// `meta.security` says what was done, with codes of HL7's ObservationValue: `PSEUDED` (surrogates stand in place of
/// identities), `REDACTED` (something went, or a text was scrubbed), `ABSTRED` (dates, ages or numbers were made coarser),
/// `MASKED` (dates or numbers moved, or something was encrypted).
///
/// ```
/// use carewire_deid::{Exporter, Policy, Pseudonymizer};
/// use carewire_fhir_core::Date;
///
/// let keys = Pseudonymizer::for_run(&[7; 32]); // 32 random bytes, drawn for this run
/// let policy = Policy::built_in("safe-harbor").ok_or("no such policy")?;
/// let mut exporter = Exporter::new(policy, &keys)?.with_as_of(Date::parse("2026-11-22")?);
/// let mut out = String::new();
/// exporter.write(br#"{"resourceType":"Patient","id":"MRN7","name":[{"family":"Smith"}],"birthDate":"1970-02-03"}"#, &mut out)?;
/// exporter.write(br#"{"resourceType":"Condition","subject":{"reference":"Patient/MRN7","display":"Smith"}}"#, &mut out)?;
/// assert!(out.contains(r#""birthDate":"1970""#) && !out.contains("Smith") && !out.contains("MRN7"));
/// assert_eq!(exporter.manifest().policy(), "safe-harbor");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Exporter<'a> {
    plan: Plan<'a>,
    keys: &'a Pseudonymizer,
    tools: Tools<'a>,
    oldest: Option<Oldest>,
    limits: Limits,
    addresses: Addresses,
    /// The patient whom the last resource was about, and his shift.
    patient: Option<(PatientKey, Shift)>,
    /// The patients of the Bundle at hand, those that were read before, and the systems that they are known by first.
    inside: Option<PatientIndex>,
    given: Option<&'a PatientIndex>,
    preferred: Vec<String>,
    envelope: Envelope,
    manifest: Manifest,
}

/// HL7's code system of what was done to a resource.
const OBSERVATION_VALUE: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

const fn bits(treatments: &[Treatment]) -> u16 {
    let (mut all, mut rest) = (0, treatments);
    while let [first, below @ ..] = rest {
        all |= 1 << *first as u16;
        rest = below;
    }
    all
}

const LABELS: [(&str, u16); 4] = [
    ("PSEUDED", bits(&[Treatment::Pseudonymised, Treatment::Rewritten, Treatment::Added])),
    ("REDACTED", bits(&[Treatment::Dropped, Treatment::Masked, Treatment::LeftOut, Treatment::Scrubbed])),
    ("ABSTRED", bits(&[Treatment::Generalised])),
    (
        "MASKED",
        bits(&[Treatment::Shifted, Treatment::Substituted, Treatment::Perturbed, Treatment::Encrypted]),
    ),
];

impl<'a> Exporter<'a> {
    /// Begins a run.
    ///
    /// # Errors
    /// [`Error::Refused`] when the policy wants a key that lives for one run, and this is another.
    pub fn new(policy: &'a Policy, keys: &'a Pseudonymizer) -> Result<Self> {
        policy.permits(keys)?;
        let mut plan = Plan::new(policy);
        let envelope = Envelope::new(&mut plan);
        let (limits, addresses) = (Limits::default(), Addresses::new(policy));
        let tools = Tools::default();
        let manifest = Manifest::of(policy, keys, tools);
        Ok(Self {
            plan,
            keys,
            tools,
            oldest: None,
            limits,
            addresses,
            patient: None,
            inside: None,
            given: None,
            preferred: Vec::new(),
            envelope,
            manifest,
        })
    }

    /// With a manifest that says what there is to work with.
    fn begun(mut self) -> Self {
        let as_of = self.oldest.as_ref().map(|oldest| oldest.as_of.as_str());
        let manifest = Manifest::of(self.plan.policy(), self.keys, self.tools);
        self.manifest = as_of.into_iter().fold(manifest, Manifest::with_as_of);
        self
    }

    /// The day at which ages are counted: that of the release. Who is 90 or older then has no birth date in what is
    /// written, nor any other date that lies so far back.
    #[must_use]
    pub fn with_as_of(mut self, as_of: Date) -> Self {
        self.oldest = Some(Oldest { as_of });
        self.begun()
    }

    /// Who scrubs the texts that the policy scrubs. What no scrubber knows stays, so it is no guarantee.
    #[must_use]
    pub fn with_scrubber(mut self, scrubber: &'a dyn TextScrubber) -> Self {
        self.tools.scrubber = Some(scrubber);
        self.begun()
    }

    /// What encrypts the values that the policy encrypts, each for its path, and where nonces come from.
    #[must_use]
    pub fn with_cipher(mut self, cipher: &'a ValueCipher, entropy: &'a dyn Entropy) -> Self {
        self.tools.cipher = Some((cipher, entropy));
        self.begun()
    }

    /// What the patients of the files are known by: with it, what refers to a patient by an id moves as he does in Bundles
    /// and in messages of HL7 v2.
    #[must_use]
    pub fn with_patients(mut self, patients: &'a PatientIndex) -> Self {
        self.given = Some(patients);
        self
    }

    /// The systems of identifiers by which the patients of Bundles are known first: those that the map from v2 is given.
    #[must_use]
    pub fn with_patient_systems(mut self, systems: impl IntoIterator<Item = String>) -> Self {
        self.preferred = systems.into_iter().collect();
        self
    }

    /// How much of a text is read before it is refused.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Transforms one resource or Bundle and appends it to `out`, without a line end. Answers whether anything was
    /// written: a resource of a type that the policy does not name is left out, and counted.
    ///
    /// In a Bundle a resource that is refused is left out alone.
    ///
    /// # Errors
    /// [`Error::Unreadable`] when the text is no JSON, [`Error::Refused`] when it is no resource, carries a modifier
    /// extension that the policy does not name, or the policy wants what there is not: a day at which ages are counted, a
    /// cipher, its scrubber; [`Error::Entropy`] when no nonce can be had. `out` and the counts are as before then.
    pub fn write(&mut self, text: &[u8], out: &mut String) -> Result<bool> {
        if self.oldest.is_none() && self.plan.policy().needs_as_of() {
            return Err(Error::Refused { path: "as_of".to_owned(), reason: Refusal::NoDay });
        }
        self.tools.suffice(self.plan.policy(), self.plan.policy().needs())?;
        let tape = Tape::parse(text, &self.limits)
            .map_err(|source| Error::Unreadable { source: source.without_unknown_names() })?;
        let start = out.len();
        let written = self.any(tape.root(), None, out);
        if written.is_err() {
            out.truncate(start);
            self.plan.forget(0);
        }
        self.plan.settle();
        written
    }

    /// What was done so far.
    #[must_use]
    pub fn manifest(&self) -> Manifest {
        let mut manifest = self.manifest.clone();
        self.plan.count(&mut manifest);
        manifest
    }

    /// A resource, or a Bundle of them. `address` is where it stands in the Bundle around it.
    fn any(&mut self, source: TapeNode<'_>, address: Option<&str>, out: &mut String) -> Result<bool> {
        let Some(kind) = source.text(RESOURCE_TYPE) else {
            return Err(Error::Refused { path: "resource".to_owned(), reason: Refusal::NotAResource });
        };
        if kind == "Bundle" {
            return self.bundle(source, out);
        }
        match self.plan.root(kind) {
            Some(at) => self.resource(at, source, address, out),
            None => {
                let name = crate::fhir::resource(kind).map_or("?", |(name, _)| name);
                let at = self.plan.counter(name);
                self.plan.note(at, Treatment::LeftOut);
                Ok(false)
            }
        }
    }

    fn resource(
        &mut self,
        at: At,
        source: TapeNode<'_>,
        address: Option<&str>,
        out: &mut String,
    ) -> Result<bool> {
        let name = self.plan.spot(at).type_name;
        let patient = self.subject(name, source, address);
        let shift = patient.as_ref().map(|patient| self.shift(patient));
        let scope = Scope::File { addresses: &mut self.addresses, shift, oldest: self.oldest.as_ref() };
        out.push_str("{\"resourceType\":\"");
        out.push_str(name);
        out.push('"');
        let mut walk = Walk::new(&mut self.plan, self.keys, scope, out)
            .with_tools(self.tools)
            .with_patient(patient.as_ref());
        if let Some(id) = source.text(ID) {
            walk.plain(ID.quoted(), &id_of(self.keys, name, id));
            let place = walk.plan.common(at, ID);
            walk.note(place, Treatment::Pseudonymised);
        }
        walk.resource(at, source, &[RESOURCE_TYPE, ID, META])?;
        meta(&mut walk, at, source)?;
        let (unshifted, has_moved) = (walk.unshifted, walk.done & bits(&[Treatment::Shifted]) != 0);
        out.push('}');
        self.manifest.warn(Warning::NoPatient, unshifted);
        let by_id = has_moved && matches!(patient, Some(PatientKey::Name(_)));
        self.manifest.warn(Warning::MovedById, u64::from(by_id));
        Ok(true)
    }

    /// The patient whom a resource is about, where anything hangs on that.
    fn subject(&self, name: &str, source: TapeNode<'_>, address: Option<&str>) -> Option<PatientKey> {
        let known = Known { inside: self.inside.as_ref(), given: self.given, preferred: &self.preferred };
        self.plan.policy().moves().then(|| known.patient_of(name, source, address)).flatten()
    }

    fn shift(&mut self, patient: &PatientKey) -> Shift {
        if let Some((known, shift)) = &self.patient
            && known == patient
        {
            return *shift;
        }
        let shift = patient.shift(self.keys, self.plan.policy().dates().limit);
        self.patient = Some((patient.clone(), shift));
        shift
    }

    fn bundle(&mut self, source: TapeNode<'_>, out: &mut String) -> Result<bool> {
        out.push_str("{\"resourceType\":\"Bundle\"");
        self.envelope.head(&mut self.plan, self.keys, source, out);
        let entries = source.member(NameId::element("entry"));
        let start = out.len();
        out.push_str(",\"entry\":[");
        let around = self.inside.take();
        self.inside = self.plan.policy().moves().then(|| {
            let mut inside = PatientIndex::default().with_patient_systems(self.preferred.iter().cloned());
            inside.add(source, None);
            inside
        });
        for entry in entries.into_iter().flat_map(JsonNode::items) {
            self.entry(entry, out);
        }
        self.inside = around;
        if out.ends_with('[') {
            out.truncate(start);
        } else {
            out.push(']');
        }
        out.push('}');
        Ok(true)
    }

    /// One entry, or nothing when its resource is left out.
    fn entry(&mut self, entry: TapeNode<'_>, out: &mut String) {
        let (start, noted) = (out.len(), self.plan.noted());
        if !out.ends_with('[') {
            out.push(',');
        }
        out.push('{');
        self.envelope.entry(&mut self.plan, &mut self.addresses, self.keys, entry, out);
        let Some(resource) = entry.member(NameId::element("resource")) else {
            return if out.ends_with('{') { out.truncate(start) } else { out.push('}') };
        };
        if !out.ends_with('{') {
            out.push(',');
        }
        out.push_str("\"resource\":");
        match self.any(resource, entry.text(FULL_URL), out) {
            Ok(true) => out.push('}'),
            Ok(false) => out.truncate(start),
            Err(_) => {
                out.truncate(start);
                self.plan.forget(noted);
                let name = resource
                    .text(RESOURCE_TYPE)
                    .and_then(crate::fhir::resource)
                    .map_or("?", |(name, _)| name);
                let at = self.plan.counter(name);
                self.plan.note(at, Treatment::LeftOut);
                self.manifest.warn(Warning::Withheld, 1);
            }
        }
    }
}

impl std::fmt::Debug for Exporter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exporter").field("policy", &self.plan.policy().id()).finish_non_exhaustive()
    }
}

/// What stays of the metadata, and what was done to the resource.
fn meta<'n>(walk: &mut Walk<'_, '_, TapeNode<'n>>, at: At, resource: TapeNode<'n>) -> Result<()> {
    let place = walk.plan.child(at, META).unwrap_or(at);
    let source = resource.member(META);
    let is_kept = walk.plan.spot(place).step == Step::Object;
    let start = walk.open(META.quoted(), '{');
    let mut security = None;
    match source {
        Some(source) if is_kept => {
            walk.elements(place, source, &[SECURITY])?;
            security = source.member(SECURITY);
        }
        Some(_) => drop(walk.dropped(place)),
        None => {}
    }
    let labels = walk.open(SECURITY.quoted(), '[');
    let mut known = 0;
    if let (Some(source), Some(child)) = (security, walk.plan.child(place, SECURITY)) {
        walk.items(child, source, source)?;
        let is_told = walk.plan.spot(child).step == Step::Coding;
        known = source.items().filter(|_| is_told).map(label_of).fold(0, |all, one| all | one);
    }
    for (index, (code, treatments)) in LABELS.into_iter().enumerate() {
        if walk.done & treatments != 0 && known & (1 << index) == 0 {
            walk.comma();
            walk.out.push('{');
            walk.plain(SYSTEM.quoted(), OBSERVATION_VALUE);
            walk.plain(CODE.quoted(), code);
            walk.out.push('}');
        }
    }
    walk.close(labels, ']');
    walk.close(start, '}');
    Ok(())
}

/// Which of our labels a coding is, as a bit.
fn label_of(coding: TapeNode<'_>) -> u16 {
    let index = LABELS.iter().position(|(code, _)| coding.text(CODE) == Some(*code));
    index.filter(|_| coding.text(SYSTEM) == Some(OBSERVATION_VALUE)).map_or(0, |index| 1 << index)
}
