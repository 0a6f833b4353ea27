//! What a view's name can give: the URL patterns behind it (`URLResolver._reverse_with_prefix`).

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyString};

use crate::django::django;
use crate::filters::urls::quote;
use crate::value::Value;

/// What `quote` leaves of a URL besides letters, digits and `_.-~`.
const PATH: &[u8] = b"!$&'()*+,;=/~:@";

/// The patterns of one view name, in the order in which Django tries them.
#[pyclass(frozen, module = "djust_engine._native")]
pub struct Route {
    patterns: Vec<Pattern>,
}

struct Pattern {
    parameters: Vec<String>,
    /// One more than parameters; the first begins with the script prefix.
    literals: Vec<Literal>,
    kinds: Vec<Kind>,
    /// The pattern's own `search`, where the kinds do not say it all.
    search: Option<Py<PyAny>>,
}

struct Literal {
    decoded: String,
    quoted: String,
}

/// The converter of a parameter (`django/urls/converters.py`).
#[derive(Clone, Copy)]
enum Kind {
    Any,
    Int,
    Str,
    Slug,
    Uuid,
    Path,
}

impl Kind {
    fn named(name: &str) -> PyResult<Self> {
        Ok(match name {
            "any" => Kind::Any,
            "int" => Kind::Int,
            "str" => Kind::Str,
            "slug" => Kind::Slug,
            "uuid" => Kind::Uuid,
            "path" => Kind::Path,
            _ => return Err(PyValueError::new_err(format!("not a kind: {name}"))),
        })
    }

    /// True for a text that the converter's regex surely matches.
    fn matches(self, text: &str) -> bool {
        let mut bytes = text.bytes();
        match self {
            Kind::Any => true,
            Kind::Int => bytes.all(|byte| byte.is_ascii_digit()),
            Kind::Str => bytes.all(|byte| byte != b'/'),
            Kind::Slug => {
                bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            }
            Kind::Uuid => text.len() == 36 && bytes.enumerate().all(|(at, byte)| is_uuid(at, byte)),
            Kind::Path => bytes.all(|byte| byte != b'\n'),
        }
    }
}

fn is_uuid(at: usize, byte: u8) -> bool {
    match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    }
}

/// `(parameters, literals, kinds, search)`: see `Pattern`.
type Parts = (Vec<String>, Vec<String>, Vec<String>, Option<Py<PyAny>>);

impl Pattern {
    fn of((parameters, literals, kinds, search): Parts) -> PyResult<Self> {
        if literals.len() != parameters.len() + 1 || kinds.len() != parameters.len() {
            let message = "a pattern has a kind a parameter, and a literal more";
            return Err(PyValueError::new_err(message));
        }
        let kinds = kinds.iter().map(|name| Kind::named(name));
        Ok(Pattern {
            parameters,
            literals: literals.into_iter().map(Literal::of).collect(),
            kinds: kinds.collect::<PyResult<_>>()?,
            search,
        })
    }

    /// The texts in the order of the parameters; nothing where the arguments are others.
    fn arrange<'t>(
        &self,
        args: &'t [String],
        kwargs: &'t [(String, String)],
    ) -> Option<Vec<&'t str>> {
        if !args.is_empty() {
            let fits = args.len() == self.parameters.len();
            return fits.then(|| args.iter().map(String::as_str).collect());
        }
        if kwargs.len() != self.parameters.len() {
            return None;
        }
        let text = |name: &String| {
            let found = kwargs.iter().find(|(given, _)| given == name);
            found.map(|(_, text)| text.as_str())
        };
        self.parameters.iter().map(text).collect()
    }

    /// True where the URL of `texts` surely matches.
    fn matches(&self, py: Python<'_>, texts: &[&str]) -> PyResult<bool> {
        let pairs = texts.iter().zip(&self.kinds);
        if !pairs
            .into_iter()
            .all(|(text, kind)| !text.is_empty() && kind.matches(text))
        {
            return Ok(false);
        }
        match &self.search {
            None => Ok(true),
            Some(search) => {
                let candidate = self.joined(texts.iter().map(|text| text.to_string()), |literal| {
                    &literal.decoded
                });
                search.call1(py, (candidate,))?.is_truthy(py)
            }
        }
    }

    fn joined(&self, texts: impl Iterator<Item = String>, literal: fn(&Literal) -> &str) -> String {
        let mut out = String::with_capacity(64);
        let mut literals = self.literals.iter();
        out.extend(literals.next().map(literal));
        for (text, after) in texts.zip(literals) {
            out.push_str(&text);
            out.push_str(literal(after));
        }
        out
    }

    /// `escape_leading_slashes(quote(url))`.
    fn url(&self, texts: &[&str]) -> String {
        let url = self.joined(texts.iter().map(|text| quote(text, PATH)), |literal| {
            &literal.quoted
        });
        match url.strip_prefix("//") {
            Some(rest) => format!("/%2F{rest}"),
            None => url,
        }
    }
}

impl Literal {
    fn of(decoded: String) -> Self {
        let quoted = quote(&decoded, PATH);
        Literal { decoded, quoted }
    }
}

#[pymethods]
impl Route {
    /// `patterns`: (parameters, literals around them, their kinds, `search` or None) each.
    /// Raises `ValueError` for parts that do not fit together.
    #[new]
    fn new(patterns: Vec<Parts>) -> PyResult<Self> {
        let patterns = patterns.into_iter().map(Pattern::of);
        Ok(Route {
            patterns: patterns.collect::<PyResult<_>>()?,
        })
    }
}

impl Route {
    /// The URL; nothing where only `reverse` knows it, or knows what is wrong.
    pub fn reverse<'py>(
        &self,
        py: Python<'py>,
        args: &[Value<'py>],
        kwargs: &[(String, Value<'py>)],
    ) -> PyResult<Option<String>> {
        if !args.is_empty() && !kwargs.is_empty() {
            return Ok(None);
        }
        let (Some(args), Some(kwargs)) = (texts(py, args)?, named_texts(py, kwargs)?) else {
            return Ok(None);
        };
        for pattern in &self.patterns {
            if let Some(texts) = pattern.arrange(&args, &kwargs) {
                let matches = pattern.matches(py, &texts)?;
                return Ok(matches.then(|| pattern.url(&texts)));
            }
        }
        Ok(None)
    }
}

fn texts(py: Python<'_>, values: &[Value<'_>]) -> PyResult<Option<Vec<String>>> {
    values.iter().map(|value| text_of(py, value)).collect()
}

fn named_texts(
    py: Python<'_>,
    values: &[(String, Value<'_>)],
) -> PyResult<Option<Vec<(String, String)>>> {
    let texts = values.iter().map(|(name, value)| {
        let text = text_of(py, value)?;
        Ok(text.map(|text| (name.clone(), text)))
    });
    texts.collect()
}

/// `str(value)` of an exact int, `str`, `SafeString` or UUID, which is what their converters make of them.
fn text_of(py: Python<'_>, value: &Value<'_>) -> PyResult<Option<String>> {
    let object = match value {
        Value::Int(number) => return Ok(Some(number.to_string())),
        Value::Text { text, .. } => return Ok(Some(text.to_string())),
        Value::Py(object) => object,
        _ => return Ok(None),
    };
    let table = django(py)?;
    if let Ok(text) = object.cast::<PyString>() {
        let is_plain = text.is_exact_instance_of::<PyString>() || table.is_safe_string(text);
        return Ok(text.to_str().ok().filter(|_| is_plain).map(str::to_owned));
    }
    let is_uuid = object.get_type_ptr() == table.uuid.as_ptr().cast();
    if object.is_exact_instance_of::<PyInt>() || is_uuid {
        return Ok(Some(object.str()?.to_str()?.to_owned()));
    }
    Ok(None)
}
