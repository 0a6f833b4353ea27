//! What a foreign tag reads, as far as its words tell.

use crate::ast::{FilterExpression, FilterId, Position, VariableId};
use crate::expression::{self, Names};
use crate::lexer::Token;
use crate::parser::{Host, Parser};
use crate::reason::Error;
use crate::words::{split_contents, split_keyword};

/// The words of a foreign tag that read as expressions, for the usage analysis alone: neither a
/// mistake nor an unknown filter is one here, because the tag's own grammar may differ.
pub(crate) fn arguments<H: Host>(parser: &Parser<H>, token: &Token) -> Vec<FilterExpression> {
    let names = Unchecked(parser);
    let words = split_contents(token.contents(parser.source())).unwrap_or_default();
    let values = words.iter().skip(1).map(|word| split_keyword(word).1);
    values
        .filter_map(|value| expression::parse(value, token.position(), &names).ok())
        .collect()
}

/// Filters that nobody looks up.
struct Unchecked<'p, H: Host>(&'p Parser<H>);

impl<H: Host> Names for Unchecked<'_, H> {
    fn variable(&self) -> VariableId {
        self.0.variable()
    }

    fn filter(
        &self,
        _name: &str,
        _arguments: usize,
        _at: Position,
    ) -> Result<(FilterId, bool), Error> {
        Ok((FilterId(u32::MAX), false))
    }
}
