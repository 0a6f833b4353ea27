//! What the grammars share: the token's words, its expressions, its bodies, and `token_kwargs`.

use crate::ast::{FilterExpression, Name, NodeList};
use crate::lexer::Token;
use crate::parser::{Host, Parser};
use crate::reason::{Error, Reason};
use crate::words::{Word, Words, split_contents, split_keyword};

/// A tag's grammar reads its token through this.
pub(super) struct TagParser<'p, H: Host> {
    pub(super) parser: &'p Parser<H>,
    pub(super) token: &'p Token,
}

impl<'p, H: Host> TagParser<'p, H> {
    pub(super) fn contents(&self) -> &'p str {
        self.token.contents(self.parser.source())
    }

    pub(super) fn words(&self) -> Result<Words<'p>, Error> {
        self.words_of(self.token)
    }

    pub(super) fn words_of(&self, token: &Token) -> Result<Words<'p>, Error> {
        let words = split_contents(token.contents(self.parser.source()));
        words.ok_or_else(|| self.error(Reason::UnclosedTranslation))
    }

    pub(super) fn expression(&self, text: &str) -> Result<FilterExpression, Error> {
        self.parser
            .parse_filter_expression(text, self.token.position())
    }

    pub(super) fn expressions(&self, words: &[Word<'p>]) -> Result<Vec<FilterExpression>, Error> {
        words.iter().map(|word| self.expression(word)).collect()
    }

    /// The nodes before the first tag named in `until`, and that tag's token, consumed.
    pub(super) fn body(&self, until: &[&str]) -> Result<(NodeList, Token), Error> {
        let nodes = self.parser.parse_nodes(until)?;
        let end = self
            .parser
            .next_token()
            .ok_or_else(|| self.error(Reason::UnclosedTag))?;
        Ok((nodes, end))
    }

    /// As `token_kwargs(words, parser, support_legacy)`: the bindings, and the words after them.
    pub(super) fn bindings<'w>(
        &self,
        words: &'w [Word<'p>],
        legacy: bool,
    ) -> Result<(Bindings, &'w [Word<'p>]), Error> {
        match words {
            [first, ..] if split_keyword(first).0.is_some() => self.keyword_bindings(words),
            [_, keyword, _, ..] if legacy && keyword == "as" => self.legacy_bindings(words),
            _ => Ok((Vec::new(), words)),
        }
    }

    /// `a=b c=d`
    fn keyword_bindings<'w>(
        &self,
        mut words: &'w [Word<'p>],
    ) -> Result<(Bindings, &'w [Word<'p>]), Error> {
        let mut bindings = Vec::new();
        while let [word, rest @ ..] = words {
            let (Some(name), value) = split_keyword(word) else {
                break;
            };
            bind(&mut bindings, name, self.expression(value)?);
            words = rest;
        }
        Ok((bindings, words))
    }

    /// `b as a and d as c`; an `and` with nothing after it is taken.
    fn legacy_bindings<'w>(
        &self,
        mut words: &'w [Word<'p>],
    ) -> Result<(Bindings, &'w [Word<'p>]), Error> {
        let mut bindings = Vec::new();
        while let [value, keyword, name, rest @ ..] = words {
            if keyword != "as" {
                break;
            }
            bind(&mut bindings, name, self.expression(value)?);
            words = rest;
            match words {
                [and, rest @ ..] if and == "and" => words = rest,
                _ => break,
            }
        }
        Ok((bindings, words))
    }

    /// `Context.push(**bindings)` has parameters of its own.
    pub(super) fn check_pushed(&self, bindings: &Bindings) -> Result<(), Error> {
        match bindings
            .iter()
            .find(|(name, _)| matches!(&**name, "self" | "context"))
        {
            Some(_) => Err(self.error(Reason::ReservedName)),
            None => Ok(()),
        }
    }

    pub(super) fn contents_of(&self, token: &Token) -> &'p str {
        token.contents(self.parser.source())
    }

    #[cold]
    pub(super) fn error(&self, reason: Reason) -> Error {
        Error::new(reason, self.token.position(), self.contents())
    }
}

pub(super) type Bindings = Vec<(Name, FilterExpression)>;

/// As `bindings[name] = value` of a dict: a repeated name keeps its place and takes the new value.
pub(super) fn bind(bindings: &mut Bindings, name: &str, value: FilterExpression) {
    match bindings.iter_mut().find(|(bound, _)| **bound == *name) {
        Some((_, bound)) => *bound = value,
        None => bindings.push((name.into(), value)),
    }
}
