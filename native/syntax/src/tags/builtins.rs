//! Grammar of the rarer builtins: `defaulttags.py`, and `cache.py` and `static.py` of
//! `django/templatetags`.

use super::tag_parser::TagParser;
use crate::ast::{Cache, FilterExpression, Name, NodeKind, Regroup, WidthRatio};
use crate::parser::Host;
use crate::reason::{Error, Reason};
use crate::unicode::{first_word, split, strip_start};
use crate::words::Word;

pub(super) fn widthratio<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let (operands, variable) = match &words[..] {
        [_, operands @ ..] if operands.len() == 3 => (operands, None),
        [_, operands @ .., keyword, name] if operands.len() == 3 && keyword == "as" => {
            (operands, Some(name.as_ref().into()))
        }
        _ => return Err(tag.error(Reason::BadArguments)),
    };
    Ok(NodeKind::WidthRatio(Box::new(WidthRatio {
        value: tag.expression(&operands[0])?,
        maximum: tag.expression(&operands[1])?,
        width: tag.expression(&operands[2])?,
        variable,
    })))
}

/// The key is read of the variable itself, which holds each element in turn.
pub(super) fn regroup<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let [_, target, by, key, keyword, name] = &words[..] else {
        return Err(tag.error(Reason::BadArguments));
    };
    if by != "by" || keyword != "as" {
        return Err(tag.error(Reason::BadArguments));
    }
    Ok(NodeKind::Regroup(Box::new(Regroup {
        target: tag.expression(target)?,
        key: tag.expression(&format!("{name}.{key}"))?,
        variable: name.as_ref().into(),
    })))
}

/// `{% filter f|g:x %}`: what is filtered stands under the name `var`.
pub(super) fn filter<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let command = first_word(tag.contents());
    let filters = strip_start(&tag.contents()[command.len()..]);
    if filters.is_empty() {
        return Err(tag.error(Reason::BadArguments));
    }
    let filtered = tag.expression(&format!("var|{filters}"))?;
    check_permitted(tag, &filtered)?;
    let (body, _) = tag.body(&["endfilter"])?;
    Ok(NodeKind::Filter { filtered, body })
}

/// Django asks for the name under which a filter was registered, not for the one that is written.
fn check_permitted<H: Host>(
    tag: &TagParser<'_, H>,
    filtered: &FilterExpression,
) -> Result<(), Error> {
    let forbidden = filtered.filters.iter().any(|call| {
        let registered = tag.parser.host().registered_name(call.id);
        let name = registered.as_deref().unwrap_or(&call.name);
        matches!(name, "escape" | "safe")
    });
    if forbidden {
        Err(tag.error(Reason::BadArguments))
    } else {
        Ok(())
    }
}

pub(super) fn templatetag<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let mut arguments = split(tag.contents()).skip(1);
    let text = match (arguments.next(), arguments.next()) {
        (Some("openblock"), None) => "{%",
        (Some("closeblock"), None) => "%}",
        (Some("openvariable"), None) => "{{",
        (Some("closevariable"), None) => "}}",
        (Some("openbrace"), None) => "{",
        (Some("closebrace"), None) => "}",
        (Some("opencomment"), None) => "{#",
        (Some("closecomment"), None) => "#}",
        _ => return Err(tag.error(Reason::BadArguments)),
    };
    Ok(NodeKind::TemplateTag { text })
}

/// `{% lorem count method random %}`, read from the end as Django does.
pub(super) fn lorem<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let (words, common) = match &words[..] {
        [rest @ .., flag] if flag == "random" => (rest, false),
        words => (words, true),
    };
    let (words, method) = match words {
        [rest @ .., method] if matches!(method.as_ref(), "w" | "p" | "b") => {
            (rest, method.as_ref())
        }
        words => (words, "b"),
    };
    let count = match words {
        [_] => tag.expression("1")?,
        [_, count] => tag.expression(count)?,
        _ => return Err(tag.error(Reason::BadArguments)),
    };
    Ok(NodeKind::Lorem {
        count,
        method: method.into(),
        common,
    })
}

pub(super) fn debug<H: Host>(_: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    Ok(NodeKind::Debug)
}

pub(super) fn static_prefix<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    prefix(tag, "STATIC_URL")
}

pub(super) fn media_prefix<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    prefix(tag, "MEDIA_URL")
}

/// Words after the variable are not read.
fn prefix<H: Host>(tag: &TagParser<'_, H>, setting: &'static str) -> Result<NodeKind, Error> {
    let mut words = split(tag.contents()).skip(1);
    let variable = match (words.next(), words.next()) {
        (None, _) => None,
        (Some("as"), Some(name)) => Some(name.into()),
        _ => return Err(tag.error(Reason::BadArguments)),
    };
    Ok(NodeKind::Prefix { setting, variable })
}

pub(super) fn cache<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let [_, timeout, name, vary @ ..] = &words[..] else {
        return Err(tag.error(Reason::BadArguments));
    };
    let (vary, using) = split_using(vary);
    let (body, _) = tag.body(&["endcache"])?;
    Ok(NodeKind::Cache(Box::new(Cache {
        using: using.map(|name| tag.expression(name)).transpose()?,
        timeout: tag.expression(timeout)?,
        name: name.as_ref().into(),
        vary: tag.expressions(vary)?,
        body,
    })))
}

/// The words before a closing `using=name`, and the name.
fn split_using<'w, 's>(words: &'w [Word<'s>]) -> (&'w [Word<'s>], Option<&'w str>) {
    match words {
        [rest @ .., last] => match last.strip_prefix("using=") {
            Some(name) => (rest, Some(name)),
            None => (words, None),
        },
        [] => (words, None),
    }
}

pub(super) fn partialdef<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let (name, inline): (Name, bool) = match &words[..] {
        [_, name] => (name.as_ref().into(), false),
        [_, name, flag] if flag == "inline" => (name.as_ref().into(), true),
        _ => return Err(tag.error(Reason::BadArguments)),
    };
    let start = tag.parser.position();
    let nodes = tag.parser.parse_nodes(&["endpartialdef"])?;
    let end = tag
        .parser
        .next_token()
        .ok_or_else(|| tag.error(Reason::UnclosedTag))?;
    match tag.contents_of(&end).strip_prefix("endpartialdef") {
        Some("") => {}
        Some(rest) if rest.strip_prefix(' ') == Some(&*name) => {}
        _ => {
            let contents = tag.contents_of(&end);
            return Err(Error::new(Reason::BadEndTag, end.position(), contents));
        }
    }
    let body = tag
        .parser
        .define_partial(&name, nodes, (*tag.token, end), start)?;
    Ok(NodeKind::PartialDef { name, inline, body })
}

pub(super) fn partial<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let [_, name] = &words[..] else {
        return Err(tag.error(Reason::BadArguments));
    };
    Ok(NodeKind::Partial {
        name: name.as_ref().into(),
    })
}
