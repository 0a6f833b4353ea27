//! One step of a dotted path on a Python object: `Variable._resolve_lookup`
//! (django/template/base.py). The only place where the engine looks things up on user objects.

use pyo3::exceptions::{PyAttributeError, PyIndexError, PyKeyError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple, PyType};

use crate::django::django;
use crate::program::Segment;

/// What a step found.
pub enum Step<'py> {
    Found(Bound<'py, PyAny>),
    /// `VariableDoesNotExist`: neither key, nor attribute, nor index.
    Missing,
    /// The value is `string_if_invalid` itself: a refused call.
    Invalid,
}

/// Looks `segment` up on `current` and calls what is found, by Django's rules.
///
/// Raises whatever Django lets through: errors of properties, `__getitem__` and calls.
pub fn step<'py>(current: &Bound<'py, PyAny>, segment: &Segment) -> PyResult<Step<'py>> {
    match find(current, segment)? {
        Some(found) => called(found),
        None => Ok(Step::Missing),
    }
}

fn find<'py>(
    current: &Bound<'py, PyAny>,
    segment: &Segment,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let name = segment.name.bind(current.py());
    if let Some(found) = by_key(current, name)? {
        return Ok(Some(found));
    }
    match by_attribute(current, name) {
        Ok(found) => Ok(Some(found)),
        Err(error) => after_attribute(current, segment, error),
    }
}

/// `current[bit]`, for types that have `__getitem__`.
fn by_key<'py>(
    current: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if let Ok(dict) = current.cast_exact::<PyDict>() {
        return dict.get_item(name);
    }
    if !is_subscriptable(current) {
        return Ok(None);
    }
    match current.get_item(name) {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_key_failure(current.py(), &error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `hasattr(type(current), "__getitem__")`, less the types whose subscript refuses any `str`.
fn is_subscriptable(current: &Bound<'_, PyAny>) -> bool {
    if current.is_exact_instance_of::<PyString>()
        || current.is_exact_instance_of::<PyList>()
        || current.is_exact_instance_of::<PyTuple>()
    {
        return false;
    }
    // SAFETY: both read slots of the object's type; the object is alive and the GIL is held.
    unsafe {
        pyo3::ffi::PyMapping_Check(current.as_ptr()) != 0
            || pyo3::ffi::PySequence_Check(current.as_ptr()) != 0
    }
}

fn is_key_failure(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyTypeError>(py)
        || error.is_instance_of::<PyAttributeError>(py)
        || error.is_instance_of::<PyKeyError>(py)
        || error.is_instance_of::<PyValueError>(py)
        || error.is_instance_of::<PyIndexError>(py)
}

fn by_attribute<'py>(
    current: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    if is_context(current)? && current.get_type().getattr(name)?.is_truthy()? {
        return Err(PyAttributeError::new_err(()));
    }
    current.getattr(name)
}

fn is_context(current: &Bound<'_, PyAny>) -> PyResult<bool> {
    let base = django(current.py())?.base_context.bind(current.py());
    Ok(is_subtype(&current.get_type(), base))
}

fn is_subtype(class: &Bound<'_, PyType>, base: &Bound<'_, PyType>) -> bool {
    // SAFETY: both are live type objects.
    unsafe { pyo3::ffi::PyType_IsSubtype(class.as_type_ptr(), base.as_type_ptr()) != 0 }
}

#[cold]
fn after_attribute<'py>(
    current: &Bound<'py, PyAny>,
    segment: &Segment,
    error: PyErr,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = current.py();
    if !(error.is_instance_of::<PyTypeError>(py) || error.is_instance_of::<PyAttributeError>(py)) {
        return Err(error);
    }
    if !is_context(current)? && current.dir()?.contains(&segment.name)? {
        return Err(error);
    }
    let Some(index) = &segment.index else {
        return Ok(None);
    };
    match current.get_item(index) {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_index_failure(py, &error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_index_failure(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyIndexError>(py)
        || error.is_instance_of::<PyValueError>(py)
        || error.is_instance_of::<PyKeyError>(py)
        || error.is_instance_of::<PyTypeError>(py)
}

/// Calls a callable without arguments, unless it asks not to be called or alters data.
pub fn called(found: Bound<'_, PyAny>) -> PyResult<Step<'_>> {
    if !found.is_callable() {
        return Ok(Step::Found(found));
    }
    call(found)
}

fn call(found: Bound<'_, PyAny>) -> PyResult<Step<'_>> {
    let py = found.py();
    if flag(&found, intern!(py, "do_not_call_in_templates"))? {
        return Ok(Step::Found(found));
    }
    if flag(&found, intern!(py, "alters_data"))? {
        return Ok(Step::Invalid);
    }
    match found.call0() {
        Ok(value) => Ok(Step::Found(value)),
        Err(error) if error.is_instance_of::<PyTypeError>(py) => refused(&found, error),
        Err(error) => Err(error),
    }
}

fn flag(found: &Bound<'_, PyAny>, name: &Bound<'_, PyString>) -> PyResult<bool> {
    match found.getattr_opt(name)? {
        Some(value) => value.is_truthy(),
        None => Ok(false),
    }
}

/// A `TypeError` of the call itself (arguments were required) is `string_if_invalid`.
#[cold]
fn refused<'py>(found: &Bound<'py, PyAny>, error: PyErr) -> PyResult<Step<'py>> {
    let py = found.py();
    let wants_arguments = django(py)?
        .call(py, intern!(py, "wants_arguments"), (found,))?
        .is_truthy()?;
    if wants_arguments {
        Ok(Step::Invalid)
    } else {
        Err(error)
    }
}
