//! Variables: `Variable.resolve` and the first half of `FilterExpression.resolve`
//! (django/template/base.py).

use std::rc::Rc;

use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;

use super::Renderer;
use super::data::Reached;
use crate::django::django;
use crate::program::{Expression, Operand, Segment, Variable};
use crate::value::object::{self, Step};
use crate::value::row::Attribute;
use crate::value::row::RowManager;
use crate::value::{Peer, Pending, Value};

/// A resolved variable, or where the lookup ended.
pub enum Lookup<'py> {
    Found(Value<'py>),
    Missing(Miss<'py>),
}

/// One bit further on a path.
pub enum Next<'py> {
    Found(Value<'py>),
    Missing,
    /// A silent exception: whatever follows, the whole lookup is `string_if_invalid`.
    Silent,
}

/// `VariableDoesNotExist`, before anybody asked for the exception itself.
pub struct Miss<'py> {
    pub bit: usize,
    /// What the bit was looked up on; nothing for the context itself.
    pub on: Option<Value<'py>>,
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
            Operand::Variable(variable) => match self.value_of(variable)? {
                Some(value) => value,
                None if ignore_failures => Value::None,
                None if self.engine.strict => self.undefined_head(variable, expression)?,
                None if self.engine.invalid_is_empty => self.invalid(),
                None => return self.invalid_for(variable),
            },
        };
        expression
            .filters
            .iter()
            .try_fold(head, |value, filter| self.apply(filter, value))
    }

    /// The variable's value; nothing for a `VariableDoesNotExist`, the engine's own or one raised on
    /// the way (by `block.super`, say).
    pub fn value_of(&mut self, variable: &Variable) -> PyResult<Option<Value<'py>>> {
        match self.lookup(variable) {
            Ok(Lookup::Found(value)) => Ok(Some(value)),
            Ok(Lookup::Missing(miss)) => {
                self.missed = self.engine.strict.then_some(miss);
                Ok(None)
            }
            Err(error) => {
                let class = django(self.py)?.does_not_exist.bind(self.py);
                if error.is_instance(self.py, class) {
                    Ok(None)
                } else {
                    Err(error)
                }
            }
        }
    }

    /// `string_if_invalid` as a value.
    pub fn invalid(&self) -> Value<'py> {
        Value::Py(self.engine.string_if_invalid.clone().into_any())
    }

    /// `string_if_invalid % variable`, where it has a place for the variable.
    #[cold]
    pub fn invalid_for(&self, variable: &Variable) -> PyResult<Value<'py>> {
        let text = &self.engine.string_if_invalid;
        if !text.contains("%s")? {
            return Ok(self.invalid());
        }
        Ok(Value::Py(text.as_any().rem(variable.text(self.py)?)?))
    }

    pub fn lookup(&mut self, variable: &Variable) -> PyResult<Lookup<'py>> {
        match self.walk(variable) {
            Ok(Lookup::Missing(miss)) => {
                if self.logs_lookups()? {
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
                Next::Silent => return Ok(Lookup::Found(self.invalid())),
                Next::Found(value) => current = value,
                Next::Missing => {
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

    pub fn step(&mut self, current: &Value<'py>, segment: &Segment) -> PyResult<Next<'py>> {
        match current {
            Value::Py(object) => self.python_step(object, segment),
            Value::Row(row) => {
                let found = row.attribute(segment.name.bind(self.py))?;
                if let (Some(profile), Attribute::Found(Value::Row(related))) =
                    (self.profile(), &found)
                {
                    profile.reach(related);
                }
                self.attribute_step(found, segment)
            }
            Value::Peer(peer) => self.peer_step(peer, segment),
            Value::Loop(state) if !state.is_shared() => {
                match state.get(self.py, segment.name.bind(self.py).to_str()?)? {
                    Some(value) => Ok(Next::Found(value)),
                    None => self.python_step(&current.to_py(self.py)?, segment),
                }
            }
            Value::Manager(manager) => self.manager_step(manager, segment),
            Value::Pending(pending) => self.pending_step(pending, segment),
            Value::Rows(rows) => match segment.name.bind(self.py).to_str()? {
                "count" => Ok(Next::Found(Value::Int(rows.len() as i64))),
                "exists" => Ok(Next::Found(Value::Bool(rows.len() > 0))),
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
    ) -> PyResult<Next<'py>> {
        if segment.renders {
            self.print_out(object)?;
        }
        if let Some(value) = self.fetched_answer(object, segment)? {
            return Ok(Next::Found(value));
        }
        Ok(match object::step(object, segment)? {
            Step::Found(found) => Next::Found(Value::Py(found)),
            Step::Missing => Next::Missing,
            Step::Invalid => Next::Found(self.invalid()),
        })
    }

    fn attribute_step(&mut self, found: Attribute<'py>, segment: &Segment) -> PyResult<Next<'py>> {
        match found {
            Attribute::Found(value) => Ok(Next::Found(value)),
            Attribute::Missing => Ok(Next::Missing),
            Attribute::Silent => Ok(Next::Silent),
            Attribute::Instance(instance) => self.python_step(&instance, segment),
        }
    }

    fn manager_step(
        &mut self,
        manager: &RowManager<'py>,
        segment: &Segment,
    ) -> PyResult<Next<'py>> {
        let length = |manager: &RowManager<'py>| manager.all().map(|rows| rows.len());
        if let Some(profile) = self.profile() {
            profile.avoid();
        }
        Ok(Next::Found(match segment.name.bind(self.py).to_str()? {
            "all" => Value::Manager(RowManager {
                is_all: true,
                ..manager.clone()
            }),
            "count" => Value::Int(length(manager)? as i64),
            "exists" => Value::Bool(length(manager)? > 0),
            _ => return self.python_step(&manager.to_py(self.py)?, segment),
        }))
    }

    fn pending_step(
        &mut self,
        pending: &Rc<Pending<'py>>,
        segment: &Segment,
    ) -> PyResult<Next<'py>> {
        if !pending.is_all && segment.name.bind(self.py).to_str()? == "all" {
            return Ok(Next::Found(Value::Pending(Rc::new(pending.all()))));
        }
        self.python_step(&pending.to_py(self.py)?, segment)
    }

    fn peer_step(&mut self, peer: &Peer<'py>, segment: &Segment) -> PyResult<Next<'py>> {
        let reached = self.reach(peer, segment)?;
        let found = self.python_step(&peer.object, segment)?;
        let Next::Found(Value::Py(object)) = found else {
            return Ok(found);
        };
        Ok(Next::Found(match reached {
            Reached::Batch(batch) if !object.is_none() => Value::Peer(Peer { object, batch }),
            Reached::Pending => {
                let name = segment.name.bind(self.py).clone();
                Value::Pending(Rc::new(Pending::manager(peer.clone(), name, object)))
            }
            _ => Value::Py(object),
        }))
    }

    fn logs_lookups(&mut self) -> PyResult<bool> {
        if let Some(known) = self.engine.logs_lookups {
            return Ok(known);
        }
        let answer = django(self.py)?.call(self.py, intern!(self.py, "logs_lookups"), ())?;
        let logs = answer.is_truthy()?;
        self.engine.logs_lookups = Some(logs);
        Ok(logs)
    }

    /// Exceptions that are silent give `string_if_invalid`; all others go on.
    #[cold]
    fn after_error(&mut self, variable: &Variable, error: PyErr) -> PyResult<Lookup<'py>> {
        if !error.is_instance_of::<PyException>(self.py) {
            return Err(error);
        }
        if self.logs_lookups()? {
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
    pub fn does_not_exist(
        &self,
        variable: &Variable,
        miss: &Miss<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
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
}
