//! The application of filters: `FilterExpression.resolve` (django/template/base.py), second half.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyString};

use super::Renderer;
use super::data::Touched;
use super::expression::Lookup;
use crate::django::django;
use crate::filters::Call;
use crate::program::{Argument, Filter, OnRows};
use crate::value::Value;
use crate::value::row::RowsView;

impl<'py> Renderer<'py> {
    pub fn apply(&mut self, filter: &Filter, mut value: Value<'py>) -> PyResult<Value<'py>> {
        let argument = match &filter.argument {
            None => None,
            Some(argument) => Some(self.argument(argument)?),
        };
        if let Some(kind) = filter.function.on_rows {
            match self.apply_to_rows(kind, value, argument.as_ref())? {
                OfRows::Answer(answer) => return Ok(answer),
                OfRows::Input(input) => value = input,
            }
        }
        if let Some(native) = filter.function.native {
            let call = Call {
                py: self.py,
                input: &value,
                argument: argument.as_ref(),
                autoescape: self.style.autoescape,
                is_safe: filter.function.is_safe,
                language: &self.style.language,
                context: &self.context,
            };
            if let Some(answer) = native(&call)? {
                return Ok(answer);
            }
        }
        if let Value::Pending(pending) = &value
            && filter.function.evaluates
        {
            value = self.settled(pending)?;
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
        self.hand_out(&object)?;
        if filter.function.expects_localtime {
            object = django(py)?.call(py, intern!(py, "local_time"), (&object, &self.context))?;
        }
        let function = filter.function.object.bind(py);
        let argument = argument.map(|argument| argument.to_py(py)).transpose()?;
        let answer = if filter.function.needs_autoescape {
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
        if filter.function.is_safe && Value::Py(object).is_safe_data()? {
            return Ok(Value::Py(django(py)?.call(
                py,
                intern!(py, "mark_safe"),
                (answer,),
            )?));
        }
        Ok(Value::Py(answer))
    }

    /// The filter on what the engine fetches, or what to give to it instead.
    fn apply_to_rows(
        &mut self,
        kind: OnRows,
        value: Value<'py>,
        argument: Option<&Value<'py>>,
    ) -> PyResult<OfRows<'py>> {
        let Some(rows) = self.rows_for(kind, &value)? else {
            return Ok(OfRows::Input(value));
        };
        let answer = match kind {
            OnRows::Length => Value::Int(rows.len() as i64),
            OnRows::First if rows.len() == 0 => Value::text("", false),
            OnRows::First => Value::Row(rows.row(0)?),
            OnRows::Slice => match sliced(&rows, argument)? {
                Some(part) => part,
                None => return Ok(OfRows::Input(value)),
            },
            OnRows::Truth => return Ok(OfRows::Input(Value::Bool(rows.len() > 0))),
            OnRows::Default if rows.len() > 0 => value,
            OnRows::Default => argument.cloned().unwrap_or(Value::None),
            OnRows::Elements => return Ok(OfRows::Input(Value::Rows(rows))),
        };
        Ok(OfRows::Answer(answer))
    }

    /// The rows behind a value, fetched where the filter evaluates what it is given.
    fn rows_for(&mut self, kind: OnRows, value: &Value<'py>) -> PyResult<Option<RowsView<'py>>> {
        Ok(match (value, kind) {
            (Value::Rows(rows), _) => Some(rows.clone()),
            (Value::Manager(manager), _) if manager.is_all => Some(manager.all()?),
            (Value::Query(query), OnRows::First | OnRows::Slice) => {
                self.known_rows(&query.queryset)
            }
            (Value::Query(query), _) => match self.touch_query(query)? {
                Touched::Rows(rows) => Some(rows),
                Touched::Batch { .. } | Touched::Untouched => None,
            },
            _ => None,
        })
    }
}

/// What becomes of a filter on rows.
enum OfRows<'py> {
    Answer(Value<'py>),
    Input(Value<'py>),
}

/// `rows|slice:"a:b"`. A QuerySet refuses negative indexes, and the filter then gives it unsliced.
fn sliced<'py>(
    rows: &RowsView<'py>,
    argument: Option<&Value<'py>>,
) -> PyResult<Option<Value<'py>>> {
    let Some(Value::Py(bounds)) = argument else {
        return Ok(None);
    };
    let Ok(bounds) = bounds.cast::<PyString>() else {
        return Ok(None);
    };
    let bounds = bounds.to_str()?;
    if bounds.contains('-') {
        return Ok(Some(Value::Rows(rows.clone())));
    }
    let Some((start, end)) = bounds.split_once(':') else {
        return Ok(bound(bounds).map(|end| Value::Rows(rows.slice(0, end.unwrap_or(rows.len())))));
    };
    let (Some(start), Some(end)) = (bound(start), bound(end)) else {
        return Ok(None);
    };
    let view = rows.slice(start.unwrap_or(0), end.unwrap_or(rows.len()));
    Ok(Some(Value::Rows(view)))
}

/// One side of a slice: a small number, or nothing written; `None` for anything else.
fn bound(text: &str) -> Option<Option<usize>> {
    if text.is_empty() {
        return Some(None);
    }
    let is_number = text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())
}
