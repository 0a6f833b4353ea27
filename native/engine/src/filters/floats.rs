//! STRINGS: `floatformat`, of numbers and texts that have digits, a sign and a point only.

use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt};

use super::Answer;
use super::call::{Call, text_of};
use crate::django::django;
use crate::value::Value;

/// More digits than these are left to Django, which limits and rounds them by its context.
const MOST_DIGITS: usize = 24;

pub fn floatformat<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let (Some(places), Some(text)) = (places(call), digits_of(call)?) else {
        return Ok(None);
    };
    let Some(number) = Number::of(&text) else {
        return Ok(None);
    };
    let Some(separator) = call.language.decimal_separator(call.py)? else {
        return Ok(None);
    };
    let places = if places <= 0 && number.is_whole() {
        0
    } else {
        places.unsigned_abs() as usize
    };
    let text = number.rounded(places).written(&separator);
    Ok(Some(Value::text(&text, true)))
}

/// The argument, if it is a plain number of places.
fn places(call: &Call<'_, '_>) -> Option<i64> {
    match call.argument {
        Some(_) => call.argument_integer(),
        None => Some(-1),
    }
    .filter(|places| places.unsigned_abs() as usize <= MOST_DIGITS)
}

/// `str(value)` of exact numbers and texts.
fn digits_of(call: &Call<'_, '_>) -> PyResult<Option<String>> {
    Ok(match call.input {
        Value::Int(number) => Some(number.to_string()),
        Value::Py(object) if is_number(object)? => Some(object.str()?.to_str()?.to_owned()),
        input => text_of(input).map(|text| text.into_owned()),
    })
}

fn is_number(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let decimal = &django(object.py())?.decimal;
    Ok(object.is_exact_instance_of::<PyFloat>()
        || object.is_exact_instance_of::<PyInt>()
        || object.get_type_ptr() == decimal.as_ptr().cast())
}

/// A decimal number: its digits from the first to the last one, and how many are whole.
struct Number {
    negative: bool,
    digits: Vec<u8>,
    whole: usize,
}

impl Number {
    /// Reads `-?\d+(\.\d+)?`, nothing else.
    fn of(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let digits: Vec<u8> = [whole, fraction].concat().into_bytes();
        let is_plain = !whole.is_empty()
            && !fraction.is_empty()
            && digits.len() <= MOST_DIGITS
            && digits.iter().all(u8::is_ascii_digit);
        is_plain.then_some(Number {
            negative: unsigned.len() < text.len(),
            whole: whole.len(),
            digits,
        })
    }

    fn is_whole(&self) -> bool {
        self.digits[self.whole..].iter().all(|digit| *digit == b'0')
    }

    /// The number with so many decimal places; halves are rounded away from zero.
    fn rounded(mut self, places: usize) -> Self {
        let length = self.whole + places;
        let goes_up = self.digits.get(length).is_some_and(|next| *next >= b'5');
        self.digits.resize(length, b'0');
        if goes_up {
            self.increase();
        }
        self
    }

    /// Adds one unit of the last digit.
    fn increase(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
        self.digits.insert(0, b'1');
        self.whole += 1;
    }

    /// The text of the number: no zeros before it, and no sign before a zero.
    fn written(&self, separator: &str) -> String {
        let (whole, fraction) = self.digits.split_at(self.whole);
        let start = whole.iter().position(|digit| *digit != b'0');
        let start = start.unwrap_or(whole.len() - 1);
        let is_zero = self.digits.iter().all(|digit| *digit == b'0');
        let text = |digits: &[u8]| String::from_utf8_lossy(digits).into_owned();
        let sign = if self.negative && !is_zero { "-" } else { "" };
        let separator = if fraction.is_empty() { "" } else { separator };
        [sign, &text(&whole[start..]), separator, &text(fraction)].concat()
    }
}
