//! Which data a provision is about.

mod classes;
mod codes;
mod dates;
mod labels;
mod references;

pub(crate) use classes::{Classes, NO_CLASS, NOT_SAID, bit_of};
pub(crate) use codes::Codes;
pub(crate) use dates::Span;
pub(crate) use labels::{LabelFacts, Labels};
pub use references::Meaning;
pub(crate) use references::{DataRef, DataRefs};

use crate::decide::Fit;
use crate::facts::Facts;

/// The elements of a provision that are about data. One that is empty constrains nothing; all others must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DataFilter {
    pub(crate) labels: Labels,
    pub(crate) classes: Classes,
    pub(crate) codes: Codes,
    pub(crate) dates: Dates,
    pub(crate) data: DataRefs,
    /// The authors whom actors with the role of an author name.
    pub(crate) authors: DataRefs,
}

/// When the data are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Dates {
    /// At any time.
    #[default]
    Any,
    /// Within.
    Within(Span),
    /// What is stated cannot be read.
    Unreadable,
}

impl DataFilter {
    /// Whether it constrains anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.elements().iter().all(|element| element.is_none())
    }

    /// How far data of these facts fit.
    pub(crate) fn fit(&self, facts: &Facts<'_>) -> Fit {
        let mut fit = Fit::YES;
        if !self.classes.is_empty() {
            fit = fit & self.classes.fit(facts);
        }
        if !self.labels.is_empty() {
            fit = fit & self.labels.fit(&facts.labels);
        }
        if !self.codes.is_empty() {
            fit = fit & self.codes.fit(facts);
        }
        if self.dates != Dates::Any {
            fit = fit & self.dates.fit(facts);
        }
        if !self.data.is_empty() {
            fit = fit & self.data.fit(facts);
        }
        if !self.authors.is_empty() {
            fit = fit & self.authors.fit(facts);
        }
        fit
    }

    /// Whether some of it is not understood.
    pub(crate) fn has_unknown(&self) -> bool {
        self.labels.has_unknown()
            || self.classes.has_unknown()
            || self.codes.has_unknown()
            || self.dates == Dates::Unreadable
            || self.data.has_unknown()
            || self.authors.has_unknown()
    }

    /// What remains to be looked at: without the elements that fit all of the data already.
    pub(crate) fn remaining(&self, facts: &Facts<'_>) -> Self {
        let fits =
            |fit: Fit| fit.least.is_sure_of_all(facts.classes) && fit.most.is_sure_of_all(facts.classes);
        let mut left = self.clone();
        if fits(self.classes.fit(facts)) {
            left.classes = Classes::default();
        }
        if fits(self.labels.fit(&facts.labels)) {
            left.labels = Labels::default();
        }
        if fits(self.codes.fit(facts)) {
            left.codes = Codes::default();
        }
        if fits(self.dates.fit(facts)) {
            left.dates = Dates::Any;
        }
        if fits(self.data.fit(facts)) {
            left.data = DataRefs::default();
        }
        if fits(self.authors.fit(facts)) {
            left.authors = DataRefs::default();
        }
        left
    }

    /// How far each element that is there fits, by its name in FHIR.
    pub(crate) fn fits(&self, facts: &Facts<'_>) -> impl Iterator<Item = (&'static str, Fit)> {
        let each = [
            self.classes.fit(facts),
            self.labels.fit(&facts.labels),
            self.codes.fit(facts),
            self.dates.fit(facts),
            self.data.fit(facts),
            self.authors.fit(facts),
        ];
        self.elements().into_iter().zip(each).filter_map(|(name, fit)| Some((name?, fit)))
    }

    /// The names of the elements that are there.
    fn elements(&self) -> [Option<&'static str>; 6] {
        let there = |is_empty: bool, name| (!is_empty).then_some(name);
        [
            there(self.classes.is_empty(), "class"),
            there(self.labels.is_empty(), "securityLabel"),
            there(self.codes.is_empty(), "code"),
            there(self.dates == Dates::Any, "dataPeriod"),
            there(self.data.is_empty(), "data"),
            there(self.authors.is_empty(), "actor"),
        ]
    }

    /// Whether all that fits `self` fits `other`, as far as can be told from the lists.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.labels.is_within(&other.labels)
            && self.classes.is_within(&other.classes)
            && self.codes.is_within(&other.codes)
            && (other.dates == Dates::Any || other.dates == self.dates)
            && self.data.is_within(&other.data)
            && self.authors.is_within(&other.authors)
    }
}

impl Dates {
    fn fit(self, facts: &Facts<'_>) -> Fit {
        match self {
            Self::Any => Fit::YES,
            Self::Unreadable => Fit::UNKNOWN,
            Self::Within(span) => facts.dates.map_or(Fit::OPEN, |dates| span.fit(dates)),
        }
    }
}
