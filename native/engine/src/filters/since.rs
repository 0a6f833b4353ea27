//! DATES: the filters `timesince` and `timeuntil` (django/utils/timesince.py), of dates and datetimes
//! of Python's own classes, while nobody has replaced the clock.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateTime, PyTimeAccess, PyTzInfo, PyTzInfoAccess};

use super::Answer;
use super::call::Call;
use crate::value::Value;
use crate::value::dates::{Day, is_plain_zone};

const DAYS_IN_MONTHS: [i32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 60 * 60 * SECOND;
const CHUNKS: [i64; 4] = [7 * DAY, DAY, 60 * 60 * SECOND, 60 * SECOND];

/// The place of minutes among the units: years, months, weeks, days, hours, minutes.
const MINUTES: usize = 5;

pub fn timesince<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    Ok(match moments(call)? {
        Some((then, now)) => Some(between(call, &then, &now)?),
        None => None,
    })
}

pub fn timeuntil<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    Ok(match moments(call)? {
        Some((then, now)) => Some(between(call, &now, &then)?),
        None => None,
    })
}

/// A moment in its time zone.
struct Stamp {
    day: Day,
    /// Microseconds since midnight.
    time: i64,
}

/// The value, and the argument or the present, in the value's time zone. Nothing for other values.
fn moments(call: &Call<'_, '_>) -> PyResult<Option<(Stamp, Stamp)>> {
    let Value::Py(then) = call.input else {
        return Ok(None);
    };
    let zone = match zone_of(then) {
        Some(Some(zone)) if !is_plain_zone(&zone)? => return Ok(None),
        Some(zone) => zone,
        None => return Ok(None),
    };
    let now = match call.argument {
        None => None,
        Some(argument) if argument.is_none() => None,
        Some(Value::Py(argument)) => Some(argument),
        Some(_) => return Ok(None),
    };
    let now = match now {
        None => clock(call.py, zone.as_ref())?,
        Some(now) => in_zone(now, zone.as_ref())?,
    };
    Ok(now.and_then(|now| Some((Stamp::of(then)?, Stamp::of(&now)?))))
}

/// The time zone of a datetime, none for a naive one and for a date; nothing for other objects.
fn zone_of<'py>(object: &Bound<'py, PyAny>) -> Option<Option<Bound<'py, PyTzInfo>>> {
    if let Ok(moment) = object.cast_exact::<PyDateTime>() {
        return Some(moment.get_tzinfo());
    }
    object.cast_exact::<PyDate>().is_ok().then_some(None)
}

/// `datetime.datetime.now(zone)`
fn clock<'py>(
    py: Python<'py>,
    zone: Option<&Bound<'py, PyTzInfo>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let module = py.import(intern!(py, "django.utils.timesince"))?;
    let class = module
        .getattr(intern!(py, "datetime"))?
        .getattr(intern!(py, "datetime"))?;
    if !class.is(py.get_type::<PyDateTime>()) {
        return Ok(None);
    }
    class.call_method1(intern!(py, "now"), (zone,)).map(Some)
}

/// The moment in the zone, where both or neither have one.
fn in_zone<'py>(
    now: &Bound<'py, PyAny>,
    zone: Option<&Bound<'py, PyTzInfo>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    match (zone_of(now), zone) {
        (Some(None), None) => Ok(Some(now.clone())),
        (Some(Some(own)), Some(zone)) if is_plain_zone(&own)? => now
            .call_method1(intern!(now.py(), "astimezone"), (zone,))
            .map(Some),
        _ => Ok(None),
    }
}

impl Stamp {
    fn of(object: &Bound<'_, PyAny>) -> Option<Self> {
        if let Ok(moment) = object.cast_exact::<PyDateTime>() {
            let seconds = (i64::from(moment.get_hour()) * 60 + i64::from(moment.get_minute())) * 60
                + i64::from(moment.get_second());
            return Some(Stamp {
                day: Day::of(moment),
                time: seconds * SECOND + i64::from(moment.get_microsecond()),
            });
        }
        let date = object.cast_exact::<PyDate>().ok()?;
        let day = Day::of(date);
        Some(Stamp { day, time: 0 })
    }

    /// Microseconds from the first day of the calendar.
    fn instant(&self) -> i64 {
        i64::from(self.day.ordinal()) * DAY + self.time
    }

    /// Whole months up to `later`.
    fn months_until(&self, later: &Stamp) -> i32 {
        let months = (later.day.year - self.day.year) * 12 + (later.day.month - self.day.month);
        let is_begun = (self.day.day, self.time) > (later.day.day, later.time);
        months - i32::from(is_begun)
    }

    /// The same day some months later, no leap day, without its microseconds.
    fn after_months(&self, months: i32) -> Stamp {
        let months = self.day.year * 12 + self.day.month - 1 + months;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
        let day = self.day.day.min(DAYS_IN_MONTHS[month as usize]);
        Stamp {
            day: Day {
                year,
                month: month + 1,
                day,
            },
            time: self.time - self.time % SECOND,
        }
    }
}

fn between<'py>(call: &Call<'_, 'py>, from: &Stamp, to: &Stamp) -> PyResult<Value<'py>> {
    let mut text = String::new();
    let counts = if to.instant() - from.instant() < SECOND {
        [0; 6]
    } else {
        counts(from, to)
    };
    let Some(first) = counts.iter().position(|count| *count != 0) else {
        text.push_str(&call.language.duration(call.py, MINUTES, 0)?);
        return Ok(Value::text(&text, false));
    };
    text.push_str(&call.language.duration(call.py, first, counts[first])?);
    if let Some(next) = counts.get(first + 1).filter(|count| **count != 0) {
        text.push_str(&call.language.comma(call.py)?);
        text.push_str(&call.language.duration(call.py, first + 1, *next)?);
    }
    Ok(Value::text(&text, false))
}

/// Years, months, weeks, days, hours and minutes.
fn counts(from: &Stamp, to: &Stamp) -> [i64; 6] {
    let months = from.months_until(to);
    let mut left = match months {
        0 => to.instant() - from.instant(),
        _ => to.instant() - from.after_months(months).instant(),
    };
    let mut counts = [i64::from(months / 12), i64::from(months % 12), 0, 0, 0, 0];
    for (count, chunk) in counts[2..].iter_mut().zip(CHUNKS) {
        *count = left / chunk;
        left %= chunk;
    }
    counts
}
