//! What a conversion did not take along.

use carewire_fhir_core::{Decimal, Kind, Resource, Value};

/// A difference between a resource and what its R4B type gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loss {
    /// The element, such as `Observation.valueQuantity.value`.
    pub path: String,
    /// What happened to it.
    pub kind: LossKind,
}

/// What happened to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LossKind {
    /// It is not there any more.
    Dropped,
    /// The number has its value, but not its digits: `0.50` became `0.5`.
    Digits,
    /// The text or the number is another one: a time in another form, a decimal that `f64` does not hold.
    Changed,
}

/// The differences between what went in and what came back.
pub(crate) fn losses(before: &Resource, after: &Resource) -> Vec<Loss> {
    let mut compare = Compare { path: before.resource_type().to_owned(), lost: Vec::new() };
    compare.values(before.value(), after.value());
    compare.lost
}

struct Compare {
    path: String,
    lost: Vec<Loss>,
}

impl Compare {
    fn values(&mut self, before: &Value, after: &Value) {
        match (before.kind(), after.kind()) {
            (Kind::Object, Kind::Object) => self.objects(before, after),
            (Kind::Array, Kind::Array) => self.arrays(before, after),
            _ if before == after => {}
            (Kind::Number, Kind::Number) if same_value(before, after) => self.add(LossKind::Digits),
            _ => self.add(LossKind::Changed),
        }
    }

    fn objects(&mut self, before: &Value, after: &Value) {
        for (name, member) in before.members() {
            self.at(&format!(".{}", shown(name)), |compare| match after.get(name) {
                Some(other) => compare.values(member, other),
                None if is_empty(member) => {}
                None => compare.add(LossKind::Dropped),
            });
        }
    }

    fn arrays(&mut self, before: &Value, after: &Value) {
        for (index, item) in before.items().iter().enumerate() {
            self.at(&format!("[{index}]"), |compare| match after.items().get(index) {
                Some(other) => compare.values(item, other),
                None if is_empty(item) => {}
                None => compare.add(LossKind::Dropped),
            });
        }
    }

    fn at(&mut self, step: &str, f: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(step);
        f(self);
        self.path.truncate(length);
    }

    fn add(&mut self, kind: LossKind) {
        self.lost.push(Loss { path: self.path.clone(), kind });
    }
}

fn is_empty(value: &Value) -> bool {
    match value.kind() {
        Kind::Null => true,
        Kind::Array => value.items().iter().all(is_empty),
        Kind::Object => value.members().all(|(_, member)| is_empty(member)),
        Kind::String => value.as_str() == Some(""),
        _ => false,
    }
}

/// What has the form of R4's element names is shown; anything else might be somebody's data.
pub(crate) fn shown(name: &str) -> &str {
    let element = name.len() <= 64
        && name.strip_prefix('_').unwrap_or(name).starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if element { name } else { "?" }
}

fn same_value(before: &Value, after: &Value) -> bool {
    let decimal = |value: &Value| value.as_number().and_then(|text| Decimal::parse(text).ok());
    decimal(before).zip(decimal(after)).is_some_and(|(before, after)| before.compare(&after).is_eq())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(before: &str, after: &str) -> Vec<(String, LossKind)> {
        let of = |text: &str| Resource::parse(text.as_bytes()).unwrap();
        losses(&of(before), &of(after)).into_iter().map(|loss| (loss.path, loss.kind)).collect()
    }

    #[test]
    fn differences_are_named_by_their_path() {
        let before = r#"{"resourceType":"Basic","a":[{"b":1.50},{"b":0.1}],"c":"x","d":{"e":true},"Jane Doe":1,"123456789":1,"_123456789":1,"Doe":1}"#;
        let after = r#"{"resourceType":"Basic","a":[{"b":1.5},{"b":0.2}],"c":"y"}"#;
        let expected = [
            ("Basic.a[0].b", LossKind::Digits),
            ("Basic.a[1].b", LossKind::Changed),
            ("Basic.c", LossKind::Changed),
            ("Basic.d", LossKind::Dropped),
            ("Basic.?", LossKind::Dropped),
            ("Basic.?", LossKind::Dropped),
            ("Basic.?", LossKind::Dropped),
            ("Basic.?", LossKind::Dropped),
        ];
        assert_eq!(between(before, after), expected.map(|(path, kind)| (path.to_owned(), kind)));
    }

    #[test]
    fn what_says_nothing_is_not_missed() {
        assert_eq!(
            between(r#"{"resourceType":"A","a":[],"b":null,"c":{},"d":[{},""]}"#, r#"{"resourceType":"A"}"#),
            []
        );
    }

    #[test]
    fn numbers_are_compared_by_value() {
        for (before, after) in [("0.50", "0.5"), ("1e2", "100"), ("-0.0", "0"), ("10", "1.0e1")] {
            let of = |number: &str| format!(r#"{{"resourceType":"A","n":{number}}}"#);
            let kinds: Vec<_> = between(&of(before), &of(after)).into_iter().map(|(_, kind)| kind).collect();
            assert_eq!(kinds, [LossKind::Digits], "{before} {after}");
        }
    }
}
