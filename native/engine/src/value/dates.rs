//! Dates and times as text: `django/utils/dateformat.py`, for what needs no name of a time zone.
//!
//! Only objects of Python's own classes are known here; `None` leaves all others to Django.

use std::fmt::Write;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyDate, PyDateAccess, PyDateTime, PyString, PyTime, PyTimeAccess, PyTzInfo, PyTzInfoAccess,
};

use super::language::Language;
use crate::django::django;

/// What `dateformat` reads as the name of a method.
const SPECIFIERS: &str = "aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTUuwWyYzZ";

/// What a format can ask of a date or time; a part that is missing is not known.
#[derive(Default)]
pub struct Moment<'py> {
    pub day: Option<Day>,
    pub clock: Option<Clock>,
    /// What `isoformat()` is asked of.
    pub object: Option<Bound<'py, PyAny>>,
}

/// A day of the Gregorian calendar.
pub struct Day {
    pub year: i32,
    pub month: i32,
    pub day: i32,
}

/// A time of the day.
pub struct Clock {
    hour: u8,
    minute: u8,
    second: u8,
    microsecond: u32,
}

impl<'py> Moment<'py> {
    /// The parts of a date, a time, or a datetime; the last in local time, as
    /// `template_localtime` makes it.
    pub fn of(
        object: &Bound<'py, PyAny>,
        language: &Language,
        context: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Self>> {
        if let Ok(date) = object.cast_exact::<PyDate>() {
            return Ok(Some(Moment {
                day: Some(Day::of(date)),
                object: Some(object.clone()),
                ..Moment::default()
            }));
        }
        if let Ok(time) = object.cast_exact::<PyTime>() {
            return Ok(Some(Moment {
                clock: Some(Clock::of(time)),
                ..Moment::default()
            }));
        }
        let Ok(moment) = object.cast_exact::<PyDateTime>() else {
            return Ok(None);
        };
        match local(moment, language, context)? {
            Some(local) => Self::as_given(&local),
            None => Ok(None),
        }
    }

    /// The parts of a datetime as it is.
    pub fn as_given(object: &Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        let Ok(moment) = object.cast_exact::<PyDateTime>() else {
            return Ok(None);
        };
        match moment.get_tzinfo() {
            Some(zone) if !is_plain_zone(&zone)? => return Ok(None),
            _ => {}
        }
        Ok(Some(Moment {
            day: Some(Day::of(moment)),
            clock: Some(Clock::of(moment)),
            object: Some(object.clone()),
        }))
    }

    /// The name of the format in which `localize` prints it.
    pub fn format_name(&self) -> &'static str {
        match (&self.day, &self.clock) {
            (Some(_), Some(_)) => "DATETIME_FORMAT",
            (Some(_), None) => "DATE_FORMAT",
            _ => "TIME_FORMAT",
        }
    }
}

/// In the current time zone, where that is asked for.
fn local<'py>(
    moment: &Bound<'py, PyDateTime>,
    language: &Language,
    context: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(zone) = moment.get_tzinfo() else {
        return Ok(Some(moment.clone().into_any()));
    };
    if !is_plain_zone(&zone)? {
        return Ok(None);
    }
    let Some(wanted) = language.zone(context)? else {
        return Ok(Some(moment.clone().into_any()));
    };
    let wanted = wanted.bind(moment.py());
    let local = moment.call_method1(intern!(moment.py(), "astimezone"), (wanted,))?;
    Ok(Some(local))
}

/// Python's own time zones: to ask one for an offset does nothing else, and gives one.
pub fn is_plain_zone(zone: &Bound<'_, PyTzInfo>) -> PyResult<bool> {
    let table = django(zone.py())?;
    let class = zone.get_type_ptr();
    Ok(class == table.zone_info.as_ptr().cast() || class == table.fixed_zone.as_ptr().cast())
}

/// `dateformat.format`; nothing where the format asks for what is not known.
pub fn formatted(
    moment: &Moment<'_>,
    format: &str,
    py: Python<'_>,
    language: &Language,
) -> PyResult<Option<String>> {
    let mut writer = Writer {
        moment,
        py,
        language,
        out: String::with_capacity(format.len() * 2),
    };
    let mut characters = format.chars().peekable();
    let (mut before, mut quoted) = (' ', false);
    while let Some(character) = characters.next() {
        if quoted {
            quoted = false;
            writer.out.push(character);
        } else if character == '\\' && characters.peek().is_some_and(|next| *next != '\n') {
            quoted = true;
        } else if before == '\\' || !SPECIFIERS.contains(character) {
            writer.out.push(character);
        } else if !writer.field(character)? {
            return Ok(None);
        }
        before = character;
    }
    Ok(Some(writer.out))
}

struct Writer<'m, 'py> {
    moment: &'m Moment<'py>,
    py: Python<'m>,
    language: &'m Language,
    out: String,
}

impl Writer<'_, '_> {
    /// False for a specifier that needs a part that is missing, or the name of a time zone.
    fn field(&mut self, specifier: char) -> PyResult<bool> {
        match (specifier, &self.moment.day, &self.moment.clock) {
            ('f' | 'g' | 'G' | 'h' | 'H' | 'i' | 's' | 'u', _, Some(clock)) => {
                Ok(clock.push(specifier, &mut self.out))
            }
            ('a' | 'A', _, Some(clock)) => self.name(specifier, i32::from(clock.hour > 11)),
            ('P', _, Some(clock)) => self.hour_in_words(clock.hour, clock.minute),
            ('c', Some(_), _) => self.iso(),
            ('D' | 'l', Some(day), _) => self.name(specifier, day.weekday()),
            ('b' | 'E' | 'F' | 'M' | 'N', Some(day), _) => self.name(specifier, day.month),
            (_, Some(day), _) => Ok(day.push(specifier, &mut self.out)),
            _ => Ok(false),
        }
    }

    fn name(&mut self, specifier: char, index: i32) -> PyResult<bool> {
        let name = self.language.name(self.py, specifier, index)?;
        self.out.push_str(name.as_deref().unwrap_or_default());
        Ok(name.is_some())
    }

    /// `midnight`, `noon`, or `5:30 p.m.`
    fn hour_in_words(&mut self, hour: u8, minute: u8) -> PyResult<bool> {
        if minute == 0 && hour % 12 == 0 {
            return self.name('P', i32::from(hour / 12));
        }
        self.field('f')?;
        self.out.push(' ');
        self.field('a')
    }

    fn iso(&mut self) -> PyResult<bool> {
        let Some(object) = &self.moment.object else {
            return Ok(false);
        };
        let text = object.call_method0(intern!(self.py, "isoformat"))?;
        self.out.push_str(text.cast::<PyString>()?.to_str()?);
        Ok(true)
    }
}

impl Clock {
    fn of(time: &impl PyTimeAccess) -> Self {
        Clock {
            hour: time.get_hour(),
            minute: time.get_minute(),
            second: time.get_second(),
            microsecond: time.get_microsecond(),
        }
    }

    fn push(&self, specifier: char, out: &mut String) -> bool {
        let twelve = match self.hour % 12 {
            0 => 12,
            hour => hour,
        };
        let written = match specifier {
            'f' if self.minute == 0 => write!(out, "{twelve}"),
            'f' => write!(out, "{twelve}:{:02}", self.minute),
            'g' => write!(out, "{twelve}"),
            'G' => write!(out, "{}", self.hour),
            'h' => write!(out, "{twelve:02}"),
            'H' => write!(out, "{:02}", self.hour),
            'i' => write!(out, "{:02}", self.minute),
            's' => write!(out, "{:02}", self.second),
            'u' => write!(out, "{:06}", self.microsecond),
            _ => return false,
        };
        written.is_ok()
    }
}

impl Day {
    pub fn of(date: &impl PyDateAccess) -> Self {
        Day {
            year: date.get_year(),
            month: i32::from(date.get_month()),
            day: i32::from(date.get_day()),
        }
    }

    /// False for a specifier that is not known.
    fn push(&self, specifier: char, out: &mut String) -> bool {
        let written = match specifier {
            'd' => write!(out, "{:02}", self.day),
            'j' => write!(out, "{}", self.day),
            'S' => out.write_str(self.suffix()),
            'm' => write!(out, "{:02}", self.month),
            'n' => write!(out, "{}", self.month),
            't' => write!(out, "{}", self.days_in_month()),
            'y' => write!(out, "{:02}", self.year % 100),
            'Y' => write!(out, "{:04}", self.year),
            'L' => out.write_str(if self.is_in_leap_year() {
                "True"
            } else {
                "False"
            }),
            'z' => write!(out, "{}", self.in_year()),
            'w' => write!(out, "{}", (self.weekday() + 1) % 7),
            _ => return false,
        };
        written.is_ok()
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
        (self.ordinal() + 6) % 7
    }

    /// 1 for the first day of the year 1.
    pub fn ordinal(&self) -> i32 {
        let years = self.year - 1;
        years * 365 + years / 4 - years / 100 + years / 400 + self.in_year()
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
