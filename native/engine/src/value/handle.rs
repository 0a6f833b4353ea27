//! Rows on their way through Python.

use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use super::row::{Attribute, Row, Rows};
use super::shape::{Read, Shape};

/// A row on its way through a Python dict of the context; to Python code it is its instance.
#[pyclass(frozen, module = "djust_engine._native")]
pub struct RowHandle {
    pub rows: Py<Rows>,
    pub tuple: Py<PyTuple>,
    pub shape: Py<Shape>,
}

impl RowHandle {
    pub fn row<'py>(&self, py: Python<'py>) -> Row<'py> {
        Row {
            rows: self.rows.bind(py).clone(),
            tuple: self.tuple.bind(py).clone(),
            shape: self.shape.bind(py).clone(),
        }
    }
}

#[pymethods]
impl RowHandle {
    fn __getattr__<'py>(
        &self,
        py: Python<'py>,
        name: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let name = PyString::intern(py, name.to_str()?);
        let shape = self.shape.get();
        if shape.find(&name).is_none() && shape.lacks(&name)? {
            return Err(PyAttributeError::new_err(name.unbind()));
        }
        match self.row(py).attribute(&name)? {
            Attribute::Found(value) => value.to_py(py),
            Attribute::Missing => Err(PyAttributeError::new_err(name.unbind())),
            Attribute::Silent => Err(does_not_exist(py)?),
            Attribute::Instance(instance) => instance.getattr(name),
        }
    }

    /// The model whose instance this is to Python code.
    #[getter]
    fn __djust_model__(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        let model = self.shape.get().model.as_ref();
        model.map(|model| model.clone_ref(py))
    }

    /// Asked by `Variable._resolve_lookup` whether an attribute that raised is there after all:
    /// no reason to build the instance.
    fn __dir__(&self, py: Python<'_>) -> Vec<Py<PyString>> {
        let entries = self.shape.get().entries.iter();
        entries
            .filter(|entry| !matches!(entry.read, Read::Absent))
            .map(|entry| entry.name.clone_ref(py))
            .collect()
    }

    fn __str__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        self.row(py).instance()?.str()
    }

    fn __eq__<'py>(&self, py: Python<'py>, other: &Bound<'py, PyAny>) -> PyResult<bool> {
        self.row(py).instance()?.eq(as_instance(other)?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.row(py).instance()?.hash()
    }
}

/// Silent in templates, as `RelatedObjectDoesNotExist` is.
fn does_not_exist(py: Python<'_>) -> PyResult<PyErr> {
    let class = py
        .import("django.core.exceptions")?
        .getattr("ObjectDoesNotExist")?;
    Ok(PyErr::from_value(class.call0()?))
}

fn as_instance<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    match object.cast_exact::<RowHandle>() {
        Ok(handle) => handle.get().row(object.py()).instance(),
        Err(_) => Ok(object.clone()),
    }
}
