//! `{% cache %}` (django/templatetags/cache.py).

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::Renderer;
use crate::django::django;
use crate::program::{Cache, Named};

impl<'py> Renderer<'py> {
    pub fn render_cache(&mut self, tag: &Cache, place: u32) -> PyResult<()> {
        let py = self.py;
        let timeout = self.cache_setting(&tag.timeout)?;
        let timeout = django(py)?.call(py, intern!(py, "fragment_timeout"), (timeout,))?;
        let cache = self.fragment_cache(tag)?;
        let key = self.fragment_key(tag)?;
        let kept = cache.call_method1(intern!(py, "get"), (&key,))?;
        if !kept.is_none() {
            return self.push_answer(&kept, place);
        }
        let text = self.captured_text(&tag.body)?;
        cache.call_method1(intern!(py, "set"), (key, &text, timeout))?;
        self.push_text(&text)
    }

    fn cache_setting(&mut self, named: &Named) -> PyResult<Bound<'py, PyAny>> {
        match self.resolve(&named.expression, false) {
            Ok(value) => value.to_py(self.py),
            Err(error) if self.is_missing(&error)? => {
                let shown = named.var.bind(self.py).repr()?;
                let message = format!("\"cache\" tag got an unknown variable: {shown}");
                Err(self.syntax_error(&message, error)?)
            }
            Err(error) => Err(error),
        }
    }

    fn fragment_cache(&mut self, tag: &Cache) -> PyResult<Bound<'py, PyAny>> {
        let Some(using) = &tag.using else {
            return django(self.py)?.call(self.py, intern!(self.py, "default_fragments"), ());
        };
        let name = self.cache_setting(using)?;
        django(self.py)?.call(self.py, intern!(self.py, "named_fragments"), (name,))
    }

    fn fragment_key(&mut self, tag: &Cache) -> PyResult<Bound<'py, PyAny>> {
        let vary = PyList::empty(self.py);
        for expression in &tag.vary {
            let value = self.resolve(expression, false)?;
            vary.append(value.to_py(self.py)?)?;
        }
        let name = intern!(self.py, "make_template_fragment_key");
        django(self.py)?.call(self.py, name, (&tag.name, vary))
    }
}
