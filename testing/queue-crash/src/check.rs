//! What must be true of the journals.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::journal::{Entry, What};
use crate::producer::keys_of;

/// What the journals say.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Claims.
    pub claims: usize,
    /// Effects, those that were had again included.
    pub effects: usize,
    /// Ends of attempts that were refused since the lease was lost.
    pub stale: usize,
    /// What must not be.
    pub violations: Vec<String>,
}

/// Judges the journals of a run in which the effects 1 to `acknowledged` were acknowledged to the producer.
#[must_use]
pub fn check(entries: &[Entry], acknowledged: u64) -> Checked {
    let count = |what: What| entries.iter().filter(|entry| entry.what == what).count();
    let mut checked = Checked {
        claims: count(What::Claimed),
        effects: count(What::Effect),
        stale: count(What::Stale),
        violations: Vec::new(),
    };
    nothing_is_lost(entries, acknowledged, &mut checked.violations);
    for (job, entries) in of_each_job(entries) {
        epochs_grow(job, &entries, &mut checked.violations);
        it_ends_once(job, &entries, &mut checked.violations);
    }
    keys_are_in_order(entries, &mut checked.violations);
    checked
}

fn of_each_job(entries: &[Entry]) -> BTreeMap<i64, Vec<&Entry>> {
    let mut jobs: BTreeMap<i64, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        jobs.entry(entry.job).or_default().push(entry);
    }
    jobs
}

fn nothing_is_lost(entries: &[Entry], acknowledged: u64, violations: &mut Vec<String>) {
    let had: BTreeSet<u64> =
        entries.iter().filter(|entry| entry.what == What::Effect).map(|entry| entry.effect).collect();
    let lost: Vec<u64> = (1..=acknowledged).filter(|effect| !had.contains(effect)).collect();
    if !lost.is_empty() {
        violations.push(format!("{} acknowledged jobs had no effect: {lost:?}", lost.len()));
    }
}

/// Each claim has a higher epoch than those before. Two processes may write their claims down in the other order within
/// the time of a call, so a lower epoch counts only once a later one was used.
fn epochs_grow(job: i64, entries: &[&Entry], violations: &mut Vec<String>) {
    let mut given = BTreeSet::new();
    for entry in entries.iter().filter(|entry| entry.what == What::Claimed) {
        if !given.insert(entry.epoch) {
            violations.push(format!("job {job}: epoch {} was given twice", entry.epoch));
        }
    }
}

/// One end is taken, of the highest epoch that was given; no effect begins after it.
fn it_ends_once(job: i64, entries: &[&Entry], violations: &mut Vec<String>) {
    let done: Vec<&&Entry> = entries.iter().filter(|entry| entry.what == What::Done).collect();
    let [done] = done.as_slice() else {
        // None: it was ended by a worker that was killed before it could write so.
        if done.len() > 1 {
            violations.push(format!("job {job}: {} ends were taken", done.len()));
        }
        return;
    };
    let sent = entries.iter().find(|entry| entry.what == What::Sent && entry.epoch == done.epoch);
    let sent = sent.map_or(done.at, |sent| sent.at);
    let newer = |entry: &&&Entry| entry.what == What::Claimed && entry.epoch > done.epoch;
    if let Some(claim) = entries.iter().find(newer) {
        let when = if claim.at < sent { "stale: a newer claim stood" } else { "claimed again after its end" };
        violations.push(format!("job {job}: end of epoch {} was taken, {when}", done.epoch));
    }
}

/// In each key the jobs had their last effects in the order of their ids, and none was claimed while an older one was not done.
fn keys_are_in_order(entries: &[Entry], violations: &mut Vec<String>) {
    let mut ends: HashMap<i64, u128> = HashMap::new();
    let mut begins: HashMap<i64, u128> = HashMap::new();
    let mut about: BTreeMap<i64, u64> = BTreeMap::new();
    for entry in entries {
        about.insert(entry.job, entry.effect);
        match entry.what {
            // The last attempt to end it before it did.
            What::Sent => drop(ends.insert(entry.job, entry.at)),
            What::Claimed => drop(begins.entry(entry.job).or_insert(entry.at)),
            _ => {}
        }
    }
    let mut last: HashMap<(u64, u64), i64> = HashMap::new();
    for (job, effect) in about {
        for key in keys_of(effect).into_iter().collect::<BTreeSet<_>>() {
            let Some(before) = last.insert((effect % 3, key), job) else { continue };
            let (Some(end), Some(begin)) = (ends.get(&before), begins.get(&job)) else { continue };
            if begin < end {
                violations.push(format!("key {key}: job {job} was claimed before job {before} ended"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(at: u128, what: What, job: i64, epoch: u64, effect: u64) -> Entry {
        Entry { at, what, job, epoch, effect }
    }

    fn run(job: i64, epoch: u64, effect: u64, from: u128) -> Vec<Entry> {
        let steps = [What::Claimed, What::Effect, What::Sent, What::Done];
        (from..).zip(steps).map(|(at, what)| entry(at, what, job, epoch, effect)).collect()
    }

    fn violations(entries: &[Entry], acknowledged: u64) -> String {
        check(entries, acknowledged).violations.join("; ")
    }

    #[test]
    fn a_good_run_has_no_violations() {
        let entries = [run(1, 1, 3, 10), run(2, 1, 20, 12), run(3, 4, 54, 20)].concat();
        assert_eq!(keys_of(3), keys_of(54), "the same key, the same org");
        assert_eq!(violations(&entries, 0), "");
    }

    #[test]
    fn what_had_no_effect_is_lost() {
        assert!(violations(&run(1, 1, 1, 10), 2).contains("1 acknowledged jobs had no effect: [2]"));
    }

    #[test]
    fn an_epoch_is_given_once() {
        let mut entries = run(1, 1, 1, 10);
        entries.insert(1, entry(11, What::Claimed, 1, 1, 1));
        assert!(violations(&entries, 1).contains("epoch 1 was given twice"));
    }

    #[test]
    fn a_job_ends_once_and_under_its_newest_lease() {
        assert!(violations(&[run(1, 1, 1, 10), run(1, 2, 1, 20)].concat(), 1).contains("2 ends were taken"));
        let mut stale = run(1, 1, 1, 10);
        stale.insert(2, entry(11, What::Claimed, 1, 2, 1));
        assert!(violations(&stale, 1).contains("a newer claim stood"));
        let mut again = run(1, 1, 1, 10);
        again.push(entry(30, What::Claimed, 1, 2, 1));
        assert!(violations(&again, 1).contains("claimed again after its end"));
    }

    #[test]
    fn jobs_of_a_key_come_one_after_the_other() {
        let entries = [run(1, 1, 3, 10), run(3, 1, 54, 11)].concat();
        assert!(violations(&entries, 0).contains("job 3 was claimed before job 1 ended"));
    }
}
