//! A bounded list of findings.

use super::{Finding, FindingKind};

/// Collects findings, bounded: what a hostile input can make us hold does not grow with its faults.
#[derive(Debug)]
pub(crate) struct Collector {
    list: Vec<Finding>,
    most: usize,
}

impl Collector {
    /// At most this many are kept one by one unless a caller says otherwise.
    pub(crate) const MOST: usize = 1_000;

    /// Keeps at most this many one by one; a last one of the kind [`FindingKind::More`] stands for the rest.
    pub(crate) fn new(most: usize) -> Self {
        Self { list: Vec::new(), most }
    }

    /// Whether further findings are no longer kept, so that a caller may skip making them.
    pub(crate) fn is_full(&self) -> bool {
        self.list.len() > self.most
    }

    /// Adds one finding.
    pub(crate) fn report(&mut self, finding: Finding) {
        if self.list.len() < self.most {
            self.list.push(finding);
        } else if !self.is_full() {
            self.list.push(Finding { location: finding.location, ..Finding::new(FindingKind::More) });
        }
    }

    pub(crate) fn into_list(self) -> Vec<Finding> {
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_bounded_and_its_end_says_so() {
        let mut collector = Collector::new(3);
        for _ in 0..10 {
            collector.report(Finding::new(FindingKind::DataType));
        }
        assert!(collector.is_full());
        let kinds: Vec<_> = collector.into_list().iter().map(Finding::kind).collect();
        assert_eq!(
            kinds,
            [FindingKind::DataType, FindingKind::DataType, FindingKind::DataType, FindingKind::More]
        );
    }
}
