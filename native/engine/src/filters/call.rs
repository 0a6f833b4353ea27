//! What a native filter is called with, and how it reads it: by exact types, never by Python code.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};

use super::Answer;
use crate::django::django;
use crate::value::Value;
use crate::value::language::Language;

/// One use of a filter, its input and argument resolved.
pub struct Call<'a, 'py> {
    pub py: Python<'py>,
    pub input: &'a Value<'py>,
    pub argument: Option<&'a Value<'py>>,
    pub autoescape: bool,
    /// The filter's `is_safe`: what it makes of a safe text is safe.
    pub is_safe: bool,
    pub language: &'a Language,
    /// `django.template.Context`
    pub context: &'a Bound<'py, PyAny>,
}

impl<'a, 'py> Call<'a, 'py> {
    /// The input as text: of exact `str`, `SafeString` and the engine's own texts.
    /// Nothing for other types and for lone surrogates.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        text_of(self.input)
    }

    /// `str(input)`, which is what `@stringfilter` passes on: of texts and of Python's own scalars.
    pub fn string(&self) -> Option<Cow<'a, str>> {
        string_of(self.input)
    }

    /// `string`, if it is ASCII: Python and Rust may hold different versions of Unicode.
    pub fn ascii(&self) -> Option<Cow<'a, str>> {
        self.string().filter(|text| text.is_ascii())
    }

    /// The argument as text, as `text`.
    pub fn argument_text(&self) -> Option<Cow<'a, str>> {
        text_of(self.argument?)
    }

    /// `int(argument)`, as `integer_of`.
    pub fn argument_integer(&self) -> Option<i64> {
        integer_of(self.argument?)
    }

    /// True where the filter has to escape: autoescape is on, and the input is not safe.
    pub fn escapes(&self) -> bool {
        self.autoescape && !self.input.is_safe()
    }

    /// A text made of the input, safe where the filter keeps safety and the input was safe.
    pub fn made(&self, text: &str) -> Value<'py> {
        Value::text(text, self.is_safe && self.input.is_safe())
    }

    /// `made`, of what Python made.
    pub fn made_by_python(&self, made: Bound<'py, PyAny>) -> Answer<'py> {
        if self.is_safe && self.input.is_safe() {
            let safe_string = django(self.py)?.safe_string.bind(self.py);
            return Ok(Some(Value::Py(safe_string.call1((made,))?)));
        }
        Ok(Some(Value::Py(made)))
    }
}

/// The text of exact `str`, `SafeString` and the engine's own texts, unless it has lone surrogates.
pub fn text_of<'a>(value: &'a Value<'_>) -> Option<Cow<'a, str>> {
    match value {
        Value::Text { text, .. } => Some(Cow::Borrowed(text)),
        Value::Py(object) if value.is_exact_text() => object
            .cast::<PyString>()
            .ok()?
            .to_str()
            .ok()
            .map(Cow::Borrowed),
        _ => None,
    }
}

/// `str(value)` of texts, numbers, booleans and `None`.
pub fn string_of<'a>(value: &'a Value<'_>) -> Option<Cow<'a, str>> {
    text_of(value).or_else(|| Some(Cow::Owned(scalar_text(value)?)))
}

fn scalar_text(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Int(number) => Some(itoa::Buffer::new().format(*number).to_owned()),
        Value::Bool(flag) => Some(if *flag { "True" } else { "False" }.to_owned()),
        Value::None => Some("None".to_owned()),
        Value::Py(object) if is_scalar(object) => {
            Some(object.str().ok()?.to_str().ok()?.to_owned())
        }
        _ => None,
    }
}

fn is_scalar(object: &Bound<'_, PyAny>) -> bool {
    object.is_exact_instance_of::<PyInt>()
        || object.is_exact_instance_of::<PyFloat>()
        || object.is_exact_instance_of::<PyBool>()
        || object.is_none()
}

/// `int(value)` of small integers, and of texts that are plain digits with or without a sign.
pub fn integer_of(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Py(object) if object.is_exact_instance_of::<PyInt>() => object.extract().ok(),
        _ => integer_of_text(&text_of(value)?),
    }
}

/// `int(text)`, if its digits are ASCII without underscores and the number is small.
pub fn integer_of_text(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}
