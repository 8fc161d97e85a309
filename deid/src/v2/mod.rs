//! De-identification of HL7 v2 messages: bytes in, bytes out.
//!
//! A policy has a rule for every field of every segment of HL7 2.1 to 2.9: what its `[[v2]]` paths do not name is
//! emptied. Segments keep their names and their order, fields their places.
//!
//! | path | names |
//! |---|---|
//! | `PID-7` | a field |
//! | `PID-11.5` | a component of it |
//! | `PID-11.1.1` | a subcomponent of that |
//! | `XAD.5` | a component wherever a field of its datatype is kept |
//! | `OBX-*`, `*-*` | every field of a segment, of all segments, that the method fits |
//!
//! `keep` lets a value stay only in the form of its type: a number, a date, a code of HL7's table, a code of a system
//! that the policy knows. Text never has such a form; other codes become surrogates. `pseudonym` gives an identifier the
//! surrogate that it has in FHIR, and says so in the place of its authority; `encrypt` seals it with its system; the
//! `[[identifier]]` rules of the policy hold for it as they do in FHIR. OBX-5 is what OBX-2 says; texts and documents in
//! it go. Segments of a sender's own (`Z…`) keep their name and their set id, lines that are no segment go.

mod authority;
mod batch;
mod compile;
mod counts;
mod datatype;
mod dictionary;
mod form;
mod identifier;
mod observation;
mod pieces;
mod report;
mod rule;
mod surrogates;
mod syntax;
mod systems;
mod value;
mod write;

use std::fmt;

use carewire_fhir_core::{Date, OrgId};

use crate::tools::Tools;
use crate::transform::{TextScrubber, ValueCipher};
use crate::{Entropy, Manifest, Policy, Pseudonymizer, Result};

pub use batch::Written;
pub use report::{FieldReport, SegmentReport, V2Report, check_v2};
pub(crate) use rule::Rules;

/// Under what keys, for which org and as of which day messages are de-identified.
///
/// `Debug` shows no keys.
#[derive(Clone, Debug)]
pub struct V2Context<'a> {
    keys: &'a Pseudonymizer,
    org: &'a OrgId,
    as_of: Option<Date>,
    patient_systems: Vec<String>,
    tools: Tools<'a>,
}

impl<'a> V2Context<'a> {
    /// The keys, and the org whose authorities the messages name: the one that the map to FHIR is given.
    #[must_use]
    pub fn new(keys: &'a Pseudonymizer, org: &'a OrgId) -> Self {
        Self { keys, org, as_of: None, patient_systems: Vec::new(), tools: Tools::default() }
    }

    /// The day at which ages are counted.
    #[must_use]
    pub fn with_as_of(mut self, day: Date) -> Self {
        self.as_of = Some(day);
        self
    }

    /// The systems of identifiers by which patients are known first, as the map to FHIR is given them: the dates of a patient
    /// are shifted by the identifier that he is known by.
    #[must_use]
    pub fn with_patient_systems(mut self, systems: impl IntoIterator<Item = String>) -> Self {
        self.patient_systems = systems.into_iter().collect();
        self
    }

    /// Who scrubs the texts that the policy scrubs: the one that it names.
    #[must_use]
    pub fn with_scrubber(mut self, scrubber: &'a dyn TextScrubber) -> Self {
        self.tools.scrubber = Some(scrubber);
        self
    }

    /// What encrypts the values that the policy encrypts, each for its field, and where nonces come from. Where no nonce can be
    /// had, a value goes.
    #[must_use]
    pub fn with_cipher(mut self, cipher: &'a ValueCipher, entropy: &'a dyn Entropy) -> Self {
        self.tools.cipher = Some((cipher, entropy));
        self
    }
}

/// De-identifies messages one after another, and counts what it did.
///
/// ```
/// use carewire_deid::{KeyRing, Policy, Pseudonymizer, Treatment, v2};
/// use carewire_fhir_core::OrgId;
///
/// let ring = KeyRing::parse(r#"{"keys":[
///   {"id":"1","use":"encrypt","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","status":"active","created":"2026-11-01"},
///   {"id":"1","use":"pseudonym","key":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8","status":"active","created":"2026-11-01"}]}"#)?;
/// let org = OrgId::new("org_a").unwrap();
/// let keys = Pseudonymizer::new(&ring, &org, "export");
/// let mut messages = v2::Deidentifier::new(Policy::pseudonymous(), v2::V2Context::new(&keys, &org))?;
///
/// let received = b"MSH|^~\\&|ADT|GEN|||20240305101500||ORU^R01|42|P|2.5\r\
///     PID|1||7^^^GEN^MR||Smith^Jo||19700101|F\r\
///     OBX|1|NM|718-7^Hb of Mrs Smith^LN||13.20|g/dL^^UCUM\rNTE|1||call Jo on 555-0100\r";
/// let mut out = Vec::new();
/// messages.write(received, &mut out)?;
///
/// let text = String::from_utf8(out).unwrap();
/// assert!(text.contains("|F\r") && text.contains("OBX|1|NM|718-7^^LN||13.20|g/dL^^UCUM\rNTE|1||\r"));
/// assert!(!text.contains("Smith") && !text.contains("1970") && !text.contains("555"));
/// assert_eq!(messages.manifest().count("PID-5", Treatment::Dropped), 1);
/// # Ok::<(), carewire_deid::Error>(())
/// ```
///
/// `Debug` shows no values.
pub struct Deidentifier<'a> {
    policy: &'a Policy,
    context: V2Context<'a>,
    counts: counts::Counts,
    surrogates: surrogates::Surrogates,
}

impl<'a> Deidentifier<'a> {
    /// A policy under a context.
    ///
    /// # Errors
    /// [`Error::Refused`](crate::Error::Refused) when the policy needs the day at which ages are counted, and the context
    /// has none, when it wants a key that lives for one run, and this is another, or a
    /// cipher or the scrubber that it names, and there is none.
    pub fn new(policy: &'a Policy, context: V2Context<'a>) -> Result<Self> {
        write::check(policy, &context)?;
        let counts = counts::Counts::of(policy.v2());
        Ok(Self { policy, context, counts, surrogates: surrogates::Surrogates::default() })
    }

    /// Writes what may leave of a message, or of a file of messages with or without envelopes, behind what `out` holds.
    ///
    /// The result depends on the bytes, the policy and the context alone; encrypted values also on their nonces. Of a file, what stands before its
    /// first header is no part of a message, and goes.
    ///
    /// # Errors
    /// [`Error::Message`](crate::Error::Message) when there is no header with a usable field separator, or the text has
    /// two or four bytes for each character. `out` is as it was then.
    pub fn write(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let Self { policy, context, counts, surrogates } = self;
        write::file(policy, context, (counts, surrogates), bytes, out)
    }

    /// Writes what may leave of a line of an envelope: FHS, BHS, BTS or FTS, whose fields have rules like any other. BTS-1 and
    /// FTS-1 state what was written, where the policy lets them. [`write`](Self::write) does so for a file that is in memory; whoever
    /// reads a file message by message, as memory wants it for a large one, writes its envelopes by this.
    ///
    /// # Errors
    /// [`Error::Message`](crate::Error::Message) when the line is none of them. `out` is as it was then.
    pub fn write_envelope(&mut self, line: &[u8], written: &mut Written, out: &mut Vec<u8>) -> Result<()> {
        let Self { policy, context, counts, surrogates } = self;
        write::envelope(policy, context, (counts, surrogates), (line, written), out)
    }

    /// What was done so far, by path, without values. Paths are of fields; `?` is what stands in no field of HL7.
    #[must_use]
    pub fn manifest(&self) -> Manifest {
        let V2Context { keys, tools, as_of, .. } = &self.context;
        let manifest = Manifest::of(self.policy, keys, *tools);
        let manifest = as_of.iter().fold(manifest, |manifest, day| manifest.with_as_of(day.as_str()));
        self.counts.manifest(self.policy, manifest)
    }
}

impl fmt::Debug for Deidentifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deidentifier").field("policy", &self.policy.id()).finish_non_exhaustive()
    }
}
