use super::check;

/// The keys of what is found in one file of library code.
fn found(source: &str) -> Vec<String> {
    found_with(source, "# names that say nothing of anybody\nfields count reason org")
}

fn found_with(source: &str, allowed: &str) -> Vec<String> {
    let files = [("a.rs".to_owned(), source.to_owned())];
    let problems = check(&files, allowed).unwrap();
    problems
        .iter()
        .map(|problem| problem.split(' ').nth(1).unwrap().trim_end_matches(':').to_owned())
        .collect()
}

#[test]
fn a_derived_debug_shows_texts_bytes_and_foreign_json() {
    for planted in [
        "#[derive(Clone, Debug)] pub struct Person { pub family: String }",
        "/// Whose.\n#[derive(Debug)]\n#[non_exhaustive]\npub(crate) struct Person<'a>(u32, &'a str);",
        "#[derive(Debug)] enum Person { Known { given: Vec<Option<Box<str>>> }, Unknown }",
        "#[derive(Debug)] struct Person { parts: BTreeMap<u32, (u8, Cow<'static, str>)> }",
        "#[derive(Debug)] struct Person { bytes: Vec<u8> } #[derive(Debug)] struct Other { count: usize }",
        "type Name = Arc<str>; #[derive(Debug)] struct Person { name: Name }",
        "#[derive(Debug)] struct Person { all: serde_json::Value }",
        "#[derive(Debug)] struct Person { shown: Phi<String>, raw: String }",
    ] {
        assert_eq!(found(planted), ["Person"], "{planted}");
    }
}

#[test]
fn what_is_hidden_or_fixed_or_shown_by_hand_is_no_leak() {
    for sound in [
        "#[derive(Debug)] struct Person { family: Phi<String>, all: Phi<BTreeMap<String, Vec<String>>>, born: Date }",
        "#[derive(Debug)] struct Row { code: &'static str, codes: &'static [&'static str] }",
        "#[derive(Debug)] enum Kind { String, Bytes, Number(u8) }",
        "#[derive(Debug)] struct Options { judge: fn(&[u8]) -> Verdict, log: Box<dyn Fn(&str)> }",
        "#[derive(Clone)] struct Person { family: String }",
        "struct Person { family: String } // #[derive(Debug)] struct Other { raw: String }",
        "const TEXT: &str = r#\"#[derive(Debug)] struct Person { family: String }\"#;",
        "#[cfg(test)] mod tests { #[derive(Debug)] struct Person { family: String } }",
        "#[cfg(test)] #[derive(Debug)] struct Person { family: String }",
        "impl Iterator for A { type Item = String; } #[derive(Debug)] struct B { all: Vec<Item> }",
    ] {
        assert_eq!(found(sound), Vec::<String>::new(), "{sound}");
    }
    // What is compiled beside the tests is looked at.
    let both =
        "#[cfg(test)] mod tests { fn a() {} } #[cfg(not(test))] #[derive(Debug)] struct Person(String);";
    assert_eq!(found(both), ["Person"]);
}

#[test]
fn messages_of_errors() {
    let raw = "pub enum E { #[error(\"no place for `{name}`\")] Name { name: String, at: usize } }";
    assert_eq!(found(raw), ["E::Name.name"]);
    assert_eq!(found("#[error(\"not {0:?} at {1}\")] struct E(String, usize);"), ["E.0"]);
    assert_eq!(found("#[error(\"not {}\", .0.trim())] struct E(Box<str>);"), ["E.0"]);
    assert_eq!(
        found("enum E { #[error(\"not read\")] A(String), #[error(transparent)] B(serde_json::Error) }"),
        ["E::B.0"]
    );
    for sound in [
        "enum E { #[error(\"{} bytes of {kind}\", .text.len())] A { text: String, kind: &'static str } }",
        "enum E { #[error(\"{{name}}\")] A { name: String } }",
        "enum E { #[error(\"not json\")] A(#[source] serde_json::Error) }",
        "enum E { #[error(\"at {0}\")] A(Phi<String>) }",
    ] {
        assert_eq!(found(sound), Vec::<String>::new(), "{sound}");
    }
}

#[test]
fn debug_and_display_by_hand() {
    let person = "struct Person { family: String, born: Date }";
    let shows = |what: &str| {
        format!("{person} impl std::fmt::Debug for Person {{ fn fmt(&self, f: &mut F) -> R {{ {what} }} }}")
    };
    for leak in [
        "f.debug_struct(\"Person\").field(\"family\", &self.family).finish()",
        "write!(f, \"{}\", self.family)",
        "f.write_str(self.family.trim())",
    ] {
        assert_eq!(found(&shows(leak)), ["Person.family"], "{leak}");
    }
    for sound in
        ["f.write_str(\"Person(..)\")", "write!(f, \"{} bytes\", self.family.len())", "self.born.fmt(f)"]
    {
        assert_eq!(found(&shows(sound)), Vec::<String>::new(), "{sound}");
    }
    let code = "enum Code { Known(u8), Other(String) } impl fmt::Display for Code { fn fmt(&self, f: &mut F) -> R { \
                match self { Self::Known(n) => write!(f, \"{n}\"), Self::Other(text) => WHAT } } }";
    assert_eq!(found(&code.replace("WHAT", "write!(f, \"{text}\")")), ["Code::Other.0"]);
    assert_eq!(found(&code.replace("WHAT", "f.write_str(text)")), ["Code::Other.0"]);
    assert_eq!(found(&code.replace("WHAT", "f.write_str(\"other\")")), Vec::<String>::new());
}

#[test]
fn logs_and_metrics() {
    for (leak, key) in [
        ("fn a() { tracing::warn!(family = %person.family(), \"left out\"); }", "family"),
        ("fn a() { warn!(reason = ?patient.identifier, \"left out\"); }", "identifier"),
        ("fn a(name: &str) { tracing::info!(reason = name, \"left out\"); }", "name"),
        ("fn a(name: &str) { tracing::info!(\"left out: {name}\"); }", "name"),
        ("fn a() { info!(%person, \"left out\"); }", "person"),
        ("fn a() { debug!(count = 1, \"left out {}\", row.expose()); }", "expose"),
        ("fn a() { metrics::counter!(\"all_total\", \"family\" => person.name()).increment(1); }", "family"),
        (
            "fn a(ward: String) { metrics::counter!(\"all_total\", \"org\" => ward.clone()).increment(1); }",
            "ward",
        ),
    ] {
        assert_eq!(found(leak), [key], "{leak}");
    }
    for sound in [
        "fn a(name: &str) { tracing::info!(count = name.len(), reason = code.as_str(), \"left out\"); }",
        "fn a() { tracing::info!(count, %reason, \"{{left}} out\"); metrics::gauge!(*all, \"org\" => id).set(1); }",
        "fn a() { tracing::info!(reason = Reason::value, \"left out\"); }",
    ] {
        assert_eq!(found(sound), Vec::<String>::new(), "{sound}");
    }
}

#[test]
fn panics_and_errors_made_of_texts() {
    for (leak, key) in [
        ("fn a() { panic!(\"not {family}\"); }", "panic!"),
        ("fn a() { assert!(known, \"not {}\", person); }", "assert!"),
        ("fn a() { assert_eq!(one, other); }", "assert_eq!"),
        ("fn a(name: &str) -> R { Err(Error::Invalid(format!(\"not {name}\"))) }", "name"),
        ("fn a() -> R { b().map_err(|_| Failure::new(format!(\"in {}\", resource.to_json()))) }", "resource"),
        ("fn a() -> R { return Err(ParseError(format!(\"{:?}\", patient.family))); }", "family"),
    ] {
        assert!(found(leak).contains(&key.to_owned()), "{leak}: {:?}", found(leak));
    }
    for sound in [
        "fn a(name: &str) -> String { let path = format!(\"a/{name}\"); path }",
        "fn a(name: &str) -> R { Err(Error::Invalid(format!(\"{} bytes\", name.len()))) }",
        "fn a() { assert!(count > 0, \"nothing there\"); debug_assert!(count > 0); }",
        "#[test] fn a() { assert_eq!(one, other); } fn b() {}",
    ] {
        assert_eq!(found(sound), Vec::<String>::new(), "{sound}");
    }
}

#[test]
fn what_is_allowed_has_a_reason_and_is_needed() {
    let leak = "#[derive(Debug)] struct Person { family: String }";
    assert_eq!(found_with(leak, "# nobody's data, only a name of a file\na.rs Person"), Vec::<String>::new());
    assert_eq!(found_with(leak, "# nobody's data, only a name of a file\nb.rs Person").len(), 2);
    let needless = check(&[], "# nobody's data, only a name of a file\na.rs Person").unwrap();
    assert_eq!(needless, ["phi.allowed, line 2: a.rs Person allows nothing"]);
    for bad in
        ["a.rs Person", "# no\na.rs Person", "# nobody's data\n\na.rs Person", "# nobody's data\na.rs A A"]
    {
        assert!(check(&[], bad).is_err(), "{bad}");
    }
}

#[test]
fn the_lexer_finds_its_way_through_any_source() {
    let odd = "let a = 'x'; let b = '\\''; let c = b\"\\\"\"; fn f<'a>(x: &'a str) {} /* /* */ \" */ let d = r##\"\"#\"##; 1..2";
    let texts: Vec<&str> = super::lexer::tokens(odd).iter().map(|token| token.text).collect();
    for wanted in ["'x'", "'\\''", "b\"\\\"\"", "'a", "r##\"\"#\"##", "1", "2"] {
        assert!(texts.contains(&wanted), "{wanted}: {texts:?}");
    }
    let source = include_str!("lexer.rs");
    for end in (0..source.len()).filter(|end| source.is_char_boundary(*end)).step_by(7) {
        let _ = check(&[("a.rs".to_owned(), source.get(..end).unwrap().to_owned())], "").unwrap();
    }
}
