//! A block token's contents to words: `smart_split` (django/utils/text.py), `Token.split_contents`
//! and `kwarg_re` (django/template/base.py).

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::unicode::{Class, run_length, strip_start};

/// A word of a tag: borrowed, but for translated literals that hold runs of space.
pub type Word<'s> = Cow<'s, str>;

/// The words of a tag, the tag's name first.
pub type Words<'s> = SmallVec<[Word<'s>; 8]>;

/// As `token.split_contents()`; `None` where that raises (a `_("` that is not closed).
pub fn split_contents(contents: &str) -> Option<Words<'_>> {
    let mut words = Words::new();
    let mut pieces = SmartSplit { rest: contents };
    while let Some(piece) = pieces.next() {
        words.push(match translation_end(piece) {
            Some(end) if !piece.ends_with(end) => Cow::Owned(join_until(piece, end, &mut pieces)?),
            _ => Cow::Borrowed(piece),
        });
    }
    Some(words)
}

/// What closes a piece that opens as `_("` or `_('`.
fn translation_end(piece: &str) -> Option<&'static str> {
    match piece.as_bytes() {
        [b'_', b'(', b'"', ..] => Some("\")"),
        [b'_', b'(', b'\'', ..] => Some("')"),
        _ => None,
    }
}

fn join_until(first: &str, end: &str, pieces: &mut SmartSplit<'_>) -> Option<String> {
    let mut joined = first.to_owned();
    loop {
        let piece = pieces.next()?;
        joined.push(' ');
        joined.push_str(piece);
        if piece.ends_with(end) {
            return Some(joined);
        }
    }
}

/// As `smart_split(text)`.
struct SmartSplit<'s> {
    rest: &'s str,
}

impl<'s> Iterator for SmartSplit<'s> {
    type Item = &'s str;

    fn next(&mut self) -> Option<&'s str> {
        let text = strip_start(self.rest);
        if text.is_empty() {
            return None;
        }
        let (piece, rest) = text.split_at(piece_length(text));
        self.rest = rest;
        Some(piece)
    }
}

/// Quoted phrases hold the piece together as long as they are closed; a piece whose first quote is not
/// closed ends at the next space, one whose later quote is not ends before it.
fn piece_length(text: &str) -> usize {
    let mut length = run_length(text, Class::Bare);
    let mut quoted = false;
    while let Some(phrase) = quoted_length(&text[length..]) {
        quoted = true;
        length += phrase;
        length += run_length(&text[length..], Class::Bare);
    }
    if quoted {
        length
    } else {
        length + run_length(&text[length..], Class::Solid)
    }
}

/// The length of the quoted string that `text` opens with, quotes included:
/// `"(?:[^"\\]|\\.)*"` or the same with single quotes.
pub(crate) fn quoted_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes
        .first()
        .filter(|first| matches!(first, b'"' | b'\''))?;
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if matches!(bytes.get(at + 1), None | Some(b'\n')) => return None,
            b'\\' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// As `kwarg_re.match(word)`: the name before `=`, if there is one, and the value.
pub fn split_keyword(word: &str) -> (Option<&str>, &str) {
    let end = run_length(word, Class::Word);
    match word[end..].strip_prefix('=') {
        Some(value) if end > 0 && !value.is_empty() => (Some(&word[..end]), value),
        _ => (None, word),
    }
}
