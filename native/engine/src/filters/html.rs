//! HTML STRINGS, and what else escapes.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::Answer;
use super::call::{Call, string_of};
use crate::value::Value;
use crate::value::write::Output;

/// `conditional_escape`: safe text stays as it is.
pub fn escape<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    if call.text().is_some() && call.input.is_safe() {
        return Ok(Some(call.input.clone()));
    }
    force_escape(call)
}

pub fn force_escape<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let Some(text) = call.string() else {
        return Ok(None);
    };
    let mut out = Output::with_capacity(text.len() + 8);
    out.push_escaped(&text);
    Ok(safe_text(&out))
}

fn safe_text<'py>(out: &Output) -> Option<Value<'py>> {
    out.as_str().map(|text| Value::text(text, true))
}

pub fn safe<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    Ok(call.string().map(|text| Value::text(&text, true)))
}

/// `conditional_escape` of each item.
pub fn escapeseq<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    each(call, escape)
}

/// `mark_safe` of each item.
pub fn safeseq<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    each(call, safe)
}

/// A list of what `filter` makes of the items of a list or tuple.
fn each<'py>(call: &Call<'_, 'py>, filter: super::Native) -> Answer<'py> {
    let Some(items) = items_of(call.input) else {
        return Ok(None);
    };
    let made = PyList::empty(call.py);
    for item in items.iter().map(|item| Value::Py(item.clone())) {
        let item = Call {
            input: &item,
            ..*call
        };
        match filter(&item)? {
            Some(value) => made.append(value.to_py(call.py)?)?,
            None => return Ok(None),
        }
    }
    Ok(Some(Value::Py(made.into_any())))
}

/// The items of an exact list or tuple.
pub fn items_of<'py>(value: &Value<'py>) -> Option<Bound<'py, PyTuple>> {
    let Value::Py(object) = value else {
        return None;
    };
    match object.cast_exact::<PyList>() {
        Ok(list) => Some(list.to_tuple()),
        Err(_) => object.cast_exact::<PyTuple>().ok().cloned(),
    }
}

/// Writes an item as `conditional_escape` gives it, or a text as it is; false where Python must.
pub fn push_item(item: &Value<'_>, escape: bool, out: &mut Output) -> bool {
    let text = match string_of(item) {
        Some(text) if escape || item.is_exact_text() => text,
        _ => return false,
    };
    if escape && !(item.is_exact_text() && item.is_safe()) {
        out.push_escaped(&text);
    } else {
        out.push(&text);
    }
    true
}

pub fn linebreaks<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let Some(text) = call.string() else {
        return Ok(None);
    };
    let text = with_plain_newlines(&text);
    let mut out = Output::with_capacity(text.len() + 64);
    for (number, paragraph) in paragraphs(&text).into_iter().enumerate() {
        out.push(if number > 0 { "\n\n<p>" } else { "<p>" });
        push_lines(paragraph, call.escapes(), &mut out);
        out.push("</p>");
    }
    Ok(safe_text(&out))
}

pub fn linebreaksbr<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let Some(text) = call.string() else {
        return Ok(None);
    };
    let mut out = Output::with_capacity(text.len() + 64);
    push_lines(&with_plain_newlines(&text), call.escapes(), &mut out);
    Ok(safe_text(&out))
}

/// `normalize_newlines`.
fn with_plain_newlines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The text split at empty lines.
fn paragraphs(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find("\n\n") {
        found.push(&rest[..end]);
        rest = rest[end..].trim_start_matches('\n');
    }
    found.push(rest);
    found
}

fn push_lines(text: &str, escape: bool, out: &mut Output) {
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push("<br>");
        }
        push_text(line, escape, out);
    }
}

fn push_text(text: &str, escape: bool, out: &mut Output) {
    if escape {
        out.push_escaped(text);
    } else {
        out.push(text);
    }
}

pub fn linenumbers<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let Some(text) = call.string() else {
        return Ok(None);
    };
    let width = text.split('\n').count().to_string().len();
    let mut out = Output::with_capacity(text.len() * 2);
    for (number, line) in (1..).zip(text.split('\n')) {
        out.push(if number > 1 { "\n" } else { "" });
        out.push(&format!("{number:0width$}. "));
        push_text(line, call.escapes(), &mut out);
    }
    Ok(safe_text(&out))
}

/// Versions of Django differ on the control characters from 127 to 159.
pub fn escapejs<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let text = call
        .string()
        .filter(|text| !text.contains(|c| matches!(c, '\x7f'..='\u{9f}')));
    Ok(text.map(|text| {
        let mut out = String::with_capacity(text.len() + 16);
        text.chars().for_each(|c| push_for_script(c, &mut out));
        Value::text(&out, true)
    }))
}

fn push_for_script(character: char, out: &mut String) {
    let escaped = matches!(
        character,
        '\\' | '\'' | '"' | '>' | '<' | '&' | '=' | '-' | ';' | '`' | '\u{2028}' | '\u{2029}'
    );
    if escaped || character < ' ' {
        out.push_str(&format!("\\u{:04X}", u32::from(character)));
    } else {
        out.push(character);
    }
}

/// A text without `<` has no tags; Python's html.parser reads all others.
pub fn striptags<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let text = call.string().filter(|text| !text.contains('<'));
    Ok(text.map(|text| call.made(&text)))
}
