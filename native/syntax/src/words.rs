//! A block token's contents to words: `smart_split` (django/utils/text.py), `Token.split_contents`
//! and `kwarg_re` (django/template/base.py).

use std::borrow::Cow;

use crate::unicode::{is_space, is_word};

/// A word of a tag: borrowed, but for translated literals that hold runs of space.
pub type Word<'s> = Cow<'s, str>;

/// As `token.split_contents()`; `None` where that raises (a `_("` that is not closed).
pub fn split_contents(contents: &str) -> Option<Vec<Word<'_>>> {
    let mut words = Vec::new();
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
        let text = self.rest.trim_start_matches(is_space);
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
    let mut length = unquoted_length(text);
    let mut quoted = false;
    while let Some(phrase) = quoted_length(&text[length..]) {
        quoted = true;
        length += phrase;
        length += unquoted_length(&text[length..]);
    }
    if quoted {
        length
    } else {
        text.find(is_space).unwrap_or(text.len())
    }
}

/// `[^\s'"]*`
fn unquoted_length(text: &str) -> usize {
    text.find(|c| c == '"' || c == '\'' || is_space(c))
        .unwrap_or(text.len())
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
    let end = word.find(|c| !is_word(c)).unwrap_or(word.len());
    match word[end..].strip_prefix('=') {
        Some(value) if end > 0 && !value.is_empty() => (Some(&word[..end]), value),
        _ => (None, word),
    }
}
