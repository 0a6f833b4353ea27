//! DATES: the filters `date` and `time`. What needs the name of a time zone is left to Django's
//! functions, and so are dates and times of other classes than Python's own.

use std::rc::Rc;

use pyo3::prelude::*;

use super::Answer;
use super::call::Call;
use crate::value::Value;
use crate::value::dates::{Moment, formatted};

pub fn date<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    shown(call, "DATE_FORMAT", |moment| moment)
}

/// `dateformat.time_format` knows the time of the day alone.
pub fn time<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    shown(call, "TIME_FORMAT", |moment| Moment {
        clock: moment.clock,
        ..Moment::default()
    })
}

fn shown<'py>(
    call: &Call<'_, 'py>,
    default: &str,
    visible: impl FnOnce(Moment<'py>) -> Moment<'py>,
) -> Answer<'py> {
    if call.input.is_none() || call.text().is_some_and(|text| text.is_empty()) {
        return Ok(Some(Value::text("", false)));
    }
    let Value::Py(object) = call.input else {
        return Ok(None);
    };
    let Some(moment) = Moment::of(object, call.language, call.context)? else {
        return Ok(None);
    };
    let Some(format) = format_of(call, default)? else {
        return Ok(None);
    };
    let text = formatted(&visible(moment), &format, call.py, call.language)?;
    Ok(text.map(|text| Value::text(&text, false)))
}

/// `get_format(arg or default)`
fn format_of(call: &Call<'_, '_>, default: &str) -> PyResult<Option<Rc<str>>> {
    let format = match call.argument {
        Some(argument) if !argument.is_none() => call.argument_text(),
        _ => Some("".into()),
    };
    match format {
        Some(text) => call.language.format_of(call.py, &text, default),
        None => Ok(None),
    }
}
