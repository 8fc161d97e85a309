//! The values of criteria, by their kinds.

use super::SearchReason;
use super::criterion::Modifier;
use super::escape::{escape, split, unescape};
use super::parameter::{Component, ParameterKind};
use crate::define::fhir;
use crate::{DateParts, Decimal, InvalidPrimitive, Phi};

fhir! {
    /// How a number, date or quantity compares with that of the resource.
    code Prefix {
        Eq = "eq", Ne = "ne", Gt = "gt", Lt = "lt", Ge = "ge", Le = "le", Sa = "sa", Eb = "eb", Ap = "ap",
    }
}

/// One value of a criterion. `Debug` shows its kind only.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SearchValue {
    /// Of `:missing`.
    Bool(bool),
    /// Of a string, and of a token's `:text`.
    Text(String),
    /// Of a token, and of a reference's `:identifier`.
    Token(Token),
    /// Of a token's `:of-type`.
    OfType(TypedIdentifier),
    /// Of a date.
    Date(DateValue),
    /// Of a number.
    Number(NumberValue),
    /// Of a quantity.
    Quantity(QuantityValue),
    /// Of a reference, as written: an id, `Type/id`, a URL, `canonical|version`.
    Reference(String),
    /// Of a uri, and the value set of `:in` and `:not-in`.
    Uri(String),
    /// One value for each part of a composite.
    Composite(Vec<Self>),
    /// Of `near`, `_filter`, `_list` and `_query`, as written.
    Raw(String),
}

/// A code or identifier value, with what is said about its system.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Token {
    /// `code`: in any system or none.
    Code(String),
    /// `|code`: without a system.
    WithoutSystem(String),
    /// `system|code`
    InSystem {
        /// The system.
        system: String,
        /// The code.
        code: String,
    },
    /// `system|`: anything in the system.
    System(String),
}

/// `system|code|value` of `:of-type`: an identifier by the coding of its type and its value.
#[derive(Clone, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "the three parts that R4 gives it")]
pub struct TypedIdentifier {
    /// The system of the type.
    pub system: String,
    /// The code of the type.
    pub code: String,
    /// The value of the identifier.
    pub value: String,
}

/// A date with the precision that it is written with: a year, month, day, minute, second or part of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DateValue {
    prefix: Prefix,
    text: Phi<String>,
}

/// A number with its digits.
#[derive(Clone, PartialEq, Eq)]
pub struct NumberValue {
    /// How it compares.
    prefix: Prefix,
    value: Decimal,
}

/// A number with its digits, and a unit, if one is named.
#[derive(Clone, PartialEq, Eq)]
pub struct QuantityValue {
    prefix: Prefix,
    value: Decimal,
    system: Option<String>,
    code: Option<String>,
}

impl Token {
    /// A code in any system or none.
    #[must_use]
    pub fn code(code: impl Into<String>) -> Self {
        Self::Code(code.into())
    }

    /// A code of a system.
    #[must_use]
    pub fn coded(system: impl Into<String>, code: impl Into<String>) -> Self {
        Self::InSystem { system: system.into(), code: code.into() }
    }
}

impl DateValue {
    /// A date, or a date and time to the minute or finer, with or without a zone.
    ///
    /// ```
    /// use carewire_fhir_core::search::{DateValue, Prefix};
    /// assert!(DateValue::new(Prefix::Ge, "2024-03").is_ok());
    /// assert!(DateValue::new(Prefix::Eq, "2024-03-05T14:30Z").is_ok());
    /// assert!(DateValue::new(Prefix::Eq, "2024-03-05T14").is_err());
    /// ```
    ///
    /// # Errors
    /// [`InvalidPrimitive`] when it is neither.
    pub fn new(prefix: Prefix, text: &str) -> Result<Self, InvalidPrimitive> {
        if DateParts::parse_searched(text).is_some() {
            Ok(Self { prefix, text: Phi::new(text.to_owned()) })
        } else {
            Err(InvalidPrimitive::of("date"))
        }
    }

    /// How it compares.
    #[must_use]
    pub fn prefix(&self) -> Prefix {
        self.prefix
    }

    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.expose()
    }
}

impl NumberValue {
    /// A number.
    #[must_use]
    pub fn new(prefix: Prefix, value: Decimal) -> Self {
        Self { prefix, value }
    }

    /// How it compares.
    #[must_use]
    pub fn prefix(&self) -> Prefix {
        self.prefix
    }

    /// The number.
    #[must_use]
    pub fn value(&self) -> &Decimal {
        &self.value
    }
}

impl QuantityValue {
    /// A number in any unit.
    #[must_use]
    pub fn new(prefix: Prefix, value: Decimal) -> Self {
        Self { prefix, value, system: None, code: None }
    }

    /// The same in a unit of a system.
    #[must_use]
    pub fn coded(self, system: impl Into<String>, code: impl Into<String>) -> Self {
        Self { system: Some(system.into()), code: Some(code.into()), ..self }
    }

    /// The same in a unit of any system, by its code or as it is written for people.
    #[must_use]
    pub fn unit(self, code: impl Into<String>) -> Self {
        Self { system: None, code: Some(code.into()), ..self }
    }

    /// How it compares.
    #[must_use]
    pub fn prefix(&self) -> Prefix {
        self.prefix
    }

    /// The number.
    #[must_use]
    pub fn value(&self) -> &Decimal {
        &self.value
    }

    /// The system of the unit.
    #[must_use]
    pub fn system(&self) -> Option<&str> {
        self.system.as_deref()
    }

    /// The unit.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}

/// What a value is written like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Bool,
    OfType,
    Plain(ParameterKind),
}

/// How the values of a parameter with this modifier are written; `None` when it does not have the modifier.
pub(super) fn form(kind: ParameterKind, modifier: Option<&Modifier>) -> Option<Form> {
    use ParameterKind::{Composite, Reference, Special, String, Token, Uri};
    let Some(modifier) = modifier else { return Some(Form::Plain(kind)) };
    Some(match (modifier, kind) {
        (Modifier::Missing, kind) if kind != Composite && kind != Special => Form::Bool,
        (Modifier::Exact | Modifier::Contains, String) | (Modifier::Text, Token) => Form::Plain(String),
        (Modifier::Not, Token) => Form::Plain(Token),
        (Modifier::Above | Modifier::Below, Token | Uri | Reference) => Form::Plain(kind),
        (Modifier::In | Modifier::NotIn, Token) => Form::Plain(Uri),
        (Modifier::OfType, Token) => Form::OfType,
        (Modifier::Identifier, Reference) => Form::Plain(Token),
        (Modifier::Type(_), Reference) => Form::Plain(Reference),
        _ => return None,
    })
}

impl SearchValue {
    /// Reads one value, still with its escapes.
    pub(super) fn read(form: Form, components: &[Component], text: &str) -> Result<Self, SearchReason> {
        if text.is_empty() {
            return Err(SearchReason::Empty);
        }
        let kind = match form {
            Form::Bool => return bool(text),
            Form::OfType => return of_type(text),
            Form::Plain(kind) => kind,
        };
        match kind {
            ParameterKind::Number => number(text),
            ParameterKind::Date => date(text),
            ParameterKind::String => Ok(Self::Text(unescape(text).into_owned())),
            ParameterKind::Token => token(text),
            ParameterKind::Reference => Ok(Self::Reference(unescape(text).into_owned())),
            ParameterKind::Quantity => quantity(text),
            ParameterKind::Uri => Ok(Self::Uri(unescape(text).into_owned())),
            ParameterKind::Composite => composite(components, text),
            ParameterKind::Special => Ok(Self::Raw(text.to_owned())),
        }
    }

    /// Appends the value with its escapes.
    pub(super) fn write(&self, out: &mut String) {
        match self {
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Text(text) => escape(text, None, out),
            // A version stands behind a bar.
            Self::Reference(text) | Self::Uri(text) => escape(text, Some('|'), out),
            Self::Raw(text) => out.push_str(text),
            Self::Token(token) => token.write(out),
            Self::OfType(TypedIdentifier { system, code, value }) => bars([system, code, value], out),
            Self::Date(DateValue { prefix, text }) => prefixed(*prefix, text.expose(), out),
            Self::Number(NumberValue { prefix, value }) => prefixed(*prefix, value.as_str(), out),
            Self::Quantity(quantity) => quantity.write(out),
            Self::Composite(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    out.push_str(if index > 0 { "$" } else { "" });
                    part.write(out);
                }
            }
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Bool(_) => "Bool",
            Self::Text(_) => "Text",
            Self::Token(_) => "Token",
            Self::OfType(_) => "OfType",
            Self::Date(_) => "Date",
            Self::Number(_) => "Number",
            Self::Quantity(_) => "Quantity",
            Self::Reference(_) => "Reference",
            Self::Uri(_) => "Uri",
            Self::Composite(_) => "Composite",
            Self::Raw(_) => "Raw",
        }
    }
}

impl std::fmt::Debug for SearchValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}(..)", self.kind())
    }
}

impl Token {
    fn write(&self, out: &mut String) {
        match self {
            Self::Code(code) => escape(code, None, out),
            Self::WithoutSystem(code) => bars(["", code], out),
            Self::InSystem { system, code } => bars([system, code], out),
            Self::System(system) => bars([system, ""], out),
        }
    }
}

impl QuantityValue {
    fn write(&self, out: &mut String) {
        prefixed(self.prefix, self.value.as_str(), out);
        if self.system.is_some() || self.code.is_some() {
            out.push('|');
            bars([self.system().unwrap_or_default(), self.code().unwrap_or_default()], out);
        }
    }
}

fn bars<const N: usize>(parts: [impl AsRef<str>; N], out: &mut String) {
    for (index, part) in parts.iter().enumerate() {
        out.push_str(if index > 0 { "|" } else { "" });
        escape(part.as_ref(), None, out);
    }
}

fn prefixed(prefix: Prefix, text: &str, out: &mut String) {
    if prefix != Prefix::Eq {
        out.push_str(prefix.as_str());
    }
    out.push_str(text);
}

fn bool(text: &str) -> Result<SearchValue, SearchReason> {
    match text {
        "true" => Ok(SearchValue::Bool(true)),
        "false" => Ok(SearchValue::Bool(false)),
        _ => Err(SearchReason::Value),
    }
}

fn of_type(text: &str) -> Result<SearchValue, SearchReason> {
    match plain_parts(text).as_slice() {
        [system, code, value] if ![system, code, value].iter().any(|part| part.is_empty()) => {
            let (system, code, value) = (system.clone(), code.clone(), value.clone());
            Ok(SearchValue::OfType(TypedIdentifier { system, code, value }))
        }
        _ => Err(SearchReason::Value),
    }
}

fn token(text: &str) -> Result<SearchValue, SearchReason> {
    let mut parts = plain_parts(text).into_iter();
    let token = match (parts.next(), parts.next(), parts.next()) {
        (Some(code), None, _) => Token::Code(code),
        (Some(system), Some(code), None) => match (system.is_empty(), code.is_empty()) {
            (true, false) => Token::WithoutSystem(code),
            (false, true) => Token::System(system),
            (false, false) => Token::InSystem { system, code },
            (true, true) => return Err(SearchReason::Empty),
        },
        _ => return Err(SearchReason::Value),
    };
    Ok(SearchValue::Token(token))
}

fn date(text: &str) -> Result<SearchValue, SearchReason> {
    let (prefix, text) = prefix(text);
    DateValue::new(prefix, text).map(SearchValue::Date).map_err(|_| SearchReason::Value)
}

fn number(text: &str) -> Result<SearchValue, SearchReason> {
    let (prefix, text) = prefix(text);
    let value = Decimal::parse(text).map_err(|_| SearchReason::Value)?;
    Ok(SearchValue::Number(NumberValue { prefix, value }))
}

fn quantity(text: &str) -> Result<SearchValue, SearchReason> {
    let (prefix, text) = prefix(text);
    let parts = plain_parts(text);
    let (number, system, code) = match parts.as_slice() {
        [number] => (number, "", ""),
        [number, system, code] => (number, system.as_str(), code.as_str()),
        _ => return Err(SearchReason::Value),
    };
    let value = Decimal::parse(number).map_err(|_| SearchReason::Value)?;
    let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(SearchValue::Quantity(QuantityValue { prefix, value, system: named(system), code: named(code) }))
}

fn composite(components: &[Component], text: &str) -> Result<SearchValue, SearchReason> {
    let parts = split(text, '$');
    if parts.len() != components.len() {
        return Err(SearchReason::Value);
    }
    let values = components.iter().zip(parts);
    let read = values.map(|(component, part)| SearchValue::read(Form::Plain(component.kind), &[], part));
    read.collect::<Result<_, _>>().map(SearchValue::Composite)
}

fn prefix(text: &str) -> (Prefix, &str) {
    let split = text.split_at_checked(2).and_then(|(prefix, rest)| Some((Prefix::parse(prefix)?, rest)));
    split.unwrap_or((Prefix::Eq, text))
}

fn plain_parts(text: &str) -> Vec<String> {
    split(text, '|').into_iter().map(|part| unescape(part).into_owned()).collect()
}

impl From<&str> for SearchValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Token> for SearchValue {
    fn from(token: Token) -> Self {
        Self::Token(token)
    }
}

impl From<TypedIdentifier> for SearchValue {
    fn from(identifier: TypedIdentifier) -> Self {
        Self::OfType(identifier)
    }
}

impl From<DateValue> for SearchValue {
    fn from(date: DateValue) -> Self {
        Self::Date(date)
    }
}

impl From<NumberValue> for SearchValue {
    fn from(number: NumberValue) -> Self {
        Self::Number(number)
    }
}

impl From<QuantityValue> for SearchValue {
    fn from(quantity: QuantityValue) -> Self {
        Self::Quantity(quantity)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

impl std::fmt::Debug for TypedIdentifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedIdentifier(..)")
    }
}

impl std::fmt::Debug for NumberValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NumberValue(..)")
    }
}

impl std::fmt::Debug for QuantityValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("QuantityValue(..)")
    }
}
