//! Django template source to an AST and to what the template reads; pure Rust, no Python.
//!
//! source --`lexer`--> tokens --`parser`--> `ast` --`usage`--> usage tree
//!
//! The grammar is Django's, of the versions 5.2 to 6.1. Whatever Django's parser refuses, and whatever
//! its versions read differently, is a `reason::Error` here: Django's own parser then has the word.
//! What a tag's or a filter's name means is asked of a `parser::Host`.

#![forbid(unsafe_code)]

pub mod ast;
mod condition;
mod expression;
pub mod lexer;
pub mod parser;
pub mod reason;
mod syntax_host;
mod tags;
pub mod unicode;
pub mod usage;
pub mod words;

pub use lexer::{Lexer, Span, Token, TokenType};
pub use parser::{Compiled, Host, Parser, Partial, TagKind, WrittenCall};
pub use reason::{Error, Reason};
pub use syntax_host::{SyntaxHost, extract_template_variables};
pub use tags::Tag;
pub use usage::UsageTree;
