//! Source text to tokens, as `Lexer` and `DebugLexer` of `django/template/base.py`; the parser is next.

use memchr::{memchr, memchr_iter, memchr2};

use crate::ast::Position;
use crate::unicode::strip;

/// Bytes of the source, `end` excluded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self {
            start: start as u32,
            end: end as u32,
        }
    }

    /// The text that it covers; `source` is the one that was lexed.
    pub fn text(self, source: &str) -> &str {
        &source[self.start as usize..self.end as usize]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    Text = 0,
    Var = 1,
    Block = 2,
    Comment = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenType,
    /// What Django keeps in `token.contents`: without delimiters and the space inside them.
    pub contents: Span,
    /// The whole token.
    pub span: Span,
    /// One-based, of the token's first character.
    pub line: u32,
}

impl Token {
    pub fn position(&self) -> Position {
        Position {
            span: self.span,
            line: self.line,
        }
    }

    pub fn contents(self, source: &str) -> &str {
        self.contents.text(source)
    }
}

/// A template too long for 32-bit spans is the parser's to refuse.
pub const MAX_SOURCE: usize = u32::MAX as usize;

pub struct Lexer<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    line: u32,
    /// While inside `{% verbatim name %}`: `"verbatim name"`.
    verbatim: Option<&'s str>,
    /// For `{%`, `{{`, `{#`: up to here no closing delimiter follows (it spares rescanning a long line).
    unclosed: [usize; 3],
}

impl<'s> Lexer<'s> {
    pub fn new(source: &'s str) -> Self {
        debug_assert!(source.len() <= MAX_SOURCE);
        let tokens = Vec::with_capacity(source.len() / 16);
        Self {
            source,
            tokens,
            line: 1,
            verbatim: None,
            unclosed: [0; 3],
        }
    }

    pub fn tokenize(mut self) -> Vec<Token> {
        let mut text_start = 0;
        let mut at = 0;
        while let Some(start) = memchr(b'{', &self.source.as_bytes()[at..]).map(|found| at + found)
        {
            match self.tag_end(start) {
                Some(end) => {
                    self.push_text(text_start, start);
                    self.push_tag(start, end);
                    (text_start, at) = (end, end);
                }
                None => at = start + 1,
            }
        }
        self.push_text(text_start, self.source.len());
        self.tokens
    }

    /// Where the tag that opens at `start` ends (delimiter included), if it is one: on the same line.
    fn tag_end(&mut self, start: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let (closer, slot) = match bytes.get(start + 1)? {
            b'%' => (b'%', 0),
            b'{' => (b'}', 1),
            b'#' => (b'#', 2),
            _ => return None,
        };
        if start < self.unclosed[slot] {
            return None;
        }
        let mut at = start + 2;
        while let Some(found) = memchr2(closer, b'\n', &bytes[at..]).map(|found| at + found) {
            if bytes[found] == b'\n' {
                self.unclosed[slot] = found;
                return None;
            }
            if bytes.get(found + 1) == Some(&b'}') {
                return Some(found + 2);
            }
            at = found + 1;
        }
        self.unclosed[slot] = bytes.len();
        None
    }

    fn push_text(&mut self, start: usize, end: usize) {
        if start < end {
            let span = Span::new(start, end);
            self.push(TokenType::Text, span, span);
        }
    }

    fn push_tag(&mut self, start: usize, end: usize) {
        let span = Span::new(start, end);
        let contents = self.stripped(start + 2, end - 2);
        let kind = self.tag_kind(
            self.source.as_bytes()[start + 1],
            contents.text(self.source),
        );
        let contents = if kind == TokenType::Text {
            span
        } else {
            contents
        };
        self.push(kind, contents, span);
    }

    /// What a tag is, which inside `verbatim` is text; opens and closes `verbatim`.
    fn tag_kind(&mut self, delimiter: u8, contents: &'s str) -> TokenType {
        match (self.verbatim, delimiter) {
            (Some(opening), b'%') if contents.strip_prefix("end") == Some(opening) => {
                self.verbatim = None
            }
            (Some(_), _) => return TokenType::Text,
            (None, b'{') => return TokenType::Var,
            (None, b'#') => return TokenType::Comment,
            (None, _) if contents == "verbatim" || contents.starts_with("verbatim ") => {
                self.verbatim = Some(contents);
            }
            (None, _) => {}
        }
        TokenType::Block
    }

    fn stripped(&self, start: usize, end: usize) -> Span {
        let inner = &self.source[start..end];
        let stripped = strip(inner);
        let start =
            start + (inner.len() - inner.trim_start_matches(crate::unicode::is_space).len());
        Span::new(start, start + stripped.len())
    }

    fn push(&mut self, kind: TokenType, contents: Span, span: Span) {
        self.tokens.push(Token {
            kind,
            contents,
            span,
            line: self.line,
        });
        if kind == TokenType::Text {
            let text = span.text(self.source).as_bytes();
            self.line += memchr_iter(b'\n', text).count() as u32;
        }
    }
}
