//! The seam with `djust_engine.jit.peers.handed`: what code below the template is given.

use std::collections::HashMap;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyDict, PyDictItems, PyDictKeys, PyDictValues, PyFloat, PyFrozenSet, PyInt, PyList,
    PySet, PyString, PyTuple, PyType,
};

use super::Renderer;
use crate::django::django;
use crate::value::Value;

/// `PASSED`, `PRINTED` and `FIELD` of `djust_engine.jit.peers.handed`
const PASSED: u8 = 1;
const PRINTED: u8 = 2;
const FIELD: u8 = 3;

/// What this render has handed to code so far.
#[derive(Default)]
pub struct Handed<'py> {
    /// `djust_engine.jit.peers.handed.Handout`, once there was something.
    handout: Option<Bound<'py, PyAny>>,
    /// By address of a class (kept alive beside it): on which occasion its objects are handed out.
    occasions: HashMap<usize, (Bound<'py, PyType>, u8)>,
}

impl<'py> Renderer<'py> {
    /// An object goes to code: instances in it become peers of each other.
    pub fn hand_out(&mut self, object: &Bound<'py, PyAny>) -> PyResult<()> {
        self.give_on(object, PASSED)
    }

    /// An object is about to be printed: a form, or an instance, is so by code.
    pub fn print_out(&mut self, object: &Bound<'py, PyAny>) -> PyResult<()> {
        self.give_on(object, PRINTED)
    }

    fn give_on(&mut self, object: &Bound<'py, PyAny>, occasion: u8) -> PyResult<()> {
        let is_off = !self.program.get().off.bind(self.py).is_empty()?;
        if is_off || is_plain(object) || self.is_plain_list(object)? {
            return Ok(());
        }
        let known = self.occasion_of(&object.get_type())?;
        if known < occasion || known == FIELD && !has_queryset(object)? {
            return Ok(());
        }
        let handout = self.handout()?;
        handout.call_method1(intern!(self.py, "give"), (object,))?;
        Ok(())
    }

    /// A list or tuple that does not begin with an instance: nothing of it is gathered.
    fn is_plain_list(&self, object: &Bound<'py, PyAny>) -> PyResult<bool> {
        let first = if let Ok(list) = object.cast_exact::<PyList>() {
            list.get_item(0).ok()
        } else if let Ok(tuple) = object.cast_exact::<PyTuple>() {
            tuple.get_item(0).ok()
        } else {
            return Ok(false);
        };
        first.map_or(Ok(true), |first| Ok(!self.is_instance(&first)?))
    }

    fn occasion_of(&mut self, class: &Bound<'py, PyType>) -> PyResult<u8> {
        let address = class.as_ptr() as usize;
        if let Some((_, known)) = self.data.handed.occasions.get(&address) {
            return Ok(*known);
        }
        let handed = django(self.py)?.handed(self.py)?;
        let answer = handed.call_method1(intern!(self.py, "occasion_of"), (class,))?;
        let answer = answer.extract()?;
        self.data
            .handed
            .occasions
            .insert(address, (class.clone(), answer));
        Ok(answer)
    }

    /// What the context has under these names goes to code.
    pub fn hand_out_named(&mut self, names: &Bound<'py, PyAny>) -> PyResult<()> {
        for name in names.try_iter()? {
            let name = name?.cast_into::<PyString>()?;
            match self.scopes.get(&name)? {
                Some(Value::Py(object)) => self.hand_out(&object)?,
                Some(Value::Query(query)) => self.hand_out(&query.object)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn handout(&mut self) -> PyResult<Bound<'py, PyAny>> {
        if let Some(known) = &self.data.handed.handout {
            return Ok(known.clone());
        }
        let handed = django(self.py)?.handed(self.py)?;
        let made = handed.call_method0(intern!(self.py, "Handout"))?;
        Ok(self.data.handed.handout.insert(made).clone())
    }
}

/// What a template finds under a name in a dict, or in an object's own dict; None where that is not
/// plain to see.
pub fn plainly_held<'py>(
    holder: &Bound<'py, PyAny>,
    name: &str,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if let Ok(dict) = holder.cast_exact::<PyDict>() {
        return dict.get_item(name);
    }
    // SAFETY: the object is alive, and so is its type, of which one field is read.
    let lookup = unsafe { (*pyo3::ffi::Py_TYPE(holder.as_ptr())).tp_getattro };
    if lookup.map(|one| one as usize)
        != Some(pyo3::ffi::PyObject_GenericGetAttr as *const () as usize)
    {
        return Ok(None);
    }
    match holder.getattr_opt(intern!(holder.py(), "__dict__"))? {
        Some(held) => held
            .cast_exact::<PyDict>()
            .map_or(Ok(None), |held| held.get_item(name)),
        None => Ok(None),
    }
}

/// Whether the field of a `BoundField` chooses from a QuerySet.
fn has_queryset(bound: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = bound.py();
    let field = bound.getattr(intern!(py, "field"))?;
    match field.getattr_opt(intern!(py, "__dict__"))? {
        Some(held) => held.contains(intern!(py, "_queryset")),
        None => Ok(false),
    }
}

/// What `items()`, `keys()` and `values()` of a dict give.
pub fn is_dict_view(object: &Bound<'_, PyAny>) -> bool {
    object.is_exact_instance_of::<PyDictItems>()
        || object.is_exact_instance_of::<PyDictKeys>()
        || object.is_exact_instance_of::<PyDictValues>()
}

/// A text, a number, a truth, a view of a dict, or nothing.
fn is_plain(object: &Bound<'_, PyAny>) -> bool {
    object.is_exact_instance_of::<PyString>()
        || object.is_exact_instance_of::<PyInt>()
        || object.is_exact_instance_of::<PyBool>()
        || object.is_exact_instance_of::<PyFloat>()
        || object.is_none()
        || is_dict_view(object)
        || django(object.py()).is_ok_and(|table| table.is_safe_string(object))
}

/// The first element of a set or of a view of a dict, of Python's own classes.
pub fn first_of<'py>(values: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let is_own = is_dict_view(values)
        || values.is_exact_instance_of::<PySet>()
        || values.is_exact_instance_of::<PyFrozenSet>();
    if !is_own {
        return Ok(None);
    }
    values.try_iter()?.next().transpose()
}
