//! A host for tests, and the short form in which snapshots show what the crate makes.

#![allow(dead_code, unused_imports, reason = "each test crate takes its part")]

mod shapes;

use djust_syntax::ast::{FilterId, ForeignId, Position};
use djust_syntax::{Compiled, Error, Host, Parser, Reason, Tag, TagKind, Token, WrittenCall};

pub use shapes::{nodes, tokens, usage};

/// Django's native tags, and these foreign ones: `note` (sees its arguments), `peek` (sees the whole
/// context), `box … boxelse … endbox` (two bodies), `call` (calls a function), `refuse` (raises).
pub struct TestHost;

impl Host for TestHost {
    fn load(&self, parser: &Parser<Self>, token: &Token) -> Result<(), Error> {
        match token.contents(parser.source()) {
            "load nosuch" => Err(Error::new(Reason::Host, token.position(), "nosuch")),
            _ => Ok(()),
        }
    }

    fn tag(&self, name: &str) -> TagKind {
        match name {
            "note" | "peek" | "box" | "call" | "refuse" => TagKind::Foreign,
            _ => Tag::from_name(name).map_or(TagKind::Unknown, TagKind::Builtin),
        }
    }

    fn filter(&self, name: &str, _: usize) -> Result<FilterId, Error> {
        match name {
            "nosuchfilter" => Err(Error::new(Reason::BadFilter, Position::default(), name)),
            "custom" => Ok(FilterId(1)),
            _ => Ok(FilterId(0)),
        }
    }

    fn is_native(&self, filter: FilterId) -> bool {
        filter == FilterId(0)
    }

    fn compile_foreign(&self, parser: &Parser<Self>, token: &Token) -> Result<Compiled, Error> {
        let contents = token.contents(parser.source());
        let opaque = contents == "peek";
        if contents == "refuse" {
            return Err(Error::new(Reason::Host, token.position(), "refused"));
        }
        if contents.starts_with("box") {
            parse_box(parser)?;
        }
        Ok(Compiled {
            id: ForeignId(0),
            opaque,
            call: contents.strip_prefix("call ").map(written),
        })
    }
}

fn written(arguments: &str) -> WrittenCall {
    let mut call = WrittenCall::default();
    for word in arguments.split(' ') {
        match word.split_once('=') {
            Some((name, value)) => call.kwargs.push((name.into(), value.into())),
            None => call.args.push(word.into()),
        }
    }
    call
}

fn parse_box(parser: &Parser<TestHost>) -> Result<(), Error> {
    loop {
        parser.parse_body(&["boxelse".to_owned(), "endbox".to_owned()])?;
        let end = parser.next_token().expect("the body stopped at a token");
        if end.contents(parser.source()) == "endbox" {
            return Ok(());
        }
    }
}
