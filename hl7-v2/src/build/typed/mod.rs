//! Values and segments whose parts have the names of the standard.

pub mod datatypes;
pub mod segments;

use std::fmt;
use std::marker::PhantomData;

use super::{SegmentBuilder, Value};
use crate::Timestamp;

/// A datatype; implemented by the markers of [`datatypes::kind`].
pub trait DatatypeKind {
    /// The name, as in OBX-2.
    const NAME: &'static str;
}

/// A segment; implemented by the markers of [`segments::kind`]. A marker of one's own makes a typed Z segment.
pub trait SegmentKind {
    /// The name, as in `PID`.
    const NAME: &'static str;
}

/// A value of one datatype. [`Cx`](datatypes::Cx), [`Xpn`](datatypes::Xpn) and so on are names for it, each with a
/// method for each component.
///
/// A text given for a composite datatype is its first component, so `Cwe::from("F")` is a code alone. The
/// components are those of all versions together; each method says which datatype earlier versions have.
///
/// ```
/// use carewire_hl7_v2::build::datatypes::{Cx, Hd};
///
/// let authority = Hd::from("GEN").universal_id("1.2.3").universal_id_type("ISO");
/// let identifier = Cx::from("77").assigning_authority(authority).identifier_type_code("MR");
/// # let _ = identifier;
/// ```
#[must_use]
pub struct Datatype<K> {
    value: Value,
    kind: PhantomData<fn() -> K>,
}

impl<K> Datatype<K> {
    /// Without any component.
    pub fn new() -> Self {
        Self { value: Value::absent(), kind: PhantomData }
    }

    /// The null `""`.
    pub fn null() -> Self {
        Value::null().into()
    }

    /// Text of several lines, each line end written as `\.br\`: see [`Value::lines`].
    pub fn lines(text: impl Into<String>) -> Self {
        Value::lines(text).into()
    }

    /// Sets the n-th component, by a number that this version of the datatype may not have a name for.
    pub fn with(mut self, n: usize, value: impl Into<Value>) -> Self {
        self.value.set(n, value.into());
        self
    }
}

impl<K> Default for Datatype<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> Clone for Datatype<K> {
    fn clone(&self) -> Self {
        self.value.clone().into()
    }
}

impl<K: DatatypeKind> fmt::Debug for Datatype<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(K::NAME).field(&self.value).finish()
    }
}

impl<K> From<Datatype<K>> for Value {
    fn from(typed: Datatype<K>) -> Self {
        typed.value
    }
}

impl<K> From<Value> for Datatype<K> {
    fn from(value: Value) -> Self {
        Self { value, kind: PhantomData }
    }
}

impl<K> From<&str> for Datatype<K> {
    fn from(text: &str) -> Self {
        Value::text(text).into()
    }
}

impl<K> From<String> for Datatype<K> {
    fn from(text: String) -> Self {
        Value::text(text).into()
    }
}

impl<K> From<u32> for Datatype<K> {
    fn from(number: u32) -> Self {
        Value::from(number).into()
    }
}

impl<K> From<u64> for Datatype<K> {
    fn from(number: u64) -> Self {
        Value::from(number).into()
    }
}

impl<K> From<usize> for Datatype<K> {
    fn from(number: usize) -> Self {
        Value::from(number).into()
    }
}

impl<K> From<i32> for Datatype<K> {
    fn from(number: i32) -> Self {
        Value::from(number).into()
    }
}

impl<K> From<i64> for Datatype<K> {
    fn from(number: i64) -> Self {
        Value::from(number).into()
    }
}

impl<K> From<Timestamp> for Datatype<K> {
    fn from(time: Timestamp) -> Self {
        Value::from(time).into()
    }
}

impl<K, T: Into<Datatype<K>>> From<Option<T>> for Datatype<K> {
    fn from(value: Option<T>) -> Self {
        value.map(Into::into).unwrap_or_default()
    }
}

/// A segment of one name. [`Pid`](segments::Pid), [`Obx`](segments::Obx) and so on are names for it, each with a
/// method for each field.
///
/// The method of a field that can repeat in some version adds a repetition at each call; of another field, it sets
/// the field. The null and notation that stands already are values too: `Datatype::null`, [`Value::raw`].
///
/// ```
/// use carewire_hl7_v2::build::datatypes::{Cwe, Nm, Sn};
/// use carewire_hl7_v2::build::segments::{Obx, Pid};
///
/// let person = Pid::new().patient_identifier_list("77").administrative_sex("F").race(Cwe::null());
/// let titre = Obx::new().result(Sn::new().comparator(">").num1("1").separator_suffix(":").num2("128"));
/// let potassium = Obx::new().set_id(1_u32).result(Nm::from("4.2")).interpretation_codes("N");
/// # let _ = (person, titre, potassium);
/// ```
#[must_use]
pub struct TypedSegment<K> {
    segment: SegmentBuilder,
    kind: PhantomData<fn() -> K>,
}

impl<K: SegmentKind> TypedSegment<K> {
    /// Without any field.
    pub fn new() -> Self {
        Self { segment: SegmentBuilder::new(K::NAME), kind: PhantomData }
    }
}

impl<K> TypedSegment<K> {
    /// Sets field `n`, as [`SegmentBuilder::field`] does: for a null, for raw notation, for a field of one's own.
    pub fn field(mut self, n: usize, value: impl Into<Value>) -> Self {
        self.segment.put(n, value.into());
        self
    }

    /// Adds a repetition to field `n`.
    pub fn add(mut self, n: usize, value: impl Into<Value>) -> Self {
        self.segment.push(n, value.into());
        self
    }
}

impl<K: SegmentKind> Default for TypedSegment<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> Clone for TypedSegment<K> {
    fn clone(&self) -> Self {
        Self { segment: self.segment.clone(), kind: PhantomData }
    }
}

impl<K> fmt::Debug for TypedSegment<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segment.fmt(f)
    }
}

impl<K> From<TypedSegment<K>> for SegmentBuilder {
    fn from(typed: TypedSegment<K>) -> Self {
        typed.segment
    }
}

impl TypedSegment<segments::kind::Obx> {
    /// Sets OBX-2 to the name of the datatype, and adds the value to OBX-5.
    pub fn result<K: DatatypeKind>(self, value: Datatype<K>) -> Self {
        self.value_type(K::NAME).add(5, value)
    }
}

impl From<datatypes::Ce> for datatypes::Cwe {
    fn from(coded: datatypes::Ce) -> Self {
        Value::from(coded).into()
    }
}

impl From<datatypes::Cne> for datatypes::Cwe {
    fn from(coded: datatypes::Cne) -> Self {
        Value::from(coded).into()
    }
}

impl From<datatypes::Ts> for datatypes::Dtm {
    fn from(time: datatypes::Ts) -> Self {
        Value::from(time).into()
    }
}
