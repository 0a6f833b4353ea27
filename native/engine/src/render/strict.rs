//! Undefined variables, where `DJUST_CONFIG["STRICT_VARIABLES"]` asks to be told of them.

use pyo3::intern;
use pyo3::prelude::*;

use super::Renderer;
use crate::django::django;
use crate::program::{Expression, OnRows, Operand, Variable};
use crate::value::Value;

impl<'py> Renderer<'py> {
    /// `string_if_invalid` for a variable that is not there; `|default` says what is to be then.
    #[cold]
    pub fn undefined_head(
        &mut self,
        variable: &Variable,
        expression: &Expression,
    ) -> PyResult<Value<'py>> {
        let first = expression.filters.first();
        let has_default = |on_rows| matches!(on_rows, Some(OnRows::Default));
        if !first.is_some_and(|filter| has_default(filter.function.on_rows)) {
            self.tell_undefined(variable)?;
        }
        self.invalid_for(variable)
    }

    /// The sequence of a loop: nothing where it is not there.
    pub fn resolve_sequence(&mut self, expression: &Expression) -> PyResult<Value<'py>> {
        self.missed = None;
        let value = self.resolve(expression, true)?;
        if self.missed.is_some()
            && let (Operand::Variable(variable), true) =
                (&expression.head, expression.filters.is_empty())
        {
            self.tell_undefined(variable)?;
        }
        Ok(value)
    }

    fn tell_undefined(&mut self, variable: &Variable) -> PyResult<()> {
        let Some(miss) = self.missed.take() else {
            return Ok(());
        };
        let py = self.py;
        let names: Vec<_> = variable.path.iter().map(|segment| &segment.name).collect();
        let on = miss.on.map(|on| on.to_py(py)).transpose()?;
        let place = self.place.as_ref().and_then(|place| place.get().told(py));
        self.scopes.materialise()?;
        let name = intern!(py, "undefined");
        django(py)?.call(py, name, (&self.context, place, names, miss.bit, on))?;
        self.resume()
    }
}
