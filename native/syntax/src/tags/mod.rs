//! The native tags: one row a builtin, its grammar in the file named after its kind.

mod blocks;
mod inheritance;
mod inline;

use crate::ast::{FilterExpression, FilterId, Name, NodeKind, NodeList, Position, VariableId};
use crate::expression::{self, Names};
use crate::lexer::Token;
use crate::parser::{Host, Parser};
use crate::reason::{Error, Reason};
use crate::words::{Word, split_contents, split_keyword};

macro_rules! tags {
    ($($tag:ident = $name:literal, $grammar:path;)+) => {
        /// A builtin tag that is parsed natively.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Tag {
            $($tag,)+
        }

        impl Tag {
            pub const ALL: &'static [Tag] = &[$(Tag::$tag),+];

            /// The name under which Django registers it.
            pub fn name(self) -> &'static str {
                match self { $(Tag::$tag => $name),+ }
            }

            pub fn from_name(name: &str) -> Option<Tag> {
                match name {
                    $($name => Some(Tag::$tag),)+
                    _ => None,
                }
            }
        }

        pub(crate) fn parse<H: Host>(tag: Tag, parser: &Parser<H>, token: &Token) -> Result<NodeKind, Error> {
            let tag_parser = TagParser { parser, token };
            match tag { $(Tag::$tag => $grammar(&tag_parser)),+ }
        }
    };
}

tags! {
    AutoEscape = "autoescape", blocks::autoescape;
    Block = "block", inheritance::block;
    Comment = "comment", blocks::comment;
    CsrfToken = "csrf_token", inline::csrf_token;
    Cycle = "cycle", inline::cycle;
    Extends = "extends", inheritance::extends;
    FirstOf = "firstof", inline::firstof;
    For = "for", blocks::parse_for;
    If = "if", blocks::parse_if;
    IfChanged = "ifchanged", blocks::ifchanged;
    Include = "include", inheritance::include;
    Load = "load", inline::load;
    Now = "now", inline::now;
    ResetCycle = "resetcycle", inline::resetcycle;
    Spaceless = "spaceless", blocks::spaceless;
    Static = "static", inline::parse_static;
    Url = "url", inline::url;
    Verbatim = "verbatim", blocks::verbatim;
    With = "with", blocks::with;
}

/// A tag's grammar reads its token through this.
struct TagParser<'p, H: Host> {
    parser: &'p Parser<H>,
    token: &'p Token,
}

impl<'p, H: Host> TagParser<'p, H> {
    fn contents(&self) -> &'p str {
        self.token.contents(self.parser.source())
    }

    fn words(&self) -> Result<Vec<Word<'p>>, Error> {
        self.words_of(self.token)
    }

    fn words_of(&self, token: &Token) -> Result<Vec<Word<'p>>, Error> {
        let words = split_contents(token.contents(self.parser.source()));
        words.ok_or_else(|| self.error(Reason::UnclosedTranslation))
    }

    fn expression(&self, text: &str) -> Result<FilterExpression, Error> {
        self.parser
            .parse_filter_expression(text, self.token.position())
    }

    fn expressions(&self, words: &[Word<'p>]) -> Result<Vec<FilterExpression>, Error> {
        words.iter().map(|word| self.expression(word)).collect()
    }

    /// The nodes before the first tag named in `until`, and that tag's token, consumed.
    fn body(&self, until: &[&str]) -> Result<(NodeList, Token), Error> {
        let nodes = self.parser.parse_nodes(until)?;
        let end = self
            .parser
            .next_token()
            .ok_or_else(|| self.error(Reason::UnclosedTag))?;
        Ok((nodes, end))
    }

    /// As `token_kwargs(words, parser, support_legacy)`: the bindings, and the words after them.
    fn bindings<'w>(
        &self,
        words: &'w [Word<'p>],
        legacy: bool,
    ) -> Result<(Bindings, &'w [Word<'p>]), Error> {
        match words {
            [first, ..] if split_keyword(first).0.is_some() => self.keyword_bindings(words),
            [_, keyword, _, ..] if legacy && keyword == "as" => self.legacy_bindings(words),
            _ => Ok((Vec::new(), words)),
        }
    }

    /// `a=b c=d`
    fn keyword_bindings<'w>(
        &self,
        mut words: &'w [Word<'p>],
    ) -> Result<(Bindings, &'w [Word<'p>]), Error> {
        let mut bindings = Vec::new();
        while let [word, rest @ ..] = words {
            let (Some(name), value) = split_keyword(word) else {
                break;
            };
            bind(&mut bindings, name, self.expression(value)?);
            words = rest;
        }
        Ok((bindings, words))
    }

    /// `b as a and d as c`; an `and` with nothing after it is taken.
    fn legacy_bindings<'w>(
        &self,
        mut words: &'w [Word<'p>],
    ) -> Result<(Bindings, &'w [Word<'p>]), Error> {
        let mut bindings = Vec::new();
        while let [value, keyword, name, rest @ ..] = words {
            if keyword != "as" {
                break;
            }
            bind(&mut bindings, name, self.expression(value)?);
            words = rest;
            match words {
                [and, rest @ ..] if and == "and" => words = rest,
                _ => break,
            }
        }
        Ok((bindings, words))
    }

    /// `Context.push(**bindings)` has parameters of its own.
    fn check_pushed(&self, bindings: &Bindings) -> Result<(), Error> {
        match bindings
            .iter()
            .find(|(name, _)| matches!(&**name, "self" | "context"))
        {
            Some(_) => Err(self.error(Reason::ReservedName)),
            None => Ok(()),
        }
    }

    fn contents_of(&self, token: &Token) -> &'p str {
        token.contents(self.parser.source())
    }

    #[cold]
    fn error(&self, reason: Reason) -> Error {
        Error::new(reason, self.token.position(), self.contents())
    }
}

type Bindings = Vec<(Name, FilterExpression)>;

/// As `bindings[name] = value` of a dict: a repeated name keeps its place and takes the new value.
fn bind(bindings: &mut Bindings, name: &str, value: FilterExpression) {
    match bindings.iter_mut().find(|(bound, _)| **bound == *name) {
        Some((_, bound)) => *bound = value,
        None => bindings.push((name.into(), value)),
    }
}

/// The words of a foreign tag that read as expressions, for the usage analysis alone: neither a
/// mistake nor an unknown filter is one here, because the tag's own grammar may differ.
pub(crate) fn foreign_arguments<H: Host>(
    parser: &Parser<H>,
    token: &Token,
) -> Vec<FilterExpression> {
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
