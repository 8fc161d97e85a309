//! Whether a policy can be that of a live sync.

use super::{KeyRule, Policy};
use crate::transform::{StructuredScrubber, TextScrubber};

/// Why a policy cannot be that of a live sync, which would refuse every message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyFault {
    /// What comes again must be known again, by the key of the org.
    #[error("`keys = \"run\"`: a live sync has the key of its org, so that what comes again is known again")]
    KeyOfRun,
    /// A live sync has no day of release.
    #[error(
        "`as_of_rule = \"required\"`: a live sync has no day of a release, at which ages could be counted"
    )]
    NeedsDay,
    /// Consent, identity and order of a patient hang on the token.
    #[error(
        "no rule `path = \"Patient\"`, `method = \"token\"`: a live sync knows patients by their tokens only"
    )]
    NoTokens,
    /// What is encrypted looks different each time.
    #[error(
        "`encrypt`: what is encrypted looks different each time, so that a live sync would take all for changed"
    )]
    Encrypts,
    /// Only the scrubber of this crate is at hand.
    #[error("`[text] scrubber`: a live sync has `structured-1` only")]
    Scrubber,
}

impl Policy {
    /// Whether the policy can be that of a live sync: under the key of an org, without a day of release, with tokens and
    /// without methods that cannot be repeated. What would refuse each message is better known before the first.
    ///
    /// ```
    /// use carewire_deid::{Policy, PolicyFault};
    /// assert_eq!(Policy::pseudonymous().for_live_sync(), Ok(()));
    /// let harbor = Policy::built_in("safe-harbor").ok_or("no such policy")?;
    /// assert_eq!(harbor.for_live_sync(), Err(PolicyFault::KeyOfRun));
    /// # Ok::<(), &str>(())
    /// ```
    ///
    /// # Errors
    /// The first [`PolicyFault`].
    pub fn for_live_sync(&self) -> Result<(), PolicyFault> {
        let scrubber = self.text.scrubber.as_deref().filter(|_| self.needs.scrubber);
        let faults = [
            (self.keys == KeyRule::Run, PolicyFault::KeyOfRun),
            (self.needs_as_of(), PolicyFault::NeedsDay),
            (!self.wants_tokens(), PolicyFault::NoTokens),
            (self.needs.cipher, PolicyFault::Encrypts),
            (scrubber.is_some_and(|id| id != StructuredScrubber::default().id()), PolicyFault::Scrubber),
        ];
        faults.into_iter().find_map(|(is_so, fault)| is_so.then_some(fault)).map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_refuse_every_message_is_named() {
        let with = |lines: &str| {
            let tokens =
                if lines.contains("'token'") { "" } else { "[[fhir]]\npath='Patient'\nmethod='token'\n" };
            let lines = lines.replace("'token'", "");
            Policy::parse_toml(&format!(
                "id='x'\nversion='1'\njurisdiction='any'\nsources=[]\n{lines}\n{tokens}"
            ))
            .unwrap()
            .for_live_sync()
        };
        let scrubs = "[[fhir]]\npath='Observation.valueString'\nmethod='scrub'\n";
        for (lines, expected) in [
            ("", Ok(())),
            ("keys='run'", Err(PolicyFault::KeyOfRun)),
            ("as_of_rule='required'", Err(PolicyFault::NeedsDay)),
            ("#'token'", Err(PolicyFault::NoTokens)),
            ("[[fhir]]\npath='Patient.photo.url'\nmethod='encrypt'\n", Err(PolicyFault::Encrypts)),
            ("[[identifier]]\nsystem='u'\nmethod='encrypt'\n", Err(PolicyFault::Encrypts)),
            (&format!("{scrubs}[text]\nscrubber='philter'\n"), Err(PolicyFault::Scrubber)),
            (&format!("{scrubs}[text]\nscrubber='structured-1'\n"), Ok(())),
        ] {
            assert_eq!(with(lines), expected, "{lines}");
        }
    }
}
