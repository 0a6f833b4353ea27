//! DATES: the filter `date` of days (django/utils/dateformat.py). Moments are left to Django's
//! function, which knows their time zone.

use std::fmt::Write;
use std::rc::Rc;

use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateAccess};

use super::Answer;
use super::call::Call;
use crate::value::Value;

/// What `dateformat` reads as the name of a method.
const SPECIFIERS: &str = "aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTUuwWyYzZ";

pub fn date<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    if call.input.is_none() || call.text().is_some_and(|text| text.is_empty()) {
        return Ok(Some(Value::text("", false)));
    }
    let Value::Py(object) = call.input else {
        return Ok(None);
    };
    match object.cast_exact::<PyDate>() {
        Ok(date) => day(call, &Day::of(date)),
        Err(_) => Ok(None),
    }
}

fn day<'py>(call: &Call<'_, 'py>, day: &Day) -> Answer<'py> {
    let Some(format) = format_of(call)? else {
        return Ok(None);
    };
    let text = formatted(call, day, &format)?;
    Ok(text.map(|text| Value::text(&text, false)))
}

/// `get_format(arg or "DATE_FORMAT")`. Only what could be a name is looked up in the language.
fn format_of(call: &Call<'_, '_>) -> PyResult<Option<Rc<str>>> {
    let format = match call.argument {
        Some(argument) if !argument.is_none() => call.argument_text(),
        _ => Some("".into()),
    };
    Ok(match format.as_deref() {
        None => None,
        Some("") => call.language.format(call.py, "DATE_FORMAT")?,
        Some(text) if may_be_name(text) => call.language.format(call.py, text)?,
        Some(text) => Some(text.into()),
    })
}

fn may_be_name(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii())
}

/// `dateformat.format`; nothing where the format asks for what a day alone does not say.
fn formatted(call: &Call, day: &Day, format: &str) -> PyResult<Option<String>> {
    let mut out = String::new();
    let mut characters = format.chars().peekable();
    let (mut before, mut quoted) = (' ', false);
    while let Some(character) = characters.next() {
        if quoted {
            quoted = false;
            out.push(character);
        } else if character == '\\' && characters.peek().is_some_and(|next| *next != '\n') {
            quoted = true;
        } else if before == '\\' || !SPECIFIERS.contains(character) {
            out.push(character);
        } else if !push_field(call, day, character, &mut out)? {
            return Ok(None);
        }
        before = character;
    }
    Ok(Some(out))
}

/// False for a specifier that needs a time, a time zone or the calendar of ISO 8601.
fn push_field(call: &Call, day: &Day, specifier: char, out: &mut String) -> PyResult<bool> {
    let written = match specifier {
        'd' => write!(out, "{:02}", day.day),
        'j' => write!(out, "{}", day.day),
        'S' => out.write_str(day.suffix()),
        'm' => write!(out, "{:02}", day.month),
        'n' => write!(out, "{}", day.month),
        't' => write!(out, "{}", day.days_in_month()),
        'y' => write!(out, "{:02}", day.year % 100),
        'Y' => write!(out, "{:04}", day.year),
        'L' => out.write_str(if day.is_in_leap_year() {
            "True"
        } else {
            "False"
        }),
        'z' => write!(out, "{}", day.in_year()),
        'w' => write!(out, "{}", (day.weekday() + 1) % 7),
        _ => return push_name(call, day, specifier, out),
    };
    Ok(written.is_ok())
}

fn push_name(call: &Call, day: &Day, specifier: char, out: &mut String) -> PyResult<bool> {
    let index = match specifier {
        'D' | 'l' => day.weekday(),
        _ => day.month,
    };
    let name = call.language.name(call.py, specifier, index)?;
    out.push_str(name.as_deref().unwrap_or_default());
    Ok(name.is_some())
}

/// A day of the Gregorian calendar.
struct Day {
    year: i32,
    month: i32,
    day: i32,
}

impl Day {
    fn of(date: &Bound<'_, PyDate>) -> Self {
        Day {
            year: date.get_year(),
            month: i32::from(date.get_month()),
            day: i32::from(date.get_day()),
        }
    }

    fn is_in_leap_year(&self) -> bool {
        self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0)
    }

    fn days_in_month(&self) -> i32 {
        match self.month {
            2 => 28 + i32::from(self.is_in_leap_year()),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// 1 for the first of January.
    fn in_year(&self) -> i32 {
        const BEFORE: [i32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        let leap_day = i32::from(self.month > 2 && self.is_in_leap_year());
        BEFORE[self.month as usize - 1] + leap_day + self.day
    }

    /// 0 for Monday: the first day of the year 1 was one.
    fn weekday(&self) -> i32 {
        let years = self.year - 1;
        let days = years * 365 + years / 4 - years / 100 + years / 400 + self.in_year();
        (days + 6) % 7
    }

    /// The English ending of the ordinal.
    fn suffix(&self) -> &'static str {
        match (self.day, self.day % 10) {
            (11..=13, _) => "th",
            (_, 1) => "st",
            (_, 2) => "nd",
            (_, 3) => "rd",
            _ => "th",
        }
    }
}
