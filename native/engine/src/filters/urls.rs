//! STRINGS: what stands in a URL, by `urllib.parse.quote`.

use super::Answer;
use super::call::Call;
use crate::value::Value;

/// The reserved characters of RFC 3986 and `%`, less those that `quote` never touches.
const IRI: &[u8] = b"/#%[]=:;$&()+,!?*@'~";

pub fn iriencode<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    Ok(call.string().map(|text| call.made(&quote(&text, IRI))))
}

/// An empty text is answered as it is, safety included: so does `quote`.
pub fn urlencode<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let (Some(text), Some(safe)) = (call.string(), safe_characters(call)) else {
        return Ok(None);
    };
    if text.is_empty() {
        return Ok(Some(call.input.clone()));
    }
    Ok(Some(Value::text(&quote(&text, safe.as_bytes()), false)))
}

/// The argument of `urlencode`: characters that stay, `/` where it is missing or `None`.
fn safe_characters(call: &Call<'_, '_>) -> Option<String> {
    match call.argument {
        Some(argument) if !argument.is_none() => call.argument_text().map(|text| text.into_owned()),
        _ => Some("/".to_owned()),
    }
}

/// `urllib.parse.quote`.
pub fn quote(text: &str, safe: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        if is_unreserved(byte) || (byte.is_ascii() && safe.contains(&byte)) {
            out.push(char::from(byte));
        } else {
            push_percent(byte, &mut out);
        }
    }
    out
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'~')
}

fn push_percent(byte: u8, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}
