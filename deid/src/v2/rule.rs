//! A policy as the writer follows it: for each field of each segment, what happens to its components.

use std::collections::HashMap;
use std::sync::Arc;

use super::dictionary::Table;
use super::form::Form;
use crate::policy::{Dates, IdentifierRules, Method, SystemRule};
use crate::tools::Needs;
use crate::transform::{Bins, Span};

/// What a policy does with HL7 v2: a rule for every field of every segment of HL7 2.1 to 2.9.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// Sorted by name.
    pub(super) segments: Vec<SegmentRules>,
    /// What OBX-5 is, by OBX-2. A type that is not here is dropped.
    pub(super) values: HashMap<&'static str, Parts>,
    pub(super) dates: Dates,
    pub(super) systems: Vec<SystemRule>,
    pub(super) identifiers: IdentifierRules,
    /// What the methods want beside a key.
    pub(super) needs: Needs,
    /// The fields of all segments, and one for what is in none.
    pub(super) slots: usize,
    /// Whether anything depends on whose it is: dates that move, noise.
    pub(super) moves: bool,
}

#[derive(Clone, Debug)]
pub(super) struct SegmentRules {
    pub(super) name: [u8; 3],
    /// The slot of its first field.
    pub(super) first: usize,
    pub(super) fields: Vec<FieldRule>,
}

/// Shared by all fields of the same type under the same method.
pub(super) type Parts = Arc<[Part]>;

#[derive(Clone, Debug)]
pub(super) enum FieldRule {
    Drop,
    Parts(Parts),
    /// OBX-5: by OBX-2.
    Value,
}

/// What happens to a component, or to a subcomponent.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Drop,
    Leaf(Leaf),
    /// The same one level below.
    Sub(Box<[Part]>),
    /// The code, text and system of a coded value that begins at this component.
    Code(u8, Codes),
    Text(u8, Codes),
    System(u8, Codes),
    Id(Identifier),
    /// Says in the place of the assigning authority that the identifier is a surrogate: a whole HD, or its second and
    /// its third part.
    Marker(Identifier, Mark),
}

/// What a code without a system may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Codes {
    Unknown,
    /// One of this table of HL7, by its number.
    Table(&'static str, &'static Table),
    Units,
}

/// Where an identifier and its authority stand among the parts, from 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identifier {
    pub(super) id: u8,
    pub(super) authority: Authority,
    /// `pseudonym` or `encrypt`, where no rule for its kind says otherwise.
    pub(super) method: Method,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Authority {
    /// A part that is an HD.
    Whole(u8),
    /// Three parts in a row.
    Spread(u8),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    Whole,
    Id,
    Type,
}

/// What happens to a primitive value.
#[derive(Clone, Debug)]
pub(super) enum Leaf {
    /// Stays if it has the form.
    Keep(Form),
    Pseudonym,
    Year,
    Shift,
    /// `zip`, `zip3` or `postcode`, and the part that names the country.
    Zip(Method, Option<u8>),
    Age,
    Substitute(Arc<str>),
    Scrub,
    Encrypt,
    /// Down to the beginning of a range.
    Generalise(Arc<Bins>),
    /// Within a span, with so many digits behind the point at most.
    Perturb(Arc<Span>, Option<u32>),
}

impl Rules {
    /// The same with rules for kinds of identifiers, and with what all rules want beside a key.
    pub(crate) fn with_identifiers(self, identifiers: IdentifierRules, needs: Needs) -> Self {
        Self { identifiers, needs, ..self }
    }

    /// The rules of a segment, whose name is in capitals.
    pub(super) fn segment(&self, name: [u8; 3]) -> Option<&SegmentRules> {
        let index = self.segments.binary_search_by(|rules| rules.name.cmp(&name)).ok()?;
        self.segments.get(index)
    }

    /// The slot of what stands in no field of the dictionary.
    pub(super) fn unknown(&self) -> usize {
        self.slots.saturating_sub(1)
    }
}
