//! The functions that are supported, by name.

/// A function. Those with a pattern or a type as argument are nodes of the expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    All,
    AllFalse,
    AllTrue,
    AnyFalse,
    AnyTrue,
    Children,
    Combine,
    Contains,
    Count,
    Descendants,
    Distinct,
    Empty,
    EndsWith,
    Exclude,
    Exists,
    Extension,
    First,
    HasValue,
    HtmlChecks,
    Iif,
    IndexOf,
    Intersect,
    IsDistinct,
    Last,
    Length,
    Lower,
    Not,
    Replace,
    Resolve,
    Select,
    Single,
    Skip,
    StartsWith,
    SubsetOf,
    Substring,
    SupersetOf,
    Tail,
    Take,
    ToDecimal,
    ToInteger,
    ToText,
    Trace,
    Union,
    Upper,
    Where,
}

/// The name, the function, and how many arguments it has at least and at most.
#[rustfmt::skip]
static FUNCTIONS: [(&str, Function, usize, usize); 45] = [
    ("all", Function::All, 1, 1), ("allFalse", Function::AllFalse, 0, 0), ("allTrue", Function::AllTrue, 0, 0),
    ("anyFalse", Function::AnyFalse, 0, 0), ("anyTrue", Function::AnyTrue, 0, 0),
    ("children", Function::Children, 0, 0), ("combine", Function::Combine, 1, 1),
    ("contains", Function::Contains, 1, 1), ("count", Function::Count, 0, 0),
    ("descendants", Function::Descendants, 0, 0), ("distinct", Function::Distinct, 0, 0),
    ("empty", Function::Empty, 0, 0), ("endsWith", Function::EndsWith, 1, 1), ("exclude", Function::Exclude, 1, 1),
    ("exists", Function::Exists, 0, 1), ("extension", Function::Extension, 1, 1), ("first", Function::First, 0, 0),
    ("hasValue", Function::HasValue, 0, 0), ("htmlChecks", Function::HtmlChecks, 0, 0), ("iif", Function::Iif, 2, 3),
    ("indexOf", Function::IndexOf, 1, 1), ("intersect", Function::Intersect, 1, 1),
    ("isDistinct", Function::IsDistinct, 0, 0), ("last", Function::Last, 0, 0), ("length", Function::Length, 0, 0),
    ("lower", Function::Lower, 0, 0), ("not", Function::Not, 0, 0), ("replace", Function::Replace, 2, 2),
    ("resolve", Function::Resolve, 0, 0), ("select", Function::Select, 1, 1), ("single", Function::Single, 0, 0),
    ("skip", Function::Skip, 1, 1), ("startsWith", Function::StartsWith, 1, 1),
    ("subsetOf", Function::SubsetOf, 1, 1), ("substring", Function::Substring, 1, 2),
    ("supersetOf", Function::SupersetOf, 1, 1), ("tail", Function::Tail, 0, 0), ("take", Function::Take, 1, 1),
    ("toDecimal", Function::ToDecimal, 0, 0), ("toInteger", Function::ToInteger, 0, 0),
    ("toString", Function::ToText, 0, 0), ("trace", Function::Trace, 1, 2), ("union", Function::Union, 1, 1),
    ("upper", Function::Upper, 0, 0), ("where", Function::Where, 1, 1),
];

impl Function {
    /// A function by its name, with how many arguments it may have.
    pub(super) fn of(name: &str) -> Option<(Self, std::ops::RangeInclusive<usize>)> {
        let index = FUNCTIONS.binary_search_by_key(&name, |row| row.0).ok()?;
        FUNCTIONS.get(index).map(|&(_, function, least, most)| (function, least..=most))
    }

    /// Whether the result is a truth.
    pub(super) fn is_test(self) -> bool {
        matches!(
            self,
            Self::All
                | Self::AllFalse
                | Self::AllTrue
                | Self::AnyFalse
                | Self::AnyTrue
                | Self::Contains
                | Self::Empty
                | Self::EndsWith
                | Self::Exists
                | Self::HasValue
                | Self::HtmlChecks
                | Self::IsDistinct
                | Self::Not
                | Self::StartsWith
                | Self::SubsetOf
                | Self::SupersetOf
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(FUNCTIONS.is_sorted_by_key(|row| row.0));
        assert_eq!(Function::of("exists"), Some((Function::Exists, 0..=1)));
        assert_eq!(Function::of("exist"), None);
    }
}
