//! Addresses: url, static (django/template/defaulttags.py, django/templatetags/static.py).

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::Renderer;
use crate::django::django;
use crate::program::{Bindings, Expression};
use crate::routes::Route;
use crate::value::Value;

type Name = Py<PyString>;

/// What the process says of addresses, asked once until foreign code ran.
#[derive(Default)]
pub struct Addresses<'py> {
    /// `djust_engine.routes.Routes`; nothing inside where only `reverse` may answer.
    routes: Option<Option<Bound<'py, PyAny>>>,
    /// What stands before the path of a static file; nothing inside where only its storage knows.
    static_base: Option<Option<String>>,
}

impl<'py> Renderer<'py> {
    pub fn render_url(
        &mut self,
        view: &Expression,
        args: &[Expression],
        kwargs: &Bindings,
        variable: Option<&Name>,
    ) -> PyResult<()> {
        let mut positional = Vec::with_capacity(args.len());
        for expression in args {
            positional.push(self.resolve(expression, false)?);
        }
        let named = self.resolve_bindings(kwargs)?;
        let view = self.resolve(view, false)?;
        if let Some(url) = self.routed(&view, &positional, kwargs, &named)? {
            return self.write_or_bind_text(&url, variable);
        }
        let url = self.reversed(&view, &positional, kwargs, &named, variable.is_some())?;
        match variable {
            Some(_) => self.write_or_bind(&url, variable),
            None => self.push_escaped_text(&url),
        }
    }

    /// The URL, where the view's route surely gives it.
    fn routed(
        &mut self,
        view: &Value<'py>,
        args: &[Value<'py>],
        names: &Bindings,
        values: &[Value<'py>],
    ) -> PyResult<Option<String>> {
        let Value::Py(view) = view else {
            return Ok(None);
        };
        if !view.is_exact_instance_of::<PyString>() && !django(self.py)?.is_safe_string(view) {
            return Ok(None);
        }
        let Some(routes) = self.routes()? else {
            return Ok(None);
        };
        let found = routes.get_item(view)?;
        let Ok(route) = found.cast_exact::<Route>() else {
            return Ok(None);
        };
        let mut named = Vec::with_capacity(names.len());
        for ((name, _), value) in names.iter().zip(values) {
            named.push((name.bind(self.py).to_str()?.to_owned(), value.clone()));
        }
        route.get().reverse(self.py, args, &named)
    }

    fn routes(&mut self) -> PyResult<Option<Bound<'py, PyAny>>> {
        if let Some(known) = &self.addresses.routes {
            return Ok(known.clone());
        }
        let answer =
            django(self.py)?.call(self.py, intern!(self.py, "find_routes"), (&self.context,))?;
        let routes = (!answer.is_none()).then_some(answer);
        self.addresses.routes = Some(routes.clone());
        Ok(routes)
    }

    /// `reverse(...)`; raises `NoReverseMatch` unless the result is bound.
    fn reversed(
        &self,
        view: &Value<'py>,
        args: &[Value<'py>],
        names: &Bindings,
        values: &[Value<'py>],
        bound: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let positional = PyList::empty(self.py);
        for value in args {
            positional.append(value.to_py(self.py)?)?;
        }
        let named = PyDict::new(self.py);
        for ((name, _), value) in names.iter().zip(values) {
            named.set_item(name, value.to_py(self.py)?)?;
        }
        django(self.py)?.call(
            self.py,
            intern!(self.py, "url"),
            (
                &self.context,
                view.to_py(self.py)?,
                positional,
                named,
                bound,
            ),
        )
    }

    pub fn render_static(&mut self, path: &Expression, variable: Option<&Name>) -> PyResult<()> {
        let path = self.resolve(path, false)?;
        if let Some(url) = self.static_file(&path)? {
            return self.write_or_bind_escaped(&url, variable);
        }
        let path = path.to_py(self.py)?;
        let url = django(self.py)?.call(self.py, intern!(self.py, "static_url"), (path,))?;
        match variable {
            Some(_) => {
                let url = self.conditional_escape(&url)?;
                self.write_or_bind(&url, variable)
            }
            None => self.push_escaped_text(&url),
        }
    }

    /// The URL of a path that has nothing to quote or to resolve, under a stock storage.
    fn static_file(&mut self, path: &Value<'py>) -> PyResult<Option<String>> {
        let Value::Py(path) = path else {
            return Ok(None);
        };
        let Ok(path) = path.cast::<PyString>() else {
            return Ok(None);
        };
        let is_text =
            path.is_exact_instance_of::<PyString>() || django(self.py)?.is_safe_string(path);
        let Some(path) = path
            .to_str()
            .ok()
            .filter(|path| is_text && is_plain_path(path))
        else {
            return Ok(None);
        };
        Ok(self.static_base()?.map(|base| base + path))
    }

    fn static_base(&mut self) -> PyResult<Option<String>> {
        if let Some(known) = &self.addresses.static_base {
            return Ok(known.clone());
        }
        let base: Option<String> = django(self.py)?
            .call(self.py, intern!(self.py, "static_base"), ())?
            .extract()?;
        self.addresses.static_base = Some(base.clone());
        Ok(base)
    }

    /// Writes `text` escaped, or binds it as it is: what `{% url %}` does with a `str`.
    fn write_or_bind_text(&mut self, text: &str, variable: Option<&Name>) -> PyResult<()> {
        match variable {
            Some(_) => self.write_or_bind(PyString::new(self.py, text).as_any(), variable),
            None => {
                self.push_escaped_here(text);
                Ok(())
            }
        }
    }

    /// Writes or binds `text` escaped: what `{% static %}` does with a `str`.
    fn write_or_bind_escaped(&mut self, text: &str, variable: Option<&Name>) -> PyResult<()> {
        match variable {
            Some(_) => {
                let url = self.conditional_escape(PyString::new(self.py, text).as_any())?;
                self.write_or_bind(&url, variable)
            }
            None => {
                self.push_escaped_here(text);
                Ok(())
            }
        }
    }

    fn push_escaped_here(&mut self, text: &str) {
        if self.style.autoescape {
            self.out.push_escaped(text);
        } else {
            self.out.push(text);
        }
    }
}

/// True for a relative path of letters, digits and `-_`, with points inside its names alone.
fn is_plain_path(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    path.split('/')
        .all(|name| !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_plain))
}
