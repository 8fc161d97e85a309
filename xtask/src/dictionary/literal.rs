//! The literals of Python: what the tables of hl7apy are written in.

/// A literal; a name with its subscripts is only known to be there.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Absent,
    Number(i64),
    Text(String),
    List(Vec<Self>),
    Table(Vec<(String, Self)>),
    Name,
}

impl Value {
    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    pub(super) fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }
}

/// The dictionary that `source` assigns to `name`.
pub(super) fn table(source: &str, name: &str) -> Result<Vec<(String, Value)>, String> {
    let head = format!("{name} = ");
    let starts = source.match_indices(&head).map(|(at, _)| at);
    let start =
        starts.into_iter().find(|&at| at == 0 || source.get(..at).is_some_and(|text| text.ends_with('\n')));
    let rest =
        start.and_then(|at| source.get(at + head.len()..)).ok_or_else(|| format!("no table {name}"))?;
    let mut reader = Reader { rest };
    match reader.value() {
        Some(Value::Table(entries)) => Ok(entries),
        _ => Err(format!("{name} is not a literal that is understood, near {:.60}", reader.rest)),
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self) -> Option<Value> {
        self.space();
        match self.rest.chars().next()? {
            '{' => self.entries(),
            '(' => self.list(')'),
            '[' => self.list(']'),
            '\'' | '"' => self.string().map(Value::Text),
            '-' | '0'..='9' => self.number(),
            _ => self.name(),
        }
    }

    fn space(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix('#') {
                Some(comment) => self.rest = comment.split_once('\n').map_or("", |(_, next)| next),
                None => return,
            }
        }
    }

    fn eat(&mut self, wanted: char) -> bool {
        self.space();
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn entries(&mut self) -> Option<Value> {
        let mut entries = Vec::new();
        self.eat('{');
        while !self.eat('}') {
            let Some(Value::Text(key)) = self.value() else { return None };
            if !self.eat(':') {
                return None;
            }
            entries.push((key, self.value()?));
            self.eat(',');
        }
        Some(Value::Table(entries))
    }

    fn list(&mut self, end: char) -> Option<Value> {
        let mut items = Vec::new();
        self.rest = self.rest.get(1..)?;
        while !self.eat(end) {
            items.push(self.value()?);
            self.eat(',');
        }
        Some(Value::List(items))
    }

    /// A string, or several in a row, which are one.
    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        while let Some(quote) = self.rest.chars().next().filter(|quote| matches!(quote, '\'' | '"')) {
            let mut letters = self.rest.char_indices().skip(1);
            loop {
                let (at, letter) = letters.next()?;
                if letter == quote {
                    self.rest = self.rest.get(at + 1..)?;
                    break;
                }
                text.push(if letter == '\\' { escaped(&mut letters)? } else { letter });
            }
            self.space();
        }
        Some(text)
    }

    fn number(&mut self) -> Option<Value> {
        let end = self.rest.find(|letter: char| letter != '-' && !letter.is_ascii_digit())?;
        let (digits, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        digits.parse().ok().map(Value::Number)
    }

    fn name(&mut self) -> Option<Value> {
        let end = self.rest.find(|letter: char| letter != '_' && !letter.is_ascii_alphanumeric())?;
        let (name, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        if name.is_empty() {
            return None;
        }
        while self.rest.starts_with('[') {
            self.list(']')?;
        }
        Some(if name == "None" { Value::Absent } else { Value::Name })
    }
}

/// `\u2026` by its number; any other letter stands for itself.
fn escaped(letters: &mut impl Iterator<Item = (usize, char)>) -> Option<char> {
    let (_, letter) = letters.next()?;
    if letter != 'u' {
        return Some(letter);
    }
    let digits: String = letters.take(4).map(|(_, digit)| digit).collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}
