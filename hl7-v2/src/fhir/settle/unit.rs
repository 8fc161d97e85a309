//! Which elements are said together, and which lists grow item by item.
//!
//! The unit of settling is a top-level element with its `_x` sibling and with all types of its choice. Some elements are
//! meaningless without each other and are one unit, so that a new value is never read with an old interpretation, and
//! R4's invariants hold between them (con-4, con-5, ait-1, ait-2, app-2, app-4, obs-6, obs-7, prr-1).

use carewire_fhir_core::Value;

/// The unit that a member belongs to: its name without underscore and type, or the name of its group.
pub(super) fn unit_of<'n>(resource_type: &str, member: &'n str) -> &'n str {
    let element = stem(member.strip_prefix('_').unwrap_or(member));
    match (resource_type, element) {
        ("Observation", "dataAbsentReason" | "interpretation" | "referenceRange" | "component") => "value",
        ("Condition", "abatement") => "clinicalStatus",
        ("Condition" | "AllergyIntolerance", "verificationStatus") => "clinicalStatus",
        ("Appointment", "cancelationReason") => "status",
        ("Appointment", "end") => "start",
        ("ServiceRequest", "orderDetail") => "code",
        (_, "statusReason") => "status",
        _ => element,
    }
}

/// The elements of R4's resources that have a choice of types.
const CHOICES: [&str; 17] = [
    "abatement",
    "asNeeded",
    "deceased",
    "doseNumber",
    "effective",
    "medication",
    "multipleBirth",
    "occurred",
    "occurrence",
    "onset",
    "performed",
    "product",
    "quantity",
    "reported",
    "seriesDoses",
    "statusReason",
    "value",
];

fn stem(element: &str) -> &str {
    let is_stem = |stem: &&&str| {
        let kind = element.strip_prefix(**stem);
        kind.is_some_and(|kind| kind.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    CHOICES.iter().find(is_stem).map_or(element, |stem| *stem)
}

/// A list whose items are settled one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Items {
    /// `identifier`, by system and value: never taken away.
    Identifiers,
    /// `Patient.link`, by type and target: taken away by name only.
    Links,
    /// Extensions, by URL.
    Extensions,
    /// `DiagnosticReport.result`, by target.
    References,
    /// Tags, labels and profiles in `meta`, each for itself: never taken away.
    Labels,
}

impl Items {
    /// How the items of a unit are told apart; `None` when the unit is settled as a whole.
    pub(super) fn of(resource_type: &str, unit: &str) -> Option<Self> {
        match (resource_type, unit) {
            (_, "identifier") => Some(Self::Identifiers),
            (_, "extension" | "modifierExtension") => Some(Self::Extensions),
            ("Patient", "link") => Some(Self::Links),
            ("DiagnosticReport", "result") => Some(Self::References),
            (_, "meta.tag" | "meta.security" | "meta.profile") => Some(Self::Labels),
            _ => None,
        }
    }

    /// What two versions of the same item have in common.
    pub(super) fn key(self, item: &Value) -> String {
        let target = |reference: Option<&Value>| {
            let reference = reference?;
            Some(reference.str("reference").map_or_else(|| reference.to_json(), str::to_owned))
        };
        let pair = |a: &str, b: &str| format!("{}:{a}{b}", a.len());
        let key = match self {
            Self::Identifiers => {
                item.str("value").map(|value| pair(item.str("system").unwrap_or_default(), value))
            }
            Self::Links => {
                target(item.get("other")).map(|to| pair(item.str("type").unwrap_or_default(), &to))
            }
            Self::Extensions => item.str("url").map(str::to_owned),
            Self::References => target(Some(item)),
            Self::Labels => None,
        };
        key.unwrap_or_else(|| item.to_json())
    }

    /// Whether silence of a message that says all it knows ends the items.
    pub(super) fn end_by_silence(self) -> bool {
        matches!(self, Self::Extensions | Self::References)
    }

    /// Whether an explicit null ends the items.
    pub(super) fn end_by_null(self) -> bool {
        self.end_by_silence() || self == Self::Links
    }
}

/// Whether silence of a message that says all it knows clears a unit: never what identifies, nor what a merge has set.
pub(super) fn ends_by_silence(resource_type: &str, unit: &str) -> bool {
    let items = Items::of(resource_type, unit);
    items.is_none_or(Items::end_by_silence) && (resource_type, unit) != ("Patient", "active") && is_said(unit)
}

/// Whether an explicit null clears a unit.
pub(super) fn ends_by_null(resource_type: &str, unit: &str) -> bool {
    Items::of(resource_type, unit).is_none_or(Items::end_by_null) && is_said(unit)
}

/// Whether messages say it: not what the resource is, nor the server's account of it.
fn is_said(unit: &str) -> bool {
    !matches!(unit, "resourceType" | "id" | "meta")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_siblings_belong_to_their_element() {
        let unit = |member| unit_of("Patient", member);
        assert_eq!([unit("deceasedBoolean"), unit("_deceasedDateTime"), unit("deceased")], ["deceased"; 3]);
        assert_eq!([unit("birthDate"), unit("_birthDate")], ["birthDate"; 2]);
        assert_eq!(unit_of("Observation", "valuesX"), "valuesX");
        assert_eq!(unit_of("Observation", "_dataAbsentReason"), "value");
        assert_eq!(unit_of("Condition", "abatementDateTime"), "clinicalStatus");
    }

    #[test]
    fn items_are_known_by_what_identifies_them() {
        let item = |json: &str| Value::parse(json.as_bytes()).unwrap();
        let key = |json| Items::Identifiers.key(&item(json));
        assert_eq!(key(r#"{"system":"a","value":"b","use":"old"}"#), key(r#"{"value":"b","system":"a"}"#));
        assert_ne!(key(r#"{"system":"a","value":"bc"}"#), key(r#"{"system":"ab","value":"c"}"#));
        assert_ne!(key(r#"{"system":"a"}"#), key(r#"{"system":"b"}"#));
        let link = |json| Items::Links.key(&item(json));
        assert_ne!(
            link(r#"{"type":"replaces","other":{"reference":"Patient/1"}}"#),
            link(r#"{"type":"seealso","other":{"reference":"Patient/1"}}"#)
        );
    }
}
