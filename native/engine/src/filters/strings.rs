//! STRINGS.

use pyo3::prelude::*;

use super::Call;
use crate::value::Value;

/// ASCII alone: Python and Rust may hold different versions of Unicode.
pub fn lower<'py>(call: &Call<'_, 'py>) -> PyResult<Option<Value<'py>>> {
    let text = call.text().filter(|text| text.is_ascii());
    Ok(text.map(|text| call.made(&text.to_ascii_lowercase())))
}

/// `upper` is not `is_safe`: what it makes is escaped.
pub fn upper<'py>(call: &Call<'_, 'py>) -> PyResult<Option<Value<'py>>> {
    let text = call.text().filter(|text| text.is_ascii());
    Ok(text.map(|text| call.made(&text.to_ascii_uppercase())))
}
