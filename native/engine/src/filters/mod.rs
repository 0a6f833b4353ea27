//! Django's builtin filters (django/template/defaultfilters.py): one row a filter.
//!
//! A native filter answers for the values it is exact for, and says nothing (`None`) for all others:
//! those go to Django's own Python function.

mod html;
mod lists;
mod logic;
mod numbers;
mod strings;

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::value::Value;

/// One use of a filter, its input and argument resolved.
pub struct Call<'a, 'py> {
    pub py: Python<'py>,
    pub input: &'a Value<'py>,
    pub argument: Option<&'a Value<'py>>,
    pub autoescape: bool,
    /// The filter's `is_safe`: what it makes of a safe text is safe.
    pub is_safe: bool,
}

/// A native filter; `None` leaves the call to Django's function.
pub type Native = for<'a, 'py> fn(&Call<'a, 'py>) -> PyResult<Option<Value<'py>>>;

/// The native filter of a name that Django registered.
pub fn native(name: &str) -> Option<Native> {
    FILTERS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, function)| *function)
}

/// Every native filter, in the order of Django's sections.
pub const FILTERS: &[(&str, Native)] = &[
    // STRINGS
    ("lower", strings::lower),
    ("upper", strings::upper),
    // HTML STRINGS
    ("escape", html::escape),
    ("safe", html::safe),
    // LISTS
    ("length", lists::length),
    // INTEGERS
    ("add", numbers::add),
    // LOGIC
    ("default", logic::default),
    ("default_if_none", logic::default_if_none),
];

impl<'a, 'py> Call<'a, 'py> {
    /// The input as text: of exact `str`, `SafeString` and the engine's own texts.
    /// Nothing for other types and for lone surrogates.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        text_of(self.input)
    }

    /// The argument as text, as `text`.
    pub fn argument_text(&self) -> Option<Cow<'a, str>> {
        text_of(self.argument?)
    }

    /// A text made of the input, safe where the filter keeps safety and the input was safe.
    pub fn made(&self, text: &str) -> Value<'py> {
        Value::text(text, self.is_safe && self.input.is_safe())
    }
}

fn text_of<'a>(value: &'a Value<'_>) -> Option<Cow<'a, str>> {
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
