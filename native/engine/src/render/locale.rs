//! Tags that change or ask the active language, time zone and localisation
//! (django/templatetags/i18n.py, l10n.py, tz.py).

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::Renderer;
use crate::django::django;
use crate::program::{Expression, NodeList};
use crate::value::Value;
use crate::value::dates::{Moment, formatted};

type Name = Py<PyString>;

impl<'py> Renderer<'py> {
    pub fn render_language(&mut self, language: &Expression, body: &NodeList) -> PyResult<()> {
        let language = self.resolve(language, false)?.to_py(self.py)?;
        self.in_language(language, |renderer| renderer.render_nodes(body))
    }

    /// `with translation.override(language):`
    pub fn in_language<T>(
        &mut self,
        language: Bound<'py, PyAny>,
        step: impl FnOnce(&mut Self) -> PyResult<T>,
    ) -> PyResult<T> {
        let translation = django(self.py)?.translation.bind(self.py);
        let manager = translation.call_method1(intern!(self.py, "override"), (language,))?;
        self.under(&manager, step)
    }

    pub fn render_timezone(&mut self, zone: &Expression, body: &NodeList) -> PyResult<()> {
        let zone = self.resolve(zone, false)?.to_py(self.py)?;
        let timezone = django(self.py)?.timezone.bind(self.py);
        let manager = timezone.call_method1(intern!(self.py, "override"), (zone,))?;
        self.under(&manager, |renderer| renderer.render_nodes(body))
    }

    /// `with manager:`, which changes what the active language or time zone says.
    fn under<T>(
        &mut self,
        manager: &Bound<'py, PyAny>,
        step: impl FnOnce(&mut Self) -> PyResult<T>,
    ) -> PyResult<T> {
        manager.call_method0(intern!(self.py, "__enter__"))?;
        self.forget();
        let result = step(self);
        self.forget();
        let exit = intern!(self.py, "__exit__");
        let none = self.py.None();
        match &result {
            Ok(_) => manager.call_method1(exit, (&none, &none, &none))?,
            Err(error) => {
                let (class, value) = (error.get_type(self.py), error.value(self.py));
                manager.call_method1(exit, (class, value, error.traceback(self.py)))?
            }
        };
        result
    }

    pub fn render_localize(&mut self, on: bool, body: &NodeList) -> PyResult<()> {
        self.switched(intern!(self.py, "use_l10n"), on, body)
    }

    pub fn render_localtime(&mut self, on: bool, body: &NodeList) -> PyResult<()> {
        self.switched(intern!(self.py, "use_tz"), on, body)
    }

    /// An attribute of the context has another value in the body; after an error, it keeps that.
    fn switched(
        &mut self,
        attribute: &Bound<'py, PyString>,
        on: bool,
        body: &NodeList,
    ) -> PyResult<()> {
        let outer = self.context.getattr(attribute)?;
        self.context.setattr(attribute, on)?;
        self.forget();
        self.render_nodes(body)?;
        self.forget();
        self.context.setattr(attribute, outer)
    }

    /// `{% get_current_language as name %}` and its kin.
    pub fn render_locale_fact(
        &mut self,
        question: &Name,
        argument: Option<&Expression>,
        variable: &Name,
    ) -> PyResult<()> {
        let function = django(self.py)?.locale.bind(self.py).getattr(question)?;
        let answer = match argument {
            None => function.call0()?,
            Some(argument) => {
                let argument = self.resolve(argument, false)?.to_py(self.py)?;
                function.call1((argument,))?
            }
        };
        self.scopes.set(variable.bind(self.py), Value::Py(answer))
    }

    /// `date(datetime.now(tz=zone), format)`; nothing where the clock was replaced, or where the
    /// format asks for the name of a time zone.
    pub fn present(&self, format: &Name) -> PyResult<Option<String>> {
        let Ok(format) = format.bind(self.py).to_str() else {
            return Ok(None);
        };
        let py = self.py;
        let locale = django(py)?.locale.bind(py);
        let now = locale.call_method0(intern!(py, "present"))?;
        let Some(moment) = Moment::as_given(&now)? else {
            return Ok(None);
        };
        let language = &self.style.language;
        match language.format_of(py, format, "DATE_FORMAT")? {
            Some(format) => formatted(&moment, &format, py, language),
            None => Ok(None),
        }
    }
}
