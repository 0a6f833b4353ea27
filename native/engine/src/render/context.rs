//! The scopes of a render: slots of the engine above Django's own `Context`.
//!
//! A scope opened by a native tag lives here. When Python code is about to see the context, all
//! scopes are moved into real dicts on `context.dicts`, where they stay until they are closed.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::inheritance::BlockValue;
use crate::django::django;
use crate::value::Value;
use crate::value::handle::RowHandle;

struct Frame<'py> {
    /// Where its bindings start.
    start: usize,
    /// The dict on `context.dicts`, once it was moved there.
    real: Option<Bound<'py, PyAny>>,
}

/// Names bound by native tags, innermost last, and the `Context` below them.
pub struct Scopes<'py> {
    context: Bound<'py, PyAny>,
    dicts: Bound<'py, PyList>,
    bindings: Vec<(Bound<'py, PyString>, Value<'py>)>,
    frames: Vec<Frame<'py>>,
    /// Scopes that an error leaves on `context.dicts`: as many `pop()` as Django's code leaves out.
    left_over: usize,
    /// True where `type(context)` looks names up by a `__getitem__` of its own.
    custom_lookup: bool,
    /// References to the context when it was last lent to Python code; 0 once it came back.
    lent: isize,
    /// Python code kept the context, and may look into it whenever an object of its is printed:
    /// scopes are dicts from the beginning.
    kept: bool,
}

impl<'py> Scopes<'py> {
    pub fn new(context: Bound<'py, PyAny>) -> PyResult<Self> {
        let py = context.py();
        let dicts = context
            .getattr(intern!(py, "dicts"))?
            .cast_into::<PyList>()?;
        let stock = django(py)?
            .base_context
            .bind(py)
            .getattr(intern!(py, "__getitem__"))?;
        let custom_lookup = !context
            .get_type()
            .getattr(intern!(py, "__getitem__"))?
            .is(&stock);
        let is_kept = render_facts(&context)?.contains(intern!(py, "djust_engine.kept"))?;
        Ok(Scopes {
            context,
            dicts,
            bindings: Vec::new(),
            frames: Vec::new(),
            left_over: 0,
            custom_lookup,
            lent: 0,
            kept: is_kept,
        })
    }

    /// Python code ran: `context.dicts` may be another list, and the context may have been kept.
    pub fn refresh(&mut self) -> PyResult<()> {
        if self.lent > 0 && references(&self.context) > self.lent && !self.kept {
            self.kept = true;
            let facts = render_facts(&self.context)?;
            facts.set_item(intern!(self.context.py(), "djust_engine.kept"), true)?;
        }
        self.lent = 0;
        let dicts = self.context.getattr(intern!(self.context.py(), "dicts"))?;
        self.dicts = dicts.cast_into::<PyList>()?;
        Ok(())
    }

    /// Opens a scope.
    pub fn push(&mut self) -> PyResult<()> {
        let real = match self.kept {
            true => Some(self.push_dict()?),
            false => None,
        };
        let start = self.bindings.len();
        self.frames.push(Frame { start, real });
        Ok(())
    }

    fn push_dict(&self) -> PyResult<Bound<'py, PyAny>> {
        self.context
            .call_method0(intern!(self.context.py(), "push"))
    }

    /// Closes the innermost scope.
    pub fn pop(&mut self) -> PyResult<()> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        self.bindings.truncate(frame.start);
        if frame.real.is_some() {
            self.context
                .call_method0(intern!(self.context.py(), "pop"))?;
        }
        Ok(())
    }

    /// Leaves the innermost scope on `context.dicts`, as Django's `update()` without `pop()` does.
    #[cold]
    pub fn abandon(&mut self) -> PyResult<()> {
        self.materialise()?;
        self.frames.pop();
        Ok(())
    }

    /// How many scopes are open.
    pub fn depth(&self) -> usize {
        self.frames.len()
    }

    /// One scope more stays open, where Django's code does not pop it when an error passes.
    #[cold]
    pub fn leave_one(&mut self) {
        self.left_over += 1;
    }

    /// Closes scopes until `depth` are left, after an error; those left over stay as dicts.
    pub fn unwind(&mut self, depth: usize) -> PyResult<()> {
        let left_over = std::mem::take(&mut self.left_over);
        if left_over > 0 {
            self.materialise()?;
        }
        while self.frames.len() > depth + left_over {
            self.pop()?;
        }
        self.frames.truncate(depth);
        Ok(())
    }

    /// `context[name] = value`.
    pub fn set(&mut self, name: &Bound<'py, PyString>, value: Value<'py>) -> PyResult<()> {
        let py = name.py();
        match self.frames.last() {
            None => self.context.set_item(name, value.to_py(py)?),
            Some(Frame {
                real: Some(dict), ..
            }) => dict.set_item(name, value.to_py(py)?),
            Some(Frame { start, real: None }) => {
                let start = *start;
                self.set_slot(start, name, value);
                Ok(())
            }
        }
    }

    fn set_slot(&mut self, start: usize, name: &Bound<'py, PyString>, value: Value<'py>) {
        let slot = self.bindings[start..]
            .iter_mut()
            .find(|(bound, _)| bound.is(name));
        match slot {
            Some((_, old)) => *old = value,
            None => self.bindings.push((name.clone(), value)),
        }
    }

    /// `context.set_upward(name, value)`.
    pub fn set_upward(&mut self, name: &Bound<'py, PyString>, value: Value<'py>) -> PyResult<()> {
        if let Some((_, old)) = self
            .bindings
            .iter_mut()
            .rev()
            .find(|(bound, _)| bound.is(name))
        {
            *old = value;
            return Ok(());
        }
        let py = name.py();
        let is_bound_below = self.context.contains(name)?;
        if is_bound_below || self.frames.last().is_none_or(|frame| frame.real.is_some()) {
            self.context
                .call_method1(intern!(py, "set_upward"), (name, value.to_py(py)?))?;
            return Ok(());
        }
        self.set(name, value)
    }

    /// The value of a name, innermost scope first.
    #[inline]
    pub fn get(&self, name: &Bound<'py, PyString>) -> PyResult<Option<Value<'py>>> {
        let wanted = name.as_ptr();
        for (bound, value) in self.bindings.iter().rev() {
            if bound.as_ptr() == wanted {
                return Ok(Some(value.clone()));
            }
        }
        self.get_below(name)
    }

    fn get_below(&self, name: &Bound<'py, PyString>) -> PyResult<Option<Value<'py>>> {
        if self.custom_lookup {
            return self.get_by_context(name);
        }
        for at in (0..self.dicts.len()).rev() {
            let dict = self.dicts.get_item(at)?;
            if let Some(found) = item(&dict, name)? {
                return self.recognised(found).map(Some);
            }
        }
        Ok(None)
    }

    #[cold]
    fn get_by_context(&self, name: &Bound<'py, PyString>) -> PyResult<Option<Value<'py>>> {
        if !self.context.contains(name)? {
            return Ok(None);
        }
        self.recognised(self.context.get_item(name)?).map(Some)
    }

    /// What was a value of the engine before it travelled through `context.dicts` is one again.
    fn recognised(&self, found: Bound<'py, PyAny>) -> PyResult<Value<'py>> {
        if found.get_type_ptr() == django(found.py())?.block_node.as_ptr().cast() {
            return BlockValue::of_node(found, &self.context);
        }
        Ok(known(found))
    }

    /// Moves all scopes into real dicts, so that Python code sees what the template sees.
    pub fn materialise(&mut self) -> PyResult<()> {
        let py = self.context.py();
        let mut bindings = std::mem::take(&mut self.bindings).into_iter();
        let starts: Vec<usize> = self
            .frames
            .iter()
            .skip(1)
            .map(|frame| frame.start)
            .chain([usize::MAX])
            .collect();
        let mut at = 0;
        for (frame, end) in self.frames.iter_mut().zip(starts) {
            if frame.real.is_some() {
                frame.start = 0;
                continue;
            }
            let dict = self.context.call_method0(intern!(py, "push"))?;
            while at < end
                && let Some((name, value)) = bindings.next()
            {
                dict.set_item(name, value.to_py(py)?)?;
                at += 1;
            }
            frame.start = 0;
            frame.real = Some(dict);
        }
        self.lent = references(&self.context);
        Ok(())
    }
}

fn references(object: &Bound<'_, PyAny>) -> isize {
    // SAFETY: the object is alive, and its count is read while the GIL is held.
    unsafe { pyo3::ffi::Py_REFCNT(object.as_ptr()) }
}

/// What all renders of a context share: the lowest dict of its `render_context`.
fn render_facts<'py>(context: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = context.py();
    context
        .getattr(intern!(py, "render_context"))?
        .getattr(intern!(py, "dicts"))?
        .get_item(0)
}

/// `dict[name]` where `name in dict`.
fn item<'py>(
    dict: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if let Ok(exact) = dict.cast_exact::<PyDict>() {
        return exact.get_item(name);
    }
    if dict.get_type_ptr() == django(dict.py())?.context_dict.as_ptr().cast()
        && let Ok(plain) = dict.cast::<PyDict>()
    {
        return plain.get_item(name);
    }
    if dict.contains(name)? {
        dict.get_item(name).map(Some)
    } else {
        Ok(None)
    }
}

/// A row that travelled through a Python dict is a row again.
pub fn known(found: Bound<'_, PyAny>) -> Value<'_> {
    match found.cast_exact::<RowHandle>() {
        Ok(handle) => Value::Row(handle.get().row(found.py())),
        Err(_) => Value::Py(found),
    }
}
