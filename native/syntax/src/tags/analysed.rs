//! Tags of which nothing is known, for the usage analysis alone: the words are read as values, and
//! what stands between the tag and its end tag, if it has one, as its body.

use super::tag_parser::TagParser;
use crate::ast::{BodyId, FilterExpression, Foreign, ForeignId, NodeKind, Operand};
use crate::lexer::{Token, TokenType};
use crate::parser::{Host, Parser};
use crate::reason::{Error, Reason};
use crate::unicode::is_space;
use crate::words::{Word, split_keyword};

/// Words of which no tag makes a value.
const KEYWORDS: [&str; 14] = [
    "and", "as", "by", "context", "for", "from", "in", "noop", "not", "off", "on", "only", "or",
    "with",
];

/// The words that read as expressions of variables; `as name` binds, and is not read.
fn expressions<H: Host>(tag: &TagParser<'_, H>, words: &[Word<'_>]) -> Vec<FilterExpression> {
    let mut expressions = Vec::new();
    let mut previous = "";
    for word in words {
        if previous != "as" && !KEYWORDS.contains(&word.as_ref()) {
            let expression = tag.expression(split_keyword(word).1);
            expressions.extend(expression.ok().filter(holds_variable));
        }
        previous = word;
    }
    expressions
}

fn holds_variable(expression: &FilterExpression) -> bool {
    let arguments = expression
        .filters
        .iter()
        .filter_map(|call| call.argument.as_ref());
    let mut operands = std::iter::once(&expression.head).chain(arguments);
    operands.any(|operand| matches!(operand, Operand::Variable(_)))
}

pub(crate) fn parse<H: Host>(
    command: &str,
    parser: &Parser<H>,
    token: &Token,
) -> Result<NodeKind, Error> {
    let tag = &TagParser { parser, token };
    let words = tag.words()?;
    let arguments = expressions(tag, words.get(1..).unwrap_or_default());
    let end = format!("end{command}");
    let bodies = if is_closed(tag, command, &end) {
        bodies(tag, &end)?
    } else {
        Vec::new()
    };
    let (id, tag) = (ForeignId(0), command.into());
    Ok(NodeKind::Foreign(Box::new(Foreign {
        id,
        tag,
        opaque: false,
        arguments,
        bodies,
        call: None,
    })))
}

fn bodies<H: Host>(tag: &TagParser<'_, H>, end: &str) -> Result<Vec<BodyId>, Error> {
    let until = [end, "else", "elif", "empty", "plural"].map(str::to_owned);
    let mut bodies = Vec::new();
    loop {
        bodies.push(tag.parser.parse_body(&until)?);
        match tag.parser.next_token() {
            Some(stop) if is_tag(tag, &stop, end) => return Ok(bodies),
            Some(_) => {}
            None => return Err(tag.error(Reason::UnclosedTag)),
        }
    }
}

/// Whether the end tag that belongs to this tag follows.
fn is_closed<H: Host>(tag: &TagParser<'_, H>, command: &str, end: &str) -> bool {
    let mut open = 0_u32;
    for token in &tag.parser.tokens()[tag.parser.position()..] {
        if is_tag(tag, token, command) {
            open += 1;
        } else if is_tag(tag, token, end) {
            match open.checked_sub(1) {
                Some(left) => open = left,
                None => return true,
            }
        }
    }
    false
}

fn is_tag<H: Host>(tag: &TagParser<'_, H>, token: &Token, command: &str) -> bool {
    let rest = tag.contents_of(token).strip_prefix(command);
    token.kind == TokenType::Block
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(is_space))
}
