//! The functions.

use super::distinct::Distinct;
use super::error::Undecided;
use super::expression::Expression;
use super::function::Function;
use super::item::{Item, Known, Node, Scalar};
use super::run::{Flow, Items, Outcome, Run, Sink, give};
use super::{text, xhtml};
use crate::{Reference, Value};

const GO_ON: Flow = Flow::Continue(());
const STOP: Flow = Flow::Break(());

impl<'a> Run<'_, 'a> {
    /// A function whose result is a truth.
    pub(super) fn test(
        &self,
        of: &'a Expression,
        function: Function,
        arguments: &'a [Expression],
        this: &[Item<'a>],
    ) -> Outcome<Option<bool>> {
        match function {
            Function::Exists => self.exists(of, arguments.first(), this).map(Some),
            Function::Empty => self.exists(of, None, this).map(|found| Some(!found)),
            Function::Not => Ok(self.truth(of, this)?.map(|truth| !truth)),
            Function::All => self.every(of, this, |item| {
                let criteria = arguments.first().ok_or(Undecided::WrongKind)?;
                Ok(self.truth(criteria, std::slice::from_ref(item))? == Some(true))
            }),
            Function::AllTrue => self.every(of, this, |item| is_bool(item, true)),
            Function::AllFalse => self.every(of, this, |item| is_bool(item, false)),
            Function::AnyTrue => Ok(self.every(of, this, |item| is_bool(item, false))?.map(|none| !none)),
            Function::AnyFalse => Ok(self.every(of, this, |item| is_bool(item, true))?.map(|none| !none)),
            Function::HasValue => {
                let one = self.one_or_none(of, this)?;
                Ok(Some(one.is_some_and(|item| item.scalar().is_some())))
            }
            Function::HtmlChecks => self.html_checks(of, this),
            Function::IsDistinct => self.is_distinct(of, this).map(Some),
            Function::SubsetOf => self.is_subset(of, first(arguments)?, this).map(Some),
            Function::SupersetOf => self.is_subset(first(arguments)?, of, this).map(Some),
            _ => text::test(self, of, function, first(arguments)?, this),
        }
    }

    /// A function whose result is a collection or a value that is no truth.
    pub(super) fn call(
        &self,
        of: &'a Expression,
        function: Function,
        arguments: &'a [Expression],
        this: &[Item<'a>],
        sink: &mut Sink<'_, 'a>,
    ) -> Outcome<Flow> {
        match function {
            Function::Where => self.filtered(of, first(arguments)?, this, sink),
            Function::Select => self.each(of, this, &mut |item| self.each(first(arguments)?, &[item], sink)),
            Function::Children => self.each(of, this, &mut |item| self.children(&item, sink)),
            Function::Descendants => self.each(of, this, &mut |item| self.descendants(&item, sink)),
            Function::Extension => self.extension(of, first(arguments)?, this, sink),
            Function::Resolve => self.each(of, this, &mut |item| self.resolved(&item, sink)),
            Function::Trace => self.each(of, this, sink),
            Function::First => self.range(of, 0, 1, this, sink),
            Function::Tail => self.range(of, 1, usize::MAX, this, sink),
            Function::Skip => self.range(of, self.count_of(arguments, this)?, usize::MAX, this, sink),
            Function::Take => self.range(of, 0, self.count_of(arguments, this)?, this, sink),
            Function::Last => give(self.last(of, this)?, sink),
            Function::Single => give(self.one(of, this)?, sink),
            Function::Count => sink(self.count(of, this)?),
            Function::Iif => self.iif(of, arguments, this, sink),
            Function::Combine => match self.each(of, this, sink)? {
                GO_ON => self.each(first(arguments)?, this, sink),
                STOP => Ok(STOP),
            },
            Function::Distinct => self.union(std::slice::from_ref(of), this, sink),
            Function::Union => {
                let mut seen = Distinct::default();
                let mut once = |item: Item<'a>| if seen.add(self, &item)? { sink(item) } else { Ok(GO_ON) };
                match self.each(of, this, &mut once)? {
                    GO_ON => self.each(first(arguments)?, this, &mut once),
                    STOP => Ok(STOP),
                }
            }
            Function::Intersect => self.common(of, first(arguments)?, this, sink),
            Function::Exclude => {
                let others = self.set(first(arguments)?, this)?;
                self.each(of, this, &mut |item| if others.has(self, &item)? { Ok(GO_ON) } else { sink(item) })
            }
            _ => give(text::call(self, of, function, arguments, this)?, sink),
        }
    }

    /// The items of several expressions, each once.
    pub(super) fn union(
        &self,
        parts: &'a [Expression],
        this: &[Item<'a>],
        sink: &mut Sink<'_, 'a>,
    ) -> Outcome<Flow> {
        let mut seen = Distinct::default();
        for part in parts {
            let flow = self
                .each(part, this, &mut |item| if seen.add(self, &item)? { sink(item) } else { Ok(GO_ON) })?;
            if flow.is_break() {
                return Ok(STOP);
            }
        }
        Ok(GO_ON)
    }

    fn exists(
        &self,
        of: &'a Expression,
        criteria: Option<&'a Expression>,
        this: &[Item<'a>],
    ) -> Outcome<bool> {
        if criteria.is_none()
            && let Some(mut nodes) = self.own_elements(of, this)?
        {
            return Ok(nodes.next().is_some());
        }
        let mut found = false;
        let _ = self.each_repeated(of, this, &mut |item| {
            found = match criteria {
                Some(criteria) => self.truth(criteria, &[item])? == Some(true),
                None => true,
            };
            Ok(if found { STOP } else { GO_ON })
        })?;
        Ok(found)
    }

    fn every(
        &self,
        of: &'a Expression,
        this: &[Item<'a>],
        mut holds: impl FnMut(&Item<'a>) -> Outcome<bool>,
    ) -> Outcome<Option<bool>> {
        let mut all = true;
        let _ = self.each(of, this, &mut |item| {
            all = holds(&item)?;
            Ok(if all { GO_ON } else { STOP })
        })?;
        Ok(Some(all))
    }

    /// The item, when there is exactly one.
    fn one_or_none(&self, of: &'a Expression, this: &[Item<'a>]) -> Outcome<Option<Item<'a>>> {
        match self.one(of, this) {
            Err(Undecided::Several) => Ok(None),
            other => other,
        }
    }

    fn html_checks(&self, of: &'a Expression, this: &[Item<'a>]) -> Outcome<Option<bool>> {
        let Some(item) = self.one(of, this)? else { return Ok(None) };
        let div = item.as_str().ok_or(Undecided::WrongKind)?;
        self.step(div.len())?;
        Ok(Some(xhtml::check(div).is_ok()))
    }

    fn is_distinct(&self, of: &'a Expression, this: &[Item<'a>]) -> Outcome<bool> {
        let (mut seen, mut distinct) = (Distinct::default(), true);
        let _ = self.each(of, this, &mut |item| {
            distinct = seen.add(self, &item)?;
            Ok(if distinct { GO_ON } else { STOP })
        })?;
        Ok(distinct)
    }

    fn is_subset(&self, of: &'a Expression, other: &'a Expression, this: &[Item<'a>]) -> Outcome<bool> {
        let others = self.set(other, this)?;
        Ok(self.every(of, this, |item| others.has(self, item))? == Some(true))
    }

    fn common(
        &self,
        of: &'a Expression,
        other: &'a Expression,
        this: &[Item<'a>],
        sink: &mut Sink<'_, 'a>,
    ) -> Outcome<Flow> {
        let (others, mut seen) = (self.set(other, this)?, Distinct::default());
        self.each(of, this, &mut |item| {
            if others.has(self, &item)? && seen.add(self, &item)? { sink(item) } else { Ok(GO_ON) }
        })
    }

    fn set(&self, expression: &'a Expression, this: &[Item<'a>]) -> Outcome<Distinct<'a>> {
        let mut set = Distinct::default();
        let _ = self.each(expression, this, &mut |item| set.add(self, &item).map(|_| GO_ON))?;
        Ok(set)
    }

    fn filtered(
        &self,
        of: &'a Expression,
        criteria: &'a Expression,
        this: &[Item<'a>],
        sink: &mut Sink<'_, 'a>,
    ) -> Outcome<Flow> {
        self.each(of, this, &mut |item| match self.truth(criteria, std::slice::from_ref(&item))? {
            Some(true) => sink(item),
            _ => Ok(GO_ON),
        })
    }

    fn range(
        &self,
        of: &'a Expression,
        skip: usize,
        take: usize,
        this: &[Item<'a>],
        sink: &mut Sink<'_, 'a>,
    ) -> Outcome<Flow> {
        let (mut at, mut flow) = (0, GO_ON);
        if take == 0 {
            return Ok(GO_ON);
        }
        let _ = self.each(of, this, &mut |item| {
            at += 1;
            if at > skip {
                flow = sink(item)?;
            }
            Ok(if at >= skip.saturating_add(take) { STOP } else { flow })
        })?;
        Ok(flow)
    }

    fn count_of(&self, arguments: &'a [Expression], this: &[Item<'a>]) -> Outcome<usize> {
        let count = self.integer(first(arguments)?, this)?.unwrap_or(0);
        Ok(usize::try_from(count.max(0)).unwrap_or(usize::MAX))
    }

    fn last(&self, of: &'a Expression, this: &[Item<'a>]) -> Outcome<Option<Item<'a>>> {
        let mut last = None;
        let _ = self.each(of, this, &mut |item| {
            last = Some(item);
            Ok(GO_ON)
        })?;
        Ok(last)
    }

    fn count(&self, of: &'a Expression, this: &[Item<'a>]) -> Outcome<Item<'a>> {
        let mut count = 0;
        let _ = self.each(of, this, &mut |_| {
            count += 1;
            Ok(GO_ON)
        })?;
        Ok(Item::Integer(count))
    }

    /// Its arguments see the whole collection.
    fn iif(
        &self,
        of: &'a Expression,
        arguments: &'a [Expression],
        this: &[Item<'a>],
        sink: &mut Sink<'_, 'a>,
    ) -> Outcome<Flow> {
        let collection: Items<'a> = self.all(of, this)?;
        let holds = self.truth(first(arguments)?, &collection)? == Some(true);
        match arguments.get(if holds { 1 } else { 2 }) {
            Some(branch) => self.each(branch, &collection, sink),
            None => Ok(GO_ON),
        }
    }

    fn children(&self, item: &Item<'a>, sink: &mut Sink<'_, 'a>) -> Outcome<Flow> {
        let Item::Node(node) = item else { return Ok(GO_ON) };
        self.step(node.object().map_or(0, |object| object.len()))?;
        let mut children = Vec::new();
        node.push_children(&mut children);
        self.step(children.len())?;
        give(children.into_iter().map(Item::Node), sink)
    }

    fn descendants(&self, item: &Item<'a>, sink: &mut Sink<'_, 'a>) -> Outcome<Flow> {
        let Item::Node(node) = item else { return Ok(GO_ON) };
        let mut waiting = Vec::new();
        node.push_children(&mut waiting);
        waiting.reverse();
        while let Some(node) = waiting.pop() {
            self.step(1 + node.object().map_or(0, |object| object.len()))?;
            if sink(Item::Node(node))?.is_break() {
                return Ok(STOP);
            }
            let from = waiting.len();
            node.push_children(&mut waiting);
            if let Some(added) = waiting.get_mut(from..) {
                added.reverse();
            }
        }
        Ok(GO_ON)
    }

    fn extension(
        &self,
        of: &'a Expression,
        url: &'a Expression,
        this: &[Item<'a>],
        sink: &mut Sink<'_, 'a>,
    ) -> Outcome<Flow> {
        let Some(url) = self.one(url, this)? else { return Ok(GO_ON) };
        let url = url.as_str().ok_or(Undecided::WrongKind)?;
        self.each(of, this, &mut |item| {
            let Item::Node(node) = &item else { return Ok(GO_ON) };
            for extension in node.object().map_or(&[][..], |object| object.list("extension")) {
                self.step(1)?;
                if extension.str("url") == Some(url) && sink(Item::Node(Node::new(extension)))?.is_break() {
                    return Ok(STOP);
                }
            }
            Ok(GO_ON)
        })
    }

    /// The resource that a reference leads to. One that is not at hand has the type that the reference names.
    fn resolved(&self, item: &Item<'a>, sink: &mut Sink<'_, 'a>) -> Outcome<Flow> {
        let Item::Node(node) = item else { return Ok(GO_ON) };
        let text = node.value.and_then(|value| value.as_str().or_else(|| value.str("reference")));
        let found = match text {
            Some(text) => self.at_hand(text)?,
            None => None,
        };
        if let Some(found) = found {
            return sink(Item::Node(Node::new(found)));
        }
        let named = text.and_then(|text| Reference::parse(text).target()).map(|(name, _)| name);
        match named.or_else(|| node.value?.str("type")) {
            Some(name) => {
                sink(Item::Node(Node { value: None, sibling: None, known: Known::Elsewhere(name) }))
            }
            None => {
                self.doubt(Undecided::Unresolved);
                Ok(GO_ON)
            }
        }
    }

    fn at_hand(&self, reference: &'a str) -> Outcome<Option<&'a Value>> {
        self.context.look_around();
        match reference.strip_prefix('#') {
            Some("") => Ok(Some(self.context.root)),
            Some(id) => self.contained(id),
            None => Ok(self.context.resolver.and_then(|resolver| resolver.resolve(reference))),
        }
    }

    /// The contained resource with an id: by the index of the context, or by one that is made at the first question.
    fn contained(&self, id: &'a str) -> Outcome<Option<&'a Value>> {
        if let Some(index) = self.context.contained {
            return Ok(index.resolve(id));
        }
        if self.contained.get().is_none() {
            self.step(self.context.root.list("contained").len())?;
        }
        let index = self.contained.get_or_init(|| {
            // Backwards: of two with one id the first is found.
            let contained = self.context.root.list("contained").iter().rev();
            contained.filter_map(|one| Some((one.str("id")?, one))).collect()
        });
        Ok(index.get(id).copied())
    }
}

fn is_bool(item: &Item<'_>, wanted: bool) -> Outcome<bool> {
    match item.scalar() {
        Some(Scalar::Bool(value)) => Ok(value == wanted),
        _ => Err(Undecided::WrongKind),
    }
}

fn first(arguments: &[Expression]) -> Outcome<&Expression> {
    // The parser has counted them.
    arguments.first().ok_or(Undecided::WrongKind)
}
