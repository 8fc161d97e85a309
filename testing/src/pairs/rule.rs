//! The table of differences that are as they should be.
//!
//! ```text
//! [name]
//! why: a reason in words
//! row: PID[Patient] PID-7 birthDate
//! CORPUS FILES PATH KIND [VALUE]
//! ```
//! A group has a reason, the ids of the guide's rows that ours follows (or none, where a rule of R4 is the reason), and
//! the differences that it covers. `*` stands for any text. The kinds are those of a difference; `message` for a type of
//! message that has no map, with the type as the path; and `extension` for extensions that are taken out of theirs before
//! the comparison, with the URL as the path, together with the resources that nothing else refers to.

use super::comparison::Difference;
use super::pair::Pair;
use super::strip::{references, strip, strip_orphans};
use crate::{Error, Result};

/// A kind of difference that has a reason.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The name of its group.
    pub group: String,
    /// The line as it stands.
    pub text: String,
    columns: Vec<String>,
}

/// Something to find a rule for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Finding<'a> {
    /// Ours differs.
    Difference(&'a Difference),
    /// There is no map for messages of this type.
    Message(&'a str),
}

/// The whole table.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Rules {
    /// The rules, in the order of the table.
    pub rules: Vec<Rule>,
    /// The ids of the guide's rows that are named, with the group.
    pub rows: Vec<(String, String)>,
}

impl Rules {
    /// Reads the table.
    ///
    /// # Errors
    /// When a line is no rule, a rule has no group, or a group no reason.
    pub fn read(table: &str) -> Result<Self> {
        let mut rules = Self::default();
        let mut group = None;
        let mut reasons = 0;
        let mut groups = 0;
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let wrong = || Error::not_understood(format!("`{line}`"));
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                group = Some(name.to_owned());
                groups += 1;
            } else if line.starts_with("why: ") {
                reasons += 1;
            } else if let Some(row) = line.strip_prefix("row: ") {
                rules.rows.push((group.clone().ok_or_else(wrong)?, row.to_owned()));
            } else {
                let columns: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
                let sound = reasons == groups && matches!(columns.len(), 4 | 5);
                let group = group.clone().filter(|_| sound).ok_or_else(wrong)?;
                rules.rules.push(Rule { group, text: line.to_owned(), columns });
            }
        }
        Ok(rules)
    }

    /// Takes what the rules of the kind `extension` name out of what is expected, and the resources that only that
    /// referred to. Says how many extensions each rule took.
    pub fn strip(&self, pair: &mut Pair) -> Vec<(usize, usize)> {
        let mut taken = Vec::new();
        let referred = references(&pair.expected);
        for (index, rule) in self.rules.iter().enumerate() {
            if let [corpus, files, url, kind] = rule.columns.as_slice()
                && kind == "extension"
                && matches(corpus, pair.corpus)
                && matches(files, &pair.file)
            {
                taken.push((index, strip(&mut pair.expected, &|own| matches(url, own))));
            }
        }
        strip_orphans(&mut pair.expected, referred);
        taken
    }

    /// The first rule that covers a finding, by its index.
    #[must_use]
    pub fn covering(&self, pair: &Pair, finding: Finding<'_>) -> Option<usize> {
        self.rules.iter().position(|rule| rule.covers(pair, finding))
    }
}

impl Rule {
    fn covers(&self, pair: &Pair, finding: Finding<'_>) -> bool {
        let (path, kind, value) = match finding {
            Finding::Difference(one) => (one.path.as_str(), one.kind.to_string(), one.theirs.as_str()),
            Finding::Message(code) => (code, "message".to_owned(), ""),
        };
        let texts = [pair.corpus, &pair.file, path, &kind, value];
        self.columns.iter().zip(texts).all(|(pattern, text)| matches(pattern, text))
    }
}

/// Whether a text fits a pattern in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Rules, matches};

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text) in
            [("*", ""), ("a*", "abc"), ("*c", "abc"), ("a*c*e", "abcde"), ("a.b", "a.b"), ("*a*", "cab")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "ab"), ("a*", "ba"), ("*c", "cd"), ("a*c*e", "abce d"), ("a*b*b", "ab")]
        {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_rule_needs_a_group_with_a_reason() {
        assert_eq!(
            Rules::read("[g]\nwhy: x\nrow: A B c\n# no rule\n* * a missing\n").unwrap().rules.len(),
            1
        );
        for table in
            ["* * a missing", "[g]\n* * a missing", "[g]\nwhy: x\n* * a", "[g]\nwhy: x\n[h]\n* * a missing"]
        {
            Rules::read(table).unwrap_err();
        }
    }
}
