//! LISTS.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use super::Call;
use crate::value::Value;

/// `len()` of the builtin containers.
pub fn length<'py>(call: &Call<'_, 'py>) -> PyResult<Option<Value<'py>>> {
    let Value::Py(object) = call.input else {
        return Ok(None);
    };
    let is_builtin = object.is_exact_instance_of::<PyList>()
        || object.is_exact_instance_of::<PyTuple>()
        || object.is_exact_instance_of::<PyDict>()
        || object.is_exact_instance_of::<PyString>();
    Ok(if is_builtin {
        Some(Value::Int(object.len()? as i64))
    } else {
        None
    })
}
