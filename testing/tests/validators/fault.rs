//! What one validator says, so that it can be laid beside what another says.

/// A fault: where, and of what class. Holds no value of the resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    place: Vec<String>,
    pub(crate) class: String,
}

impl Fault {
    /// `expression` is `Patient.name[0].given[1]`; indices and `[x]` do not count, nor does the underscore of a sibling.
    pub(crate) fn new(expression: &str, class: String) -> Self {
        let names = expression.split('.').map(|part| part.split('[').next().unwrap_or_default());
        let names = names.filter(|name| !name.is_empty());
        Self { place: names.map(|name| name.trim_start_matches('_').to_owned()).collect(), class }
    }

    /// Whether both are about the same thing: one constraint, which some say of the element that breaks it and some of the
    /// resource; or one place and no constraint. What has no place is about the same only as what says the same.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        if self.constraint().is_some() || other.constraint().is_some() {
            return self.constraint() == other.constraint();
        }
        if self.place.is_empty() || other.place.is_empty() {
            return self.class == other.class;
        }
        self.is_at(other)
    }

    /// Whether both are of one element.
    pub(crate) fn is_at(&self, other: &Self) -> bool {
        self.place.len() == other.place.len() && self.touches(other)
    }

    /// Whether one is of an element, and the other of it or of what is in it.
    pub(crate) fn touches(&self, other: &Self) -> bool {
        self.place.iter().zip(&other.place).all(|(a, b)| is_same_element(a, b))
    }

    /// `dom-2`
    pub(crate) fn constraint(&self) -> Option<&str> {
        let class =
            self.class.strip_prefix("invariant: ").or_else(|| self.class.strip_prefix("Constraint "))?;
        class.split(' ').next()
    }

    /// The names of the place, such as `Patient`, `name`, `given`.
    pub(crate) fn place(&self) -> &[String] {
        &self.place
    }

    pub(crate) fn shown(&self) -> String {
        self.place.join(".")
    }
}

/// `value` is the element of `valueQuantity`.
pub(crate) fn is_same_element(a: &str, b: &str) -> bool {
    let (long, short) = if a.len() > b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_uppercase))
}

/// The text of a validator without what it quotes: values, names and numbers.
pub(crate) fn class_of(text: &str) -> String {
    let mut class = String::new();
    let mut quoted = false;
    for part in text.split('"') {
        if !quoted {
            class.push_str(part);
        }
        quoted = !quoted;
    }
    let end = class.find([':', '(', ';']).unwrap_or(class.len());
    let class: Vec<&str> = class.get(..end).unwrap_or_default().split_whitespace().collect();
    class.join(" ").trim_end_matches(',').to_owned()
}

#[test]
fn faults_meet_where_they_say_the_same() {
    let fault = |place: &str, class: &str| Fault::new(place, class.to_owned());
    let meet = |a: &Fault, b: &Fault| a.meets(b) && b.meets(a);
    let missing = fault("Patient.contact[0].name", "required: missing");
    assert!(meet(&missing, &fault("Patient.contact.name", "Missing required property")));
    assert!(meet(&fault("Observation.value", "a"), &fault("Observation.valueQuantity", "b")));
    for other in ["Patient.contact", "Patient.contact.name.family", "Patient.contact.gender", ""] {
        assert!(!meet(&missing, &fault(other, "Missing required property")), "{other}");
    }
    assert!(meet(&fault("", "Unknown data type"), &fault("Patient", "Unknown data type")));
    let broken = fault("Patient.contact", "invariant: pat-1");
    assert!(meet(&broken, &fault("Patient", "Constraint pat-1 not met")));
    assert!(!meet(&broken, &fault("Patient.contact", "Constraint ele-1 not met")));
    assert!(!meet(&broken, &fault("Patient.contact", "Missing required property")));
}
