//! INTEGERS.

use pyo3::prelude::*;
use pyo3::types::PyInt;

use super::Call;
use crate::value::Value;

/// Sums of small integers.
pub fn add<'py>(call: &Call<'_, 'py>) -> PyResult<Option<Value<'py>>> {
    let (Some(left), Some(right)) = (integer(call.input), call.argument.and_then(integer)) else {
        return Ok(None);
    };
    Ok(left.checked_add(right).map(Value::Int))
}

fn integer(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Py(object) if object.is_exact_instance_of::<PyInt>() => object.extract().ok(),
        _ => None,
    }
}
