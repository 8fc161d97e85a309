//! Co-constraints.

use std::collections::{BTreeMap, HashMap};

use super::check::Checker;
use super::finding_of;
use super::query::Node;
use super::rules::Outcome;
use crate::finding::FindingKind;
use crate::profile::MessageProfile;
use crate::profile::binding::SingleCode;
use crate::profile::co_constraint::{Cell, Requirement, Row, RowGroup, Table};

/// A segment, and the id that says which others it belongs to.
#[derive(Clone)]
struct Member<'p, 'm> {
    node: Node<'p, 'm>,
    group_id: Option<String>,
}

impl<'p, 'm> Checker<'p, 'm, '_> {
    /// All co-constraints of the message.
    pub(super) fn co_constraints(&mut self, message: &'p MessageProfile, root: Node<'p, 'm>) {
        for tables in &message.co_constraints {
            for group in self.query(root, &tables.groups).unwrap_or_default() {
                let segments = self.query(group, &tables.segments).unwrap_or_default();
                for table in &tables.tables {
                    self.table(table, group, &segments);
                }
            }
        }
    }

    fn table(&mut self, table: &'p Table, group: Node<'p, 'm>, segments: &[Node<'p, 'm>]) {
        match table.condition.as_ref().map(|condition| self.evaluate(condition, group)) {
            None | Some(Outcome::Holds) => {}
            Some(Outcome::Fails(_)) => return,
            Some(Outcome::Undecided) => {
                let finding = finding_of(FindingKind::NotChecked).expecting("condition of co-constraints");
                return self.report(finding, Some(group.instance()), self.place_of(group));
            }
        }
        let mut left: Vec<Member<'p, 'm>> = segments
            .iter()
            .map(|node| Member { node: *node, group_id: self.group_id(table, *node) })
            .collect();
        for row in &table.rows {
            left = self.row(row, left, group, true);
        }
        for rows in &table.groups {
            left = self.row_group(rows, left, group);
        }
    }

    fn group_id(&self, table: &Table, node: Node<'p, 'm>) -> Option<String> {
        table.group_ids.iter().find_map(|path| match self.values(node, path).as_deref() {
            Ok([(data, _)]) => Some(data.text().into_owned()),
            _ => None,
        })
    }

    /// Checks the segments that a row selects, and gives back the others. `distinct`: such a segment may not belong to
    /// others.
    fn row(
        &mut self,
        row: &'p Row,
        members: Vec<Member<'p, 'm>>,
        group: Node<'p, 'm>,
        distinct: bool,
    ) -> Vec<Member<'p, 'm>> {
        let mut sizes: HashMap<String, usize> = HashMap::new();
        if distinct {
            for id in members.iter().filter_map(|member| member.group_id.clone()) {
                *sizes.entry(id).or_default() += 1;
            }
        }
        let (selected, others): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|member| self.is_selected(row, member.node));
        self.requirement(row.requirement, selected.len(), (&row.rule, &row.description), group);
        for member in &selected {
            self.constraints(row, member.node);
            let shared = member.group_id.as_ref().and_then(|id| sizes.get(id)).is_some_and(|size| *size > 1);
            if shared {
                let finding = finding_of(FindingKind::RuleBroken).by_rule(row.rule.clone());
                let finding = finding.expecting(format!("{}, with a group id of its own", row.description));
                self.report(finding, Some(member.node.instance()), self.place_of(member.node));
            }
        }
        others
    }

    fn row_group(
        &mut self,
        rows: &'p RowGroup,
        members: Vec<Member<'p, 'm>>,
        group: Node<'p, 'm>,
    ) -> Vec<Member<'p, 'm>> {
        let (primaries, others): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|member| self.is_selected(&rows.primary, member.node));
        let mut by_id: BTreeMap<String, (Vec<Member<'p, 'm>>, Vec<Member<'p, 'm>>)> = BTreeMap::new();
        for primary in primaries {
            if let Some(id) = primary.group_id.clone() {
                by_id.entry(id).or_default().0.push(primary);
            }
        }
        let mut left = Vec::new();
        for other in others {
            match other.group_id.as_ref().and_then(|id| by_id.get_mut(id)) {
                Some((_, same)) => same.push(other),
                None => left.push(other),
            }
        }
        self.requirement(rows.requirement, by_id.len(), (&rows.rule, &rows.name), group);
        for (primaries, mut others) in by_id.into_values() {
            let row = &rows.primary;
            self.requirement(row.requirement, primaries.len(), (&row.rule, &row.description), group);
            for primary in &primaries {
                self.constraints(row, primary.node);
            }
            for row in &rows.rows {
                others = self.row(row, others, group, false);
            }
        }
        left
    }

    fn requirement(
        &mut self,
        requirement: Requirement,
        count: usize,
        (rule, name): (&str, &str),
        group: Node<'p, 'm>,
    ) {
        let Requirement { required, range } = requirement;
        if range.includes(count) && !(required && count == 0) {
            return;
        }
        let finding = finding_of(FindingKind::RuleBroken).by_rule(rule);
        let finding = finding.expecting(format!("{name}, {range} times"));
        self.report(finding, Some(group.instance()), self.place_of(group));
    }

    fn constraints(&mut self, row: &'p Row, segment: Node<'p, 'm>) {
        for cell in &row.constraints {
            if self.cell(cell, segment) == Some(false) {
                let finding = finding_of(FindingKind::RuleBroken).by_rule(row.rule.clone());
                let finding = finding.expecting(row.description.clone());
                let path = match cell {
                    Cell::Text { path, .. } | Cell::ValueSets { path, .. } => path,
                    Cell::Code(code) => &code.target,
                };
                let at = self.query(segment, path).unwrap_or_default();
                let at = at.first().copied().unwrap_or(segment);
                self.report(finding, Some(segment.instance()), self.place_of(at));
            }
        }
    }

    fn is_selected(&self, row: &Row, segment: Node<'p, 'm>) -> bool {
        row.selectors.iter().all(|cell| self.cell(cell, segment) == Some(true))
    }

    /// Whether a cell fits; `None` when there is nothing there, or it cannot be told.
    fn cell(&self, cell: &Cell, segment: Node<'p, 'm>) -> Option<bool> {
        match cell {
            Cell::Text { path, value } => {
                let values = self.values(segment, path).ok()?;
                let fits = values.iter().any(|(data, _)| data.text() == *value);
                (!values.is_empty()).then_some(fits)
            }
            Cell::Code(code) => self.code(code, segment),
            Cell::ValueSets { path, bindings } => {
                let mut fits = None;
                for element in self.query(segment, path).ok()? {
                    for binding in bindings {
                        match self.is_member(binding, element) {
                            Some(true) => return Some(true),
                            other => fits = fits.or(other),
                        }
                    }
                }
                fits
            }
        }
    }

    fn code(&self, code: &SingleCode, segment: Node<'p, 'm>) -> Option<bool> {
        let mut fits = None;
        for element in self.query(segment, &code.target).ok()? {
            for there in self.are_codes(code, element)? {
                if there {
                    return Some(true);
                }
                fits = Some(false);
            }
        }
        fits
    }
}
