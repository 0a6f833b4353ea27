//! STRINGS: words, their letters, and texts cut short.

use djust_syntax::unicode;

use super::Answer;
use super::call::Call;
use crate::value::Value;

/// Python's `title()`, then lower-case letters after "n'" and after digits.
pub fn title<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    Ok(call.ascii().map(|text| call.made(&titled(&text))))
}

fn titled(text: &str) -> String {
    let mut before = [Kind::Other; 2];
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let kind = Kind::after(before[1], byte);
        let stays_low = kind == Kind::Lower
            || before[1] == Kind::Digit
            || before == [Kind::Lower, Kind::Apostrophe];
        out.push(char::from(if stays_low {
            byte.to_ascii_lowercase()
        } else {
            byte.to_ascii_uppercase()
        }));
        before = [before[1], kind];
    }
    out
}

/// What `title()` makes of a character.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Upper,
    Lower,
    Digit,
    Apostrophe,
    Other,
}

impl Kind {
    fn after(before: Kind, byte: u8) -> Kind {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' if matches!(before, Kind::Upper | Kind::Lower) => Kind::Lower,
            b'a'..=b'z' | b'A'..=b'Z' => Kind::Upper,
            b'0'..=b'9' => Kind::Digit,
            b'\'' => Kind::Apostrophe,
            _ => Kind::Other,
        }
    }
}

pub fn slugify<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    Ok(call
        .ascii()
        .map(|text| call.made(slug(&text).trim_matches(['-', '_']))))
}

/// Letters and digits in lower case; each run of spaces and hyphens is one hyphen.
fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '-' || unicode::is_space(character) {
            if !out.ends_with('-') {
                out.push('-');
            }
        } else if unicode::is_word(character) {
            out.push(character.to_ascii_lowercase());
        }
    }
    out
}

pub fn wordcount<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let count = |text: &str| Value::Int(unicode::split(text).count() as i64);
    Ok(call.string().map(|text| count(&text)))
}

pub fn truncatewords<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let (Some(text), Some(length)) = (call.string(), call.argument_integer()) else {
        return Ok(None);
    };
    let words: Vec<&str> = unicode::split(&text).collect();
    let length = usize::try_from(length).unwrap_or(0);
    Ok(Some(call.made(&match length {
        0 => String::new(),
        _ if words.len() <= length => words.join(" "),
        _ => with_ellipsis(&words[..length]),
    })))
}

/// Words that end in an ellipsis of their own get no other one.
fn with_ellipsis(words: &[&str]) -> String {
    let mut text = words.join(" ");
    if !text.ends_with(" …") {
        text.push_str(" …");
    }
    text
}

pub fn truncatechars<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let text = call.string().filter(|text| text.chars().all(stands_alone));
    let (Some(text), Some(length)) = (text, call.argument_integer()) else {
        return Ok(None);
    };
    let Some(last) = usize::try_from(length).unwrap_or(0).checked_sub(1) else {
        return Ok(Some(call.made("")));
    };
    let mut places = text.char_indices().skip(last).map(|(place, _)| place);
    match (places.next(), places.next()) {
        (Some(end), Some(_)) => shortened(call, &text[..end]),
        _ => Ok(Some(call.made(&text))),
    }
}

/// Where the language has its own way to shorten texts, Django's function does it.
fn shortened<'py>(call: &Call<'_, 'py>, text: &str) -> Answer<'py> {
    let is_plain = call.language.has_plain_ellipsis(call.py)?;
    Ok(is_plain.then(|| call.made(&format!("{text}…"))))
}

/// True for characters that are not combining, and that NFC neither changes nor joins to another.
fn stands_alone(character: char) -> bool {
    matches!(character,
        '\0'..='\u{2ff}'
        | 'Α'..='Ρ' | 'Σ'..='ώ' // Greek
        | '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}' // Cyrillic
        | '\u{1e00}'..='\u{1eff}' // Latin
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}' // signs
        | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' // Kana
        | '\u{4e00}'..='\u{9fff}' // Han
        | '\u{ac00}'..='\u{d7a3}' // Hangul
        | '\u{ff01}'..='\u{ff5e}' // full width
        | '\u{1f300}'..='\u{1faff}' // pictures
    )
}
