//! What the active language and time zone say of dates, numbers and texts that are cut short, each
//! asked once.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::numbers::NumberStyle;
use crate::django::django;

/// The answers of one language and time zone. A render holds it until Python code ran that may activate another.
#[derive(Default)]
pub struct Language {
    names: RefCell<HashMap<(char, i32), Rc<str>>>,
    formats: RefCell<HashMap<Box<str>, Rc<str>>>,
    has_plain_ellipsis: OnceCell<bool>,
    decimal_separator: OnceCell<Option<Rc<str>>>,
    zone: OnceCell<Option<Py<PyAny>>>,
    durations: RefCell<HashMap<(usize, i64), Rc<str>>>,
    comma: OnceCell<Rc<str>>,
    grouping: OnceCell<NumberStyle>,
}

impl Language {
    /// What `dateformat` writes for a specifier of a month or of a weekday; nothing for all others.
    pub fn name(&self, py: Python<'_>, specifier: char, index: i32) -> PyResult<Option<Rc<str>>> {
        if let Some(name) = self.names.borrow().get(&(specifier, index)) {
            return Ok(Some(name.clone()));
        }
        let Some(name) = find_name(py, specifier, index)? else {
            return Ok(None);
        };
        let key = (specifier, index);
        self.names.borrow_mut().insert(key, name.clone());
        Ok(Some(name))
    }

    /// The time zone that moments are shown in; nothing where they are shown as they are.
    pub fn zone(&self, context: &Bound<'_, PyAny>) -> PyResult<Option<&Py<PyAny>>> {
        if let Some(known) = self.zone.get() {
            return Ok(known.as_ref());
        }
        let py = context.py();
        let locale = django(py)?.locale.bind(py);
        let zone = locale.call_method1(intern!(py, "local_zone"), (context,))?;
        let zone = (!zone.is_none()).then(|| zone.unbind());
        Ok(self.zone.get_or_init(|| zone).as_ref())
    }

    /// So many of a unit of `timesince`, in words.
    pub fn duration(&self, py: Python<'_>, unit: usize, count: i64) -> PyResult<Rc<str>> {
        if let Some(known) = self.durations.borrow().get(&(unit, count)) {
            return Ok(known.clone());
        }
        let locale = django(py)?.locale.bind(py);
        let words: String = locale
            .call_method1(intern!(py, "duration"), (unit, count))?
            .extract()?;
        let words: Rc<str> = words.into();
        let mut durations = self.durations.borrow_mut();
        durations.insert((unit, count), words.clone());
        Ok(words)
    }

    /// What stands between two units of `timesince`.
    pub fn comma(&self, py: Python<'_>) -> PyResult<Rc<str>> {
        if let Some(known) = self.comma.get() {
            return Ok(known.clone());
        }
        let module = py.import(intern!(py, "django.utils.timesince"))?;
        let comma = module.getattr(intern!(py, "gettext"))?.call1((", ",))?;
        let comma: String = comma.str()?.extract()?;
        Ok(self.comma.get_or_init(|| comma.into()).clone())
    }

    /// How numbers are printed where groups are asked for, whatever the settings say.
    pub fn grouping(&self, py: Python<'_>) -> PyResult<&NumberStyle> {
        if let Some(known) = self.grouping.get() {
            return Ok(known);
        }
        let style = NumberStyle::grouping(py)?;
        Ok(self.grouping.get_or_init(|| style))
    }

    /// The format that a text names, or is; that of `default` for none.
    pub fn format_of(
        &self,
        py: Python<'_>,
        text: &str,
        default: &str,
    ) -> PyResult<Option<Rc<str>>> {
        match text {
            "" => self.format(py, default),
            _ if may_be_name(text) => self.format(py, text),
            _ => Ok(Some(text.into())),
        }
    }

    /// `get_format(name)`; nothing where that is no text.
    pub fn format(&self, py: Python<'_>, name: &str) -> PyResult<Option<Rc<str>>> {
        if let Some(format) = self.formats.borrow().get(name) {
            return Ok(Some(format.clone()));
        }
        let format = py
            .import(intern!(py, "django.utils.formats"))?
            .call_method1(intern!(py, "get_format"), (name,))?;
        let Ok(format) = format.cast_exact::<PyString>() else {
            return Ok(None);
        };
        let format: Rc<str> = format.to_str()?.into();
        let mut formats = self.formats.borrow_mut();
        formats.insert(name.into(), format.clone());
        Ok(Some(format))
    }

    /// True where a text is cut short by `…` right after it.
    pub fn has_plain_ellipsis(&self, py: Python<'_>) -> PyResult<bool> {
        if let Some(known) = self.has_plain_ellipsis.get() {
            return Ok(*known);
        }
        let pattern = "%(truncated_text)s…";
        let translated: String = py
            .import(intern!(py, "django.utils.translation"))?
            .getattr(intern!(py, "pgettext"))?
            .call1(("String to return when truncating text", pattern))?
            .extract()?;
        Ok(*self
            .has_plain_ellipsis
            .get_or_init(|| translated == pattern))
    }

    /// What stands before the decimal places; nothing where thousands are separated, too.
    pub fn decimal_separator(&self, py: Python<'_>) -> PyResult<Option<Rc<str>>> {
        if let Some(known) = self.decimal_separator.get() {
            return Ok(known.clone());
        }
        let has_groups = py
            .import(intern!(py, "django.conf"))?
            .getattr(intern!(py, "settings"))?
            .getattr(intern!(py, "USE_THOUSAND_SEPARATOR"))?
            .is_truthy()?;
        let found = if has_groups {
            None
        } else {
            self.format(py, "DECIMAL_SEPARATOR")?
        };
        Ok(self.decimal_separator.get_or_init(|| found).clone())
    }
}

/// Only what could be the name of a format is looked up in the language.
fn may_be_name(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii())
}

/// A name of `django.utils.dates`, or of `django.utils.dateformat`.
fn find_name(py: Python<'_>, specifier: char, index: i32) -> PyResult<Option<Rc<str>>> {
    let table = match specifier {
        'a' | 'A' | 'P' => return find_word(py, specifier, index).map(Some),
        'b' | 'M' => intern!(py, "MONTHS_3"),
        'E' => intern!(py, "MONTHS_ALT"),
        'F' => intern!(py, "MONTHS"),
        'N' => intern!(py, "MONTHS_AP"),
        'D' => intern!(py, "WEEKDAYS_ABBR"),
        'l' => intern!(py, "WEEKDAYS"),
        _ => return Ok(None),
    };
    let names = py
        .import(intern!(py, "django.utils.dates"))?
        .getattr(table)?;
    let mut name = names.get_item(index)?;
    if specifier == 'M' {
        name = name.call_method0(intern!(py, "title"))?;
    }
    let name: String = name.str()?.extract()?;
    Ok(Some(name.into()))
}

/// Half a day, in words.
fn find_word(py: Python<'_>, specifier: char, index: i32) -> PyResult<Rc<str>> {
    let word = match (specifier, index) {
        ('a', 0) => "a.m.",
        ('a', _) => "p.m.",
        ('A', 0) => "AM",
        ('A', _) => "PM",
        (_, 0) => "midnight",
        _ => "noon",
    };
    let gettext = py
        .import(intern!(py, "django.utils.dateformat"))?
        .getattr(intern!(py, "_"))?;
    let word: String = gettext.call1((word,))?.str()?.extract()?;
    Ok(word.into())
}
