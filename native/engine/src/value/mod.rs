//! What a template variable holds while it is rendered: Python's objects as they are, and the few
//! things the engine makes itself (rows, loops, blocks, texts) without a Python object behind them.

pub mod dates;
pub mod handle;
pub mod language;
pub mod numbers;
pub mod object;
pub mod ops;
pub mod row;
pub mod shape;
pub mod write;

use std::cell::OnceCell;
use std::rc::Rc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString};

use crate::django::django;
use crate::program::Program;
use crate::render::inheritance::BlockValue;
use crate::render::loops::Loop;
use row::{Row, RowManager, RowsView};

/// A template value. Cheap to clone: a reference count, or plain data.
#[derive(Clone)]
pub enum Value<'py> {
    Py(Bound<'py, PyAny>),
    Text { text: Rc<str>, safe: bool },
    Int(i64),
    Bool(bool),
    None,
    Loop(Rc<Loop<'py>>),
    Block(Rc<BlockValue<'py>>),
    Row(Row<'py>),
    Manager(RowManager<'py>),
    Rows(RowsView<'py>),
    Peer(Peer<'py>),
    Pending(Rc<Pending<'py>>),
    Query(Query<'py>),
}

/// A model instance whose relations are fetched for all its peers at first touch.
#[derive(Clone)]
pub struct Peer<'py> {
    pub object: Bound<'py, PyAny>,
    /// `djust_engine.jit.fetch.Batch`
    pub batch: Bound<'py, PyAny>,
}

/// A related manager of a peer, or its `.all`, before anybody evaluated it: until then no query is
/// due. `name` is still among the batch's relations.
pub struct Pending<'py> {
    pub peer: Peer<'py>,
    pub name: Bound<'py, PyString>,
    pub manager: Bound<'py, PyAny>,
    pub is_all: bool,
    /// The QuerySet that `.all` is, once it was needed.
    queryset: OnceCell<Bound<'py, PyAny>>,
}

impl<'py> Pending<'py> {
    pub fn manager(
        peer: Peer<'py>,
        name: Bound<'py, PyString>,
        manager: Bound<'py, PyAny>,
    ) -> Self {
        Pending {
            peer,
            name,
            manager,
            is_all: false,
            queryset: OnceCell::new(),
        }
    }

    /// `manager.all`, called.
    pub fn all(&self) -> Self {
        let (peer, name, manager) = (self.peer.clone(), self.name.clone(), self.manager.clone());
        Pending {
            peer,
            name,
            manager,
            is_all: true,
            queryset: OnceCell::new(),
        }
    }

    /// Gives a QuerySet that was needed before, and is not evaluated, the objects that the manager
    /// has by now.
    pub fn fill(&self, py: Python<'py>) -> PyResult<()> {
        let name = intern!(py, "_result_cache");
        let Some(known) = self.queryset.get() else {
            return Ok(());
        };
        if !known.getattr(name)?.is_none() {
            return Ok(());
        }
        let fetched = self
            .manager
            .call_method0(intern!(py, "all"))?
            .getattr(name)?;
        if !fetched.is_none() {
            known.setattr(name, fetched.call_method0(intern!(py, "copy"))?)?;
            known.setattr(intern!(py, "_prefetch_done"), true)?;
        }
        Ok(())
    }

    /// The manager or the QuerySet itself.
    pub fn to_py(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if !self.is_all {
            return Ok(self.manager.clone());
        }
        if let Some(known) = self.queryset.get() {
            return Ok(known.clone());
        }
        let queryset = self.manager.call_method0(intern!(py, "all"))?;
        Ok(self.queryset.get_or_init(|| queryset).clone())
    }
}

/// A QuerySet (or the `object_list` of a page), and the usage node that says what is read of it.
#[derive(Clone)]
pub struct Query<'py> {
    /// What the template sees: the QuerySet or the Page.
    pub object: Bound<'py, PyAny>,
    pub queryset: Bound<'py, PyAny>,
    pub program: Bound<'py, Program>,
    pub usage: djust_syntax::usage::UsageId,
}

impl<'py> Query<'py> {
    /// The template sees a page of the QuerySet.
    pub fn is_page(&self) -> bool {
        !self.object.is(&self.queryset)
    }
}

impl<'py> Value<'py> {
    pub fn text(text: &str, safe: bool) -> Self {
        Value::Text {
            text: Rc::from(text),
            safe,
        }
    }

    /// Python's `str` or an owned text: `isinstance(value, str)` by exact types.
    pub fn is_exact_text(&self) -> bool {
        match self {
            Value::Text { .. } => true,
            Value::Py(object) => {
                object.is_exact_instance_of::<PyString>() || is_safe_string(object)
            }
            _ => false,
        }
    }

    /// `is_safe_data`; an object that cannot say what it is is not safe.
    pub fn is_safe(&self) -> bool {
        self.is_safe_data().unwrap_or(false)
    }

    /// `isinstance(value, SafeData)`. Raises what the object's `__class__` raises.
    pub fn is_safe_data(&self) -> PyResult<bool> {
        match self {
            Value::Text { safe, .. } => Ok(*safe),
            Value::Py(object) => {
                if object.is_exact_instance_of::<PyString>()
                    || object.is_exact_instance_of::<PyInt>()
                {
                    return Ok(false);
                }
                Ok(is_safe_string(object) || is_instance_of_safe_data(object)?)
            }
            _ => Ok(false),
        }
    }

    pub fn is_none(&self) -> bool {
        match self {
            Value::None => true,
            Value::Py(object) => object.is_none(),
            _ => false,
        }
    }

    /// The value as Python sees it.
    pub fn to_py(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Value::Py(object) => Ok(object.clone()),
            Value::Text { text, safe: false } => Ok(PyString::new(py, text).into_any()),
            Value::Text { text, safe: true } => django(py)?.mark_safe(py, text),
            Value::Int(number) => Ok(number.into_pyobject(py)?.into_any()),
            Value::Bool(flag) => Ok(PyBool::new(py, *flag).to_owned().into_any()),
            Value::None => Ok(py.None().into_bound(py)),
            Value::Loop(state) => Ok(state.dict(py)?.into_any()),
            Value::Block(block) => block.to_py(py),
            Value::Row(row) => row.to_py(py),
            Value::Manager(manager) => manager.to_py(py),
            Value::Rows(rows) => rows.to_py(py),
            Value::Peer(peer) => Ok(peer.object.clone()),
            Value::Pending(pending) => pending.to_py(py),
            Value::Query(query) => Ok(query.object.clone()),
        }
    }
}

impl<'py> From<Bound<'py, PyAny>> for Value<'py> {
    fn from(object: Bound<'py, PyAny>) -> Self {
        Value::Py(object)
    }
}

fn is_safe_string(object: &Bound<'_, PyAny>) -> bool {
    django(object.py()).is_ok_and(|table| table.is_safe_string(object))
}

#[cold]
fn is_instance_of_safe_data(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    object.is_instance(django(object.py())?.safe_data.bind(object.py()))
}
