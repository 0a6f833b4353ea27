//! The output of a render, and how a value is written into it:
//! `render_value_in_context` (django/template/base.py).

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDate, PyDateTime, PyFloat, PyInt, PyString, PyTime, PyType};

use super::Value;
use super::dates::{Moment, formatted};
use super::language::Language;
use super::numbers::NumberStyle;
use crate::django::{Django, django};

/// UTF-8 written so far; lone surrogates are kept in their three-byte form (`surrogatepass`).
#[derive(Default)]
pub struct Output {
    bytes: Vec<u8>,
    surrogates: bool,
}

impl Output {
    pub fn with_capacity(bytes: usize) -> Self {
        Output {
            bytes: Vec::with_capacity(bytes),
            surrogates: false,
        }
    }

    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    #[inline]
    pub fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Writes `text` as `html.escape` does.
    pub fn push_escaped(&mut self, text: &str) {
        escape_into(text.as_bytes(), &mut self.bytes);
    }

    /// Writes a Python string, escaped or as it is.
    pub fn push_str(&mut self, text: &Bound<'_, PyString>, escape: bool) -> PyResult<()> {
        match text.to_str() {
            Ok(utf8) if escape => self.push_escaped(utf8),
            Ok(utf8) => self.push(utf8),
            Err(_) => self.push_surrogates(text, escape)?,
        }
        Ok(())
    }

    #[cold]
    fn push_surrogates(&mut self, text: &Bound<'_, PyString>, escape: bool) -> PyResult<()> {
        let py = text.py();
        let encoded = text.call_method1(intern!(py, "encode"), ("utf-8", "surrogatepass"))?;
        let bytes = encoded.cast_into::<PyBytes>()?;
        self.surrogates = true;
        if escape {
            escape_into(bytes.as_bytes(), &mut self.bytes);
        } else {
            self.bytes.extend_from_slice(bytes.as_bytes());
        }
        Ok(())
    }

    /// The text, unless it holds lone surrogates.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// The text as a Python `str`.
    pub fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        if !self.surrogates {
            return PyString::from_bytes(py, &self.bytes);
        }
        let decoded = PyBytes::new(py, &self.bytes)
            .call_method1(intern!(py, "decode"), ("utf-8", "surrogatepass"))?;
        Ok(decoded.cast_into::<PyString>()?)
    }
}

/// What an escaped byte becomes, or nothing.
const ESCAPES: [Option<&[u8]>; 256] = {
    let mut table: [Option<&[u8]>; 256] = [None; 256];
    table[b'&' as usize] = Some(b"&amp;");
    table[b'<' as usize] = Some(b"&lt;");
    table[b'>' as usize] = Some(b"&gt;");
    table[b'"' as usize] = Some(b"&quot;");
    table[b'\'' as usize] = Some(b"&#x27;");
    table
};

fn escape_into(text: &[u8], out: &mut Vec<u8>) {
    let mut start = 0;
    for (at, byte) in text.iter().enumerate() {
        if let Some(replacement) = ESCAPES[*byte as usize] {
            out.extend_from_slice(&text[start..at]);
            out.extend_from_slice(replacement);
            start = at + 1;
        }
    }
    out.extend_from_slice(&text[start..]);
}

/// How values are printed in the context that is being rendered.
pub struct Style<'py> {
    pub autoescape: bool,
    /// Asked of `djust_engine.bridge.number_style` at the first number, and again after foreign code ran.
    pub numbers: Option<NumberStyle>,
    /// Asked anew after foreign code ran.
    pub language: Language,
    pub context: Bound<'py, PyAny>,
}

impl<'py> Style<'py> {
    fn numbers(&mut self) -> PyResult<&NumberStyle> {
        let style = match self.numbers.take() {
            Some(style) => style,
            None => NumberStyle::of(&self.context)?,
        };
        Ok(self.numbers.insert(style))
    }
}

/// Writes `value` as `{{ value }}` prints it.
pub fn write_value<'py>(
    value: &Value<'py>,
    style: &mut Style<'py>,
    out: &mut Output,
) -> PyResult<()> {
    match value {
        Value::Py(object) => write_object(object, style, out),
        Value::Text { text, safe } => {
            if style.autoescape && !safe {
                out.push_escaped(text)
            } else {
                out.push(text)
            };
            Ok(())
        }
        Value::Int(number) => write_integer(*number, style, out),
        Value::Bool(flag) => {
            out.push(if *flag { "True" } else { "False" });
            Ok(())
        }
        Value::None => {
            out.push("None");
            Ok(())
        }
        other => {
            let object = other.to_py(style.context.py())?;
            write_object(&object, style, out)
        }
    }
}

fn write_integer(number: i64, style: &mut Style<'_>, out: &mut Output) -> PyResult<()> {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(number);
    if style.numbers()?.has_plain_integers() {
        out.push(digits);
        return Ok(());
    }
    if write_number(digits, style, out)? {
        return Ok(());
    }
    let object = number.into_pyobject(style.context.py())?.into_any();
    write_localized(&object, style, out)
}

/// False where Django has to say what is printed for a number of this text.
fn write_number(text: &str, style: &mut Style<'_>, out: &mut Output) -> PyResult<bool> {
    let localized = style.numbers()?.localized(text);
    Ok(match localized {
        Some(text) if style.autoescape => {
            out.push_escaped(&text);
            true
        }
        Some(text) => {
            out.push(&text);
            true
        }
        None => false,
    })
}

fn write_object<'py>(
    object: &Bound<'py, PyAny>,
    style: &mut Style<'py>,
    out: &mut Output,
) -> PyResult<()> {
    if let Ok(text) = object.cast_exact::<PyString>() {
        return out.push_str(text, style.autoescape);
    }
    if let Ok(number) = object.cast_exact::<PyInt>() {
        return match number.extract::<i64>() {
            Ok(small) => write_integer(small, style, out),
            Err(_) => write_localized(object, style, out),
        };
    }
    write_unlikely(object, style, out)
}

#[inline(never)]
fn write_unlikely<'py>(
    object: &Bound<'py, PyAny>,
    style: &mut Style<'py>,
    out: &mut Output,
) -> PyResult<()> {
    let table = django(object.py())?;
    if table.is_safe_string(object) {
        return out.push_str(object.cast::<PyString>()?, false);
    }
    if object.is_none() {
        out.push("None");
        return Ok(());
    }
    if object.is_exact_instance_of::<PyBool>() {
        out.push(if object.is_truthy()? { "True" } else { "False" });
        return Ok(());
    }
    if object.is_exact_instance_of::<PyFloat>() || is_exactly(object, &table.decimal) {
        return write_decimal(object, style, out);
    }
    if is_date(object) && write_date(object, style, out)? {
        return Ok(());
    }
    if is_plain_object(object, table) {
        write_text_of(object, style, out)
    } else {
        write_localized(object, style, out)
    }
}

fn is_date(object: &Bound<'_, PyAny>) -> bool {
    object.is_exact_instance_of::<PyDateTime>()
        || object.is_exact_instance_of::<PyDate>()
        || object.is_exact_instance_of::<PyTime>()
}

fn is_exactly(object: &Bound<'_, PyAny>, class: &Py<PyType>) -> bool {
    object.get_type_ptr() == class.as_ptr().cast()
}

/// A float or Decimal whose own text has only a sign, digits and a point.
fn write_decimal<'py>(
    object: &Bound<'py, PyAny>,
    style: &mut Style<'py>,
    out: &mut Output,
) -> PyResult<()> {
    let text = object.str()?;
    if write_number(text.to_str()?, style, out)? {
        return Ok(());
    }
    write_localized(object, style, out)
}

/// False for objects that are no dates or times of Python's own classes, and where Django has to say
/// how they are printed.
fn write_date<'py>(
    object: &Bound<'py, PyAny>,
    style: &mut Style<'py>,
    out: &mut Output,
) -> PyResult<bool> {
    let py = object.py();
    if !style.numbers()?.localizes {
        return Ok(false);
    }
    let Some(moment) = Moment::of(object, &style.language, &style.context)? else {
        return Ok(false);
    };
    let Some(format) = style.language.format(py, moment.format_name())? else {
        return Ok(false);
    };
    let Some(text) = formatted(&moment, &format, py, &style.language)? else {
        return Ok(false);
    };
    if style.autoescape {
        out.push_escaped(&text);
    } else {
        out.push(&text);
    }
    Ok(true)
}

/// The attribute lookup of every type that has no hook of its own.
const GENERIC: pyo3::ffi::getattrofunc = pyo3::ffi::PyObject_GenericGetAttr;

/// True where neither `template_localtime` nor `localize` nor a proxy has a say: `str()` decides.
fn is_plain_object(object: &Bound<'_, PyAny>, table: &Django) -> bool {
    let py = object.py();
    let class = object.get_type();
    let special = [&table.date, &table.time, &table.decimal];
    // SAFETY: a live type's slot is read; a type with its own attribute hook may pose as another class.
    let hook = unsafe { (*class.as_type_ptr()).tp_getattro };
    let is_generic = hook.is_some_and(|hook| std::ptr::fn_addr_eq(hook, GENERIC));
    is_generic
        && !object.is_instance_of::<PyString>()
        && !object.is_instance_of::<PyInt>()
        && !object.is_instance_of::<PyFloat>()
        && !special
            .iter()
            .any(|special| class.is_subclass(special.bind(py)).unwrap_or(true))
}

fn write_text_of<'py>(
    object: &Bound<'py, PyAny>,
    style: &mut Style<'py>,
    out: &mut Output,
) -> PyResult<()> {
    let text = object.str()?;
    if text.is_exact_instance_of::<PyString>() {
        return out.push_str(&text, style.autoescape);
    }
    write_str_subclass(&text, style, out)
}

/// What `str()` gave may be a `SafeString`, or another subclass with `__html__`.
fn write_str_subclass<'py>(
    text: &Bound<'py, PyString>,
    style: &mut Style<'py>,
    out: &mut Output,
) -> PyResult<()> {
    if django(text.py())?.is_safe_string(text) || !style.autoescape {
        return out.push_str(text, false);
    }
    write_localized(text.as_any(), style, out)
}

/// Everything else: Django's own function.
#[cold]
fn write_localized<'py>(
    object: &Bound<'py, PyAny>,
    style: &mut Style<'py>,
    out: &mut Output,
) -> PyResult<()> {
    let py = object.py();
    let text = django(py)?.call(
        py,
        intern!(py, "render_value_in_context"),
        (object, &style.context),
    )?;
    out.push_str(text.cast::<PyString>()?, false)
}
