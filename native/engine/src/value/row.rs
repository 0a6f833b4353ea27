//! Rows: the tuples of a `values_list`, read by a template as if they were model instances.
//!
//! `djust_engine.jit.fetch` makes them; a `Shape` says at which index of the tuple an attribute
//! stands, and how to build the instance itself when something else of it is asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use super::Value;
use super::handle::RowHandle;
use super::shape::{Entry, Read, Shape};

/// The rows of one query, with what was fetched or built for them since.
#[pyclass(frozen, weakref, module = "djust_engine._native")]
pub struct Rows {
    rows: Py<PyList>,
    shape: Py<Shape>,
    relations: Mutex<Vec<(usize, Arc<Relation>)>>,
    /// Instances made on demand: (tuple, shape) by address, alive as long as `rows`.
    made: Mutex<HashMap<(usize, usize), Py<PyAny>>>,
}

/// A to-many relation of all rows: the groups by key, and the rows that all groups share.
struct Relation {
    groups: Py<PyDict>,
    rows: Py<Rows>,
}

#[pymethods]
impl Rows {
    #[new]
    fn new(rows: Py<PyList>, shape: Py<Shape>) -> Self {
        Rows {
            rows,
            shape,
            relations: Mutex::default(),
            made: Mutex::default(),
        }
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.rows.bind(py).len()
    }

    #[getter]
    fn rows(&self, py: Python<'_>) -> Py<PyList> {
        self.rows.clone_ref(py)
    }

    #[getter]
    fn shape(&self, py: Python<'_>) -> Py<Shape> {
        self.shape.clone_ref(py)
    }
}

impl Rows {
    fn relation<'py>(
        &self,
        py: Python<'py>,
        entry: usize,
        load: &Py<PyAny>,
        shape: &Py<Shape>,
    ) -> PyResult<Arc<Relation>> {
        if let Some(known) = self.known_relation(entry) {
            return Ok(known);
        }
        let groups = load.bind(py).call1((&self.rows,))?.cast_into::<PyDict>()?;
        let rows = Rows::new(flatten(&groups)?.unbind(), shape.clone_ref(py));
        let relation = Arc::new(Relation {
            groups: groups.unbind(),
            rows: Py::new(py, rows)?,
        });
        let mut relations = self
            .relations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        relations.push((entry, relation.clone()));
        Ok(relation)
    }

    fn known_relation(&self, entry: usize) -> Option<Arc<Relation>> {
        let relations = self
            .relations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        relations
            .iter()
            .find(|(known, _)| *known == entry)
            .map(|(_, relation)| relation.clone())
    }

    fn made<'py>(&self, py: Python<'py>, key: (usize, usize)) -> Option<Bound<'py, PyAny>> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.get(&key).map(|object| object.bind(py).clone())
    }
}

fn flatten<'py>(groups: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyList>> {
    let all = PyList::empty(groups.py());
    for group in groups.values() {
        all.call_method1(intern!(groups.py(), "extend"), (group,))?;
    }
    Ok(all)
}

/// One row, read through a shape (its own, or that of a related model in the same tuple).
#[derive(Clone)]
pub struct Row<'py> {
    pub rows: Bound<'py, Rows>,
    pub tuple: Bound<'py, PyTuple>,
    pub shape: Bound<'py, Shape>,
}

/// What an attribute of a row is.
pub enum Attribute<'py> {
    Found(Value<'py>),
    /// The attribute does not exist on the model.
    Missing,
    /// `RelatedObjectDoesNotExist`, which is silent: the value is `string_if_invalid`.
    Silent,
    /// Not among the columns: to be looked up on the instance.
    Instance(Bound<'py, PyAny>),
}

impl<'py> Row<'py> {
    pub fn attribute(&self, name: &Bound<'py, PyString>) -> PyResult<Attribute<'py>> {
        let Some((_, entry)) = self.shape.get().find(name) else {
            return Ok(Attribute::Instance(self.instance()?));
        };
        let item = |index: usize| self.tuple.get_item(index);
        Ok(match &entry.read {
            Read::Value(index) => Attribute::Found(Value::Py(item(*index)?)),
            Read::Call(index, function) => {
                let value = function.bind(name.py()).call1((item(*index)?,))?;
                Attribute::Found(Value::Py(value))
            }
            Read::One {
                key,
                shape,
                missing,
            } => self.one(&item(*key)?, shape, *missing),
            Read::Many { .. } => Attribute::Found(Value::Manager(RowManager {
                row: self.clone(),
                name: name.clone(),
                is_all: false,
            })),
            Read::Absent => Attribute::Missing,
        })
    }

    fn one(&self, key: &Bound<'py, PyAny>, shape: &Py<Shape>, missing: bool) -> Attribute<'py> {
        match (key.is_none(), missing) {
            (true, true) => Attribute::Silent,
            (true, false) => Attribute::Found(Value::None),
            (false, _) => Attribute::Found(Value::Row(Row {
                rows: self.rows.clone(),
                tuple: self.tuple.clone(),
                shape: shape.bind(key.py()).clone(),
            })),
        }
    }

    /// The model instance of this row: built once, then the same object again.
    pub fn instance(&self) -> PyResult<Bound<'py, PyAny>> {
        let py = self.tuple.py();
        let key = (self.tuple.as_ptr() as usize, self.shape.as_ptr() as usize);
        if let Some(known) = self.rows.get().made(py, key) {
            return Ok(known);
        }
        let Some(make) = &self.shape.get().make else {
            return Err(PyValueError::new_err(
                "a row without `make` was asked for its instance",
            ));
        };
        let instance = make.bind(py).call1((&self.tuple,))?;
        let mut made = self
            .rows
            .get()
            .made
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        made.insert(key, instance.clone().unbind());
        Ok(instance)
    }

    /// A handle for Python: an opaque object that the engine knows again.
    pub fn to_py(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let handle = RowHandle {
            rows: self.rows.clone().unbind(),
            tuple: self.tuple.clone().unbind(),
            shape: self.shape.clone().unbind(),
        };
        Ok(Bound::new(py, handle)?.into_any())
    }
}

/// A related manager of a row: `post.comments`.
#[derive(Clone)]
pub struct RowManager<'py> {
    pub row: Row<'py>,
    pub name: Bound<'py, PyString>,
    /// It stands for its `.all`, which nobody has evaluated yet.
    pub is_all: bool,
}

impl<'py> RowManager<'py> {
    /// The related rows, fetched at first touch for all rows at once.
    pub fn all(&self) -> PyResult<RowsView<'py>> {
        let py = self.name.py();
        let shape = self.row.shape.get();
        let Some((
            at,
            Entry {
                read:
                    Read::Many {
                        key,
                        shape: child,
                        load,
                    },
                ..
            },
        )) = shape.find(&self.name)
        else {
            return Err(PyValueError::new_err(
                "not a to-many relation of this shape",
            ));
        };
        let entry = &raw const shape.entries[at] as usize;
        let relation = self.row.rows.get().relation(py, entry, load, child)?;
        let key = self.row.tuple.get_item(*key)?;
        let list = match relation.groups.bind(py).get_item(key)? {
            Some(group) => group.cast_into::<PyList>()?,
            None => PyList::empty(py),
        };
        Ok(RowsView {
            rows: relation.rows.bind(py).clone(),
            list,
        })
    }

    /// The real manager, on the real instance; of `.all`, handles of the related rows.
    pub fn to_py(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if self.is_all {
            return self.all()?.to_py(py);
        }
        self.row.instance()?.getattr(&self.name)
    }
}

/// Rows that a template iterates: those of a query, or of one group of a relation.
#[derive(Clone)]
pub struct RowsView<'py> {
    pub rows: Bound<'py, Rows>,
    pub list: Bound<'py, PyList>,
}

impl<'py> RowsView<'py> {
    pub fn of(rows: Bound<'py, Rows>) -> Self {
        let list = rows.get().rows.bind(rows.py()).clone();
        RowsView { rows, list }
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn row(&self, index: usize) -> PyResult<Row<'py>> {
        let py = self.list.py();
        Ok(Row {
            rows: self.rows.clone(),
            tuple: self.list.get_item(index)?.cast_into::<PyTuple>()?,
            shape: self.rows.get().shape.bind(py).clone(),
        })
    }

    /// The rows from `start` to `end`, as slicing a list.
    pub fn slice(&self, start: usize, end: usize) -> Self {
        let list = self.list.get_slice(start, end);
        RowsView {
            rows: self.rows.clone(),
            list,
        }
    }

    /// Handles of the rows, for Django's own filters.
    pub fn to_py(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let handles = PyList::empty(py);
        for index in 0..self.len() {
            handles.append(self.row(index)?.to_py(py)?)?;
        }
        Ok(handles.into_any())
    }
}
