//! The rarer builtins: widthratio, filter, lorem, debug, prefixes, partials
//! (django/template/defaulttags.py, django/templatetags/static.py).

use pyo3::exceptions::{PyKeyError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyString};

use super::Renderer;
use crate::django::django;
use crate::filters::call::integer_of;
use crate::program::{Expression, NodeList};
use crate::value::Value;

type Name = Py<PyString>;

impl<'py> Renderer<'py> {
    /// A missing filter argument gives nothing, and binds nothing.
    pub fn render_widthratio(
        &mut self,
        operands: &[Expression; 3],
        variable: Option<&Name>,
    ) -> PyResult<()> {
        let ratio = match self.width_ratio(operands) {
            Ok(ratio) => ratio,
            Err(error) if self.is_missing(&error)? => return Ok(()),
            Err(error) if self.is_no_number(&error) => {
                return Err(self.syntax_error("widthratio final argument must be a number", error)?);
            }
            Err(error) => return Err(error),
        };
        self.write_or_bind(&ratio, variable)
    }

    fn width_ratio(
        &mut self,
        [value, maximum, width]: &[Expression; 3],
    ) -> PyResult<Bound<'py, PyAny>> {
        let value = self.resolve(value, false)?;
        let maximum = self.resolve(maximum, false)?;
        let width = self.resolve(width, false)?;
        let numbers = (float_of(&value), float_of(&maximum), integer_of(&width));
        if let (Some(value), Some(maximum), Some(width)) = numbers
            && let Some(text) = rounded(value, maximum, width)
        {
            return Ok(PyString::new(self.py, &text).into_any());
        }
        let (value, maximum) = (value.to_py(self.py)?, maximum.to_py(self.py)?);
        let numbers = (value, maximum, width.to_py(self.py)?);
        django(self.py)?.call(self.py, intern!(self.py, "width_ratio"), numbers)
    }

    /// `VariableDoesNotExist`.
    pub fn is_missing(&self, error: &PyErr) -> PyResult<bool> {
        let class = django(self.py)?.does_not_exist.bind(self.py);
        Ok(error.is_instance(self.py, class))
    }

    fn is_no_number(&self, error: &PyErr) -> bool {
        error.is_instance_of::<PyValueError>(self.py)
            || error.is_instance_of::<PyTypeError>(self.py)
    }

    /// `TemplateSyntaxError(message)`, raised while `error` is being handled.
    #[cold]
    pub fn syntax_error(&self, message: &str, error: PyErr) -> PyResult<PyErr> {
        let arguments = (message, error.into_value(self.py));
        let raised = django(self.py)?.call(self.py, intern!(self.py, "syntax_error"), arguments)?;
        Ok(PyErr::from_value(raised))
    }

    /// The filters are applied to the rendered body, under the name `var`.
    pub fn render_filter(
        &mut self,
        filtered: &Expression,
        body: &NodeList,
        place: u32,
    ) -> PyResult<()> {
        let text = self.captured_text(body)?;
        self.scopes.push()?;
        self.scopes.set(intern!(self.py, "var"), Value::Py(text))?;
        let value = self.resolve(filtered, false)?.to_py(self.py)?;
        self.scopes.pop()?;
        self.push_answer(&value, place)
    }

    /// As `nodelist.render(context)`.
    pub fn captured_text(&mut self, body: &NodeList) -> PyResult<Bound<'py, PyAny>> {
        let text = self.captured(|renderer| renderer.render_nodes(body))?;
        let text = text.to_py(self.py)?;
        django(self.py)?.safe_string.bind(self.py).call1((text,))
    }

    pub fn render_lorem(
        &mut self,
        count: &Expression,
        method: &Name,
        common: bool,
    ) -> PyResult<()> {
        let count = match self.resolve(count, false) {
            Ok(count) => count.to_py(self.py)?,
            Err(error) if self.is_no_number(&error) => self.py.None().into_bound(self.py),
            Err(error) => return Err(error),
        };
        let text =
            django(self.py)?.call(self.py, intern!(self.py, "lorem"), (count, method, common))?;
        self.push_text(&text)
    }

    pub fn render_debug(&mut self) -> PyResult<()> {
        self.scopes.materialise()?;
        let text = django(self.py)?.call(self.py, intern!(self.py, "debug"), (&self.context,))?;
        self.push_text(&text)?;
        self.resume()
    }

    pub fn render_prefix(&mut self, setting: &Name, variable: Option<&Name>) -> PyResult<()> {
        let prefix = django(self.py)?.call(self.py, intern!(self.py, "prefix"), (setting,))?;
        self.write_or_bind(&prefix, variable)
    }

    /// A `KeyError` from wherever inside counts as a partial that is not there.
    pub fn render_partial(&mut self, name: &Bound<'py, PyString>) -> PyResult<()> {
        match self.partial(name) {
            Err(error) if error.is_instance_of::<PyKeyError>(self.py) => {
                let message = format!("Partial '{name}' is not defined in the current template.");
                Err(self.syntax_error(&message, error)?)
            }
            result => result,
        }
    }

    fn partial(&mut self, name: &Bound<'py, PyString>) -> PyResult<()> {
        let program = self.program.clone();
        let extra_data = program.get().code()?.extra_data.bind(self.py);
        let partials = extra_data.get_item(intern!(self.py, "partials"))?;
        self.render_template(&partials.get_item(name)?)
    }

    pub fn render_inline_partial(&mut self, body: usize) -> PyResult<()> {
        let program = self.program.clone();
        self.render_nodes(&program.get().code()?.bodies[body])
    }
}

/// `float(value)` of an exact int or float.
fn float_of(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Py(object) => match object.cast_exact::<PyFloat>() {
            Ok(float) => Some(float.value()),
            Err(_) => integer_of(value).map(|number| number as f64),
        },
        _ => integer_of(value).map(|number| number as f64),
    }
}

/// `str(round(value / maximum * width))`; nothing where Python raises, or answers beyond 2**53.
fn rounded(value: f64, maximum: f64, width: i64) -> Option<String> {
    if maximum == 0.0 {
        return None;
    }
    let ratio = (value / maximum * width as f64).round_ties_even();
    (ratio.abs() < (1_u64 << 53) as f64).then(|| (ratio as i64).to_string())
}
