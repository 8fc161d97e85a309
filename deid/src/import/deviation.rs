//! What is done otherwise than by the engine that the rule files were written for.

/// A difference to Microsoft's engine that holds for a rule file as it was imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Deviation {
    /// What no rule names is dropped; their engine keeps it. See [`Unmatched`](super::Unmatched).
    UnmatchedDropped,
    /// Dates are shifted by the patient, whatever `dateShiftScope` says, so that the intervals of a patient are kept.
    ShiftByPatient,
    /// Dates are shifted 1 to 365 days into the past, never by 0 and never into the future, under the key ring's key.
    ShiftIntoThePast,
    /// Dates are shifted by `dateShiftFixedOffsetInDays` into the past, whatever its sign.
    FixedShiftIntoThePast,
    /// A shifted time keeps its time of day, its fraction and its zone; their engine sets the time to midnight.
    TimeOfDayKept,
    /// A month or a year is shifted too; their engine leaves a year as it is and cuts a month to the year.
    PartialDatesShifted,
    /// An age over 89 is told by the `as_of` date of the run, not by the clock, and in the unit of the age.
    AgesByAsOf,
    /// A date more than 89 years before the `as_of` date is dropped wherever dates are shifted or cut.
    OldDatesDropped,
    /// Noise is keyed by value and path, the same in every run.
    KeyedNoise,
    /// Surrogates come from the key ring; the keys in the file are not used.
    KeysOfTheRing,
    /// Surrogates come from a key in the file, shorter than 128 bits: whoever guesses it finds every identifier.
    WeakKeyOfTheFile,
    /// Postal codes that any known vintage of the list restricts are restricted too, and the result has five digits.
    ZipUnion,
    /// Values are encrypted by AES-256-GCM, bound to org and place, under the key ring's key; not by AES-CBC.
    AuthenticatedEncryption,
    /// The rule names a type or an element that R4 does not have, and so never applies.
    NeverApplies {
        /// The index of the rule, from 0.
        rule: usize,
    },
}

impl std::fmt::Display for Deviation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UnmatchedDropped => "what no rule names is dropped",
            Self::ShiftByPatient => "dates are shifted by the patient, not by resource, file or folder",
            Self::ShiftIntoThePast => "dates are shifted 1 to 365 days into the past",
            Self::FixedShiftIntoThePast => "the fixed shift goes into the past",
            Self::TimeOfDayKept => "shifted times keep their time of day",
            Self::PartialDatesShifted => "months and years are shifted too",
            Self::AgesByAsOf => "ages over 89 are told by the date of the run that is passed in",
            Self::OldDatesDropped => "dates that imply an age over 89 are dropped",
            Self::KeyedNoise => "noise is the same in every run",
            Self::KeysOfTheRing => "surrogates come from the key ring, not from the keys in the file",
            Self::WeakKeyOfTheFile => "surrogates come from a key in the file of fewer than 128 bits",
            Self::ZipUnion => "postal codes are restricted by every known list",
            Self::AuthenticatedEncryption => "values are encrypted by AES-256-GCM with the key ring",
            Self::NeverApplies { rule } => {
                return write!(f, "fhirPathRules[{rule}] names what R4 does not have");
            }
        })
    }
}
