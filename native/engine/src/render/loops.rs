//! `{% for %}` (`ForNode`, django/template/defaulttags.py) and `forloop`.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use djust_syntax::usage::UsageId;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use super::Renderer;
use super::context::known;
use super::data::child;
use crate::program::{Expression, For};
use crate::value::row::RowsView;
use crate::value::{Peer, Value};

/// `forloop`: Django's dict, made only when somebody asks for the dict itself.
pub struct Loop<'py> {
    index: Cell<usize>,
    length: usize,
    parent: Value<'py>,
    /// What `{% ifchanged %}` saw last, by node key.
    pub changes: RefCell<Vec<(Py<PyAny>, Value<'py>)>>,
    dict: OnceCell<Bound<'py, PyDict>>,
}

impl<'py> Loop<'py> {
    fn new(length: usize, parent: Value<'py>) -> Self {
        Loop {
            index: Cell::new(0),
            length,
            parent,
            changes: RefCell::default(),
            dict: OnceCell::new(),
        }
    }

    /// `forloop.<name>`; nothing for a name that the dict does not have.
    pub fn get(&self, py: Python<'py>, name: &str) -> PyResult<Option<Value<'py>>> {
        let index = self.index.get();
        Ok(Some(match name {
            "counter" => Value::Int(index as i64 + 1),
            "counter0" => Value::Int(index as i64),
            "revcounter" => Value::Int(self.length as i64 - index as i64),
            "revcounter0" => Value::Int(self.length as i64 - index as i64 - 1),
            "first" => Value::Bool(index == 0),
            "last" => Value::Bool(index + 1 == self.length),
            "parentloop" => self.parent.clone(),
            "length" if super::has_loop_length(py)? => Value::Int(self.length as i64),
            _ => return Ok(None),
        }))
    }

    /// The dict that Django would have put into the context; the same one at each call.
    pub fn dict(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        if let Some(dict) = self.dict.get() {
            return Ok(dict.clone());
        }
        let dict = PyDict::new(py);
        dict.set_item(intern!(py, "parentloop"), self.parent.to_py(py)?)?;
        if super::has_loop_length(py)? {
            dict.set_item(intern!(py, "length"), self.length)?;
        }
        self.write(&dict)?;
        for (key, value) in self.changes.borrow().iter() {
            dict.set_item(key, value.to_py(py)?)?;
        }
        Ok(self.dict.get_or_init(|| dict).clone())
    }

    fn write(&self, dict: &Bound<'py, PyDict>) -> PyResult<()> {
        let py = dict.py();
        let (index, length) = (self.index.get() as i64, self.length as i64);
        dict.set_item(intern!(py, "counter0"), index)?;
        dict.set_item(intern!(py, "counter"), index + 1)?;
        dict.set_item(intern!(py, "revcounter"), length - index)?;
        dict.set_item(intern!(py, "revcounter0"), length - index - 1)?;
        dict.set_item(intern!(py, "first"), index == 0)?;
        dict.set_item(intern!(py, "last"), index == length - 1)
    }

    fn advance(&self, index: usize) -> PyResult<()> {
        self.index.set(index);
        match self.dict.get() {
            Some(dict) => self.write(dict),
            None => Ok(()),
        }
    }

    /// True once Python may read or write the dict.
    pub fn is_shared(&self) -> bool {
        self.dict.get().is_some()
    }
}

/// What a loop runs over, its length known.
pub enum Items<'py> {
    Rows(RowsView<'py>),
    Peers(Bound<'py, PyList>, Bound<'py, PyAny>),
    List(Bound<'py, PyList>),
    Tuple(Bound<'py, PyTuple>),
    /// What only Python iterates, with the batch of its elements where relations are read of them.
    Other {
        values: Bound<'py, PyAny>,
        length: usize,
        batch: Option<Bound<'py, PyAny>>,
    },
}

/// What is gone through: items that the engine knows, or any object that it has not looked into.
pub enum Iterable<'py> {
    Items(Items<'py>),
    Python(Bound<'py, PyAny>),
}

impl<'py> Items<'py> {
    fn len(&self) -> usize {
        match self {
            Items::Rows(rows) => rows.len(),
            Items::Peers(list, _) | Items::List(list) => list.len(),
            Items::Tuple(tuple) => tuple.len(),
            Items::Other { length, .. } => *length,
        }
    }
}

/// `Page.__getitem__`: the first element makes a list of `object_list`.
fn keep_list<'py>(page: &Bound<'py, PyAny>, peers: &Bound<'py, PyList>) -> PyResult<()> {
    let name = intern!(page.py(), "object_list");
    if !page.getattr(name)?.is_instance_of::<PyList>() && !peers.is_empty() {
        page.setattr(
            name,
            peers.as_any().call_method0(intern!(page.py(), "copy"))?,
        )?;
    }
    Ok(())
}

impl<'py> Renderer<'py> {
    pub fn render_for(&mut self, node: &For) -> PyResult<()> {
        let parent = match self.scopes.get(intern!(self.py, "forloop"))? {
            Some(parent) => parent,
            None => Value::Py(PyDict::new(self.py).into_any()),
        };
        self.scopes.push()?;
        let items = self.items(node)?;
        let length = items.len();
        if length == 0 {
            if let Some(empty) = &node.empty {
                self.render_nodes(empty)?;
            }
            return self.scopes.pop();
        }
        let state = Rc::new(Loop::new(length, parent));
        self.scopes
            .set(intern!(self.py, "forloop"), Value::Loop(state.clone()))?;
        self.run(node, items, &state)?;
        self.scopes.pop()
    }

    fn items(&mut self, node: &For) -> PyResult<Items<'py>> {
        match self.iterable(&node.iterable, node.usage)? {
            Iterable::Items(items) => Ok(items),
            Iterable::Python(object) => self.python_items(object, node),
        }
    }

    /// The value of an expression, to go through: fetched, but not called or measured.
    pub fn iterable(
        &mut self,
        expression: &Expression,
        usage: Option<UsageId>,
    ) -> PyResult<Iterable<'py>> {
        let value = match self.resolve_sequence(expression)? {
            Value::Pending(pending) => self.settled(&pending)?,
            value => value,
        };
        let items = match value {
            Value::None => Items::Tuple(PyTuple::empty(self.py)),
            Value::Rows(rows) => Items::Rows(rows),
            Value::Query(query) => return self.query_items(&query),
            Value::Manager(manager) if manager.is_all => Items::Rows(manager.all()?),
            Value::Peer(peer) => self.peer_items(peer)?,
            other => return self.object_items(other.to_py(self.py)?, usage),
        };
        Ok(Iterable::Items(items))
    }

    fn query_items(&mut self, query: &crate::value::Query<'py>) -> PyResult<Iterable<'py>> {
        match self.touch_query(query)? {
            super::data::Touched::Rows(rows) => Ok(Iterable::Items(Items::Rows(rows))),
            super::data::Touched::Batch { peers, batch } => {
                if query.is_page() {
                    keep_list(&query.object, &peers)?;
                }
                Ok(Iterable::Items(Items::Peers(peers, batch)))
            }
            super::data::Touched::Untouched => Ok(Iterable::Python(query.object.clone())),
        }
    }

    fn peer_items(&mut self, peer: Peer<'py>) -> PyResult<Items<'py>> {
        let list = peer.object.try_iter()?.collect::<PyResult<Vec<_>>>()?;
        Ok(Items::Peers(PyList::new(self.py, list)?, peer.batch))
    }

    fn object_items(
        &mut self,
        object: Bound<'py, PyAny>,
        usage: Option<UsageId>,
    ) -> PyResult<Iterable<'py>> {
        if let Some(query) = self.as_query(&object, usage)? {
            return self.query_items(&query);
        }
        let (first, items) = if let Ok(list) = object.cast_exact::<PyList>() {
            if let Some(batch) = self.data.batch_of(list) {
                return Ok(Iterable::Items(Items::Peers(list.clone(), batch)));
            }
            (list.get_item(0).ok(), Items::List(list.clone()))
        } else if let Ok(tuple) = object.cast_exact::<PyTuple>() {
            (tuple.get_item(0).ok(), Items::Tuple(tuple.clone()))
        } else {
            return Ok(Iterable::Python(object));
        };
        let touched = self.touch_instances(&object, first, usage)?;
        Ok(Iterable::Items(match touched {
            Some((peers, batch)) => Items::Peers(peers, batch),
            None => items,
        }))
    }

    fn python_items(&mut self, object: Bound<'py, PyAny>, node: &For) -> PyResult<Items<'py>> {
        if object.is_none() {
            return Ok(Items::Tuple(PyTuple::empty(self.py)));
        }
        self.hand_out(&object)?;
        if object.getattr_opt(intern!(self.py, "__len__"))?.is_none() {
            return self.listed_items(&object, node);
        }
        let length = object.len()?;
        let batch = match length {
            0 => None,
            _ => self.touch_others(&object, node.usage)?,
        };
        let values = match length > 0 && node.reversed {
            true => self.backwards(&object)?,
            false => object,
        };
        Ok(Items::Other {
            values,
            length,
            batch,
        })
    }

    /// What has no length, a generator say, is made a list before the first turn.
    fn listed_items(&mut self, object: &Bound<'py, PyAny>, node: &For) -> PyResult<Items<'py>> {
        let list = object.try_iter()?.collect::<PyResult<Vec<_>>>()?;
        let list = PyList::new(self.py, list)?;
        self.hand_out(list.as_any())?;
        let first = list.get_item(0).ok();
        Ok(
            match self.touch_instances(list.as_any(), first, node.usage)? {
                Some((peers, batch)) => Items::Peers(peers, batch),
                None => Items::List(list),
            },
        )
    }

    fn backwards(&self, values: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let builtins = self.py.import("builtins")?;
        builtins.getattr("reversed")?.call1((values,))
    }

    fn run(&mut self, node: &For, items: Items<'py>, state: &Rc<Loop<'py>>) -> PyResult<()> {
        let length = items.len();
        let at = |index: usize| {
            if node.reversed {
                length - 1 - index
            } else {
                index
            }
        };
        match items {
            Items::Rows(rows) => {
                for index in 0..length {
                    let row = Value::Row(rows.row(at(index))?);
                    self.turn(node, row, state, index)?;
                }
            }
            Items::Peers(list, batch) => {
                for index in 0..length {
                    let peer = Peer {
                        object: list.get_item(at(index))?,
                        batch: batch.clone(),
                    };
                    self.peer_turn(node, peer, state, index)?;
                }
            }
            Items::List(list) if !node.reversed => {
                let mut index = 0;
                while index < list.len() {
                    let item = known(list.get_item(index)?);
                    self.turn(node, item, state, index)?;
                    index += 1;
                }
            }
            Items::Tuple(tuple) if !node.reversed => {
                for index in 0..length {
                    let item = Value::Py(tuple.get_item(index)?);
                    self.turn(node, item, state, index)?;
                }
            }
            Items::List(list) => self.run_backwards(node, list.as_any(), state)?,
            Items::Tuple(tuple) => self.run_backwards(node, tuple.as_any(), state)?,
            Items::Other { values, batch, .. } => {
                self.run_iterator(node, &values, batch.as_ref(), state)?;
            }
        }
        Ok(())
    }

    fn run_backwards(
        &mut self,
        node: &For,
        values: &Bound<'py, PyAny>,
        state: &Rc<Loop<'py>>,
    ) -> PyResult<()> {
        let backwards = self.backwards(values)?;
        self.run_iterator(node, &backwards, None, state)
    }

    fn run_iterator(
        &mut self,
        node: &For,
        values: &Bound<'py, PyAny>,
        batch: Option<&Bound<'py, PyAny>>,
        state: &Rc<Loop<'py>>,
    ) -> PyResult<()> {
        for (index, item) in values.try_iter()?.enumerate() {
            match (item?, batch.cloned()) {
                (object, Some(batch)) => {
                    self.peer_turn(node, Peer { object, batch }, state, index)?;
                }
                (object, None) => self.turn(node, known(object), state, index)?,
            }
        }
        Ok(())
    }

    fn peer_turn(
        &mut self,
        node: &For,
        peer: Peer<'py>,
        state: &Rc<Loop<'py>>,
        index: usize,
    ) -> PyResult<()> {
        self.data.turns.push(peer.clone());
        let turned = self.turn(node, Value::Peer(peer), state, index);
        self.data.turns.pop();
        turned
    }

    /// One turn of the loop: counters, loop variables, body.
    fn turn(
        &mut self,
        node: &For,
        item: Value<'py>,
        state: &Rc<Loop<'py>>,
        index: usize,
    ) -> PyResult<()> {
        state.advance(index)?;
        let [name] = &node.targets[..] else {
            return self.unpacked_turn(node, &item);
        };
        self.scopes.set(name.bind(self.py), item)?;
        self.render_nodes(&node.body)
    }

    fn unpacked_turn(&mut self, node: &For, item: &Value<'py>) -> PyResult<()> {
        let values = self.unpack(item, &node.targets)?;
        self.scopes.push()?;
        for (name, value) in node.targets.iter().zip(values) {
            self.scopes.set(name.bind(self.py), value)?;
        }
        let rendered = self.render_nodes(&node.body);
        if rendered.is_err() {
            self.scopes.leave_one();
        }
        rendered?;
        self.scopes.pop()
    }

    /// The element at a position of a loop's item; a peer where those of the other items are.
    fn held(
        &self,
        item: &Value<'py>,
        at: usize,
        object: Bound<'py, PyAny>,
    ) -> PyResult<Value<'py>> {
        if let Value::Peer(peer) = item
            && let Some(batch) = child(&peer.batch, &PyString::new(self.py, &at.to_string()))?
        {
            return Ok(Value::Peer(Peer { object, batch }));
        }
        Ok(Value::Py(object))
    }

    fn unpack(&mut self, item: &Value<'py>, targets: &[Py<PyString>]) -> PyResult<Vec<Value<'py>>> {
        let object = item.to_py(self.py)?;
        let length = match object.len() {
            Ok(length) => length,
            Err(error) if error.is_instance_of::<PyTypeError>(self.py) => 1,
            Err(error) => return Err(error),
        };
        if length != targets.len() {
            let wanted = targets.len();
            return Err(PyValueError::new_err(format!(
                "Need {wanted} values to unpack in for loop; got {length}. "
            )));
        }
        let values = object.try_iter()?.take(length).enumerate();
        values
            .map(|(at, value)| self.held(item, at, value?))
            .collect()
    }
}
