//! Python's semantics of truth, equality, order, membership, identity and length.

use pyo3::basic::CompareOp;
use pyo3::prelude::*;
use pyo3::types::PyBool;

use super::Value;
use djust_syntax::ast::Operator;

/// `a <operator> b` for the operators that are not short-circuiting. Raises what Python raises.
/// What a comparison of objects answers may be any object: its truth is asked by who tests it.
pub fn compare<'py>(
    py: Python<'py>,
    operator: Operator,
    a: &Value<'py>,
    b: &Value<'py>,
) -> PyResult<Value<'py>> {
    if let (Some(a), Some(b)) = (small(a), small(b)) {
        return Ok(Value::Bool(compare_small(operator, a, b)));
    }
    let (a, b) = (a.to_py(py)?, b.to_py(py)?);
    Ok(Value::Bool(match operator {
        Operator::In => b.contains(&a)?,
        Operator::NotIn => !b.contains(&a)?,
        Operator::Is => a.is(&b),
        Operator::IsNot => !a.is(&b),
        _ => return answer(a.rich_compare(&b, python_operator(operator))?),
    }))
}

fn answer(result: Bound<'_, PyAny>) -> PyResult<Value<'_>> {
    Ok(match result.cast_exact::<PyBool>() {
        Ok(flag) => Value::Bool(flag.is_true()),
        Err(_) => Value::Py(result),
    })
}

/// Two numbers that the engine made itself (loop counters, lengths).
fn small(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

fn compare_small(operator: Operator, a: i64, b: i64) -> bool {
    match operator {
        Operator::Equal | Operator::Is => a == b,
        Operator::NotEqual | Operator::IsNot => a != b,
        Operator::Less => a < b,
        Operator::LessEqual => a <= b,
        Operator::Greater => a > b,
        Operator::GreaterEqual => a >= b,
        Operator::In | Operator::NotIn | Operator::And | Operator::Or => false,
    }
}

fn python_operator(operator: Operator) -> CompareOp {
    match operator {
        Operator::NotEqual => CompareOp::Ne,
        Operator::Less => CompareOp::Lt,
        Operator::LessEqual => CompareOp::Le,
        Operator::Greater => CompareOp::Gt,
        Operator::GreaterEqual => CompareOp::Ge,
        _ => CompareOp::Eq,
    }
}
