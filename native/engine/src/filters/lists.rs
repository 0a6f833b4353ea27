//! LISTS.

use pyo3::exceptions::{PyIndexError, PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PySlice};

use super::Answer;
use super::call::{Call, integer_of_text};
use super::html::{items_of, push_item};
use crate::value::Value;
use crate::value::write::Output;

/// The characters of the text, as a list.
pub fn make_list<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let Some(text) = call.string() else {
        return Ok(None);
    };
    let list = call.py.get_type::<PyList>().call1((&*text,))?;
    Ok(Some(Value::Py(list)))
}

pub fn first<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    item(call, 0)
}

pub fn last<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    item(call, -1)
}

/// `value[place]` of any object, an empty text where there is no such place.
fn item<'py>(call: &Call<'_, 'py>, place: i64) -> Answer<'py> {
    let Some(object) = subscripted(call)? else {
        return Ok(None);
    };
    match object.get_item(place) {
        Ok(item) => call.made_by_python(item),
        Err(error) if error.is_instance_of::<PyIndexError>(call.py) => Ok(Some(call.made(""))),
        Err(error) => Err(error),
    }
}

/// What Python's subscript operator is applied to; nothing for safe data that is no `SafeString`.
fn subscripted<'py>(call: &Call<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    match call.input {
        Value::Py(object) => {
            // Only a filter that keeps safety asks for it.
            let safe = call.is_safe && call.input.is_safe_data()?;
            let odd = (safe || call.input.is_safe()) && !call.input.is_exact_text();
            Ok((!odd).then(|| object.clone()))
        }
        Value::Text { .. } => call.input.to_py(call.py).map(Some),
        _ => Ok(None),
    }
}

/// `arg.join(value)` of a list or tuple, its items escaped unless they are safe.
pub fn join<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let (Some(items), Some(argument)) = (items_of(call.input), call.argument) else {
        return Ok(None);
    };
    if !argument.is_exact_text() {
        return Ok(None);
    }
    let mut out = Output::default();
    for (number, item) in items.iter().map(Value::Py).enumerate() {
        let separated = number == 0 || push_item(argument, call.autoescape, &mut out);
        if !separated || !push_item(&item, call.autoescape, &mut out) {
            return Ok(None);
        }
    }
    Ok(out.as_str().map(|text| Value::text(text, true)))
}

/// `len()` of any object, 0 where it has none.
pub fn length<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let length = match call.input {
        Value::Text { text, .. } => Ok(text.chars().count()),
        Value::Int(_) | Value::Bool(_) | Value::None => Ok(0),
        Value::Py(object) => object.len(),
        _ => return Ok(None),
    };
    match length {
        Ok(length) => Ok(Some(Value::Int(length as i64))),
        Err(error) if is_lengthless(call.py, &error) => Ok(Some(Value::Int(0))),
        Err(error) => Err(error),
    }
}

fn is_lengthless(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyValueError>(py) || error.is_instance_of::<PyTypeError>(py)
}

/// `value[slice]` of any object, and the value itself where Python refuses.
pub fn slice<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let (Some(object), Some(bounds)) = (subscripted(call)?, bounds(call)) else {
        return Ok(None);
    };
    let slice = call.py.get_type::<PySlice>();
    let slice = match bounds[..] {
        [stop] => slice.call1((stop,))?,
        [start, stop] => slice.call1((start, stop))?,
        [start, stop, step] => slice.call1((start, stop, step))?,
        _ => return Ok(None),
    };
    match object.get_item(slice) {
        Ok(part) => call.made_by_python(part),
        Err(error) if is_refused(call.py, &error) => Ok(Some(call.input.clone())),
        Err(error) => Err(error),
    }
}

/// The numbers of an argument such as `"1:-2"`.
fn bounds(call: &Call<'_, '_>) -> Option<Vec<Option<i64>>> {
    if let Some(text) = call.argument_text() {
        return text.split(':').map(bound).collect();
    }
    call.argument_integer().map(|stop| vec![Some(stop)])
}

/// Nothing where Python must read the number; `Some(None)` for an empty bound.
fn bound(text: &str) -> Option<Option<i64>> {
    if text.is_empty() {
        return Some(None);
    }
    integer_of_text(text).map(Some)
}

fn is_refused(py: Python<'_>, error: &PyErr) -> bool {
    is_lengthless(py, error) || error.is_instance_of::<PyKeyError>(py)
}
