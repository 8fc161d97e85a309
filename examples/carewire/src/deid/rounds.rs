//! Work on documents by several threads, with the results in the order of the documents.

use std::num::NonZeroUsize;
use std::thread;

/// What a thread takes at once: so many bytes, and so many documents.
const BYTES: usize = 1 << 20;
const DOCUMENTS: usize = 1 << 10;

/// A document or message, or why there is none in its place.
pub(super) type Item = Result<Vec<u8>, String>;

/// Reads as much as all threads take at once, lets them work, hands the results on, and begins again: memory is bounded
/// by one round, and nothing depends on which thread is faster.
pub(super) fn each<T: Send, E>(
    items: &mut dyn Iterator<Item = Item>,
    threads: NonZeroUsize,
    work: impl Fn(&[Item]) -> T + Sync,
    mut done: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    loop {
        let parts: Vec<_> = (0..threads.get()).map(|_| part(items)).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            return Ok(());
        }
        worked(&parts, &work).into_iter().try_for_each(&mut done)?;
    }
}

/// What one thread takes.
fn part(items: &mut dyn Iterator<Item = Item>) -> Vec<Item> {
    let (mut part, mut bytes) = (vec![], 0);
    while bytes < BYTES && part.len() < DOCUMENTS {
        let Some(item) = items.next() else { break };
        bytes += item.as_ref().map_or(0, Vec::len);
        part.push(item);
    }
    part
}

fn worked<T: Send>(parts: &[Vec<Item>], work: &(impl Fn(&[Item]) -> T + Sync)) -> Vec<T> {
    if let [part] = parts {
        return vec![work(part)];
    }
    thread::scope(|scope| {
        let threads: Vec<_> = parts.iter().map(|part| scope.spawn(|| work(part))).collect();
        let joined = threads.into_iter().map(|thread| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_stand_in_the_order_of_the_documents() {
        for threads in [1, 2, 7] {
            let mut items = (0..10_000_u32).map(|number| match number % 5 {
                0 => Err(number.to_string()),
                _ => Ok(number.to_string().into_bytes()),
            });
            let mut found = vec![];
            let work = |part: &[Item]| {
                part.iter().map(|item| item.clone().unwrap_or_else(String::into_bytes)).collect::<Vec<_>>()
            };
            let taken = each(&mut items, NonZeroUsize::new(threads).unwrap(), work, |part| {
                assert!(part.len() <= DOCUMENTS);
                found.extend(part);
                Ok::<(), ()>(())
            });
            assert_eq!(taken, Ok(()));
            assert!(
                found.iter().map(|text| String::from_utf8_lossy(text).parse::<u32>().unwrap()).eq(0..10_000)
            );
        }
    }
}
