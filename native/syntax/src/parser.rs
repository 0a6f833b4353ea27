//! Tokens to nodes, as `Parser` of `django/template/base.py`. What a name means is asked of the host,
//! so that a library may shadow a builtin tag; the usage analysis and the program compiler are next.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ast::{
    BodyId, Call, Cycle, FilterExpression, FilterId, Foreign, ForeignId, Name, Node, NodeKind,
    NodeList, Position, Template, VariableId,
};
use crate::expression::{self, Names};
use crate::lexer::{Lexer, MAX_SOURCE, Token, TokenType};
use crate::reason::{Error, Reason};
use crate::tags::{self, Tag};
use crate::unicode;

/// Each level is a frame of this parser, and two or three of Python's when Django parses or renders.
const MAX_DEPTH: u32 = 120;

/// What the host says of a tag's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagKind {
    /// Django's own function of this tag is registered under the name.
    Builtin(Tag),
    /// Registered, and compiled by the host.
    Foreign,
    /// Not to be rendered: native nodes that read the same stand for the tag in the usage analysis.
    Analysed,
    Unknown,
}

/// What the parser cannot know by itself. Of an error that a method returns for a filter, the parser
/// sets the place.
pub trait Host: Sized {
    /// Runs `{% load %}`.
    fn load(&self, parser: &Parser<Self>, token: &Token) -> Result<(), Error>;

    fn tag(&self, name: &str) -> TagKind;

    /// An unknown filter, or a wrong number of `arguments` (none or one), is an error.
    fn filter(&self, name: &str, arguments: usize) -> Result<FilterId, Error>;

    /// Whether the filter is Django's own of the name that the template calls it by.
    fn is_native(&self, _filter: FilterId) -> bool {
        true
    }

    /// The name under which the filter was registered, where the host knows more than how it is called;
    /// empty for one that says none.
    fn registered_name(&self, _filter: FilterId) -> Option<String> {
        None
    }

    /// Keeps a partial for whoever asks for it by name; `start` is the index of its first token.
    fn define_partial(&self, _partial: Partial<'_>) -> Result<(), Error> {
        Ok(())
    }

    /// Compiles a foreign tag; its compile function may call the parser for bodies and tokens.
    fn compile_foreign(&self, parser: &Parser<Self>, token: &Token) -> Result<Compiled, Error>;
}

/// What the host made of a foreign tag.
#[derive(Clone, Debug)]
pub struct Compiled {
    pub id: ForeignId,
    /// The node may read the whole context (`ast::Foreign::opaque`).
    pub opaque: bool,
    pub call: Option<WrittenCall>,
}

/// `ast::Call`, each argument as it is written.
#[derive(Clone, Debug, Default)]
pub struct WrittenCall {
    pub args: Vec<String>,
    pub kwargs: Vec<(String, String)>,
}

/// What a `{% partialdef %}` declares.
pub struct Partial<'p> {
    pub name: &'p str,
    pub body: BodyId,
    /// The opening and the closing tag.
    pub tags: (Token, Token),
    /// Index of the first token of the body.
    pub start: usize,
}

/// Shared by reference, because a foreign compile function calls back while the parser waits for it.
pub struct Parser<H: Host> {
    source: Arc<str>,
    tokens: Vec<Token>,
    host: H,
    cursor: AtomicUsize,
    depth: AtomicU32,
    variables: AtomicU32,
    /// Never held while the host runs.
    memory: Mutex<Memory>,
}

/// What a template has declared so far.
#[derive(Default)]
pub(crate) struct Memory {
    bodies: Vec<NodeList>,
    /// The bodies of each foreign tag that is being compiled, the innermost last.
    foreign: Vec<Vec<BodyId>>,
    pub(crate) blocks: Vec<Name>,
    partials: Vec<(Name, BodyId)>,
    pub(crate) named_cycles: Vec<(Name, Cycle)>,
    pub(crate) last_cycle: Option<u32>,
    pub(crate) cycles: u32,
}

impl Memory {
    fn keep(&mut self, nodes: NodeList) -> BodyId {
        self.bodies.push(nodes);
        BodyId(self.bodies.len() as u32 - 1)
    }
}

impl<H: Host> Parser<H> {
    pub fn new(source: Arc<str>, host: H) -> Self {
        let lexes = source.len() <= MAX_SOURCE;
        let tokens = if lexes {
            Lexer::new(&source).tokenize()
        } else {
            Vec::new()
        };
        Self {
            source,
            tokens,
            host,
            cursor: AtomicUsize::new(0),
            depth: AtomicU32::new(0),
            variables: AtomicU32::new(0),
            memory: Mutex::default(),
        }
    }

    pub fn source(&self) -> &Arc<str> {
        &self.source
    }

    pub fn host(&self) -> &H {
        &self.host
    }

    /// All tokens of the template, those already read included.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Index of the token that `next_token` gives.
    pub fn position(&self) -> usize {
        self.cursor.load(Relaxed)
    }

    pub fn next_token(&self) -> Option<Token> {
        let position = self.position();
        let token = self.tokens.get(position).copied()?;
        self.cursor.store(position + 1, Relaxed);
        Some(token)
    }

    /// Puts the last token back, as `prepend_token` does.
    pub fn step_back(&self) {
        self.cursor
            .store(self.position().saturating_sub(1), Relaxed);
    }

    /// Everything, once; the bodies parsed for foreign tags move into the template.
    pub fn parse_template(&self) -> Result<Template, Error> {
        if self.source.len() > MAX_SOURCE {
            return Err(Error::new(Reason::TooLong, Position::default(), ""));
        }
        let root = self.parse_nodes::<&str>(&[])?;
        let mut memory = self.memory();
        Ok(Template {
            root,
            bodies: std::mem::take(&mut memory.bodies),
            blocks: std::mem::take(&mut memory.blocks),
            partials: std::mem::take(&mut memory.partials),
            variables: self.variables.load(Relaxed),
        })
    }

    /// For a foreign compile function: stops before a tag named in `until`, as `Parser.parse(until)`;
    /// when that is empty, at the end of the source.
    pub fn parse_body(&self, until: &[String]) -> Result<BodyId, Error> {
        let nodes = self.parse_nodes(until)?;
        let mut memory = self.memory();
        let body = memory.keep(nodes);
        if let Some(bodies) = memory.foreign.last_mut() {
            bodies.push(body);
        }
        Ok(body)
    }

    /// Keeps a partial's nodes as a body of the template; `start` is the index of its first token.
    pub(crate) fn define_partial(
        &self,
        name: &Name,
        nodes: NodeList,
        tags: (Token, Token),
        start: usize,
    ) -> Result<BodyId, Error> {
        let body = {
            let mut memory = self.memory();
            if memory.partials.iter().any(|(known, _)| known == name) {
                let at = tags.0.position();
                return Err(Error::new(Reason::DuplicatePartial, at, name.as_str()));
            }
            let body = memory.keep(nodes);
            memory.partials.push((name.clone(), body));
            body
        };
        self.host.define_partial(Partial {
            name,
            body,
            tags,
            start,
        })?;
        Ok(body)
    }

    /// As `compile_filter(text)`; `at` is the token that holds the text.
    pub fn parse_filter_expression(
        &self,
        text: &str,
        at: Position,
    ) -> Result<FilterExpression, Error> {
        expression::parse(text, at, self)
    }

    pub(crate) fn parse_nodes<S: AsRef<str>>(&self, until: &[S]) -> Result<NodeList, Error> {
        let _level = Level::enter(&self.depth).ok_or_else(|| self.error_here(Reason::TooDeep))?;
        let mut nodes = NodeList::new();
        while let Some(token) = self.next_token() {
            let kind = match token.kind {
                TokenType::Text => NodeKind::Text(token.span),
                TokenType::Var => self.parse_variable(&token)?,
                TokenType::Block => match self.parse_block(&token, until)? {
                    Some(kind) => kind,
                    None => return Ok(nodes),
                },
                TokenType::Comment => continue,
            };
            nodes.push(Node {
                at: token.position(),
                kind,
            });
        }
        if until.is_empty() {
            Ok(nodes)
        } else {
            Err(self.error_here(Reason::UnclosedTag))
        }
    }

    fn parse_variable(&self, token: &Token) -> Result<NodeKind, Error> {
        let text = token.contents(&self.source);
        if text.is_empty() {
            return Err(Error::new(Reason::EmptyVariable, token.position(), ""));
        }
        self.parse_filter_expression(text, token.position())
            .map(NodeKind::Variable)
    }

    /// `None` at a tag named in `until`, which stays to be read.
    fn parse_block<S: AsRef<str>>(
        &self,
        token: &Token,
        until: &[S],
    ) -> Result<Option<NodeKind>, Error> {
        let contents = token.contents(&self.source);
        let command = unicode::first_word(contents);
        if command.is_empty() {
            return Err(Error::new(Reason::EmptyBlock, token.position(), ""));
        }
        if until.iter().any(|end| end.as_ref() == command) {
            self.step_back();
            return Ok(None);
        }
        match self.host.tag(command) {
            TagKind::Builtin(tag) => tags::parse(tag, self, token).map(Some),
            TagKind::Foreign => self.parse_foreign(command, token).map(Some),
            TagKind::Analysed => tags::parse_analysed(command, self, token).map(Some),
            TagKind::Unknown => Err(Error::new(Reason::UnknownTag, token.position(), command)),
        }
    }

    fn parse_foreign(&self, command: &str, token: &Token) -> Result<NodeKind, Error> {
        self.memory().foreign.push(Vec::new());
        let compiled = self.host.compile_foreign(self, token);
        let bodies = self.memory().foreign.pop().unwrap_or_default();
        let Compiled { id, opaque, call } = compiled?;
        let call = call.and_then(|written| self.parse_call(&written, token).ok());
        let arguments = match call {
            Some(_) => Vec::new(),
            None => tags::foreign_arguments(self, token),
        };
        Ok(NodeKind::Foreign(Box::new(Foreign {
            id,
            tag: command.into(),
            opaque,
            arguments,
            bodies,
            call,
        })))
    }

    /// The arguments of a call, which the host has parsed before.
    fn parse_call(&self, written: &WrittenCall, token: &Token) -> Result<Call, Error> {
        let parse = |text: &str| self.parse_filter_expression(text, token.position());
        let args = written.args.iter().map(|text| parse(text));
        let kwargs = written
            .kwargs
            .iter()
            .map(|(name, text)| Ok((Name::from(name.as_str()), parse(text)?)));
        Ok(Call {
            args: args.collect::<Result<_, Error>>()?,
            kwargs: kwargs.collect::<Result<_, Error>>()?,
        })
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn depth(&self) -> u32 {
        self.depth.load(Relaxed)
    }

    /// An error at the token that was read last.
    #[cold]
    fn error_here(&self, reason: Reason) -> Error {
        let last = self
            .position()
            .checked_sub(1)
            .and_then(|index| self.tokens.get(index));
        Error::new(reason, last.map(Token::position).unwrap_or_default(), "")
    }
}

impl<H: Host> Names for Parser<H> {
    fn variable(&self) -> VariableId {
        VariableId(self.variables.fetch_add(1, Relaxed))
    }

    fn filter(
        &self,
        name: &str,
        arguments: usize,
        at: Position,
    ) -> Result<(FilterId, bool), Error> {
        match self.host.filter(name, arguments) {
            Ok(id) => Ok((id, self.host.is_native(id))),
            Err(error) => Err(Error { at, ..error }),
        }
    }
}

/// Counts the nodelists that are being parsed, left by whatever way.
struct Level<'d>(&'d AtomicU32);

impl<'d> Level<'d> {
    fn enter(depth: &'d AtomicU32) -> Option<Self> {
        let level = Self(depth);
        (level.0.fetch_add(1, Relaxed) < MAX_DEPTH).then_some(level)
    }
}

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}
