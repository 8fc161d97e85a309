//! Paths by position, as rules and bindings write them: `3[*].2[1]`, relative to a message, group, segment or data
//! type.

/// The steps from a context down. None: the context itself, written `.`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PositionPath {
    pub(super) steps: Vec<Step>,
}

/// A child: its position in the parent, and which of those there, or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Step {
    pub(super) position: usize,
    pub(super) instance: Option<usize>,
}

impl PositionPath {
    /// The longest chain that a message can have, and some.
    const MOST_STEPS: usize = 64;

    pub(super) fn here() -> Self {
        Self { steps: Vec::new() }
    }

    pub(super) fn position(position: usize, instance: Option<usize>) -> Self {
        Self { steps: vec![Step { position, instance }] }
    }

    pub(super) fn parse(path: &str) -> Option<Self> {
        if path == "." {
            return Some(Self::here());
        }
        let steps: Option<Vec<_>> = path.split('.').take(Self::MOST_STEPS + 1).map(step).collect();
        steps.filter(|steps| steps.len() <= Self::MOST_STEPS).map(|steps| Self { steps })
    }
}

fn step(text: &str) -> Option<Step> {
    let (position, rest) = text.split_once('[')?;
    let instance = match rest.strip_suffix(']')? {
        "*" => None,
        number => Some(count(number)?),
    };
    Some(Step { position: count(position)?, instance })
}

/// A number from 1, in digits only.
fn count(digits: &str) -> Option<usize> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| is_number && *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_paths_and_refuses_others() {
        let path = PositionPath::parse("3[*].12[2]").unwrap();
        let steps = [Step { position: 3, instance: None }, Step { position: 12, instance: Some(2) }];
        assert_eq!(path.steps, steps);
        assert_eq!(PositionPath::parse("."), Some(PositionPath::here()));
        for bad in
            ["", "3", "3[]", "0[1]", "3[0]", "3[1].", "+3[1]", "3[1]x", "a[1]", "99999999999999999999[1]"]
        {
            assert_eq!(PositionPath::parse(bad), None, "{bad}");
        }
        assert_eq!(PositionPath::parse(&"1[1].".repeat(100_000)), None);
    }
}
