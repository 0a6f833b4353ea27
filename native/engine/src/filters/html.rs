//! HTML STRINGS.

use pyo3::prelude::*;

use super::Call;
use crate::value::Value;
use crate::value::write::Output;

/// `conditional_escape`: safe text stays as it is.
pub fn escape<'py>(call: &Call<'_, 'py>) -> PyResult<Option<Value<'py>>> {
    let Some(text) = call.text() else {
        return Ok(None);
    };
    if call.input.is_safe() {
        return Ok(Some(Value::text(&text, true)));
    }
    let mut out = Output::default();
    out.push_escaped(&text);
    Ok(out.as_str().map(|escaped| Value::text(escaped, true)))
}

pub fn safe<'py>(call: &Call<'_, 'py>) -> PyResult<Option<Value<'py>>> {
    Ok(call.text().map(|text| Value::text(&text, true)))
}
