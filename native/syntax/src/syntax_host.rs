//! A host without Python, for what can be said of a template by its text alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use memchr::memchr_iter;

use crate::ast::FilterId;
use crate::lexer::{Token, TokenType};
use crate::parser::{Compiled, Host, Parser, TagKind};
use crate::reason::{Error, Reason};
use crate::tags::Tag;
use crate::usage::UsageTree;

/// Native tags are Django's; every other tag, library and filter is taken to exist.
pub struct SyntaxHost;

impl Host for SyntaxHost {
    fn load(&self, _: &Parser<Self>, _: &Token) -> Result<(), Error> {
        Ok(())
    }

    /// An end tag, or another tag that continues one, has no meaning by itself.
    fn tag(&self, name: &str) -> TagKind {
        match Tag::from_name(name) {
            Some(tag) => TagKind::Builtin(tag),
            None if matches!(name, "else" | "elif" | "empty" | "plural") => TagKind::Unknown,
            None if name.starts_with("end") => TagKind::Unknown,
            None => TagKind::Analysed,
        }
    }

    fn filter(&self, _: &str, _: usize) -> Result<FilterId, Error> {
        Ok(FilterId(0))
    }

    fn compile_foreign(&self, _: &Parser<Self>, token: &Token) -> Result<Compiled, Error> {
        Err(Error::new(Reason::UnknownTag, token.position(), ""))
    }
}

/// The dotted paths that a template reads of each name (`UsageTree::paths`), sorted and without
/// repetition. An error where Django would refuse the template, or where a `{%` is not closed.
pub fn extract_template_variables(source: &str) -> Result<BTreeMap<String, Vec<String>>, Error> {
    Ok(analyse(source)?.paths())
}

fn analyse(source: &str) -> Result<UsageTree, Error> {
    let parser = Parser::new(Arc::from(source), SyntaxHost);
    check_delimiters(&parser)?;
    Ok(UsageTree::analyse(&parser.parse_template()?))
}

/// Inside `verbatim`, every token before the end tag is text.
fn check_delimiters(parser: &Parser<SyntaxHost>) -> Result<(), Error> {
    let blocks = parser
        .tokens()
        .iter()
        .filter(|token| token.kind == TokenType::Block)
        .count();
    if openings(parser.source()) == blocks {
        return Ok(());
    }
    let mut verbatim = false;
    for token in parser.tokens() {
        let contents = token.contents(parser.source());
        match token.kind {
            TokenType::Block => {
                verbatim = contents == "verbatim" || contents.starts_with("verbatim ")
            }
            TokenType::Text if !verbatim && openings(contents) > 0 => {
                return Err(Error::new(Reason::UnclosedDelimiter, token.position(), ""));
            }
            _ => {}
        }
    }
    Ok(())
}

fn openings(text: &str) -> usize {
    let bytes = text.as_bytes();
    memchr_iter(b'{', bytes)
        .filter(|at| bytes.get(at + 1) == Some(&b'%'))
        .count()
}
