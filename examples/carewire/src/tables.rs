//! Tables in the configuration file, such as `[map]`, and lists of them, such as `[[sender]]`.

use carewire_fhir_core::OrgId;

use crate::config::Source;

/// One table. What is wrong with it is said with its name, and in a list with its number.
pub(crate) struct Table<'s> {
    source: &'s mut Source,
    what: &'static str,
    number: Option<usize>,
    members: toml::Table,
}

/// Reads the table of that name, or an empty one where there is none.
pub(crate) fn one<T>(source: &mut Source, what: &'static str, read: impl FnOnce(&mut Table<'_>) -> T) -> T {
    let found = source.member(what).cloned();
    let mut table = Table { source, what, number: None, members: toml::Table::new() };
    match found {
        None => {}
        Some(toml::Value::Table(members)) => table.members = members,
        Some(_) => table.problem(&format!("is written as a table: `[{what}]`")),
    }
    read(&mut table)
}

/// Reads each table of the list of that name, in order.
pub(crate) fn each(source: &mut Source, what: &'static str, mut read: impl FnMut(&mut Table<'_>)) {
    let items = match source.member(what) {
        None => return,
        Some(toml::Value::Array(items)) => items.clone(),
        Some(_) => vec![toml::Value::Boolean(false)],
    };
    for (index, item) in items.into_iter().enumerate() {
        let mut table =
            Table { source: &mut *source, what, number: Some(index + 1), members: toml::Table::new() };
        match item {
            toml::Value::Table(members) => {
                table.members = members;
                read(&mut table);
            }
            _ => table.problem(&format!("is written as a table: `[[{what}]]`")),
        }
    }
}

impl Table<'_> {
    pub(crate) fn problem(&mut self, what: &str) {
        let number = self.number.map(|number| format!(" {number}")).unwrap_or_default();
        self.source.problem(&format!("{}{number}: {what}", self.what));
    }

    /// Says which members have no meaning.
    pub(crate) fn allow(&mut self, names: &[&str]) {
        let unknown: Vec<String> =
            self.members.keys().filter(|member| !names.contains(&member.as_str())).cloned().collect();
        for member in unknown {
            self.problem(&format!("{member}: no setting of a {} has this name", self.what));
        }
    }

    pub(crate) fn member(&self, name: &str) -> Option<&toml::Value> {
        self.members.get(name)
    }

    /// A text, without the blanks around it.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.members.get(name)?;
        let text = value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        if text.is_none() {
            self.problem(&format!("{name}: a text is expected"));
        }
        text
    }

    /// A text that must be there.
    pub(crate) fn required(&mut self, name: &str) -> Option<String> {
        if self.members.contains_key(name) {
            return self.text(name);
        }
        self.problem(&format!("{name}: is missing"));
        None
    }

    /// A text in a form of its own.
    pub(crate) fn parsed<T>(
        &mut self,
        name: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = parse(&self.text(name)?);
        if parsed.is_none() {
            self.problem(&format!("{name}: {expected} is expected"));
        }
        parsed
    }

    /// A list of texts, without the blanks around each; empty where there is none.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        let Some(value) = self.members.get(name) else { return vec![] };
        let text = |item: &toml::Value| {
            item.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let texts = value.as_array().and_then(|items| items.iter().map(text).collect::<Option<Vec<_>>>());
        texts.unwrap_or_else(|| {
            self.problem(&format!("{name}: a list of texts is expected"));
            vec![]
        })
    }

    pub(crate) fn flag(&mut self, name: &str) -> bool {
        match self.members.get(name) {
            None => false,
            Some(toml::Value::Boolean(flag)) => *flag,
            Some(_) => {
                self.problem(&format!("{name}: true or false is expected"));
                false
            }
        }
    }

    /// A number from 1 to `most`.
    pub(crate) fn count(&mut self, name: &str, most: u32) -> Option<u32> {
        let value = self.members.get(name)?;
        let count = value.as_integer().and_then(|number| u32::try_from(number).ok());
        let count = count.filter(|count| (1..=most).contains(count));
        if count.is_none() {
            self.problem(&format!("{name}: a number from 1 to {most} is expected"));
        }
        count
    }

    pub(crate) fn org(&mut self) -> Option<OrgId> {
        self.parsed("org", "one to 64 letters, digits, `_` or `-`", |text| OrgId::new(text).ok())
    }
}
