//! Tags that are not native, for the usage analysis alone: native nodes that read the same stand for
//! them. Known are Django's own; of any other tag the words are read as values, and what stands
//! between it and its end tag, if it has one, as its body.

use super::tag_parser::{Bindings, TagParser, bind};
use crate::ast::{
    FilterCall, FilterExpression, FilterId, Foreign, ForeignId, Node, NodeKind, NodeList, Operand,
};
use crate::lexer::{Token, TokenType};
use crate::parser::{Host, Parser};
use crate::reason::{Error, Reason};
use crate::unicode::{is_space, is_word};
use crate::words::{Word, split_keyword};

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
        "blocktranslate" | "blocktrans" => block_translate(tag, command),
        "cache" => {
            let words = without(&tag.words()?, 2);
            block(tag, command, &words)
        }
        "filter" => filter(tag),
        "language" | "timezone" => {
            let words = tag.words()?;
            block(tag, command, &words[1..])
        }
        "get_language_info"
        | "get_language_info_list"
        | "querystring"
        | "trans"
        | "translate"
        | "widthratio" => {
            let words = tag.words()?;
            Ok(values(tag, &words[1..]))
        }
        "localize" | "localtime" | "partialdef" => block(tag, command, &[]),
        "debug" | "partial" | "templatetag" => Ok(NodeKind::Nothing),
        "lorem" => {
            let words = tag.words()?;
            let count = words
                .get(1)
                .filter(|word| !matches!(word.as_ref(), "w" | "p" | "b" | "random"));
            Ok(values(
                tag,
                count.map(std::slice::from_ref).unwrap_or_default(),
            ))
        }
        "regroup" => regroup(tag, until),
        _ => unknown(tag, command),
    }
}

/// Words after the tag's name, but for the one at `skipped`.
fn without<'p>(words: &[Word<'p>], skipped: usize) -> Vec<Word<'p>> {
    let kept = words
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(index, _)| *index != skipped);
    kept.map(|(_, word)| word.clone()).collect()
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

/// The words that read as expressions; `as name` binds, and is not read.
fn expressions<H: Host>(tag: &TagParser<'_, H>, words: &[Word<'_>]) -> Vec<FilterExpression> {
    let mut expressions = Vec::new();
    let mut previous = "";
    for word in words {
        if previous != "as" && !KEYWORDS.contains(&word.as_ref()) {
            expressions.extend(tag.expression(split_keyword(word).1));
        }
        previous = word;
    }
    expressions
}

/// `{% filter f|g:x %}`: the filters are applied to the body's text.
fn filter<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let filters = tag.contents().trim_start_matches("filter").trim_start();
    let mut filtered = tag.expression(&format!("text|{filters}"))?;
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

/// `with` and `count` bind names for the message; `context` is a value.
fn block_translate<H: Host>(tag: &TagParser<'_, H>, command: &str) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let mut bindings = Bindings::new();
    let mut read = Vec::new();
    let mut rest = &words[1..];
    while let [option, after @ ..] = rest {
        rest = after;
        match (option.as_ref(), after) {
            ("with" | "count", _) => {
                let (bound, after) = tag.bindings(after, true)?;
                bound
                    .into_iter()
                    .for_each(|(name, value)| bind(&mut bindings, &name, value));
                rest = after;
            }
            ("context", [value, after @ ..]) => {
                read.push(tag.expression(value)?);
                rest = after;
            }
            ("asvar", [_, after @ ..]) => rest = after,
            ("trimmed", _) => {}
            _ => return Err(tag.error(Reason::BadArguments)),
        }
    }
    let body = message(tag, &format!("end{command}"))?;
    let read = NodeKind::FirstOf {
        values: read,
        variable: None,
    };
    let at = tag.token.position();
    let with = NodeKind::With { bindings, body };
    Ok(group(vec![
        Node { at, kind: read },
        Node { at, kind: with },
    ]))
}

/// Variables of a message: plain names, looked up whole.
fn message<H: Host>(tag: &TagParser<'_, H>, end: &str) -> Result<NodeList, Error> {
    let mut nodes = NodeList::new();
    while let Some(token) = tag.parser.next_token() {
        let contents = tag.contents_of(&token);
        match token.kind {
            TokenType::Var if !contents.is_empty() && contents.chars().all(is_word) => {
                let kind = NodeKind::Variable(tag.expression(contents)?);
                nodes.push(Node {
                    at: token.position(),
                    kind,
                });
            }
            TokenType::Block if contents == end => return Ok(nodes),
            TokenType::Block if contents != "plural" => {
                return Err(Error::new(Reason::BadEndTag, token.position(), contents));
            }
            _ => {}
        }
    }
    Err(tag.error(Reason::UnclosedTag))
}

fn unknown<H: Host>(tag: &TagParser<'_, H>, command: &str) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let arguments = expressions(tag, words.get(1..).unwrap_or_default());
    let end = format!("end{command}");
    let mut bodies = Vec::new();
    if is_closed(tag, command, &end) {
        let until = [
            end.clone(),
            "else".into(),
            "elif".into(),
            "empty".into(),
            "plural".into(),
        ];
        loop {
            bodies.push(tag.parser.parse_body(&until)?);
            let stop = tag
                .parser
                .next_token()
                .ok_or_else(|| tag.error(Reason::UnclosedTag))?;
            if is_tag(tag, &stop, &end) {
                break;
            }
        }
    }
    Ok(NodeKind::Foreign(Box::new(Foreign {
        id: ForeignId(0),
        tag: command.into(),
        opaque: false,
        arguments,
        bodies,
    })))
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
