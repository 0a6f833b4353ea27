//! Grammar of the tags that cross templates: `django/template/loader_tags.py`.

use super::tag_parser::{Bindings, TagParser};
use crate::ast::NodeKind;
use crate::lexer::TokenType;
use crate::parser::Host;
use crate::reason::{Error, Reason};
use crate::unicode::split;
use crate::words::Word;

pub(super) fn extends<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let [_, parent] = &words[..] else {
        return Err(tag.error(Reason::BadArguments));
    };
    check_first(tag)?;
    check_relative(tag, parent)?;
    let parent = tag.expression(parent)?;
    let body = tag.parser.parse_nodes::<&str>(&[])?;
    Ok(NodeKind::Extends { parent, body })
}

/// Every token but text and comments makes a node that may not stand before `extends`; and inside
/// another tag it would leave that tag unclosed.
fn check_first<H: Host>(tag: &TagParser<'_, H>) -> Result<(), Error> {
    let before = &tag.parser.tokens()[..tag.parser.position().saturating_sub(1)];
    let is_first = before
        .iter()
        .all(|token| matches!(token.kind, TokenType::Text | TokenType::Comment));
    if is_first && tag.parser.depth() == 1 {
        Ok(())
    } else {
        Err(tag.error(Reason::MisplacedExtends))
    }
}

/// `construct_relative_path` looks at the raw word, quotes stripped.
fn check_relative<H: Host>(tag: &TagParser<'_, H>, word: &str) -> Result<(), Error> {
    let quotes = ['\'', '"'];
    let stripped = word.trim_matches(quotes);
    let is_relative = stripped.starts_with("./") || stripped.starts_with("../");
    let is_plain =
        word.len() == stripped.len() + 2 && !stripped.contains(quotes) && !stripped.contains('\\');
    if is_relative && !is_plain {
        Err(tag.error(Reason::RelativePath))
    } else {
        Ok(())
    }
}

pub(super) fn block<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let mut arguments = split(tag.contents()).skip(1);
    let (Some(name), None) = (arguments.next(), arguments.next()) else {
        return Err(tag.error(Reason::BadArguments));
    };
    declare_block(tag, name)?;
    let (body, end) = tag.body(&["endblock"])?;
    match tag.contents_of(&end).strip_prefix("endblock") {
        Some("") => {}
        Some(rest) if rest.strip_prefix(' ') == Some(name) => {}
        _ => {
            return Err(Error::new(
                Reason::BadEndTag,
                end.position(),
                tag.contents_of(&end),
            ));
        }
    }
    Ok(NodeKind::Block {
        name: name.into(),
        body,
    })
}

fn declare_block<H: Host>(tag: &TagParser<'_, H>, name: &str) -> Result<(), Error> {
    let blocks = &mut tag.parser.memory().blocks;
    if blocks.iter().any(|block| **block == *name) {
        return Err(tag.error(Reason::DuplicateBlock));
    }
    blocks.push(name.into());
    Ok(())
}

pub(super) fn include<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let [_, template, options @ ..] = &words[..] else {
        return Err(tag.error(Reason::BadArguments));
    };
    check_relative(tag, template)?;
    let (bindings, only) = include_options(tag, options)?;
    if !only {
        tag.check_pushed(&bindings)?;
    }
    let template = tag.expression(template)?;
    Ok(NodeKind::Include {
        template,
        bindings,
        only,
    })
}

fn include_options<'s, H: Host>(
    tag: &TagParser<'s, H>,
    mut words: &[Word<'s>],
) -> Result<(Bindings, bool), Error> {
    let (mut bindings, mut only) = (Bindings::new(), false);
    while let [option, rest @ ..] = words {
        words = rest;
        match &**option {
            "with" if bindings.is_empty() => (bindings, words) = tag.bindings(rest, false)?,
            "only" if !only => only = true,
            _ => return Err(tag.error(Reason::BadArguments)),
        }
        if option == "with" && bindings.is_empty() {
            return Err(tag.error(Reason::BadArguments));
        }
    }
    Ok((bindings, only))
}
