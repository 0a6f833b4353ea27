//! STRINGS: letter case, quotes, formats and fields.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::Answer;
use super::call::{Call, string_of};
use crate::value::Value;

/// Wider fields are left to Python, whose memory they need.
const WIDEST: i64 = 10_000;

pub fn addslashes<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let Some(text) = call.string() else {
        return Ok(None);
    };
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if matches!(character, '\\' | '"' | '\'') {
            out.push('\\');
        }
        out.push(character);
    }
    Ok(Some(call.made(&out)))
}

pub fn capfirst<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let text = call
        .string()
        .filter(|text| text.chars().next().is_none_or(|first| first.is_ascii()));
    Ok(text.map(|text| {
        let mut text = text.into_owned();
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        call.made(&text)
    }))
}

pub fn lower<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    match call.ascii() {
        Some(text) => Ok(Some(call.made(&text.to_ascii_lowercase()))),
        None => by_method(call, intern!(call.py, "lower")),
    }
}

/// `upper` is not `is_safe`: what it makes is escaped.
pub fn upper<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    match call.ascii() {
        Some(text) => Ok(Some(call.made(&text.to_ascii_uppercase()))),
        None => by_method(call, intern!(call.py, "upper")),
    }
}

/// Calls a method of `str` on texts: Python's own tables of Unicode decide.
fn by_method<'py>(call: &Call<'_, 'py>, name: &Bound<'py, PyString>) -> Answer<'py> {
    if !call.input.is_exact_text() {
        return Ok(None);
    }
    call.made_by_python(call.input.to_py(call.py)?.call_method0(name)?)
}

/// `"%" + argument`, formatted by Python, of texts and Python's own scalars.
pub fn stringformat<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let (Some(specifier), Some(_)) = (call.argument_text(), string_of(call.input)) else {
        return Ok(None);
    };
    let format = PyString::new(call.py, &format!("%{specifier}"));
    match format.as_any().rem(call.input.to_py(call.py)?) {
        Ok(text) => call.made_by_python(text),
        Err(error) if is_format_error(call.py, &error) => Ok(Some(call.made(""))),
        Err(error) => Err(error),
    }
}

fn is_format_error(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyValueError>(py) || error.is_instance_of::<PyTypeError>(py)
}

pub fn ljust<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    Ok(field(call).map(|(text, missing, _)| call.made(&padded(0, &text, missing))))
}

pub fn rjust<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    Ok(field(call).map(|(text, missing, _)| call.made(&padded(missing, &text, 0))))
}

/// Where the text cannot stand in the very middle, versions of Django differ on its side.
pub fn center<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let field = field(call).filter(|(_, missing, width)| missing & width & 1 == 0);
    Ok(field.map(|(text, missing, _)| {
        let before = missing / 2;
        call.made(&padded(before, &text, missing - before))
    }))
}

/// The text, how many spaces it needs, and the width of its field.
fn field(call: &Call<'_, '_>) -> Option<(String, usize, usize)> {
    let text = call.string()?;
    let width = call.argument_integer().filter(|width| *width <= WIDEST)?;
    let width = usize::try_from(width).unwrap_or(0);
    let missing = width.saturating_sub(text.chars().count());
    Some((text.into_owned(), missing, width))
}

fn padded(before: usize, text: &str, after: usize) -> String {
    format!("{:before$}{text}{:after$}", "", "")
}

/// Safe text stays safe, unless a semicolon is cut: that may break an entity.
pub fn cut<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let (Some(text), Some(unwanted)) = (call.string(), call.argument_text()) else {
        return Ok(None);
    };
    let safe = call.input.is_safe() && unwanted != ";";
    Ok(Some(Value::text(&text.replace(&*unwanted, ""), safe)))
}

/// Not a `@stringfilter`: other types have no `lower()`.
pub fn phone2numeric<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let text = call.text().filter(|text| text.is_ascii());
    Ok(text.map(|text| {
        let digits: String = text.bytes().map(digit_of).collect();
        call.made(&digits)
    }))
}

fn digit_of(byte: u8) -> char {
    char::from(match byte.to_ascii_lowercase() {
        b'a'..=b'c' => b'2',
        b'd'..=b'f' => b'3',
        b'g'..=b'i' => b'4',
        b'j'..=b'l' => b'5',
        b'm'..=b'o' => b'6',
        b'p'..=b's' => b'7',
        b't'..=b'v' => b'8',
        b'w'..=b'z' => b'9',
        other => other,
    })
}
