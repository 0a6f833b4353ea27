//! The smart `if`: words of the tag to `ast::Condition`, by the top-down parser of
//! `django/template/smartif.py`.

use crate::ast::{Condition, FilterExpression, Operator};

/// More than this, and Django itself may meet Python's recursion limit when it evaluates.
const MAX_OPERATORS: usize = 200;

#[derive(Debug, PartialEq)]
pub(crate) enum Malformed {
    Grammar,
    TooDeep,
}

pub(crate) enum ConditionToken {
    Value(FilterExpression),
    Not,
    Infix(Operator),
}

impl ConditionToken {
    /// `OPERATORS` of smartif.py, with `is not` and `not in` already joined.
    pub(crate) fn operator(word: &str, next: Option<&str>) -> Option<(Self, usize)> {
        use Operator::*;
        let infix = match (word, next) {
            ("is", Some("not")) => return Some((Self::Infix(IsNot), 2)),
            ("not", Some("in")) => return Some((Self::Infix(NotIn), 2)),
            ("not", _) => return Some((Self::Not, 1)),
            ("or", _) => Or,
            ("and", _) => And,
            ("in", _) => In,
            ("is", _) => Is,
            ("==", _) => Equal,
            ("!=", _) => NotEqual,
            (">", _) => Greater,
            (">=", _) => GreaterEqual,
            ("<", _) => Less,
            ("<=", _) => LessEqual,
            _ => return None,
        };
        Some((Self::Infix(infix), 1))
    }
}

fn left_binding_power(token: Option<&ConditionToken>) -> u8 {
    use Operator::*;
    match token {
        None | Some(ConditionToken::Value(_)) => 0,
        Some(ConditionToken::Not) => NOT,
        Some(ConditionToken::Infix(operator)) => match operator {
            Or => 6,
            And => 7,
            In | NotIn => 9,
            Is | IsNot | Equal | NotEqual | Greater | GreaterEqual | Less | LessEqual => 10,
        },
    }
}

const NOT: u8 = 8;

/// As `IfParser(tokens).parse()`.
pub(crate) fn parse(tokens: Vec<ConditionToken>) -> Result<Condition, Malformed> {
    let operators = tokens
        .iter()
        .filter(|token| !matches!(token, ConditionToken::Value(_)));
    if operators.count() > MAX_OPERATORS {
        return Err(Malformed::TooDeep);
    }
    let mut tokens = tokens.into_iter().peekable();
    let condition = expression(&mut tokens, 0)?;
    if tokens.peek().is_some() {
        Err(Malformed::Grammar)
    } else {
        Ok(condition)
    }
}

type Tokens = std::iter::Peekable<std::vec::IntoIter<ConditionToken>>;

fn expression(tokens: &mut Tokens, right_binding_power: u8) -> Result<Condition, Malformed> {
    let mut left = match tokens.next() {
        Some(ConditionToken::Value(value)) => Condition::Value(value),
        Some(ConditionToken::Not) => Condition::Not(Box::new(expression(tokens, NOT)?)),
        Some(ConditionToken::Infix(_)) | None => return Err(Malformed::Grammar),
    };
    loop {
        let power = left_binding_power(tokens.peek());
        if power <= right_binding_power {
            return Ok(left);
        }
        let Some(ConditionToken::Infix(operator)) = tokens.next() else {
            return Err(Malformed::Grammar);
        };
        let right = expression(tokens, power)?;
        left = Condition::Binary(operator, Box::new(left), Box::new(right));
    }
}
