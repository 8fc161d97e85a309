//! Values from a list in the place of real ones.

use crate::Pseudonymizer;

/// One of a list of made-up values, always the same for the same value at the same place under the same key.
///
/// Different values may share one, so it is no identity. `None` when the list is empty.
///
/// ```
/// # use carewire_deid::{Entropy, Error, KeyRing, Pseudonymizer, transform::substitute};
/// # use carewire_fhir_core::OrgId;
/// # #[derive(Debug)] struct Count(std::sync::atomic::AtomicU8);
/// # impl Entropy for Count { fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
/// #     for byte in bytes { *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } Ok(()) } }
/// # let ring = KeyRing::generate(&Count(Default::default()), "2026-11-20T00:00:00Z")?;
/// # let keys = Pseudonymizer::new(&ring, &OrgId::new("org_a").unwrap(), "export");
/// let names = ["Elm", "Oak", "Ash"];
/// let name = substitute(&keys, &[b"Patient.name.family"], "Smith", &names).unwrap();
/// assert!(names.contains(name));
/// assert_eq!(substitute(&keys, &[b"Patient.name.family"], "Smith", &names), Some(name));
/// # Ok::<(), Error>(())
/// ```
#[must_use]
pub fn substitute<'a, T>(keys: &Pseudonymizer, place: &[&[u8]], value: &str, list: &'a [T]) -> Option<&'a T> {
    let mut parts = place.to_vec();
    parts.push(value.as_bytes());
    let drawn = keys.blind("substitute", &parts).first_chunk().copied().map(u64::from_be_bytes)?;
    let length = u64::try_from(list.len()).ok().filter(|length| *length > 0)?;
    list.get(usize::try_from(drawn % length).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyRing;
    use crate::entropy::tests::Seeded;
    use carewire_fhir_core::OrgId;

    #[test]
    fn places_and_keys_choose_apart_and_all_of_the_list_is_used() {
        let keys = |seed| {
            let ring = KeyRing::generate(&Seeded::new(seed), "2026-11-20T00:00:00Z").unwrap();
            Pseudonymizer::new(&ring, &OrgId::new("a").unwrap(), "export")
        };
        let list: Vec<u32> = (0..10).collect();
        let chosen = |seed, place: &str| {
            let keys = keys(seed);
            (0..200)
                .map(|value| *substitute(&keys, &[place.as_bytes()], &value.to_string(), &list).unwrap())
                .collect::<Vec<_>>()
        };
        let one = chosen(1, "a");
        assert_eq!(one, chosen(1, "a"));
        assert!(one != chosen(2, "a") && one != chosen(1, "b"));
        assert!(list.iter().all(|entry| one.contains(entry)));
        assert_eq!(substitute::<u32>(&keys(1), &[], "x", &[]), None);
    }
}
