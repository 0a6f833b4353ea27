//! The `Host` that asks Django, and the cursor that is lent to foreign compile functions.

use std::sync::{Arc, Mutex, PoisonError};

use djust_syntax::ast::{FilterId, ForeignId, Position};
use djust_syntax::{
    Compiled, Error, Host, Parser, Partial, Reason, Tag, TagKind, Token, TokenType, WrittenCall,
};
use pyo3::exceptions::{PyIndexError, PyRuntimeError};
use pyo3::prelude::*;

use super::error::deopt;
use crate::compiler::{BoundFilter, Made};
use crate::places::Places;
use crate::program::{Foreign, Program};

/// Answers the native parser through `djust_engine.parser.Parser`, and keeps what Python made.
pub struct DjangoHost {
    facade: Py<PyAny>,
    program: Py<Program>,
    places: Places,
    made: Mutex<Made>,
    /// The exception behind `Reason::Host`.
    error: Mutex<Option<PyErr>>,
}

/// What Django's `Token` is made of: kind, contents, start, end, line.
type TokenFields = (u8, String, usize, usize, u32);

/// Positional and named arguments as written, and whether names are looked up in the context.
type CallFields = (Vec<String>, Vec<(String, String)>, bool);

fn fields(places: &Places, token: &Token) -> TokenFields {
    let kind = match token.kind {
        TokenType::Text => 0,
        TokenType::Var => 1,
        TokenType::Block => 2,
        TokenType::Comment => 3,
    };
    (
        kind,
        token.contents(&places.source).to_string(),
        places.character(token.span.start),
        places.character(token.span.end),
        token.line,
    )
}

impl DjangoHost {
    pub fn new(facade: Py<PyAny>, program: Py<Program>, source: Arc<str>) -> Self {
        DjangoHost {
            facade,
            program,
            places: Places::new(source),
            made: Mutex::default(),
            error: Mutex::default(),
        }
    }

    pub fn take_made(&self) -> Made {
        std::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with_made<T>(&self, change: impl FnOnce(&mut Made) -> T) -> T {
        change(&mut self.made.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps a Python exception behind a `Reason::Host`.
    fn raised(&self, error: PyErr, at: Position) -> Error {
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        Error::new(Reason::Host, at, "")
    }

    fn compile(&self, py: Python<'_>, token: &Token) -> PyResult<Compiled> {
        let (_, contents, start, end, line) = fields(&self.places, token);
        let name = contents
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_string();
        let answer = self
            .facade
            .bind(py)
            .call_method1("foreign", (&name, contents, start, end, line))?;
        let (node, opaque, call) = answer.extract::<(Py<PyAny>, bool, Option<CallFields>)>()?;
        let sees_names = call.as_ref().map(|call| call.2);
        let foreign = Foreign {
            reads: pyo3::sync::PyOnceLock::new(),
            node,
            sees_names,
            tag: name.into(),
            line,
        };
        let id = self.with_made(|made| {
            made.foreign.push(foreign);
            made.foreign.len() - 1
        });
        Ok(Compiled {
            id: ForeignId(id as u32),
            opaque,
            call: call.map(|(args, kwargs, _)| WrittenCall { args, kwargs }),
        })
    }

    fn find(&self, py: Python<'_>, name: &str, arguments: usize) -> PyResult<FilterId> {
        let answer = self
            .facade
            .bind(py)
            .call_method1("find", (name, arguments))?;
        let (function, native_name) = answer.extract::<(Py<PyAny>, Option<String>)>()?;
        let is_native = native_name.as_deref() == Some(name);
        let id = self.with_made(|made| {
            made.filters.push(BoundFilter {
                function,
                native_name,
                is_native,
            });
            made.filters.len() - 1
        });
        Ok(FilterId(id as u32))
    }
}

impl DjangoHost {
    fn keep_partial(&self, py: Python<'_>, partial: &Partial<'_>) -> PyResult<()> {
        let (opening, closing) = partial.tags;
        let fields = (
            partial.name,
            &self.program,
            partial.body.0,
            partial.start,
            self.places.character(opening.span.start),
            self.places.character(closing.span.end),
        );
        self.facade.bind(py).call_method1("partial", fields)?;
        Ok(())
    }
}

impl Host for DjangoHost {
    fn load(&self, _parser: &Parser<Self>, token: &Token) -> Result<(), Error> {
        let (_, contents, start, end, line) = fields(&self.places, token);
        Python::attach(|py| {
            let load = self
                .facade
                .bind(py)
                .call_method1("load", (contents, start, end, line));
            load.map(drop)
                .map_err(|error| self.raised(error, token.position()))
        })
    }

    fn tag(&self, name: &str) -> TagKind {
        Python::attach(|py| {
            let answer = self.facade.bind(py).call_method1("tag", (name,));
            match answer.and_then(|answer| answer.extract::<Option<String>>()) {
                Ok(Some(native)) => {
                    Tag::from_name(&native).map_or(TagKind::Foreign, TagKind::Builtin)
                }
                Ok(None) | Err(_) => TagKind::Unknown,
            }
        })
    }

    fn filter(&self, name: &str, arguments: usize) -> Result<FilterId, Error> {
        Python::attach(|py| {
            self.find(py, name, arguments)
                .map_err(|error| self.raised(error, Position::default()))
        })
    }

    fn is_native(&self, filter: FilterId) -> bool {
        self.with_made(|made| made.filters[filter.0 as usize].is_native)
    }

    fn registered_name(&self, filter: FilterId) -> Option<String> {
        Python::attach(|py| {
            let function =
                self.with_made(|made| made.filters[filter.0 as usize].function.clone_ref(py));
            let name = function.bind(py).getattr("_filter_name");
            Some(name.and_then(|name| name.extract()).unwrap_or_default())
        })
    }

    fn define_partial(&self, partial: Partial<'_>) -> Result<(), Error> {
        Python::attach(|py| {
            self.keep_partial(py, &partial)
                .map_err(|error| self.raised(error, partial.tags.0.position()))
        })
    }

    fn compile_foreign(&self, _parser: &Parser<Self>, token: &Token) -> Result<Compiled, Error> {
        Python::attach(|py| {
            self.compile(py, token)
                .map_err(|error| self.raised(error, token.position()))
        })
    }
}

/// The exception for a parser's error: the host's own, or `Deopt`.
pub fn raise(py: Python<'_>, host: &DjangoHost, error: &Error) -> PyErr {
    let kept = host
        .error
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    match kept {
        Some(raised) if error.reason == Reason::Host => raised,
        _ => deopt(py, error),
    }
}

/// The tokens of the template that is being compiled, lent to compile functions.
#[pyclass(frozen, module = "djust_engine._native")]
pub struct Cursor {
    parser: Mutex<Option<Arc<Parser<DjangoHost>>>>,
}

impl Cursor {
    pub fn new(parser: Arc<Parser<DjangoHost>>) -> Self {
        Cursor {
            parser: Mutex::new(Some(parser)),
        }
    }

    /// Compilation is over: nothing may be read from here on.
    pub fn close(&self) {
        self.parser
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }

    fn parser(&self) -> PyResult<Arc<Parser<DjangoHost>>> {
        let lent = self
            .parser
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        lent.ok_or_else(|| PyRuntimeError::new_err("cannot be used outside of compilation"))
    }
}

#[pymethods]
impl Cursor {
    /// The next token; raises `IndexError` at the end, as popping Django's token list does.
    fn next(&self) -> PyResult<TokenFields> {
        let parser = self.parser()?;
        let token = parser
            .next_token()
            .ok_or_else(|| PyIndexError::new_err("pop from empty list"))?;
        Ok(fields(&parser.host().places, &token))
    }

    /// Puts the last token back.
    fn back(&self) -> PyResult<()> {
        self.parser()?.step_back();
        Ok(())
    }

    /// Index of the token that `next` gives.
    fn position(&self) -> PyResult<usize> {
        Ok(self.parser()?.position())
    }

    /// Tokens from `start` to `end` in the order of the source; by default those not yet read.
    #[pyo3(signature = (start=None, end=None))]
    fn tokens(&self, start: Option<usize>, end: Option<usize>) -> PyResult<Vec<TokenFields>> {
        let parser = self.parser()?;
        let all = parser.tokens();
        let end = end.unwrap_or(all.len()).min(all.len());
        let start = start.unwrap_or_else(|| parser.position()).min(end);
        Ok(all[start..end]
            .iter()
            .map(|token| fields(&parser.host().places, token))
            .collect())
    }

    /// Parses up to a tag named in `until`: the program and the index of the body in it.
    fn parse(&self, py: Python<'_>, until: Vec<String>) -> PyResult<(Py<Program>, usize)> {
        let parser = self.parser()?;
        match parser.parse_body(&until) {
            Ok(body) => Ok((parser.host().program.clone_ref(py), body.0 as usize)),
            Err(error) => Err(raise(py, parser.host(), &error)),
        }
    }
}
