//! The native tags: one row a builtin, its grammar in the file named after its kind.

mod analysed;
mod blocks;
mod foreign;
mod inheritance;
mod inline;
mod tag_parser;

use crate::ast::NodeKind;
use crate::lexer::Token;
use crate::parser::{Host, Parser};
use crate::reason::Error;
use tag_parser::TagParser;

pub(crate) use analysed::parse as parse_analysed;
pub(crate) use foreign::arguments as foreign_arguments;

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
