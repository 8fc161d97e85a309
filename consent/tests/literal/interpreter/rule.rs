//! The rules, each of which can be left out.

macro_rules! rules {
    ($($rule:ident),* $(,)?) => {
        /// A numbered rule, or one of the things that it says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Rule { $($rule),* }

        impl Rule {
            pub(crate) const ALL: &[Self] = &[$(Self::$rule),*];
        }
    };
}

rules!(
    R1Org,
    R1Patient,
    R2Status,
    R2Unknown,
    R3Scope,
    R3Research,
    R4Period,
    R4Backwards,
    R5AllElements,
    R6Reference,
    R6Aliases,
    R6Org,
    R6Roles,
    R6Custodian,
    R6Authors,
    R6Grantees,
    R7OtherOrgs,
    R8Purposes,
    R9Codes,
    R10Ceiling,
    R10Floor,
    R10Narrower,
    R10Unlabelled,
    R11Dates,
    R12Instance,
    R12Related,
    R12Dependents,
    R12AuthoredBy,
    R13Classes,
    R14Inverse,
    R15Deepest,
    R15Siblings,
    R16Bounds,
    R17NothingBut,
    R17Exceptions,
    R17Implicit,
    R18Modifier,
    R18Effect,
    R19DenyOverrides,
    R19PermitOverrides,
    R19DenyUnlessPermit,
    R19PermitUnlessDeny,
    R19Implicit,
    R20TakenBack,
    R21Unclassified,
    R22Residual,
    R23NothingLeft,
    R24AllOrNothing,
    R25EraseBy,
    R25MaxUses,
    R25ApplyPolicy,
    R26Undone,
    A1Implicit,
    A1Names,
    A1Glass,
    A2Unknown,
    A2Names,
    A3Admin,
    A4Clinician,
    A5Patient,
    A6Deidentified,
    A6Research,
    A7Auditor,
    A8System,
    G1Reason,
    G2Begin,
    G2Minutes,
    G2Until,
    G3StandsIn,
    G4Denials,
    G4Clinician,
    G5Alert,
    G5Said,
);

impl Rule {
    /// The number of the rule, for example `R10`.
    pub(crate) fn number(self) -> String {
        let name = format!("{self:?}");
        let digits = name.chars().skip(1).take_while(char::is_ascii_digit);
        name.chars().take(1).chain(digits).collect()
    }
}
