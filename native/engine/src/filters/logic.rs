//! LOGIC.

use pyo3::prelude::*;

use super::Call;
use crate::value::Value;

/// `value or arg`, where truth needs no Python code.
pub fn default<'py>(call: &Call<'_, 'py>) -> PyResult<Option<Value<'py>>> {
    let truth = match call.input {
        Value::None => false,
        Value::Int(number) => *number != 0,
        Value::Bool(flag) => *flag,
        Value::Text { text, .. } => !text.is_empty(),
        Value::Py(object) => object.is_truthy()?,
        _ => return Ok(None),
    };
    Ok(if truth {
        Some(call.input.clone())
    } else {
        call.argument.cloned()
    })
}

pub fn default_if_none<'py>(call: &Call<'_, 'py>) -> PyResult<Option<Value<'py>>> {
    Ok(if call.input.is_none() {
        call.argument.cloned()
    } else {
        Some(call.input.clone())
    })
}
