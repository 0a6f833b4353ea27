//! Messages that are translated: translate, blocktranslate (django/templatetags/i18n.py).

use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyInt, PyString};

use super::Renderer;
use crate::django::django;
use crate::filters::text_of;
use crate::program::{BlockTranslate, Count, Expression, Message, Operand, Translate};
use crate::value::Value;
use crate::value::write::{Output, write_value};

type Name = Py<PyString>;

/// How many translations a render keeps: texts of variables are each an object of its own.
const MOST_MESSAGES: usize = 256;

/// A name in a message, and what `render_value_in_context` made of its value.
struct Printed<'py> {
    name: Bound<'py, PyString>,
    text: Output,
    /// A `SafeString` for Python.
    safe: bool,
    /// Printing the value again would do nothing and give the same.
    plain: bool,
}

impl<'py> Renderer<'py> {
    pub fn render_translate(&mut self, tag: &Translate) -> PyResult<()> {
        let context = match &tag.context {
            Some(context) => Some(self.resolve(context, false)?.to_py(self.py)?),
            None => None,
        };
        let value = self.message_value(tag, context)?;
        self.print_message(&value, tag.variable.as_ref())
    }

    /// `filter_expression.resolve(context)`, its variable translated.
    fn message_value(
        &mut self,
        tag: &Translate,
        context: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Value<'py>> {
        let head = match (&tag.message, &tag.expression.head) {
            (Message::Given, _) => return self.resolve(&tag.expression, false),
            (Message::Literal(message), _) => {
                self.translated(message.bind(self.py), context, &tag.expression)?
            }
            (Message::Translated, Operand::Constant(constant)) => {
                let message = self.doubled_percents(constant.bind(self.py))?;
                self.translated(&message, context, &tag.expression)?
            }
            (Message::Translated, Operand::Variable(variable)) => match self.value_of(variable)? {
                Some(value) => {
                    let message = self.doubled_percents(&value.to_py(self.py)?)?;
                    self.translated(&message, context, &tag.expression)?
                }
                None if self.engine.strict => self.undefined_head(variable, &tag.expression)?,
                None if self.engine.invalid_is_empty => self.invalid(),
                None => return self.invalid_for(variable),
            },
        };
        let mut filters = tag.expression.filters.iter();
        filters.try_fold(head, |value, filter| self.apply(filter, value))
    }

    /// `Variable.resolve`: the message id of a value. Raises `AttributeError` for what is no text.
    fn doubled_percents(&self, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let is_safe = Value::Py(value.clone()).is_safe_data()?;
        let message = value.call_method1(intern!(self.py, "replace"), ("%", "%%"))?;
        if is_safe {
            return django(self.py)?.call(self.py, intern!(self.py, "mark_safe"), (message,));
        }
        Ok(message)
    }

    /// `gettext_lazy(message)`: its text at once, where no filter would see the difference.
    fn translated(
        &mut self,
        message: &Bound<'py, PyAny>,
        context: Option<Bound<'py, PyAny>>,
        expression: &Expression,
    ) -> PyResult<Value<'py>> {
        let table = django(self.py)?;
        let base = table.template_base.bind(self.py);
        let context = match context {
            Some(context) if context.is_truthy()? => Some(context),
            _ => None,
        };
        let (lazy, stock) = match context {
            None => (
                base.getattr(intern!(self.py, "gettext_lazy"))?,
                &table.gettext,
            ),
            Some(_) => (
                base.getattr(intern!(self.py, "pgettext_lazy"))?,
                &table.pgettext,
            ),
        };
        let is_stock = lazy.is(&stock.lazy) && expression.filters.is_empty();
        let function = if is_stock {
            stock.function.bind(self.py)
        } else {
            &lazy
        };
        let made = match context {
            None if is_stock => self.stock_gettext(message)?,
            None => function.call1((message,))?,
            Some(context) => function.call1((context, message))?,
        };
        let value = Value::Py(made);
        match &value {
            Value::Py(made) if is_stock && !value.is_exact_text() => {
                Ok(Value::Py(made.str()?.into_any()))
            }
            _ => Ok(value),
        }
    }

    /// `{{ _("text") }}`: the text of the lazy translation.
    pub fn render_translated_literal(&mut self, message: &Py<PyAny>) -> PyResult<()> {
        let made = self.stock_gettext(message.bind(self.py))?;
        let text = if Value::Py(made.clone()).is_exact_text() {
            made
        } else {
            made.str()?.into_any()
        };
        write_value(&Value::Py(text), &mut self.style, &mut self.out)
    }

    /// `translation.gettext(message)`
    fn gettext(&mut self, message: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let table = django(self.py)?;
        let translation = table.translation.bind(self.py);
        let function = translation.getattr(intern!(self.py, "gettext"))?;
        if !function.is(&table.gettext.function) {
            return function.call1((message,));
        }
        self.stock_gettext(message)
    }

    /// What the lazy functions call, asked once a message until foreign code ran or the language
    /// changed.
    fn stock_gettext(&mut self, message: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let function = django(self.py)?.gettext.function.bind(self.py);
        let address = message.as_ptr() as usize;
        if let Some((_, known)) = self.messages.get(&address) {
            return Ok(known.clone());
        }
        let text = function.call1((message,))?;
        if self.messages.len() < MOST_MESSAGES && self.gettext_is_stock()? {
            let kept = (message.clone(), text.clone());
            self.messages.insert(address, kept);
        }
        Ok(text)
    }

    /// Whether nobody replaced what `gettext` calls, asked anew after foreign code ran.
    fn gettext_is_stock(&mut self) -> PyResult<bool> {
        if let Some(known) = self.gettext_is_stock {
            return Ok(known);
        }
        let locale = django(self.py)?.locale.bind(self.py);
        let answer = locale.call_method0(intern!(self.py, "gettext_is_stock"))?;
        let is_stock = answer.is_truthy()?;
        self.gettext_is_stock = Some(is_stock);
        Ok(is_stock)
    }

    /// The second half of `TranslateNode.render`.
    fn print_message(&mut self, value: &Value<'py>, variable: Option<&Name>) -> PyResult<()> {
        let Some(text) = text_of(value) else {
            return self.print_by_python(value, variable);
        };
        let text = if text.contains("%%") {
            text.replace("%%", "%").into()
        } else {
            text
        };
        let escapes = self.style.autoescape && !value.is_safe();
        match variable {
            None if escapes => self.out.push_escaped(&text),
            None => self.out.push(&text),
            Some(name) => {
                let mut out = Output::default();
                if escapes {
                    out.push_escaped(&text);
                } else {
                    out.push(&text);
                }
                let safe = self.style.autoescape || value.is_safe();
                let bound = Value::text(out.as_str().unwrap_or_default(), safe);
                return self.scopes.set(name.bind(self.py), bound);
            }
        }
        Ok(())
    }

    #[cold]
    fn print_by_python(&mut self, value: &Value<'py>, variable: Option<&Name>) -> PyResult<()> {
        let locale = django(self.py)?.locale.bind(self.py);
        let arguments = (value.to_py(self.py)?, &self.context);
        let text = locale.call_method1(intern!(self.py, "printed_message"), arguments)?;
        self.write_or_bind(&text, variable)
    }

    pub fn render_block_translate(&mut self, tag: &BlockTranslate) -> PyResult<()> {
        match self.block_translated(tag, false)? {
            Value::Text { text, .. } => {
                self.out.push(&text);
                Ok(())
            }
            text => self.push_text(&text.to_py(self.py)?),
        }
    }

    /// `BlockTranslateNode.render(context, nested)`.
    fn block_translated(&mut self, tag: &BlockTranslate, nested: bool) -> PyResult<Value<'py>> {
        let context = match &tag.context {
            Some(context) => Some(self.resolve(context, false)?),
            None => None,
        };
        self.push_bindings(&tag.bindings)?;
        let (message, values) = match self.message_and_values(tag, context) {
            Ok(made) => {
                self.scopes.pop()?;
                made
            }
            Err(error) => {
                self.scopes.abandon()?;
                return Err(error);
            }
        };
        let text = match formatted(&message, &values) {
            Some(text) => Value::text(&text, false),
            None => self.formatted_by_python(tag, &message, &values, nested)?,
        };
        match &tag.variable {
            None => Ok(text),
            Some(name) => {
                let bound = django(self.py)?.safe_string.bind(self.py);
                let bound = bound.call1((text.to_py(self.py)?,))?;
                self.scopes.set(name.bind(self.py), Value::Py(bound))?;
                Ok(Value::text("", false))
            }
        }
    }

    /// What gettext says, and the values for its placeholders, with the tag's names bound.
    fn message_and_values(
        &mut self,
        tag: &BlockTranslate,
        context: Option<Value<'py>>,
    ) -> PyResult<(Bound<'py, PyAny>, Vec<Printed<'py>>)> {
        let number = match &tag.count {
            Some(count) => Some((self.counted(count, tag)?, &count.plural)),
            None => None,
        };
        let context = match context {
            Some(context) if self.is_true(&context)? => Some(context.to_py(self.py)?),
            _ => None,
        };
        let gettext = django(self.py)?.translation.bind(self.py);
        let (py, singular) = (self.py, &tag.singular);
        let message = match (context, number) {
            (None, None) => self.gettext(singular.bind(py)),
            (Some(context), None) => {
                gettext.call_method1(intern!(py, "pgettext"), (context, singular))
            }
            (None, Some((number, plural))) => {
                gettext.call_method1(intern!(py, "ngettext"), (singular, plural, number))
            }
            (Some(context), Some((number, plural))) => gettext.call_method1(
                intern!(py, "npgettext"),
                (context, singular, plural, number),
            ),
        }?;
        Ok((message, self.printed_values(&tag.names)?))
    }

    /// The count, bound to its name. Raises `TemplateSyntaxError` for what is no number.
    fn counted(&mut self, count: &Count, tag: &BlockTranslate) -> PyResult<Bound<'py, PyAny>> {
        let value = self.resolve(&count.value, false)?.to_py(self.py)?;
        if !self.is_number(&value)? {
            let locale = django(self.py)?.locale.bind(self.py);
            let arguments = (&count.name, &tag.tag);
            let error = locale.call_method1(intern!(self.py, "not_a_number"), arguments)?;
            return Err(PyErr::from_value(error));
        }
        self.scopes
            .set(count.name.bind(self.py), Value::Py(value.clone()))?;
        Ok(value)
    }

    /// `isinstance(value, (Decimal, float, int))`, which a proxy may answer.
    fn is_number(&self, value: &Bound<'py, PyAny>) -> PyResult<bool> {
        if value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>() {
            return Ok(true);
        }
        let py = self.py;
        Ok(value.is_instance(django(py)?.decimal.bind(py))?
            || value.is_instance(&py.get_type::<PyFloat>())?
            || value.is_instance(&py.get_type::<PyInt>())?)
    }

    /// A name that occurs again is printed again, unless nobody could tell.
    fn printed_values(&mut self, names: &[Name]) -> PyResult<Vec<Printed<'py>>> {
        let mut values: Vec<Printed<'py>> = Vec::with_capacity(names.len());
        for name in names {
            let name = name.bind(self.py);
            let known = values.iter().position(|value| value.name.is(name));
            match known {
                Some(at) if values[at].plain => {}
                Some(at) => values[at] = self.printed_value(name)?,
                None => values.push(self.printed_value(name)?),
            }
        }
        Ok(values)
    }

    fn printed_value(&mut self, name: &Bound<'py, PyString>) -> PyResult<Printed<'py>> {
        let value = match self.scopes.get(name)? {
            Some(value) => value,
            None => self.invalid_name(name)?,
        };
        Ok(Printed {
            name: name.clone(),
            text: self.text_for_message(&value)?,
            safe: self.style.autoescape || value.is_safe(),
            plain: is_plain(&value),
        })
    }

    /// What `%s` makes of a printed value: an own `__str__` of a safe text counts here.
    fn text_for_message(&mut self, value: &Value<'py>) -> PyResult<Output> {
        let mut text = Output::default();
        match value {
            Value::Py(object) if object.is_instance_of::<PyString>() && !value.is_exact_text() => {
                let name = intern!(self.py, "render_value_in_context");
                let shown = django(self.py)?.call(self.py, name, (object, &self.style.context))?;
                text.push_str(&shown.str()?, false)?;
            }
            _ => write_value(value, &mut self.style, &mut text)?,
        }
        Ok(text)
    }

    /// `string_if_invalid`, with the name in its place.
    #[cold]
    fn invalid_name(&self, name: &Bound<'py, PyString>) -> PyResult<Value<'py>> {
        let text = &self.engine.string_if_invalid;
        if self.engine.invalid_is_empty || !text.contains("%s")? {
            return Ok(self.invalid());
        }
        Ok(Value::Py(text.as_any().rem(name)?))
    }

    /// `message % values`; a translation that does not take them gives way to the text itself.
    #[cold]
    fn formatted_by_python(
        &mut self,
        tag: &BlockTranslate,
        message: &Bound<'py, PyAny>,
        values: &[Printed<'py>],
        nested: bool,
    ) -> PyResult<Value<'py>> {
        let data = self.values_dict(values)?;
        let locale = django(self.py)?.locale.bind(self.py);
        let error = match locale.call_method1(intern!(self.py, "formatted"), (message, &data)) {
            Ok(text) => return Ok(Value::Py(text)),
            Err(error) => error,
        };
        let is_bad_message = error.is_instance_of::<PyKeyError>(self.py)
            || error.is_instance_of::<PyValueError>(self.py);
        if !is_bad_message {
            return Err(error);
        }
        if nested {
            let arguments = (&tag.tag, message, data, error.value(self.py));
            let error = locale.call_method1(intern!(self.py, "bad_message"), arguments)?;
            return Err(PyErr::from_value(error));
        }
        let none = self.py.None().into_bound(self.py);
        self.in_language(none, |renderer| renderer.block_translated(tag, true))
    }

    fn values_dict(&self, values: &[Printed<'py>]) -> PyResult<Bound<'py, PyDict>> {
        let data = PyDict::new(self.py);
        for value in values {
            let text = value.text.to_py(self.py)?;
            if value.safe {
                let safe_string = django(self.py)?.safe_string.bind(self.py);
                data.set_item(&value.name, safe_string.call1((text,))?)?;
            } else {
                data.set_item(&value.name, text)?;
            }
        }
        Ok(data)
    }
}

/// Texts and numbers of Python's own types.
fn is_plain(value: &Value<'_>) -> bool {
    match value {
        Value::Py(object) => {
            value.is_exact_text()
                || object.is_exact_instance_of::<PyInt>()
                || object.is_exact_instance_of::<PyFloat>()
        }
        Value::Text { .. } | Value::Int(_) | Value::Bool(_) | Value::None => true,
        _ => false,
    }
}

/// `message % values` where the message holds `%%` and `%(name)s` alone, and every name is known.
fn formatted(message: &Bound<'_, PyAny>, values: &[Printed<'_>]) -> Option<String> {
    let message = message.cast_exact::<PyString>().ok()?.to_str().ok()?;
    let mut out = String::with_capacity(message.len() + 16 * values.len());
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let (name, after) = after.strip_prefix('(')?.split_once(")s")?;
        if name.contains(['(', ')']) {
            return None;
        }
        out.push_str(text_of_name(name, values)?);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

fn text_of_name<'v>(name: &str, values: &'v [Printed<'_>]) -> Option<&'v str> {
    let named = values.iter().find(|value| {
        let known = value.name.to_str();
        known.is_ok_and(|known| known == name)
    })?;
    named.text.as_str()
}
