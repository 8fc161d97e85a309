//! JSON Patch (RFC 6902), as `PATCH` of FHIR uses it. [R4, 3.1.0.7](https://hl7.org/fhir/R4/http.html#patch)

use crate::json::Name;
use crate::primitive::Literal;
use crate::{Kind, Value};

/// How many values `add` and `copy` may put in, so that a small patch cannot make a huge resource.
const MOST_ADDED: usize = 200_000;
/// How many values may be looked at to see whether moves make the tree too deep. Those that need a look are rare: what
/// moves no deeper than it was needs none.
const MOST_MEASURED: usize = 1_000_000;
/// How deep a patched tree may be: as deep as what is read, for whoever walks it recurses.
const MOST_DEPTH: usize = 100;

/// A list of changes to a JSON tree.
///
/// ```
/// use carewire_fhir_core::{JsonPatch, Value};
/// let patch = Value::parse(br#"[{"op":"test","path":"/active","value":true},{"op":"remove","path":"/active"}]"#)?;
/// let patch = JsonPatch::from_value(&patch)?;
/// let patient = Value::parse(br#"{"resourceType":"Patient","active":true}"#)?;
/// assert_eq!(patch.apply(&patient)?.to_json(), r#"{"resourceType":"Patient"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct JsonPatch(Vec<Step>);

#[derive(Clone)]
enum Step {
    Add(Pointer, Value),
    Remove(Pointer),
    Replace(Pointer, Value),
    Move(Pointer, Pointer),
    Copy(Pointer, Pointer),
    Test(Pointer, Value),
}

/// A JSON Pointer (RFC 6901), taken apart.
#[derive(Clone)]
struct Pointer(Vec<String>);

/// A patch cannot be read or applied. Says which operation, counted from 0, and no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("patch operation {operation}: {reason}")]
pub struct PatchError {
    operation: usize,
    reason: PatchReason,
}

/// Why a patch cannot be read or applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatchReason {
    /// The patch is no array, or the operation is none of RFC 6902.
    #[error("not an operation of json patch")]
    NotUnderstood,
    /// The path leads nowhere.
    #[error("the path leads nowhere")]
    NoSuchPlace,
    /// A `test` found something else.
    #[error("the test failed")]
    TestFailed,
    /// The patch puts too much in.
    #[error("the patch adds too much")]
    TooMuch,
}

impl PatchError {
    /// Which operation it was, counted from 0.
    #[must_use]
    pub fn operation(&self) -> usize {
        self.operation
    }

    /// What was wrong with it.
    #[must_use]
    pub fn reason(&self) -> PatchReason {
        self.reason
    }
}

impl JsonPatch {
    /// Reads a patch: an array of objects with `op`, `path` and `value` or `from`.
    ///
    /// # Errors
    /// [`PatchReason::NotUnderstood`] with the first operation that is none.
    pub fn from_value(patch: &Value) -> Result<Self, PatchError> {
        let wrong = |operation| PatchError { operation, reason: PatchReason::NotUnderstood };
        if patch.kind() != Kind::Array {
            return Err(wrong(0));
        }
        let steps = patch.items().iter().enumerate();
        steps.map(|(index, item)| Step::read(item).ok_or(wrong(index))).collect::<Result<_, _>>().map(Self)
    }

    /// The tree with all changes made, or none.
    ///
    /// # Errors
    /// [`PatchError`] names the first operation that cannot be done.
    pub fn apply(&self, target: &Value) -> Result<Value, PatchError> {
        let mut target = target.clone();
        let mut effort = Effort::default();
        for (operation, step) in self.0.iter().enumerate() {
            step.apply(&mut target, &mut effort).map_err(|reason| PatchError { operation, reason })?;
        }
        Ok(target)
    }
}

impl std::fmt::Debug for JsonPatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JsonPatch({} operations)", self.0.len())
    }
}

impl Step {
    fn read(item: &Value) -> Option<Self> {
        let path = Pointer::read(item.str("path")?)?;
        let value = || item.get("value").cloned();
        let from = || item.str("from").and_then(Pointer::read);
        Some(match item.str("op")? {
            "add" => Self::Add(path, value()?),
            "remove" => Self::Remove(path),
            "replace" => Self::Replace(path, value()?),
            "move" => Self::Move(from()?, path),
            "copy" => Self::Copy(from()?, path),
            "test" => Self::Test(path, value()?),
            _ => return None,
        })
    }

    fn apply(&self, target: &mut Value, effort: &mut Effort) -> Result<(), PatchReason> {
        let nowhere = PatchReason::NoSuchPlace;
        match self {
            Self::Add(path, value) => {
                effort.add(value, path)?;
                path.add(target, value.clone()).ok_or(nowhere)
            }
            Self::Remove(path) => path.remove(target).map(drop).ok_or(nowhere),
            Self::Replace(path, value) => {
                effort.add(value, path)?;
                *path.find(target).ok_or(nowhere)? = value.clone();
                Ok(())
            }
            Self::Move(from, path) if path.0.starts_with(&from.0) => {
                // Onto itself changes nothing; into itself is impossible.
                let stays = path.0.len() == from.0.len() && from.find(target).is_some();
                if stays { Ok(()) } else { Err(nowhere) }
            }
            Self::Move(from, path) => {
                let value = from.remove(target).ok_or(nowhere)?;
                if path.0.len() > from.0.len() {
                    effort.measure(&value, path)?;
                }
                path.add(target, value).ok_or(nowhere)
            }
            Self::Copy(from, path) => {
                let value = from.find(target).ok_or(nowhere)?.clone();
                effort.add(&value, path)?;
                path.add(target, value).ok_or(nowhere)
            }
            Self::Test(path, value) => match path.find(target) {
                Some(found) if is_same(found, value) => Ok(()),
                _ => Err(PatchReason::TestFailed),
            },
        }
    }
}

impl Pointer {
    /// `/name/0/given`; `~1` is a slash and `~0` a tilde. Empty for the whole.
    fn read(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self(Vec::new()));
        }
        let tokens = text.strip_prefix('/')?.split('/');
        Some(Self(tokens.map(|token| token.replace("~1", "/").replace("~0", "~")).collect()))
    }

    fn find<'v>(&self, target: &'v mut Value) -> Option<&'v mut Value> {
        walk(target, &self.0)
    }

    fn add(&self, target: &mut Value, value: Value) -> Option<()> {
        let Some((last, before)) = self.0.split_last() else {
            *target = value;
            return Some(());
        };
        let parent = walk(target, before)?;
        match parent.kind() {
            Kind::Object => {
                parent.set(last, value);
            }
            Kind::Array => {
                let at = if last == "-" { parent.len() } else { index(last)? };
                if at > parent.len() {
                    return None;
                }
                parent.push(value);
                parent.items_mut().get_mut(at..)?.rotate_right(1);
            }
            _ => return None,
        }
        Some(())
    }

    fn remove(&self, target: &mut Value) -> Option<Value> {
        let (last, before) = self.0.split_last()?;
        let parent = walk(target, before)?;
        if parent.kind() == Kind::Object {
            return parent.remove(last);
        }
        let removed = parent.items_mut().get_mut(index(last)?).map(std::mem::take)?;
        let (gone, mut at) = (index(last)?, 0);
        parent.retain_items(|_| {
            at += 1;
            at - 1 != gone
        });
        Some(removed)
    }
}

fn walk<'v>(target: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(target, |value, token| match value.kind() {
        Kind::Object => value.get_mut(token),
        Kind::Array => value.items_mut().get_mut(index(token)?),
        _ => None,
    })
}

/// An index without a sign or leading zeros.
fn index(token: &str) -> Option<usize> {
    let digits = token.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (token == "0" || !token.starts_with('0'))).then(|| token.parse().ok()).flatten()
}

/// What a patch has done so far.
#[derive(Default)]
struct Effort {
    added: usize,
    measured: usize,
}

impl Effort {
    /// Refuses a value with which the patch adds too much, or that would make the tree too deep at this place.
    fn add(&mut self, value: &Value, path: &Pointer) -> Result<(), PatchReason> {
        self.added += self.measure(value, path)?;
        if self.added > MOST_ADDED { Err(PatchReason::TooMuch) } else { Ok(()) }
    }

    /// How many values there are; refuses those that would make the tree too deep at this place, and what takes too long.
    fn measure(&mut self, value: &Value, path: &Pointer) -> Result<usize, PatchReason> {
        let mut deepest = 0;
        let values = measure(value, path.0.len() + 1, &mut deepest);
        self.measured += values;
        let fits = deepest <= MOST_DEPTH && self.measured <= MOST_MEASURED;
        if fits { Ok(values) } else { Err(PatchReason::TooMuch) }
    }
}

/// Counts the values of a tree and finds how deep it goes.
fn measure(value: &Value, depth: usize, deepest: &mut usize) -> usize {
    *deepest = depth.max(*deepest);
    let members = value.members().map(|(_, member)| measure(member, depth + 1, deepest)).sum::<usize>();
    1 + members + value.items().iter().map(|item| measure(item, depth + 1, deepest)).sum::<usize>()
}

/// Whether two values are the same to RFC 6902: numbers by their value, members in any order.
fn is_same(one: &Value, other: &Value) -> bool {
    if one.kind() != other.kind() || one.len() != other.len() {
        return false;
    }
    match one.kind() {
        Kind::Number => {
            let (one, other) = (one.as_number().unwrap_or_default(), other.as_number().unwrap_or_default());
            Literal::of(one).compare(Literal::of(other)).is_eq()
        }
        Kind::Array => one.items().iter().zip(other.items()).all(|(one, other)| is_same(one, other)),
        Kind::Object => sorted(one)
            .into_iter()
            .zip(sorted(other))
            .all(|((name, one), (other_name, other))| name == other_name && is_same(one, other)),
        Kind::Null | Kind::Bool | Kind::String => one == other,
    }
}

/// The members in an order that is the same for the same names.
fn sorted(object: &Value) -> Vec<(&Name, &Value)> {
    let mut members: Vec<_> = object.named_members().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(target: &str, patch: &str) -> Result<String, PatchReason> {
        let patch = JsonPatch::from_value(&Value::parse(patch.as_bytes()).unwrap());
        let target = Value::parse(target.as_bytes()).unwrap();
        patch.and_then(|patch| patch.apply(&target)).map(|value| value.to_json()).map_err(|e| e.reason())
    }

    /// The examples of RFC 6902, appendix A, that have an outcome.
    #[test]
    fn the_examples_of_the_standard() {
        let rows = [
            (
                r#"{"foo":"bar"}"#,
                r#"[{"op":"add","path":"/baz","value":"qux"}]"#,
                r#"{"foo":"bar","baz":"qux"}"#,
            ),
            (
                r#"{"foo":["bar","baz"]}"#,
                r#"[{"op":"add","path":"/foo/1","value":"qux"}]"#,
                r#"{"foo":["bar","qux","baz"]}"#,
            ),
            (r#"{"baz":"qux","foo":"bar"}"#, r#"[{"op":"remove","path":"/baz"}]"#, r#"{"foo":"bar"}"#),
            (
                r#"{"foo":["bar","qux","baz"]}"#,
                r#"[{"op":"remove","path":"/foo/1"}]"#,
                r#"{"foo":["bar","baz"]}"#,
            ),
            (r#"{"baz":"qux"}"#, r#"[{"op":"replace","path":"/baz","value":"boo"}]"#, r#"{"baz":"boo"}"#),
            (
                r#"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
                r#"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
                r#"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#,
            ),
            (
                r#"{"foo":["all","grass","cows","eat"]}"#,
                r#"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#,
                r#"{"foo":["all","cows","eat","grass"]}"#,
            ),
            (
                r#"{"foo":"bar"}"#,
                r#"[{"op":"add","path":"/child","value":{"grandchild":{}},"xyz":1}]"#,
                r#"{"foo":"bar","child":{"grandchild":{}}}"#,
            ),
            (
                r#"{"/":9,"~1":10}"#,
                r#"[{"op":"test","path":"/~01","value":10.0},{"op":"remove","path":"/~1"}]"#,
                r#"{"~1":10}"#,
            ),
            (
                r#"{"foo":["bar"]}"#,
                r#"[{"op":"add","path":"/foo/-","value":["abc","def"]}]"#,
                r#"{"foo":["bar",["abc","def"]]}"#,
            ),
            (r#"{"a":[1]}"#, r#"[{"op":"copy","from":"/a","path":"/b"}]"#, r#"{"a":[1],"b":[1]}"#),
            (r#"{"a":1}"#, r#"[{"op":"move","from":"/a","path":"/a"}]"#, r#"{"a":1}"#),
        ];
        for (target, patch, expected) in rows {
            assert_eq!(patched(target, patch).as_deref(), Ok(expected), "{patch}");
        }
    }

    #[test]
    fn what_cannot_be_done_changes_nothing() {
        use PatchReason::{NoSuchPlace, NotUnderstood, TestFailed};
        let rows = [
            (r#"[{"op":"test","path":"/a","value":2}]"#, TestFailed),
            (r#"[{"op":"test","path":"/x","value":2}]"#, TestFailed),
            (r#"[{"op":"remove","path":"/x"}]"#, NoSuchPlace),
            (r#"[{"op":"remove","path":""}]"#, NoSuchPlace),
            (r#"[{"op":"replace","path":"/x","value":1}]"#, NoSuchPlace),
            (r#"[{"op":"add","path":"/x/y","value":1}]"#, NoSuchPlace),
            (r#"[{"op":"add","path":"/l/3","value":1}]"#, NoSuchPlace),
            (r#"[{"op":"add","path":"/l/01","value":1}]"#, NoSuchPlace),
            (r#"[{"op":"move","from":"/l","path":"/l/0"}]"#, NoSuchPlace),
            (r#"[{"op":"add","path":"/x"}]"#, NotUnderstood),
            (r#"[{"op":"add","path":"x","value":1}]"#, NotUnderstood),
            (r#"[{"op":"increase","path":"/a"}]"#, NotUnderstood),
            (r#"{"op":"remove","path":"/a"}"#, NotUnderstood),
        ];
        for (patch, reason) in rows {
            assert_eq!(patched(r#"{"a":1,"l":[1,2]}"#, patch), Err(reason), "{patch}");
        }
    }

    #[test]
    fn a_test_compares_numbers_by_their_value() {
        let test = |found: &str, value: &str| {
            patched(
                &format!(r#"{{"a":{found}}}"#),
                &format!(r#"[{{"op":"test","path":"/a","value":{value}}}]"#),
            )
            .is_ok()
        };
        assert!(test("0.10", "1e-1") && test("100", "1E+2") && test("-0.0", "0"));
        assert!(test(r#"[{"b":1.0,"c":2}]"#, r#"[{"c":2.0,"b":1}]"#));
        for (found, value) in
            [("0.1", "0.10000000000000000001"), ("1e400", "1e500"), ("1e-400", "0"), ("1", "-1")]
        {
            assert!(!test(found, value), "{found} and {value}");
        }
        assert!(
            !test(r#"{"b":1,"c":2}"#, r#"{"b":1,"d":2}"#) && !test(r#"{"b":1,"c":2}"#, r#"{"c":1,"b":2}"#)
        );
    }

    /// To look for each member among all others would take minutes here.
    #[test]
    fn a_test_of_many_members_in_another_order_passes() {
        let object = |names: &mut dyn Iterator<Item = usize>| {
            let members: Vec<String> = names.map(|n| format!(r#""a{n}":1"#)).collect();
            format!("{{{}}}", members.join(","))
        };
        let (one, other) = (object(&mut (0..50_000)), object(&mut (0..50_000).rev()));
        assert!(patched(&one, &format!(r#"[{{"op":"test","path":"","value":{other}}}]"#)).is_ok());
    }

    #[test]
    fn a_patch_cannot_grow_a_tree_without_end() {
        let copies = [r#"{"op":"copy","from":"/a","path":"/a/-"}"#; 64].join(",");
        assert_eq!(patched(r#"{"a":[1]}"#, &format!("[{copies}]")), Err(PatchReason::TooMuch));
        let nested =
            [r#"{"op":"move","from":"/a","path":"/b/-"}"#, r#"{"op":"move","from":"/b","path":"/a"}"#];
        let refill = r#"{"op":"add","path":"/b","value":[]}"#;
        let deeper = [&[refill], &nested[..]].concat().join(",");
        let deeper = [deeper.as_str(); 200].join(",");
        assert_eq!(patched(r#"{"a":[1]}"#, &format!("[{deeper}]")), Err(PatchReason::TooMuch));
    }

    /// To measure what is moved each time would take minutes here.
    #[test]
    fn what_is_large_is_moved_often() {
        let target = format!(r#"{{"a":[{}]}}"#, ["1"; 100_000].join(","));
        let there = r#"{"op":"move","from":"/a","path":"/b"},{"op":"move","from":"/b","path":"/a"}"#;
        let moves = [there; 5_000].join(",");
        assert_eq!(patched(&target, &format!("[{moves}]")).as_deref(), Ok(target.as_str()));
        let deeper = r#"{"op":"move","from":"/a","path":"/b/a"},{"op":"move","from":"/b/a","path":"/a"}"#;
        let some = format!(r#"[{{"op":"add","path":"/b","value":{{}}}},{}]"#, [deeper; 5].join(","));
        assert!(patched(&target, &some).is_ok());
        let often = format!(r#"[{{"op":"add","path":"/b","value":{{}}}},{}]"#, [deeper; 5_000].join(","));
        assert_eq!(patched(&target, &often), Err(PatchReason::TooMuch));
    }

    proptest::proptest! {
        #[test]
        fn hostile_paths_do_not_panic(
            op in "add|remove|replace|move|copy|test",
            path in "(/(a|l|0|1|2|-|~0|~1|é)){0,4}",
            from in "(/(a|l|0|1|2|-)){0,3}",
        ) {
            let patch = format!(r#"[{{"op":"{op}","path":"{path}","from":"{from}","value":[1]}}]"#);
            drop(patched(r#"{"a":{"l":[1,{"a":2}]},"l":[[1],2]}"#, &patch));
        }
    }
}
