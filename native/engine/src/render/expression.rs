//! Variables, filters and conditions: `Variable.resolve`, `FilterExpression.resolve`
//! (django/template/base.py) and `smartif`.

use djust_syntax::ast::Operator;
use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::IntoPyDict;

use super::Renderer;
use super::data::Touched;
use crate::django::django;
use crate::filters::Call;
use crate::program::{Argument, Condition, Expression, Filter, Operand, Segment, Variable};
use crate::value::object::{self, Step};
use crate::value::row::Attribute;
use crate::value::{Peer, Value, ops};

/// A resolved variable, or where the lookup ended.
pub enum Lookup<'py> {
    Found(Value<'py>),
    Missing(Miss<'py>),
}

/// `VariableDoesNotExist`, before anybody asked for the exception itself.
pub struct Miss<'py> {
    bit: usize,
    /// What the bit was looked up on; nothing for the context itself.
    on: Option<Value<'py>>,
}

impl<'py> Renderer<'py> {
    /// `FilterExpression.resolve(context, ignore_failures)`.
    pub fn resolve(
        &mut self,
        expression: &Expression,
        ignore_failures: bool,
    ) -> PyResult<Value<'py>> {
        let head = match &expression.head {
            Operand::Constant(constant) => Value::Py(constant.bind(self.py).clone()),
            Operand::Variable(variable) => match self.lookup(variable)? {
                Lookup::Found(value) => value,
                Lookup::Missing(_) if ignore_failures => Value::None,
                Lookup::Missing(_) if self.engine.invalid_is_empty => self.invalid(),
                Lookup::Missing(_) => return self.invalid_for(variable),
            },
        };
        expression
            .filters
            .iter()
            .try_fold(head, |value, filter| self.apply(filter, value))
    }

    /// `string_if_invalid` as a value.
    fn invalid(&self) -> Value<'py> {
        Value::Py(self.engine.string_if_invalid.clone().into_any())
    }

    /// `string_if_invalid % variable`, where it has a place for the variable.
    #[cold]
    fn invalid_for(&self, variable: &Variable) -> PyResult<Value<'py>> {
        let text = &self.engine.string_if_invalid;
        if !text.contains("%s")? {
            return Ok(self.invalid());
        }
        Ok(Value::Py(text.as_any().rem(&variable.text)?))
    }

    pub fn lookup(&mut self, variable: &Variable) -> PyResult<Lookup<'py>> {
        match self.walk(variable) {
            Ok(Lookup::Missing(miss)) => {
                if self.engine.logs_lookups {
                    let error = self.does_not_exist(variable, &miss)?;
                    self.log_lookup(variable, miss.bit, &error)?;
                }
                Ok(Lookup::Missing(miss))
            }
            Ok(found) => Ok(found),
            Err(error) => self.after_error(variable, error),
        }
    }

    fn walk(&mut self, variable: &Variable) -> PyResult<Lookup<'py>> {
        let Some(mut current) = self.first(variable)? else {
            return Ok(Lookup::Missing(Miss { bit: 0, on: None }));
        };
        for (bit, segment) in variable.path.iter().enumerate().skip(1) {
            match self.step(&current, segment)? {
                Lookup::Found(value) => current = value,
                Lookup::Missing(_) => {
                    return Ok(Lookup::Missing(Miss {
                        bit,
                        on: Some(current),
                    }));
                }
            }
        }
        if variable.may_be_query
            && let Value::Py(object) = &current
            && let Some(query) = self.as_query(object, Some(variable.end))?
        {
            return Ok(Lookup::Found(Value::Query(query)));
        }
        Ok(Lookup::Found(current))
    }

    /// The first bit: a name of the scopes or of the context, called where it is callable.
    fn first(&mut self, variable: &Variable) -> PyResult<Option<Value<'py>>> {
        let segment = &variable.path[0];
        let Some(value) = self.scopes.get(segment.name.bind(self.py))? else {
            return Ok(None);
        };
        let Value::Py(found) = value else {
            return Ok(Some(value));
        };
        if found.is_callable() {
            return Ok(Some(match object::called(found)? {
                Step::Found(value) => Value::Py(value),
                Step::Missing | Step::Invalid => self.invalid(),
            }));
        }
        if variable.may_be_instance && variable.path.len() > 1 {
            return self.as_peer(found, variable.start).map(Some);
        }
        Ok(Some(Value::Py(found)))
    }

    pub fn step(&mut self, current: &Value<'py>, segment: &Segment) -> PyResult<Lookup<'py>> {
        match current {
            Value::Py(object) => self.python_step(object, segment),
            Value::Row(row) => {
                let found = row.attribute(segment.name.bind(self.py))?;
                self.attribute_step(found, segment)
            }
            Value::Peer(peer) => self.peer_step(peer, segment),
            Value::Loop(state) if !state.is_shared() => {
                match state.get(self.py, segment.name.bind(self.py).to_str()?)? {
                    Some(value) => Ok(Lookup::Found(value)),
                    None => self.python_step(&current.to_py(self.py)?, segment),
                }
            }
            Value::Manager(manager) => match segment.name.bind(self.py).to_str()? {
                "all" => Ok(Lookup::Found(Value::Rows(manager.all()?))),
                "count" => Ok(Lookup::Found(Value::Int(manager.all()?.len() as i64))),
                "exists" => Ok(Lookup::Found(Value::Bool(manager.all()?.len() > 0))),
                _ => self.python_step(&current.to_py(self.py)?, segment),
            },
            Value::Rows(rows) => match segment.name.bind(self.py).to_str()? {
                "count" => Ok(Lookup::Found(Value::Int(rows.len() as i64))),
                "exists" => Ok(Lookup::Found(Value::Bool(rows.len() > 0))),
                _ => self.python_step(&current.to_py(self.py)?, segment),
            },
            Value::Block(block) => self.block_step(block, segment),
            other => self.python_step(&other.to_py(self.py)?, segment),
        }
    }

    fn python_step(
        &mut self,
        object: &Bound<'py, PyAny>,
        segment: &Segment,
    ) -> PyResult<Lookup<'py>> {
        if let Some(value) = self.fetched_answer(object, segment)? {
            return Ok(Lookup::Found(value));
        }
        Ok(match object::step(object, segment)? {
            Step::Found(found) => Lookup::Found(Value::Py(found)),
            Step::Missing => Lookup::Missing(Miss { bit: 0, on: None }),
            Step::Invalid => Lookup::Found(self.invalid()),
        })
    }

    fn attribute_step(
        &mut self,
        found: Attribute<'py>,
        segment: &Segment,
    ) -> PyResult<Lookup<'py>> {
        match found {
            Attribute::Found(value) => Ok(Lookup::Found(value)),
            Attribute::Missing => Ok(Lookup::Missing(Miss { bit: 0, on: None })),
            Attribute::Silent => Ok(Lookup::Found(self.invalid())),
            Attribute::Instance(instance) => self.python_step(&instance, segment),
        }
    }

    fn peer_step(&mut self, peer: &Peer<'py>, segment: &Segment) -> PyResult<Lookup<'py>> {
        let batch = self.touch_relation(peer, segment)?;
        let found = self.python_step(&peer.object, segment)?;
        Ok(match (found, batch) {
            (Lookup::Found(Value::Py(object)), Some(batch)) if !object.is_none() => {
                Lookup::Found(Value::Peer(Peer { object, batch }))
            }
            (found, _) => found,
        })
    }

    /// Exceptions that are silent give `string_if_invalid`; all others go on.
    #[cold]
    fn after_error(&mut self, variable: &Variable, error: PyErr) -> PyResult<Lookup<'py>> {
        if !error.is_instance_of::<PyException>(self.py) {
            return Err(error);
        }
        if self.engine.logs_lookups {
            self.log_lookup(variable, variable.path.len() - 1, error.value(self.py))?;
        }
        let silent = error
            .value(self.py)
            .getattr_opt(intern!(self.py, "silent_variable_failure"))?;
        match silent {
            Some(flag) if flag.is_truthy()? => Ok(Lookup::Found(self.invalid())),
            _ => Err(error),
        }
    }

    #[cold]
    fn log_lookup(
        &self,
        variable: &Variable,
        bit: usize,
        error: &Bound<'py, impl Sized>,
    ) -> PyResult<()> {
        let bit = &variable.path[bit].name;
        django(self.py)?.call(
            self.py,
            intern!(self.py, "log_lookup"),
            (&self.context, bit, error.as_any()),
        )?;
        Ok(())
    }

    /// Django's `VariableDoesNotExist` for a miss.
    #[cold]
    fn does_not_exist(&self, variable: &Variable, miss: &Miss<'py>) -> PyResult<Bound<'py, PyAny>> {
        let on = match &miss.on {
            Some(value) => value.to_py(self.py)?,
            None => self.context.clone(),
        };
        let bit = &variable.path[miss.bit].name;
        django(self.py)?
            .does_not_exist
            .bind(self.py)
            .call1(("Failed lookup for key [%s] in %r", (bit, on)))
    }

    fn apply(&mut self, filter: &Filter, value: Value<'py>) -> PyResult<Value<'py>> {
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

    /// `bool(value)`.
    pub fn is_true(&mut self, value: &Value<'py>) -> PyResult<bool> {
        Ok(match value {
            Value::Py(object) => object.is_truthy()?,
            Value::Text { text, .. } => !text.is_empty(),
            Value::Int(number) => *number != 0,
            Value::Bool(flag) => *flag,
            Value::None => false,
            Value::Loop(_) | Value::Block(_) | Value::Row(_) | Value::Manager(_) => true,
            Value::Rows(rows) => rows.len() > 0,
            Value::Peer(peer) => peer.object.is_truthy()?,
            Value::Query(query) => match self.touch_query(query)? {
                Touched::Rows(rows) => rows.len() > 0,
                Touched::Batch { peers, .. } => !peers.is_empty(),
                Touched::Untouched => query.object.is_truthy()?,
            },
        })
    }

    /// The truth of an `{% if %}` clause. `VariableDoesNotExist` makes it false.
    pub fn holds(&mut self, condition: &Condition) -> PyResult<bool> {
        match self.evaluate(condition) {
            Ok(value) => self.is_true(&value),
            Err(error) => {
                let class = django(self.py)?.does_not_exist.bind(self.py);
                if error.is_instance(self.py, class) {
                    Ok(false)
                } else {
                    Err(error)
                }
            }
        }
    }

    fn evaluate(&mut self, condition: &Condition) -> PyResult<Value<'py>> {
        let result = match condition {
            Condition::Value(expression) => return self.resolve(expression, true),
            Condition::Not(inner) => self.negation(inner),
            Condition::Binary(operator, left, right) => self.operation(*operator, left, right),
        };
        match result {
            Err(error) if error.is_instance_of::<PyException>(self.py) => Ok(Value::Bool(false)),
            other => other,
        }
    }

    fn negation(&mut self, inner: &Condition) -> PyResult<Value<'py>> {
        let value = self.evaluate(inner)?;
        Ok(Value::Bool(!self.is_true(&value)?))
    }

    fn operation(
        &mut self,
        operator: Operator,
        left: &Condition,
        right: &Condition,
    ) -> PyResult<Value<'py>> {
        let value = self.evaluate(left)?;
        match operator {
            Operator::Or => {
                if self.is_true(&value)? {
                    Ok(value)
                } else {
                    self.evaluate(right)
                }
            }
            Operator::And => {
                if self.is_true(&value)? {
                    self.evaluate(right)
                } else {
                    Ok(value)
                }
            }
            _ => {
                let other = self.evaluate(right)?;
                ops::compare(self.py, operator, &value, &other).map(Value::Bool)
            }
        }
    }
}
