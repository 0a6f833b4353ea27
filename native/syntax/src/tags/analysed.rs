//! Tags that are not native, for the usage analysis alone: native nodes that read the same stand for
//! them. Known are Django's own; of any other tag the words are read as values, and what stands
//! between it and its end tag, if it has one, as its body.

use super::tag_parser::TagParser;
use crate::ast::{
    BodyId, FilterCall, FilterExpression, FilterId, Foreign, ForeignId, Node, NodeKind, NodeList,
    Operand,
};
use crate::lexer::{Token, TokenType};
use crate::parser::{Host, Parser};
use crate::reason::{Error, Reason};
use crate::unicode::{is_space, strip};
use crate::words::{Word, Words, split_keyword};

/// Words of which no tag makes a value.
const KEYWORDS: [&str; 14] = [
    "and", "as", "by", "context", "for", "from", "in", "noop", "not", "off", "on", "only", "or",
    "with",
];

pub(crate) fn parse<H: Host, S: AsRef<str>>(
    command: &str,
    parser: &Parser<H>,
    token: &Token,
    until: &[S],
) -> Result<NodeKind, Error> {
    let tag = &TagParser { parser, token };
    match command {
        "cache" | "partialdef" => block(tag, command, &value_words(command, tag.words()?)),
        "lorem" | "querystring" | "widthratio" => {
            Ok(values(tag, &value_words(command, tag.words()?)))
        }
        "debug" | "partial" | "templatetag" => Ok(NodeKind::Nothing),
        "filter" => filter(tag),
        "regroup" => regroup(tag, until),
        _ => unknown(tag, command),
    }
}

/// The words that may be values: not the tag's name, nor the names and modes that some tags take.
fn value_words<'p>(command: &str, mut words: Words<'p>) -> Words<'p> {
    match command {
        "cache" if words.len() > 2 => drop(words.remove(2)),
        "lorem" => words.retain(|word| !matches!(word.as_ref(), "w" | "p" | "b" | "random")),
        "partialdef" => words.truncate(1),
        _ => {}
    }
    words.remove(0);
    words
}

/// `{% cache 500 name vary %}…{% endcache %}` and the like: values, then a body.
fn block<H: Host>(
    tag: &TagParser<'_, H>,
    command: &str,
    words: &[Word<'_>],
) -> Result<NodeKind, Error> {
    let read = Node {
        at: tag.token.position(),
        kind: values(tag, words),
    };
    let (mut body, _) = tag.body(&[format!("end{command}").as_str()])?;
    body.insert(0, read);
    Ok(group(body))
}

/// A node that renders its nodes, and reads nothing itself.
fn group(body: NodeList) -> NodeKind {
    NodeKind::AutoEscape { on: true, body }
}

fn values<H: Host>(tag: &TagParser<'_, H>, words: &[Word<'_>]) -> NodeKind {
    NodeKind::FirstOf {
        values: expressions(tag, words),
        variable: None,
    }
}

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

/// `{% filter f|g:x %}`: the filters are applied to the body's text.
fn filter<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let filters = tag.contents().strip_prefix("filter").unwrap_or_default();
    let mut filtered = tag.expression(&format!("text|{}", strip(filters)))?;
    filtered.head = Operand::Text {
        text: "".into(),
        translated: false,
    };
    let (mut body, _) = tag.body(&["endfilter"])?;
    body.push(Node {
        at: tag.token.position(),
        kind: NodeKind::Variable(filtered),
    });
    Ok(group(body))
}

/// What follows is in the scope of the new name, to the end of the nodelist.
fn regroup<H: Host, S: AsRef<str>>(tag: &TagParser<'_, H>, until: &[S]) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let [_, target, by, attribute, keyword, name] = &words[..] else {
        return Err(tag.error(Reason::BadArguments));
    };
    if by != "by" || keyword != "as" {
        return Err(tag.error(Reason::BadArguments));
    }
    let mut target = tag.expression(target)?;
    let text = attribute.split('|').next().unwrap_or_default().into();
    let argument = Some(Operand::Text {
        text,
        translated: false,
    });
    let id = FilterId(u32::MAX);
    target.filters.push(FilterCall {
        name: FilterCall::REGROUP.into(),
        id,
        native: true,
        argument,
    });
    let body = tag.parser.parse_nodes(until)?;
    Ok(NodeKind::With {
        bindings: vec![(name.as_ref().into(), target)],
        body,
    })
}

fn unknown<H: Host>(tag: &TagParser<'_, H>, command: &str) -> Result<NodeKind, Error> {
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
