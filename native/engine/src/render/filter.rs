//! The application of filters: `FilterExpression.resolve` (django/template/base.py), second half.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::IntoPyDict;

use super::Renderer;
use super::data::Touched;
use super::expression::Lookup;
use crate::django::django;
use crate::filters::Call;
use crate::program::{Argument, Filter};
use crate::value::Value;

impl<'py> Renderer<'py> {
    pub fn apply(&mut self, filter: &Filter, value: Value<'py>) -> PyResult<Value<'py>> {
        let argument = match &filter.argument {
            None => None,
            Some(argument) => Some(self.argument(argument)?),
        };
        if filter.is_length
            && let Some(length) = self.length_of(&value)?
        {
            return Ok(Value::Int(length as i64));
        }
        if let Some(native) = filter.native {
            let call = Call {
                py: self.py,
                input: &value,
                argument: argument.as_ref(),
                autoescape: self.style.autoescape,
                is_safe: filter.is_safe,
            };
            if let Some(answer) = native(&call)? {
                return Ok(answer);
            }
        }
        self.apply_python(filter, &value, argument)
    }

    fn argument(&mut self, argument: &Argument) -> PyResult<Value<'py>> {
        match argument {
            Argument::Constant(constant) => Ok(Value::Py(constant.bind(self.py).clone())),
            Argument::Translated(lazy) => Ok(Value::Py(django(self.py)?.call(
                self.py,
                intern!(self.py, "mark_safe"),
                (lazy,),
            )?)),
            Argument::Variable(variable) => match self.lookup(variable)? {
                Lookup::Found(value) => Ok(value),
                Lookup::Missing(miss) => {
                    Err(PyErr::from_value(self.does_not_exist(variable, &miss)?))
                }
            },
        }
    }

    /// Calls the filter's Python function with its flags, as `FilterExpression.resolve` does.
    fn apply_python(
        &mut self,
        filter: &Filter,
        value: &Value<'py>,
        argument: Option<Value<'py>>,
    ) -> PyResult<Value<'py>> {
        let py = self.py;
        let mut object = value.to_py(py)?;
        if filter.expects_localtime {
            object = django(py)?.call(py, intern!(py, "local_time"), (&object, &self.context))?;
        }
        let function = filter.function.bind(py);
        let argument = argument.map(|argument| argument.to_py(py)).transpose()?;
        let answer = if filter.needs_autoescape {
            let options = [("autoescape", self.style.autoescape)].into_py_dict(py)?;
            match argument {
                Some(argument) => function.call((&object, argument), Some(&options))?,
                None => function.call((&object,), Some(&options))?,
            }
        } else {
            match argument {
                Some(argument) => function.call1((&object, argument))?,
                None => function.call1((&object,))?,
            }
        };
        if filter.is_safe && Value::Py(object).is_safe() {
            return Ok(Value::Py(django(py)?.call(
                py,
                intern!(py, "mark_safe"),
                (answer,),
            )?));
        }
        Ok(Value::Py(answer))
    }

    /// `len()` of what the engine fetched itself; nothing where Python must say.
    fn length_of(&mut self, value: &Value<'py>) -> PyResult<Option<usize>> {
        Ok(match value {
            Value::Rows(rows) => Some(rows.len()),
            Value::Query(query) => match self.touch_query(query)? {
                Touched::Rows(rows) => Some(rows.len()),
                Touched::Batch { peers, .. } => Some(peers.len()),
                Touched::Untouched => None,
            },
            _ => None,
        })
    }
}
