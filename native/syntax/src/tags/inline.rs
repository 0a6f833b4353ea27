//! Grammar of the tags that do not enclose: `defaulttags.py`, and `django/templatetags/static.py`.

use super::tag_parser::{Bindings, TagParser, bind};
use crate::ast::{Cycle, FilterExpression, Name, NodeKind, Url};
use crate::parser::Host;
use crate::reason::{Error, Reason};
use crate::words::{Word, split_keyword};

pub(super) fn load<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    tag.parser.host().load(tag.parser, tag.token)?;
    Ok(NodeKind::Nothing)
}

pub(super) fn csrf_token<H: Host>(_: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    Ok(NodeKind::CsrfToken)
}

pub(super) fn url<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let [_, view, rest @ ..] = &words[..] else {
        return Err(tag.error(Reason::BadArguments));
    };
    let view = tag.expression(view)?;
    let (rest, variable) = split_as(rest);
    let (mut args, mut kwargs) = (Vec::new(), Bindings::new());
    for word in rest {
        match split_keyword(word) {
            (Some(name), value) => bind(&mut kwargs, name, tag.expression(value)?),
            (None, value) => args.push(tag.expression(value)?),
        }
    }
    Ok(NodeKind::Url(Box::new(Url {
        view,
        args,
        kwargs,
        variable,
    })))
}

/// Django takes the fourth word for the variable wherever `as` stands, and skips words that it does
/// not know.
pub(super) fn parse_static<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let [_, path, ..] = &words[..] else {
        return Err(tag.error(Reason::BadArguments));
    };
    let path = tag.expression(path)?;
    let variable = match &words[..] {
        [.., keyword, _] if keyword == "as" => Some(name(
            words
                .get(3)
                .ok_or_else(|| tag.error(Reason::BadArguments))?,
        )),
        _ => None,
    };
    Ok(NodeKind::Static { path, variable })
}

pub(super) fn now<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let (format, variable) = match &words[..] {
        [_, format] => (format, None),
        [_, format, keyword, variable] if keyword == "as" => (format, Some(name(variable))),
        _ => return Err(tag.error(Reason::BadArguments)),
    };
    Ok(NodeKind::Now {
        format: inner(format).into(),
        variable,
    })
}

/// As `text[1:-1]`.
fn inner(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.next_back();
    chars.as_str()
}

pub(super) fn firstof<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    if words.len() < 2 {
        return Err(tag.error(Reason::BadArguments));
    }
    let (values, variable) = split_as(&words[1..]);
    Ok(NodeKind::FirstOf {
        values: tag.expressions(values)?,
        variable,
    })
}

pub(super) fn cycle<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    match &words[1..] {
        [] => Err(tag.error(Reason::BadArguments)),
        [name] => named_cycle(tag, name).map(NodeKind::Cycle),
        values => {
            let (values, variable, silent) = cycle_parts(tag, values)?;
            let values = tag.expressions(values)?;
            Ok(NodeKind::Cycle(declare_cycle(
                tag, values, variable, silent,
            )))
        }
    }
}

/// Only four words or more can name the cycle: `{% cycle a as b %}` has three values.
fn cycle_parts<'w, 's, H: Host>(
    tag: &TagParser<'_, H>,
    words: &'w [Word<'s>],
) -> Result<(&'w [Word<'s>], Option<Name>, bool), Error> {
    match words {
        [_, .., keyword, variable, flag] if keyword == "as" && words.len() > 3 => {
            if flag != "silent" {
                return Err(tag.error(Reason::BadArguments));
            }
            Ok((&words[..words.len() - 3], Some(name(variable)), true))
        }
        [_, _, .., keyword, variable] if keyword == "as" && words.len() > 3 => {
            Ok((&words[..words.len() - 2], Some(name(variable)), false))
        }
        _ => Ok((words, None, false)),
    }
}

fn declare_cycle<H: Host>(
    tag: &TagParser<'_, H>,
    values: Vec<FilterExpression>,
    variable: Option<Name>,
    silent: bool,
) -> Cycle {
    let mut memory = tag.parser.memory();
    let id = memory.cycles;
    memory.cycles += 1;
    memory.last_cycle = Some(id);
    let cycle = Cycle {
        id,
        values,
        variable,
        silent,
    };
    if let Some(name) = &cycle.variable {
        memory.named_cycles.push((name.clone(), cycle.clone()));
    }
    cycle
}

fn named_cycle<H: Host>(tag: &TagParser<'_, H>, name: &str) -> Result<Cycle, Error> {
    let memory = tag.parser.memory();
    let named = memory
        .named_cycles
        .iter()
        .rev()
        .find(|(known, _)| **known == *name);
    named
        .map(|(_, cycle)| cycle.clone())
        .ok_or_else(|| tag.error(Reason::UnknownCycle))
}

pub(super) fn resetcycle<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let cycle = match &words[1..] {
        [] => tag
            .parser
            .memory()
            .last_cycle
            .ok_or_else(|| tag.error(Reason::UnknownCycle))?,
        [name] => named_cycle(tag, name)?.id,
        _ => return Err(tag.error(Reason::BadArguments)),
    };
    Ok(NodeKind::ResetCycle { cycle })
}

/// The words before a closing `as name`, and the name.
fn split_as<'w, 's>(words: &'w [Word<'s>]) -> (&'w [Word<'s>], Option<Name>) {
    match words {
        [rest @ .., keyword, variable] if keyword == "as" => (rest, Some(name(variable))),
        _ => (words, None),
    }
}

fn name(word: &Word<'_>) -> Name {
    word.as_ref().into()
}
