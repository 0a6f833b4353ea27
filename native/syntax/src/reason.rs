//! Why a template, or a node of it, is left to Django: the closed catalogue, and the parser's error.

use std::fmt;

use crate::ast::Position;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $message:literal;)+) => {
        /// A cause of giving a template up. Django's own parser then runs on the same source, and its
        /// error, if it has one, is what the user sees.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Reason {
            /// Every reason, in the order of the catalogue.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant),+];

            /// A stable name for logs, metrics and documentation.
            pub fn code(self) -> &'static str {
                match self { $(Reason::$variant => $code),+ }
            }

            /// One sentence for people.
            pub fn message(self) -> &'static str {
                match self { $(Reason::$variant => $message),+ }
            }

            /// What it means and when it occurs, for the documentation.
            pub fn description(self) -> &'static str {
                match self { $(Reason::$variant => concat!($($doc, "\n"),+)),+ }
            }
        }
    };
}

reasons! {
    /// The host raised: a library that is not there, a filter that is not registered, or an error in a
    /// tag's own compile function. The host keeps the exception.
    Host = "host", "The host refused it.";
    /// A template of 4 GiB or more.
    TooLong = "too-long", "The template is too long.";
    /// Tags nested deeper than the parser's limit, an `if` condition of too many operators, or a variable
    /// of too many names.
    TooDeep = "too-deep", "The nesting is too deep.";
    /// `{{ }}`.
    EmptyVariable = "empty-variable", "A variable tag is empty.";
    /// `{% %}`.
    EmptyBlock = "empty-block", "A block tag is empty.";
    /// A tag that no loaded library has, or an end tag without its opening tag.
    UnknownTag = "unknown-tag", "No such tag is registered.";
    /// A block tag whose end tag is missing.
    UnclosedTag = "unclosed-tag", "A block tag is not closed.";
    /// Characters that no expression has: `{{ a b }}`, `{{ a|b:c:d }}`, `{{ "open }}`.
    BadExpression = "bad-expression", "The expression cannot be parsed.";
    /// `{{ _a }}`, `{{ a._b }}`.
    Underscore = "underscore", "Variables and attributes may not begin with underscores.";
    /// Numbers that Django's versions read differently (`-.5`, `1e-3`, `-1.`), or too long for `int()`.
    OddNumber = "odd-number", "The number is not read alike by every supported Django.";
    /// `{{ a..b }}`: deprecated since Django 6.1, which warns while it parses.
    DoubleDot = "double-dot", "A variable contains a double dot.";
    /// A filter that the host does not know, or the wrong number of arguments for it.
    BadFilter = "bad-filter", "The filter is unknown, or its arguments are wrong.";
    /// The words of a native tag do not follow its grammar.
    BadArguments = "bad-arguments", "The tag's arguments are wrong.";
    /// `_("two` without its closing quote and bracket.
    UnclosedTranslation = "unclosed-translation", "A translated literal is not closed.";
    /// `{% if a b %}`, `{% if and %}`, `{% if %}`.
    BadCondition = "bad-condition", "The condition of an if tag is malformed.";
    /// `{% else x %}`, `{% endif x %}`, `{% endblock other %}`.
    BadEndTag = "bad-end-tag", "An else or end tag is malformed.";
    /// `{% extends %}` after a tag or a variable, inside a block, or twice.
    MisplacedExtends = "misplaced-extends", "An extends tag must be the first tag, and alone.";
    /// Two `{% block %}` tags of one name.
    DuplicateBlock = "duplicate-block", "A block name appears more than once.";
    /// Two `{% partialdef %}` tags of one name.
    DuplicatePartial = "duplicate-partial", "A partial is defined more than once.";
    /// `{% cycle name %}` or `{% resetcycle name %}` without a cycle of that name before it.
    UnknownCycle = "unknown-cycle", "No such cycle is defined before this tag.";
    /// A relative template name written so that Django rewrites more than the name: `"./a"|lower`.
    RelativePath = "relative-path", "A relative template name is not a plain literal.";
    /// `{% with self=1 %}`, `{% with context=1 %}`: names that `Context.push` cannot take.
    ReservedName = "reserved-name", "The name cannot be pushed on a context.";
    /// `{%` without `%}` on its line: text for Django, but a mistake for `extract_template_variables`.
    UnclosedDelimiter = "unclosed-delimiter", "A block tag's delimiter is not closed on its line.";
    /// `verbatim` written so that only the parser takes it for one: `{% verbatim<TAB>x %}`.
    OddVerbatim = "odd-verbatim", "The lexer and the parser disagree about verbatim.";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

/// Why the parser stopped, and at which token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub reason: Reason,
    pub at: Position,
    /// The text in question, often empty.
    pub detail: Box<str>,
}

impl Error {
    #[cold]
    pub fn new(reason: Reason, at: Position, detail: impl Into<Box<str>>) -> Self {
        Self {
            reason,
            at,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.at.line, self.reason.message())?;
        if !self.detail.is_empty() {
            write!(f, " ({})", self.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
