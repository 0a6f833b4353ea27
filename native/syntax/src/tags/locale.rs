//! Grammar of the tags of `{% load i18n %}`, `{% load l10n %}` and `{% load tz %}`:
//! `django/templatetags/i18n.py`, `l10n.py` and `tz.py`.

use super::tag_parser::{Bindings, TagParser};
use crate::ast::{
    BlockTranslate, FilterExpression, LocaleFact, MessagePart, Name, NodeKind, NodeList, Operand,
    Translate,
};
use crate::lexer::{Token, TokenType};
use crate::parser::Host;
use crate::reason::{Error, Reason};
use crate::unicode::{split, strip};
use crate::words::{Word, Words};

pub(super) fn translate<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let [_, message, options @ ..] = &words[..] else {
        return Err(tag.error(Reason::BadArguments));
    };
    let mut translate = Translate {
        message: message_expression(tag, message)?,
        noop: false,
        context: None,
        variable: None,
    };
    let mut options = options;
    while let [option, rest @ ..] = options {
        options = translate_option(tag, &mut translate, option, rest)?;
    }
    Ok(NodeKind::Translate(Box::new(translate)))
}

/// The words after an option, which none may be given twice.
fn translate_option<'w, 's, H: Host>(
    tag: &TagParser<'s, H>,
    translate: &mut Translate,
    option: &str,
    rest: &'w [Word<'s>],
) -> Result<&'w [Word<'s>], Error> {
    match (option, rest) {
        ("noop", _) if !translate.noop => {
            translate.noop = true;
            Ok(rest)
        }
        ("context", [value, rest @ ..])
            if translate.context.is_none() && value != "as" && value != "noop" =>
        {
            translate.context = Some(tag.expression(value)?);
            Ok(rest)
        }
        ("as", [name, rest @ ..]) if translate.variable.is_none() => {
            translate.variable = Some(name.as_ref().into());
            Ok(rest)
        }
        _ => Err(tag.error(Reason::BadArguments)),
    }
}

/// `TranslateNode` quotes a plain literal again, and has `Variable` unescape it a second time.
fn message_expression<H: Host>(
    tag: &TagParser<'_, H>,
    word: &str,
) -> Result<FilterExpression, Error> {
    let mut message = tag.expression(word)?;
    if let Operand::Text {
        text,
        translated: false,
    } = &mut message.head
        && text.contains('\\')
    {
        *text = text.replace("\\'", "'").replace("\\\\", "\\").into();
    }
    Ok(message)
}

/// What stands in the opening tag of `{% blocktranslate %}`.
#[derive(Default)]
struct Options {
    bindings: Option<Bindings>,
    count: Option<(Name, FilterExpression)>,
    context: Option<FilterExpression>,
    trimmed: bool,
    variable: Option<Name>,
}

pub(super) fn block_translate<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let words = tag.words()?;
    let mut options = Options::default();
    let mut rest = &words[1..];
    while let [option, after @ ..] = rest {
        rest = block_option(tag, &mut options, option, after)?;
    }
    let (singular, mut end) = message(tag)?;
    let mut plural = Vec::new();
    if options.count.is_some() {
        expect(tag, &end, "plural")?;
        (plural, end) = message(tag)?;
    }
    expect(tag, &end, &format!("end{}", words[0]))?;
    // An empty plural is none, and then nobody asks for the count.
    let count = options.count.filter(|_| !plural.is_empty());
    Ok(NodeKind::BlockTranslate(Box::new(BlockTranslate {
        tag: words[0].as_ref().into(),
        bindings: options.bindings.unwrap_or_default(),
        count,
        context: options.context,
        trimmed: options.trimmed,
        variable: options.variable,
        singular,
        plural,
    })))
}

/// The words after an option, which none may be given twice.
fn block_option<'w, 's, H: Host>(
    tag: &TagParser<'s, H>,
    options: &mut Options,
    option: &str,
    rest: &'w [Word<'s>],
) -> Result<&'w [Word<'s>], Error> {
    match (option, rest) {
        ("with", _) if options.bindings.is_none() => {
            let (bindings, rest) = tag.bindings(rest, true)?;
            if !bindings.is_empty() {
                options.bindings = Some(bindings);
                return Ok(rest);
            }
        }
        ("count", _) if options.count.is_none() => {
            let (mut bindings, rest) = tag.bindings(rest, true)?;
            if bindings.len() == 1 {
                options.count = bindings.pop();
                return Ok(rest);
            }
        }
        ("context", [value, rest @ ..]) if options.context.is_none() => {
            options.context = Some(tag.expression(value)?);
            return Ok(rest);
        }
        ("trimmed", _) if !options.trimmed => {
            options.trimmed = true;
            return Ok(rest);
        }
        ("asvar", [name, rest @ ..]) if options.variable.is_none() => {
            options.variable = Some(name.as_ref().into());
            return Ok(rest);
        }
        _ => {}
    }
    Err(tag.error(Reason::BadArguments))
}

/// Text and variables up to the first token that is neither, and that token.
fn message<H: Host>(tag: &TagParser<'_, H>) -> Result<(Vec<MessagePart>, Token), Error> {
    let mut parts = Vec::new();
    while let Some(token) = tag.parser.next_token() {
        match token.kind {
            TokenType::Text => parts.push(MessagePart::Text(token.span)),
            TokenType::Var => parts.push(MessagePart::Name(tag.contents_of(&token).into())),
            TokenType::Block | TokenType::Comment => return Ok((parts, token)),
        }
    }
    Err(tag.error(Reason::UnclosedTag))
}

fn expect<H: Host>(tag: &TagParser<'_, H>, token: &Token, contents: &str) -> Result<(), Error> {
    let found = tag.contents_of(token);
    if strip(found) == contents {
        return Ok(());
    }
    Err(Error::new(Reason::BadEndTag, token.position(), found))
}

pub(super) fn language<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let (language, body) = value_and_body(tag, "endlanguage")?;
    Ok(NodeKind::Language { language, body })
}

pub(super) fn timezone<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let (zone, body) = value_and_body(tag, "endtimezone")?;
    Ok(NodeKind::TimeZone { zone, body })
}

fn value_and_body<H: Host>(
    tag: &TagParser<'_, H>,
    end: &str,
) -> Result<(FilterExpression, NodeList), Error> {
    let words = tag.words()?;
    let [_, value] = &words[..] else {
        return Err(tag.error(Reason::BadArguments));
    };
    let value = tag.expression(value)?;
    let (body, _) = tag.body(&[end])?;
    Ok((value, body))
}

pub(super) fn localize<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let (on, body) = switch_and_body(tag, "endlocalize")?;
    Ok(NodeKind::Localize { on, body })
}

pub(super) fn localtime<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    let (on, body) = switch_and_body(tag, "endlocaltime")?;
    Ok(NodeKind::LocalTime { on, body })
}

fn switch_and_body<H: Host>(tag: &TagParser<'_, H>, end: &str) -> Result<(bool, NodeList), Error> {
    let words = tag.words()?;
    let on = match &words[1..] {
        [] => true,
        [switch] if switch == "on" => true,
        [switch] if switch == "off" => false,
        _ => return Err(tag.error(Reason::BadArguments)),
    };
    let (body, _) = tag.body(&[end])?;
    Ok((on, body))
}

pub(super) fn get_current_language<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    bound_fact(tag, LocaleFact::CurrentLanguage)
}

pub(super) fn get_current_language_bidi<H: Host>(
    tag: &TagParser<'_, H>,
) -> Result<NodeKind, Error> {
    bound_fact(tag, LocaleFact::CurrentLanguageBidi)
}

pub(super) fn get_available_languages<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    bound_fact(tag, LocaleFact::AvailableLanguages)
}

pub(super) fn get_current_timezone<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    bound_fact(tag, LocaleFact::CurrentTimeZone)
}

/// `{% get_current_language as name %}`: words are split by space alone.
fn bound_fact<H: Host>(tag: &TagParser<'_, H>, fact: LocaleFact) -> Result<NodeKind, Error> {
    let words: Vec<&str> = split(tag.contents()).collect();
    match words[..] {
        [_, "as", name] => Ok(NodeKind::LocaleFact {
            fact,
            argument: None,
            variable: name.into(),
        }),
        _ => Err(tag.error(Reason::BadArguments)),
    }
}

pub(super) fn get_language_info<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    asked_fact(tag, LocaleFact::LanguageInfo, tag.words()?)
}

pub(super) fn get_language_info_list<H: Host>(tag: &TagParser<'_, H>) -> Result<NodeKind, Error> {
    asked_fact(tag, LocaleFact::LanguageInfoList, tag.words()?)
}

/// `{% get_language_info for value as name %}`
fn asked_fact<H: Host>(
    tag: &TagParser<'_, H>,
    fact: LocaleFact,
    words: Words<'_>,
) -> Result<NodeKind, Error> {
    match &words[..] {
        [_, what, value, keyword, name] if what == "for" && keyword == "as" => {
            Ok(NodeKind::LocaleFact {
                fact,
                argument: Some(tag.expression(value)?),
                variable: name.as_ref().into(),
            })
        }
        _ => Err(tag.error(Reason::BadArguments)),
    }
}
