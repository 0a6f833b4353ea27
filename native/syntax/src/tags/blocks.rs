//! Grammar of the tags that enclose: `django/template/defaulttags.py`.

use super::tag_parser::TagParser;
use crate::ast::{Condition, FilterExpression, For, If, Name, NodeKind};
use crate::condition::{self, ConditionToken, Malformed};
use crate::lexer::{Span, Token, TokenType};
use crate::parser::Host;
use crate::reason::{Error, Reason};
use crate::unicode::split;
use crate::words::Word;

pub(super) fn parse_if<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let until = ["elif", "else", "endif"];
    let mut branches = Vec::new();
    let mut opening = *tag.token;
    loop {
        let condition = parse_condition(tag, &opening)?;
        let (body, end) = tag.body(&until)?;
        branches.push((condition, body));
        opening = end;
        if !tag.contents_of(&opening).starts_with("elif") {
            break;
        }
    }
    let mut otherwise = None;
    if tag.contents_of(&opening) == "else" {
        let (body, end) = tag.body(&["endif"])?;
        otherwise = Some(body);
        opening = end;
    }
    if tag.contents_of(&opening) != "endif" {
        return Err(Error::new(
            Reason::BadEndTag,
            opening.position(),
            tag.contents_of(&opening),
        ));
    }
    Ok(NodeKind::If(If {
        branches,
        otherwise,
    }))
}

fn parse_condition<H: Host>(tag: &TagParser<'_, H>, opening: &Token) -> Result<Condition, Error> {
    let words = tag.words_of(opening)?;
    let tokens = condition_tokens(tag, &words[1..], opening)?;
    condition::parse(tokens).map_err(|malformed| {
        let reason = match malformed {
            Malformed::Grammar => Reason::BadCondition,
            Malformed::TooDeep => Reason::TooDeep,
        };
        Error::new(reason, opening.position(), tag.contents_of(opening))
    })
}

fn condition_tokens<H: Host>(
    tag: &TagParser<'_, H>,
    mut words: &[Word<'_>],
    opening: &Token,
) -> Result<Vec<ConditionToken>, Error> {
    let mut tokens = Vec::with_capacity(words.len());
    while let Some((word, rest)) = words.split_first() {
        let (token, used) = match ConditionToken::operator(word, rest.first().map(AsRef::as_ref)) {
            Some(operator) => operator,
            None => {
                let value = tag
                    .parser
                    .parse_filter_expression(word, opening.position())?;
                (ConditionToken::Value(value), 1)
            }
        };
        tokens.push(token);
        words = &words[used..];
    }
    Ok(tokens)
}

pub(super) fn parse_for<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let (targets, iterable, reversed) =
        for_parts(&words).ok_or_else(|| tag.error(Reason::BadArguments))?;
    let iterable = tag.expression(iterable)?;
    let (body, end) = tag.body(&["empty", "endfor"])?;
    let empty = match tag.contents_of(&end) {
        "empty" => Some(tag.body(&["endfor"])?.0),
        _ => None,
    };
    Ok(NodeKind::For(Box::new(For {
        targets,
        iterable,
        reversed,
        body,
        empty,
    })))
}

/// Loop variables, iterable, and whether `reversed` stands last.
fn for_parts<'w>(words: &'w [Word<'_>]) -> Option<(Vec<Name>, &'w str, bool)> {
    let [_, rest @ ..] = words else { return None };
    let (rest, reversed) = match rest {
        [rest @ .., last] if last == "reversed" => (rest, true),
        _ => (rest, false),
    };
    match rest {
        [targets @ .., keyword, iterable] if keyword == "in" && words.len() > 3 => {
            Some((for_targets(targets)?, iterable, reversed))
        }
        _ => None,
    }
}

/// As `re.split(r" *, *", " ".join(words))`, without the names that Django refuses.
fn for_targets(words: &[Word<'_>]) -> Option<Vec<Name>> {
    let joined = words.join(" ");
    let targets = joined.split(',').map(|target| target.trim_matches(' '));
    targets
        .map(|target| is_loop_variable(target).then(|| target.into()))
        .collect()
}

fn is_loop_variable(name: &str) -> bool {
    !name.is_empty() && !name.contains([' ', '"', '\'', '|'])
}

pub(super) fn with<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let (bindings, rest) = tag.bindings(&words[1..], true)?;
    if bindings.is_empty() || !rest.is_empty() {
        return Err(tag.error(Reason::BadArguments));
    }
    tag.check_pushed(&bindings)?;
    let (body, _) = tag.body(&["endwith"])?;
    Ok(NodeKind::With { bindings, body })
}

pub(super) fn autoescape<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let mut arguments = split(tag.contents()).skip(1);
    let on = match (arguments.next(), arguments.next()) {
        (Some("on"), None) => true,
        (Some("off"), None) => false,
        _ => return Err(tag.error(Reason::BadArguments)),
    };
    let (body, _) = tag.body(&["endautoescape"])?;
    Ok(NodeKind::AutoEscape { on, body })
}

pub(super) fn spaceless<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let (body, _) = tag.body(&["endspaceless"])?;
    Ok(NodeKind::Spaceless { body })
}

pub(super) fn ifchanged<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let values: Vec<FilterExpression> = tag.expressions(&words[1..])?;
    let (body, end) = tag.body(&["else", "endifchanged"])?;
    let otherwise = match tag.contents_of(&end) {
        "else" => Some(tag.body(&["endifchanged"])?.0),
        _ => None,
    };
    Ok(NodeKind::IfChanged {
        values,
        body,
        otherwise,
    })
}

/// As `parser.skip_past("endcomment")`: what stands inside is not parsed.
pub(super) fn comment<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    while let Some(token) = tag.parser.next_token() {
        if token.kind == TokenType::Block && tag.contents_of(&token) == "endcomment" {
            return Ok(NodeKind::Nothing);
        }
    }
    Err(tag.error(Reason::UnclosedTag))
}

/// The lexer made its inside text; the pieces are one text again. What only the parser takes for
/// `verbatim` (by another kind of space) has nodes inside, rendered with an empty context.
pub(super) fn verbatim<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let contents = tag.contents();
    if contents != "verbatim" && !contents.starts_with("verbatim ") {
        return Err(tag.error(Reason::OddVerbatim));
    }
    let (_, end) = tag.body(&["endverbatim"])?;
    let (start, end) = (tag.token.span.end, end.span.start);
    Ok(NodeKind::Text(Span { start, end }))
}
