//! Tags that do not enclose: csrf_token, now, firstof, cycle, resetcycle (django/template/defaulttags.py).

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyString};

use super::Renderer;
use crate::django::django;
use crate::program::Expression;
use crate::value::Value;
use crate::value::write::write_value;

type Name = Py<PyString>;

impl<'py> Renderer<'py> {
    /// Writes `text`, or binds it to `variable`.
    pub fn write_or_bind(
        &mut self,
        text: &Bound<'py, PyAny>,
        variable: Option<&Name>,
    ) -> PyResult<()> {
        match variable {
            Some(name) => self.scopes.set(name.bind(self.py), Value::Py(text.clone())),
            None => self.push_text(text),
        }
    }

    /// Writes what a Python function returned as finished text.
    pub fn push_text(&mut self, text: &Bound<'py, PyAny>) -> PyResult<()> {
        self.out.push_str(text.cast::<PyString>()?, false)
    }

    pub fn render_csrf_token(&mut self) -> PyResult<()> {
        let token = match self.scopes.get(intern!(self.py, "csrf_token"))? {
            Some(token) => token.to_py(self.py)?,
            None => self.py.None().into_bound(self.py),
        };
        if let Some((known, text)) = &self.csrf_input
            && known.is(&token)
        {
            return self.out.push_str(text, false);
        }
        let text = django(self.py)?
            .call(self.py, intern!(self.py, "csrf_input"), (&token,))?
            .cast_into::<PyString>()?;
        self.out.push_str(&text, false)?;
        if self.is_constant_token(&token)? {
            self.csrf_input = Some((token, text));
        }
        Ok(())
    }

    /// True for a token that gives the same text each time, and no warning.
    fn is_constant_token(&self, token: &Bound<'py, PyAny>) -> PyResult<bool> {
        let lazy = django(self.py)?.simple_lazy_object.as_ptr().cast();
        let is_known = token.is_exact_instance_of::<PyString>() || token.get_type_ptr() == lazy;
        Ok(is_known && token.is_truthy()?)
    }

    /// `conditional_escape(text)` under autoescape.
    pub fn push_escaped_text(&mut self, text: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(plain) = text.cast_exact::<PyString>() {
            return self.out.push_str(plain, self.style.autoescape);
        }
        if self.style.autoescape && text.is_exact_instance_of::<PyInt>() {
            return self.out.push_str(&text.str()?, false);
        }
        let text = self.conditional_escape(text)?;
        self.push_text(&text)
    }

    pub fn conditional_escape(&self, text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if !self.style.autoescape {
            return Ok(text.clone());
        }
        django(self.py)?.call(self.py, intern!(self.py, "conditional_escape"), (text,))
    }

    pub fn render_now(&mut self, format: &Name, variable: Option<&Name>) -> PyResult<()> {
        let Some(text) = self.present(format)? else {
            let text = django(self.py)?.call(self.py, intern!(self.py, "now"), (format,))?;
            return self.write_or_bind(&text, variable);
        };
        match variable {
            Some(name) => {
                let text = Value::text(&text, false);
                self.scopes.set(name.bind(self.py), text)
            }
            None => {
                self.out.push(&text);
                Ok(())
            }
        }
    }

    pub fn render_firstof(
        &mut self,
        values: &[Expression],
        variable: Option<&Name>,
    ) -> PyResult<()> {
        let mut first = None;
        for expression in values {
            let value = self.resolve(expression, true)?;
            if self.is_true(&value)? {
                first = Some(value);
                break;
            }
        }
        self.print_or_bind(first, variable)
    }

    /// `render_value_in_context`, written or bound; no value is an empty text.
    fn print_or_bind(
        &mut self,
        value: Option<Value<'py>>,
        variable: Option<&Name>,
    ) -> PyResult<()> {
        let Some(name) = variable else {
            return match value {
                Some(value) => write_value(&value, &mut self.style, &mut self.out),
                None => Ok(()),
            };
        };
        let bound = match value {
            Some(value) => self.printed(&value)?,
            None => PyString::new(self.py, "").into_any(),
        };
        self.scopes.set(name.bind(self.py), Value::Py(bound))
    }

    /// `render_value_in_context(value, context)` as a Python object.
    fn printed(&mut self, value: &Value<'py>) -> PyResult<Bound<'py, PyAny>> {
        let object = value.to_py(self.py)?;
        let arguments = (object, &self.context);
        django(self.py)?.call(
            self.py,
            intern!(self.py, "render_value_in_context"),
            arguments,
        )
    }

    pub fn render_cycle(
        &mut self,
        key: &Py<PyAny>,
        values: &[Expression],
        variable: Option<&Name>,
        silent: bool,
    ) -> PyResult<()> {
        let state = self.render_state()?;
        let turn: usize = match state.get_item(key)? {
            Some(turn) => turn.extract()?,
            None => 0,
        };
        state.set_item(key, turn + 1)?;
        let value = self.resolve(&values[turn % values.len()], false)?;
        if let Some(name) = variable {
            self.scopes.set_upward(name.bind(self.py), value.clone())?;
        }
        if silent {
            return Ok(());
        }
        write_value(&value, &mut self.style, &mut self.out)
    }

    pub fn reset_cycle(&mut self, key: &Py<PyAny>) -> PyResult<()> {
        self.render_state()?.set_item(key, 0)
    }
}
