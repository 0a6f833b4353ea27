//! Where in a row the attributes of a model stand.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

/// How the attributes of a model are read from a row. One may serve several places of a tuple.
#[pyclass(frozen, module = "djust_engine._native")]
pub struct Shape {
    pub entries: Vec<Entry>,
    pub make: Option<Py<PyAny>>,
    /// The model whose instances the rows stand for.
    pub model: Option<Py<PyAny>>,
}

pub struct Entry {
    pub name: Py<PyString>,
    pub read: Read,
}

pub enum Read {
    Value(usize),
    Call(usize, Py<PyAny>),
    One {
        key: usize,
        shape: Py<Shape>,
        missing: bool,
    },
    Many {
        key: usize,
        shape: Py<Shape>,
        load: Py<PyAny>,
    },
    Absent,
}

#[pymethods]
impl Shape {
    /// `entries`: `("value", name, index)`, `("call", name, index, function)`,
    /// `("one", name, key index, Shape, missing)`, `("many", name, key index, Shape, load)`,
    /// `("absent", name)`. `make(row)` builds the instance of a row, which is one of `model`.
    /// Raises `ValueError` for an entry of another kind.
    #[new]
    #[pyo3(signature = (entries, make=None, model=None))]
    fn new(
        entries: Vec<Bound<'_, PyTuple>>,
        make: Option<Py<PyAny>>,
        model: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let entries = entries.iter().map(read_entry).collect::<PyResult<_>>()?;
        Ok(Shape {
            entries,
            make,
            model,
        })
    }

    /// The attribute names that are read from the row itself.
    fn names(&self, py: Python<'_>) -> Vec<Py<PyString>> {
        self.entries
            .iter()
            .map(|entry| entry.name.clone_ref(py))
            .collect()
    }
}

fn read_entry(entry: &Bound<'_, PyTuple>) -> PyResult<Entry> {
    let py = entry.py();
    let name: String = entry.get_item(1)?.extract()?;
    let index = |at: usize| -> PyResult<usize> { entry.get_item(at)?.extract() };
    let object = |at: usize| -> PyResult<Py<PyAny>> { Ok(entry.get_item(at)?.unbind()) };
    let shape = |at: usize| -> PyResult<Py<Shape>> {
        Ok(entry.get_item(at)?.cast_into::<Shape>()?.unbind())
    };
    let read = match entry.get_item(0)?.extract::<String>()?.as_str() {
        "value" => Read::Value(index(2)?),
        "call" => Read::Call(index(2)?, object(3)?),
        "one" => Read::One {
            key: index(2)?,
            shape: shape(3)?,
            missing: entry.get_item(4)?.extract()?,
        },
        "many" => Read::Many {
            key: index(2)?,
            shape: shape(3)?,
            load: object(4)?,
        },
        "absent" => Read::Absent,
        other => {
            return Err(PyValueError::new_err(format!(
                "a Shape has no entries of kind '{other}'"
            )));
        }
    };
    Ok(Entry {
        name: PyString::intern(py, &name).unbind(),
        read,
    })
}

impl Shape {
    /// Whether no instance has an attribute of this name: there is no need to build one to know.
    pub fn lacks(&self, name: &Bound<'_, PyString>) -> PyResult<bool> {
        let Some(model) = &self.model else {
            return Ok(false);
        };
        let stock = name.py().import("djust_engine.jit.stock")?;
        stock.call_method1("lacks", (model, name))?.is_truthy()
    }

    /// Names are interned on both sides, so equal names are one object; equality is the slow lane.
    pub fn find(&self, name: &Bound<'_, PyString>) -> Option<(usize, &Entry)> {
        let wanted = name.as_ptr();
        self.entries
            .iter()
            .enumerate()
            .find(|(_, entry)| entry.name.as_ptr() == wanted)
    }
}
