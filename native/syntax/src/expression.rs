//! What stands between `{{` and `}}`, and each argument of a tag: `FilterExpression` and `Variable`
//! of `django/template/base.py`. Takes text, gives `ast::FilterExpression`.

use std::borrow::Cow;

use crate::ast::{
    FilterCall, FilterExpression, FilterId, Name, Operand, Path, Position, Variable, VariableId,
};
use crate::reason::{Error, Reason};
use crate::unicode::{Class, is_decimal, is_word, run_length, strip_start};
use crate::words::quoted_length;

/// Python refuses longer literals under its strictest `sys.set_int_max_str_digits`.
const MAX_DIGITS: usize = 640;

/// Of the names in `a.b.c`.
const MAX_PATH: usize = 100;

/// Numbers variables and knows filters, for the expressions of one template.
pub(crate) trait Names {
    fn variable(&self) -> VariableId;

    /// The filter, and whether it is Django's own of that name.
    fn filter(&self, name: &str, arguments: usize, at: Position)
    -> Result<(FilterId, bool), Error>;
}

/// As `FilterExpression(text, parser)`; `at` is the token that holds the text.
pub(crate) fn parse(
    text: &str,
    at: Position,
    names: &impl Names,
) -> Result<FilterExpression, Error> {
    let mut scanner = Scanner {
        rest: text,
        text,
        at,
        names,
    };
    let head = scanner
        .operand()?
        .ok_or_else(|| scanner.error(Reason::BadExpression))?;
    let mut filters = Vec::new();
    while !scanner.rest.is_empty() {
        filters.push(scanner.filter()?);
    }
    Ok(FilterExpression { head, filters })
}

struct Scanner<'s, N> {
    rest: &'s str,
    text: &'s str,
    at: Position,
    names: &'s N,
}

impl<'s, N: Names> Scanner<'s, N> {
    fn filter(&mut self) -> Result<FilterCall, Error> {
        let after_pipe = strip_start(self.rest).strip_prefix('|');
        let rest = after_pipe.ok_or_else(|| self.error(Reason::BadExpression))?;
        self.rest = strip_start(rest);
        let name = self.take(Class::Word);
        if name.is_empty() {
            return Err(self.error(Reason::BadExpression));
        }
        let argument = self.argument()?;
        let arguments = usize::from(argument.is_some());
        let (id, native) = self.names.filter(name, arguments, self.at)?;
        Ok(FilterCall {
            name: name.into(),
            id,
            native,
            argument,
        })
    }

    fn argument(&mut self) -> Result<Option<Operand>, Error> {
        let Some(rest) = self.rest.strip_prefix(':') else {
            return Ok(None);
        };
        self.rest = rest;
        let operand = self.operand()?;
        operand
            .map(Some)
            .ok_or_else(|| self.error(Reason::BadExpression))
    }

    /// `constant_string`, or variable characters; `None` when neither stands here.
    fn operand(&mut self) -> Result<Option<Operand>, Error> {
        match self.rest.as_bytes() {
            [b'"' | b'\'', ..] | [b'_', b'(', ..] => Ok(self.literal()),
            [b'+' | b'-', ..] => self.signed_number().map(Some),
            _ => match self.take(Class::Path) {
                "" => Ok(None),
                word => self.unsigned(word).map(Some),
            },
        }
    }

    fn literal(&mut self) -> Option<Operand> {
        let translated = self.rest.starts_with("_(");
        let text = if translated {
            &self.rest[2..]
        } else {
            self.rest
        };
        let (quoted, rest) = text.split_at(quoted_length(text)?);
        self.rest = if translated {
            rest.strip_prefix(')')?
        } else {
            rest
        };
        Some(Operand::Text {
            text: unescape(quoted).into(),
            translated,
        })
    }

    /// Only the numbers that the expressions of Django 5.2 (`num`) and of 6.0 both admit.
    fn signed_number(&mut self) -> Result<Operand, Error> {
        let digits = self.rest[1..].find(|c| !(c == '.' || c == 'e' || is_decimal(c)));
        let (number, rest) = self
            .rest
            .split_at(digits.map_or(self.rest.len(), |length| length + 1));
        self.rest = rest;
        let continues = rest.starts_with(|c| is_word(c) || matches!(c, '.' | '+' | '-'));
        if continues || !number[1..].starts_with(is_decimal) {
            return Err(self.error(Reason::OddNumber));
        }
        self.number(number)?
            .ok_or_else(|| self.error(Reason::OddNumber))
    }

    fn unsigned(&self, word: &str) -> Result<Operand, Error> {
        // Django 6.0 counts signs to the word: `1e-3` is a number there, and an error in 5.2.
        if self.rest.starts_with(['+', '-']) {
            return Err(self.error(Reason::OddNumber));
        }
        if !may_be_number(word) {
            return self.variable(word);
        }
        self.number(word)?.map_or_else(|| self.variable(word), Ok)
    }

    /// `None` when Python's `int()` or `float()` would raise `ValueError`.
    fn number(&self, word: &str) -> Result<Option<Operand>, Error> {
        if word.len() > MAX_DIGITS {
            return Err(self.error(Reason::OddNumber));
        }
        Ok(if word.contains(['.', 'e', 'E']) {
            is_float(word).then(|| Operand::Float(word.into()))
        } else {
            is_int(word).then(|| Operand::Int(word.into()))
        })
    }

    fn variable(&self, word: &str) -> Result<Operand, Error> {
        let mut path = Path::new();
        let mut start = 0;
        for (at, byte) in word.bytes().enumerate() {
            if byte == b'.' {
                if at == start && start > 0 {
                    return Err(self.error(Reason::DoubleDot));
                }
                path.push(self.name(&word[start..at])?);
                start = at + 1;
            }
        }
        path.push(self.name(&word[start..])?);
        if path.len() > MAX_PATH {
            return Err(self.error(Reason::TooDeep));
        }
        Ok(Operand::Variable(Variable {
            id: self.names.variable(),
            translated: false,
            path,
        }))
    }

    fn name(&self, name: &str) -> Result<Name, Error> {
        if name.starts_with('_') {
            Err(self.error(Reason::Underscore))
        } else {
            Ok(name.into())
        }
    }

    fn take(&mut self, class: Class) -> &'s str {
        let (taken, rest) = self.rest.split_at(run_length(self.rest, class));
        self.rest = rest;
        taken
    }

    #[cold]
    fn error(&self, reason: Reason) -> Error {
        Error::new(reason, self.at, self.text)
    }
}

/// As `unescape_string_literal(quoted)`.
fn unescape(quoted: &str) -> Cow<'_, str> {
    let inner = &quoted[1..quoted.len() - 1];
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let quote = &quoted[..1];
    Cow::Owned(
        inner
            .replace(&format!("\\{quote}"), quote)
            .replace("\\\\", "\\"),
    )
}

fn may_be_number(word: &str) -> bool {
    word.starts_with(|c| c == '.' || is_decimal(c))
}

/// As `int(text)` accepts it: digits with single underscores between them.
fn is_int(text: &str) -> bool {
    is_digits(text.strip_prefix(['+', '-']).unwrap_or(text))
}

/// As `float(text)` accepts it, for texts that have a period or an exponent.
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    exponent.is_none_or(is_int) && is_mantissa(mantissa) && !text.ends_with('.')
}

fn is_mantissa(text: &str) -> bool {
    match text.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, "")) => is_digits(whole),
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(text),
    }
}

fn is_digits(text: &str) -> bool {
    text.split('_')
        .all(|group| !group.is_empty() && group.chars().all(is_decimal))
}
