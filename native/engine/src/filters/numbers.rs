//! INTEGERS, and what counts.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyList, PyTuple};

use super::Answer;
use super::call::{Call, integer_of, text_of};
use crate::django::django;
use crate::value::Value;

/// Sums of integers; texts, where one of them is no number, are joined.
pub fn add<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let Some(argument) = call.argument else {
        return Ok(None);
    };
    if let (Some(left), Some(right)) = (integer_of(call.input), integer_of(argument)) {
        return Ok(left.checked_add(right).map(Value::Int));
    }
    let (Some(left), Some(right)) = (text_of(call.input), text_of(argument)) else {
        return Ok(None);
    };
    if !(is_no_number(&left) || is_no_number(&right)) {
        return Ok(None);
    }
    let safe = call.input.is_safe() && argument.is_safe();
    Ok(Some(Value::text(&format!("{left}{right}"), safe)))
}

/// True where `int(text)` is sure to fail.
fn is_no_number(text: &str) -> bool {
    let stands_in_number = |byte| matches!(byte, b'+' | b'-' | b'_');
    text.is_empty()
        || text.bytes().any(|byte| {
            byte.is_ascii_graphic() && !byte.is_ascii_digit() && !stands_in_number(byte)
        })
}

/// The digit at a place counted from the right, 0 beyond the last.
pub fn get_digit<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let (Some(place), Some(number)) = (call.argument_integer(), integer_of(call.input)) else {
        return Ok(None);
    };
    if place < 1 {
        return Ok(Some(Value::Int(number)));
    }
    if number < 0 {
        return Ok(None);
    }
    let power = u32::try_from(place - 1)
        .ok()
        .and_then(|exponent| 10_i64.checked_pow(exponent));
    Ok(Some(Value::Int(
        power.map_or(0, |power| number / power % 10),
    )))
}

pub fn divisibleby<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let (Some(number), Some(divisor)) = (integer_of(call.input), call.argument_integer()) else {
        return Ok(None);
    };
    let rest = number.checked_rem(divisor);
    Ok(rest.map(|rest| Value::Bool(rest == 0)))
}

/// One of two suffixes, by the number or the length.
pub fn pluralize<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let Some(is_one) = is_one(call.input)? else {
        return Ok(None);
    };
    let Some((singular, plural)) = suffixes(call) else {
        return Ok(None);
    };
    let suffix = if is_one { singular } else { plural };
    Ok(Some(Value::text(&suffix, false)))
}

/// Whether the number, or else the length, is 1; nothing for texts and for types of other modules.
fn is_one(value: &Value<'_>) -> PyResult<Option<bool>> {
    Ok(match value {
        Value::Bool(flag) => Some(*flag),
        Value::Py(object) if is_sized(object) => Some(object.len()? == 1),
        Value::Py(object) if is_float_or_bool(object) => Some(object.extract::<f64>()? == 1.0),
        Value::Py(_) if value.is_exact_text() => None,
        Value::Text { .. } => None,
        _ => integer_of(value).map(|number| number == 1),
    })
}

fn is_sized(object: &Bound<'_, PyAny>) -> bool {
    object.is_exact_instance_of::<PyList>()
        || object.is_exact_instance_of::<PyTuple>()
        || object.is_exact_instance_of::<PyDict>()
}

fn is_float_or_bool(object: &Bound<'_, PyAny>) -> bool {
    object.is_exact_instance_of::<PyFloat>() || object.is_exact_instance_of::<PyBool>()
}

/// The two suffixes of the argument `"y,ies"` or `"es"`; nothing for more of them.
fn suffixes(call: &Call<'_, '_>) -> Option<(String, String)> {
    let argument = match call.argument {
        Some(argument) => text_of(argument)?,
        None => "s".into(),
    };
    match argument.split_once(',') {
        None => Some((String::new(), argument.into_owned())),
        Some((singular, plural)) if !plural.contains(',') => Some((singular.into(), plural.into())),
        Some(_) => None,
    }
}

/// Of the library `humanize`: whole numbers, also as texts of digits, and plain decimals.
pub fn intcomma<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    if call.argument.is_some() {
        return Ok(None);
    }
    let Some(text) = digits_of(call) else {
        return Ok(None);
    };
    let style = call.language.grouping(call.py)?;
    if style.has_plain_integers() {
        return Ok(None);
    }
    Ok(style.localized(&text).map(|text| call.made(&text)))
}

/// The digits of a number; of a text only where it is a whole number.
fn digits_of(call: &Call<'_, '_>) -> Option<String> {
    match call.input {
        Value::Py(object) if is_decimal(object) => {
            Some(object.str().ok()?.to_str().ok()?.to_owned())
        }
        input => Some(integer_of(input)?.to_string()),
    }
}

fn is_decimal(object: &Bound<'_, PyAny>) -> bool {
    object.is_exact_instance_of::<PyFloat>()
        || django(object.py())
            .is_ok_and(|table| object.get_type_ptr() == table.decimal.as_ptr().cast())
}
