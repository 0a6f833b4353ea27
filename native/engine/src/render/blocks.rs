//! Tags that enclose: if, with, autoescape, spaceless, ifchanged (django/template/defaulttags.py).

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::Renderer;
use crate::django::django;
use crate::program::{Bindings, Condition, Expression, NodeList};
use crate::value::Value;

impl<'py> Renderer<'py> {
    pub fn render_if(
        &mut self,
        branches: &[(Condition, NodeList)],
        otherwise: Option<&NodeList>,
    ) -> PyResult<()> {
        for (condition, body) in branches {
            if self.holds(condition)? {
                return self.render_nodes(body);
            }
        }
        otherwise.map_or(Ok(()), |body| self.render_nodes(body))
    }

    pub fn render_with(&mut self, bindings: &Bindings, body: &NodeList) -> PyResult<()> {
        self.push_bindings(bindings)?;
        self.render_nodes(body)?;
        self.scopes.pop()
    }

    /// Resolves all values in the outer scope, then opens a scope that holds them.
    pub fn push_bindings(&mut self, bindings: &Bindings) -> PyResult<()> {
        let values = self.resolve_bindings(bindings)?;
        self.push_values(bindings, values)
    }

    /// A scope in which the names of the bindings have these values.
    pub fn push_values(&mut self, bindings: &Bindings, values: Vec<Value<'py>>) -> PyResult<()> {
        self.scopes.push()?;
        for ((name, _), value) in bindings.iter().zip(values) {
            self.scopes.set(name.bind(self.py), value)?;
        }
        Ok(())
    }

    pub fn resolve_bindings(&mut self, bindings: &Bindings) -> PyResult<Vec<Value<'py>>> {
        bindings
            .iter()
            .map(|(_, expression)| self.resolve(expression, false))
            .collect()
    }

    pub fn render_autoescape(&mut self, on: bool, body: &NodeList) -> PyResult<()> {
        let outer = self.style.autoescape;
        self.set_autoescape(on)?;
        self.render_nodes(body)?;
        self.set_autoescape(outer)
    }

    fn set_autoescape(&mut self, on: bool) -> PyResult<()> {
        self.style.autoescape = on;
        self.context.setattr(intern!(self.py, "autoescape"), on)
    }

    pub fn render_spaceless(&mut self, body: &NodeList) -> PyResult<()> {
        let inner = self
            .captured(|renderer| renderer.render_nodes(body))?
            .to_py(self.py)?;
        let text = django(self.py)?.call(self.py, intern!(self.py, "spaceless"), (inner,))?;
        self.out.push_str(text.cast::<PyString>()?, false)
    }

    pub fn render_ifchanged(
        &mut self,
        key: &Py<PyAny>,
        values: &[Expression],
        body: &NodeList,
        otherwise: Option<&NodeList>,
    ) -> PyResult<()> {
        let frame = self.scopes.get(intern!(self.py, "forloop"))?;
        self.reserve_change(frame.as_ref(), key)?;
        let rendered = match values {
            [] => Some(
                self.captured(|renderer| renderer.render_nodes(body))?
                    .to_py(self.py)?,
            ),
            _ => None,
        };
        let seen = match &rendered {
            Some(text) => text.clone().into_any(),
            None => self.values_list(values)?,
        };
        if !self.is_change(frame, key, seen)? {
            return otherwise.map_or(Ok(()), |nodes| self.render_nodes(nodes));
        }
        match rendered {
            Some(text) if !text.is_empty()? => self.out.push_str(&text, false),
            _ => self.render_nodes(body),
        }
    }

    fn values_list(&mut self, values: &[Expression]) -> PyResult<Bound<'py, PyAny>> {
        let list = pyo3::types::PyList::empty(self.py);
        for expression in values {
            let value = self.resolve(expression, true)?;
            list.append(value.to_py(self.py)?)?;
        }
        Ok(list.into_any())
    }

    /// `state_frame.setdefault(node)`, which comes before the body or the values are looked at.
    fn reserve_change(&self, frame: Option<&Value<'py>>, key: &Py<PyAny>) -> PyResult<()> {
        let holder = match frame {
            Some(Value::Loop(state)) if !state.is_shared() => {
                let mut changes = state.changes.borrow_mut();
                if !changes.iter().any(|(known, _)| known.is(key)) {
                    changes.push((key.clone_ref(self.py), Value::None));
                }
                return Ok(());
            }
            Some(frame) => frame.to_py(self.py)?,
            None => self.render_state()?.into_any(),
        };
        holder.call_method1(intern!(self.py, "setdefault"), (key,))?;
        Ok(())
    }

    /// Compares with what the nearest loop (or the template) saw last, and remembers.
    fn is_change(
        &mut self,
        frame: Option<Value<'py>>,
        key: &Py<PyAny>,
        seen: Bound<'py, PyAny>,
    ) -> PyResult<bool> {
        match frame {
            Some(Value::Loop(state)) if !state.is_shared() => {
                let mut changes = state.changes.borrow_mut();
                let last = changes.iter_mut().find(|(known, _)| known.is(key));
                match last {
                    Some((_, Value::Py(last))) if !seen.ne(&*last)? => Ok(false),
                    Some((_, last)) => {
                        *last = Value::Py(seen);
                        Ok(true)
                    }
                    None => {
                        let changed = !seen.is_none();
                        changes.push((key.clone_ref(self.py), Value::Py(seen)));
                        Ok(changed)
                    }
                }
            }
            Some(frame) => changed_in(&frame.to_py(self.py)?, key, seen),
            None => {
                let state = self.render_state()?;
                changed_in(state.as_any(), key, seen)
            }
        }
    }

    /// The innermost dict of `context.render_context`.
    pub fn render_state(&self) -> PyResult<Bound<'py, PyDict>> {
        let render_context = self.context.getattr(intern!(self.py, "render_context"))?;
        let dicts = render_context.getattr(intern!(self.py, "dicts"))?;
        Ok(dicts.get_item(dicts.len()? - 1)?.cast_into::<PyDict>()?)
    }
}

fn changed_in<'py>(
    frame: &Bound<'py, PyAny>,
    key: &Py<PyAny>,
    seen: Bound<'py, PyAny>,
) -> PyResult<bool> {
    let last = frame.call_method1(intern!(frame.py(), "setdefault"), (key,))?;
    let changed = seen.ne(last)?;
    if changed {
        frame.set_item(key, seen)?;
    }
    Ok(changed)
}
