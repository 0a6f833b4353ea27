//! Truth, and the smart `if` (django/template/smartif.py).

use djust_syntax::ast::Operator;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

use super::Renderer;
use super::data::Touched;
use crate::django::django;
use crate::program::Condition;
use crate::value::{Value, ops};

impl<'py> Renderer<'py> {
    /// `bool(value)`.
    pub fn is_true(&mut self, value: &Value<'py>) -> PyResult<bool> {
        Ok(match value {
            Value::Py(object) => object.is_truthy()?,
            Value::Text { text, .. } => !text.is_empty(),
            Value::Int(number) => *number != 0,
            Value::Bool(flag) => *flag,
            Value::None => false,
            Value::Loop(_) | Value::Block(_) | Value::Row(_) => true,
            Value::Manager(manager) => !manager.is_all || manager.all()?.len() > 0,
            Value::Pending(pending) => {
                let settled = self.settled(pending)?;
                settled.to_py(self.py)?.is_truthy()?
            }
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
                ops::compare(self.py, operator, &value, &other)
            }
        }
    }
}
