//! From tokens to an [`Expression`], by the precedence of the operators.

use super::error::{FhirPathError, FhirPathReason};
use super::expression::{Equality, Expression, Order, Sum, Variable};
use super::function::Function;
use super::node::Member;
use super::token::{Token, TokenKind, tokens};
use super::types::TypeName;
use crate::resource::is_type_name;

type Parsed<T> = Result<T, FhirPathError>;

/// Compiles a text.
pub(super) fn parse(text: &str) -> Parsed<Expression> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, end: text.len(), nested: 0 };
    let parsed = parser.expression(0)?;
    parser.expect_end()?;
    Ok(parsed.expression)
}

/// An expression and how many levels it has: evaluation recurses once a level.
struct Built {
    expression: Expression,
    levels: usize,
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    end: usize,
    nested: usize,
}

/// An infix operator, by how tightly it binds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Infix {
    Implies,
    Or,
    Xor,
    And,
    In,
    Contains,
    Equal(Equality),
    Order(Order),
    Union,
    Is,
    As,
    Sum(Sum),
}

impl Infix {
    fn of(token: &TokenKind) -> Option<Self> {
        let equal = |negated, equivalent| Self::Equal(Equality { negated, equivalent });
        Some(match token {
            TokenKind::Word(word) => match word.as_str() {
                "implies" => Self::Implies,
                "or" => Self::Or,
                "xor" => Self::Xor,
                "and" => Self::And,
                "in" => Self::In,
                "contains" => Self::Contains,
                "is" => Self::Is,
                "as" => Self::As,
                _ => return None,
            },
            TokenKind::Symbol(symbol) => match *symbol {
                "=" => equal(false, false),
                "!=" => equal(true, false),
                "~" => equal(false, true),
                "!~" => equal(true, true),
                "<" => Self::Order(Order::Less),
                "<=" => Self::Order(Order::LessOrEqual),
                ">" => Self::Order(Order::Greater),
                ">=" => Self::Order(Order::GreaterOrEqual),
                "|" => Self::Union,
                "+" => Self::Sum(Sum::Add),
                "-" => Self::Sum(Sum::Subtract),
                "&" => Self::Sum(Sum::Concatenate),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn precedence(self) -> u8 {
        match self {
            Self::Implies => 1,
            Self::Or | Self::Xor => 2,
            Self::And => 3,
            Self::In | Self::Contains => 4,
            Self::Equal(_) => 5,
            Self::Order(_) => 6,
            Self::Union => 7,
            Self::Is | Self::As => 8,
            Self::Sum(_) => 9,
        }
    }

    /// Whether `left` is a node of this operator, which takes one more operand.
    fn extends(self, left: &Expression) -> bool {
        matches!(
            (self, left),
            (Self::And, Expression::And(_))
                | (Self::Or, Expression::Or(_))
                | (Self::Union, Expression::Union(_))
        )
    }

    fn join(self, left: Expression, right: Expression) -> Expression {
        let extends = self.extends(&left);
        match self {
            Self::And => many(left, right, Expression::And, extends),
            Self::Or => many(left, right, Expression::Or, extends),
            Self::Union => many(left, right, Expression::Union, extends),
            Self::Implies => Expression::Implies(left.into(), right.into()),
            Self::Xor => Expression::Xor(left.into(), right.into()),
            Self::In => Expression::In(left.into(), right.into()),
            Self::Contains => Expression::In(right.into(), left.into()),
            Self::Equal(equality) => Expression::Equal(left.into(), right.into(), equality),
            Self::Order(order) => Expression::Order(left.into(), right.into(), order),
            Self::Sum(sum) => Expression::Sum(left.into(), right.into(), sum),
            // Their right side is a type, which is read elsewhere.
            Self::Is | Self::As => left,
        }
    }
}

/// `a or b or c` is one node.
fn many(
    left: Expression,
    right: Expression,
    node: fn(Vec<Expression>) -> Expression,
    extends: bool,
) -> Expression {
    match left {
        Expression::And(mut list) | Expression::Or(mut list) | Expression::Union(mut list) if extends => {
            list.push(right);
            node(list)
        }
        left => node(vec![left, right]),
    }
}

impl Parser {
    /// An expression whose operators bind more tightly than `least`.
    fn expression(&mut self, least: u8) -> Parsed<Built> {
        self.nested += 1;
        if self.nested > FhirPathError::MAX_DEPTH {
            return Err(self.fail(FhirPathReason::TooLarge));
        }
        let mut left = self.term()?;
        while let Some(infix) = self.infix().filter(|infix| infix.precedence() > least) {
            self.at += 1;
            left = self.right_side(left, infix)?;
        }
        self.nested -= 1;
        Ok(left)
    }

    fn infix(&self) -> Option<Infix> {
        self.peek().and_then(Infix::of)
    }

    fn right_side(&mut self, left: Built, infix: Infix) -> Parsed<Built> {
        if matches!(infix, Infix::Is | Infix::As) {
            let name = self.type_name()?;
            let levels = left.levels;
            let of = Box::new(left.expression);
            let expression =
                if infix == Infix::Is { Expression::Is(of, name) } else { Expression::As(of, name) };
            return self.built(expression, levels);
        }
        let right = self.expression(infix.precedence())?;
        let grows = infix.extends(&left.expression);
        let below = if grows { left.levels - 1 } else { left.levels };
        self.built(infix.join(left.expression, right.expression), below.max(right.levels))
    }

    /// A literal, a path, a call, or any of them with a sign.
    fn term(&mut self) -> Parsed<Built> {
        if self.takes("-") {
            let operand = self.nested_term()?;
            return self.built(Expression::Negative(operand.expression.into()), operand.levels);
        }
        if self.takes("+") {
            return self.nested_term();
        }
        let mut term = self.head()?;
        loop {
            term = if self.takes(".") {
                self.step(term)?
            } else if self.takes("[") {
                let index = self.expression(0)?;
                self.expect("]")?;
                let levels = term.levels.max(index.levels);
                self.built(Expression::Index(term.expression.into(), index.expression.into()), levels)?
            } else {
                return Ok(term);
            };
        }
    }

    fn nested_term(&mut self) -> Parsed<Built> {
        self.nested += 1;
        if self.nested > FhirPathError::MAX_DEPTH {
            return Err(self.fail(FhirPathReason::TooLarge));
        }
        let term = self.term()?;
        self.nested -= 1;
        Ok(term)
    }

    fn head(&mut self) -> Parsed<Built> {
        let start = self.at;
        let expression = match self.next()? {
            TokenKind::Symbol("(") => {
                let inner = self.expression(0)?;
                self.expect(")")?;
                return Ok(inner);
            }
            TokenKind::Symbol("{") => {
                self.expect("}")?;
                Expression::Nothing
            }
            TokenKind::Text(text) => Expression::Text(text.into()),
            TokenKind::Moment(text) => Expression::Moment(text.into()),
            TokenKind::Number(text) => self.number(text)?,
            TokenKind::Variable(name) => self.variable(&name)?,
            TokenKind::Special(name) if name == "this" => Expression::This,
            TokenKind::Special(name) => {
                return Err(self.fail_at(start, FhirPathReason::UnsupportedVariable(name)));
            }
            TokenKind::Word(word) if word == "true" || word == "false" => Expression::Bool(word == "true"),
            TokenKind::Word(word) if is_type_name(&word) && self.peek() != Some(&TokenKind::Symbol("(")) => {
                let name = TypeName::of(None, &word);
                let name = name.ok_or_else(|| self.fail_at(start, FhirPathReason::UnknownType(word)))?;
                Expression::As(Expression::This.into(), name)
            }
            TokenKind::Word(_) | TokenKind::Quoted(_) => {
                self.at = start;
                return self.step(Built { expression: Expression::This, levels: 1 });
            }
            TokenKind::Symbol(_) => return Err(self.fail_at(start, FhirPathReason::UnexpectedToken)),
        };
        Ok(Built { expression, levels: 1 })
    }

    fn number(&self, text: String) -> Parsed<Expression> {
        if matches!(self.peek(), Some(TokenKind::Text(_))) {
            return Err(self.fail(FhirPathReason::UnsupportedOperator("quantity".into())));
        }
        if text.contains('.') {
            return Ok(Expression::Decimal(text.into()));
        }
        text.parse()
            .map(Expression::Integer)
            .map_err(|_| self.fail_at(self.at - 1, FhirPathReason::InvalidLiteral))
    }

    fn variable(&self, name: &str) -> Parsed<Expression> {
        let within = |prefix: &str| name.strip_prefix(prefix);
        Ok(match name {
            "resource" => Expression::Variable(Variable::Resource),
            "rootResource" => Expression::Variable(Variable::RootResource),
            "context" => Expression::Variable(Variable::Context),
            "ucum" => Expression::Text("http://unitsofmeasure.org".into()),
            "sct" => Expression::Text("http://snomed.info/sct".into()),
            "loinc" => Expression::Text("http://loinc.org".into()),
            _ => match (within("vs-"), within("ext-")) {
                (Some(id), _) => Expression::Text(format!("http://hl7.org/fhir/ValueSet/{id}").into()),
                (_, Some(id)) => {
                    Expression::Text(format!("http://hl7.org/fhir/StructureDefinition/{id}").into())
                }
                _ => return Err(self.fail_at(self.at - 1, FhirPathReason::UnsupportedVariable(name.into()))),
            },
        })
    }

    /// A member or a call after its operand.
    fn step(&mut self, of: Built) -> Parsed<Built> {
        let start = self.at;
        match self.next()? {
            TokenKind::Word(name) if self.takes("(") => self.call(of, &name, start),
            TokenKind::Word(name) | TokenKind::Quoted(name) => {
                let member = Member::new(&name);
                self.built(Expression::Member(of.expression.into(), member), of.levels)
            }
            TokenKind::Special(name) if name == "this" => Ok(of),
            _ => Err(self.fail_at(start, FhirPathReason::UnexpectedToken)),
        }
    }

    fn call(&mut self, of: Built, name: &str, start: usize) -> Parsed<Built> {
        if let "is" | "as" | "ofType" = name {
            let type_name = self.type_name()?;
            self.expect(")")?;
            let operand = Box::new(of.expression);
            let expression = if name == "is" {
                Expression::Is(operand, type_name)
            } else {
                Expression::As(operand, type_name)
            };
            return self.built(expression, of.levels);
        }
        let mut arguments = self.arguments()?;
        let levels = arguments.iter().map(|argument| argument.levels).fold(of.levels, usize::max);
        let mut given = arguments.drain(..).map(|argument| argument.expression);
        let operand = Box::new(of.expression);
        let expression = match (name, given.len()) {
            ("matches", 1) => Expression::Matches(operand, self.pattern(given.next(), start)?),
            ("replaceMatches", 2) => {
                let pattern = self.pattern(given.next(), start)?;
                Expression::ReplaceMatches(
                    operand,
                    pattern,
                    given.next().unwrap_or(Expression::Nothing).into(),
                )
            }
            ("matches" | "replaceMatches", _) => {
                return Err(self.fail_at(start, FhirPathReason::Arguments(name.into())));
            }
            (_, count) => {
                let unsupported = || self.fail_at(start, FhirPathReason::UnsupportedFunction(name.into()));
                let (function, allowed) = Function::of(name).ok_or_else(unsupported)?;
                if !allowed.contains(&count) {
                    return Err(self.fail_at(start, FhirPathReason::Arguments(name.into())));
                }
                Expression::Call(operand, function, given.collect())
            }
        };
        self.built(expression, levels)
    }

    fn arguments(&mut self) -> Parsed<Vec<Built>> {
        let mut arguments = Vec::new();
        if self.takes(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression(0)?);
            if !self.takes(",") {
                self.expect(")")?;
                return Ok(arguments);
            }
        }
    }

    /// A regular expression: a literal, so that no resource can choose it.
    fn pattern(&self, argument: Option<Expression>, start: usize) -> Parsed<Box<regex_lite::Regex>> {
        let invalid = || self.fail_at(start, FhirPathReason::Pattern);
        let Some(Expression::Text(text)) = argument else { return Err(invalid()) };
        let pattern =
            regex_lite::RegexBuilder::new(&text).dot_matches_new_line(true).size_limit(1 << 20).build();
        pattern.map(Box::new).map_err(|_| invalid())
    }

    fn type_name(&mut self) -> Parsed<TypeName> {
        let start = self.at;
        let first = self.identifier()?;
        let (namespace, name) =
            if self.takes(".") { (Some(first), self.identifier()?) } else { (None, first) };
        TypeName::of(namespace.as_deref(), &name)
            .ok_or_else(|| self.fail_at(start, FhirPathReason::UnknownType(name)))
    }

    fn identifier(&mut self) -> Parsed<String> {
        let start = self.at;
        match self.next()? {
            TokenKind::Word(name) | TokenKind::Quoted(name) => Ok(name),
            _ => Err(self.fail_at(start, FhirPathReason::UnexpectedToken)),
        }
    }

    /// One level more than what it is made of.
    fn built(&self, expression: Expression, levels: usize) -> Parsed<Built> {
        if levels >= FhirPathError::MAX_DEPTH {
            return Err(self.fail(FhirPathReason::TooLarge));
        }
        Ok(Built { expression, levels: levels + 1 })
    }

    fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn next(&mut self) -> Parsed<TokenKind> {
        let kind = self.peek().cloned().ok_or_else(|| self.fail(FhirPathReason::UnexpectedEnd))?;
        self.at += 1;
        Ok(kind)
    }

    fn takes(&mut self, symbol: &str) -> bool {
        let there = matches!(self.peek(), Some(TokenKind::Symbol(found)) if *found == symbol);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.takes(symbol) {
            return Ok(());
        }
        Err(self.unexpected())
    }

    fn expect_end(&self) -> Parsed<()> {
        if self.at < self.tokens.len() { Err(self.unexpected()) } else { Ok(()) }
    }

    fn unexpected(&self) -> FhirPathError {
        self.fail(match self.peek() {
            Some(TokenKind::Symbol(operator @ ("*" | "/"))) => {
                FhirPathReason::UnsupportedOperator((*operator).into())
            }
            Some(TokenKind::Word(word)) if word == "div" || word == "mod" => {
                FhirPathReason::UnsupportedOperator(word.clone())
            }
            Some(_) => FhirPathReason::UnexpectedToken,
            None => FhirPathReason::UnexpectedEnd,
        })
    }

    fn fail(&self, reason: FhirPathReason) -> FhirPathError {
        self.fail_at(self.at, reason)
    }

    fn fail_at(&self, token: usize, reason: FhirPathReason) -> FhirPathError {
        FhirPathError::new(reason, self.tokens.get(token).map_or(self.end, |token| token.offset))
    }
}
