//! An expression as it is evaluated.

use super::function::Function;
use super::node::Member;
use super::types::TypeName;

/// A node of the tree. Where an operand is left out in the text, it is [`Expression::This`].
pub(super) enum Expression {
    /// The focus.
    This,
    Variable(Variable),
    Bool(bool),
    Integer(i64),
    Decimal(Box<str>),
    Text(Box<str>),
    Moment(Box<str>),
    /// `{}`
    Nothing,
    Member(Box<Self>, Member),
    Index(Box<Self>, Box<Self>),
    Call(Box<Self>, Function, Vec<Self>),
    /// `matches()`, whose pattern is compiled with the expression.
    Matches(Box<Self>, Box<regex_lite::Regex>),
    ReplaceMatches(Box<Self>, Box<regex_lite::Regex>, Box<Self>),
    Is(Box<Self>, TypeName),
    /// `as`, `ofType()`, and the name of a type before a path.
    As(Box<Self>, TypeName),
    Union(Vec<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
    Xor(Box<Self>, Box<Self>),
    Implies(Box<Self>, Box<Self>),
    Equal(Box<Self>, Box<Self>, Equality),
    Order(Box<Self>, Box<Self>, Order),
    /// The one item of the first is among those of the second.
    In(Box<Self>, Box<Self>),
    Sum(Box<Self>, Box<Self>, Sum),
    Negative(Box<Self>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Variable {
    Resource,
    RootResource,
    Context,
}

/// `=`, `!=`, `~`, `!~`
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Equality {
    pub(super) negated: bool,
    pub(super) equivalent: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sum {
    Add,
    Subtract,
    Concatenate,
}

impl Order {
    pub(super) fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}
