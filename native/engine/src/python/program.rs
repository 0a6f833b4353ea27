//! `compile`, and the face of `Program`. Every way into the engine is guarded here.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use djust_syntax::Parser;
use pyo3::exceptions::PyValueError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::error::{guarded, surrogates};
use super::parser::{Cursor, DjangoHost, raise};
use crate::compiler;
use crate::django::django;
use crate::filters::why_left;
use crate::program::{Foreign, ForeignFilter, Program};
use crate::render::Renderer;
use crate::render::running::RunningPlace;
use crate::render::sites::roots_dict;

/// Compiles `source` with the answers of `parser` (`djust_engine.parser.Parser`).
///
/// Raises `Deopt` for a template that is left to Django, and whatever a compile function raises.
#[pyfunction]
pub fn compile(
    py: Python<'_>,
    source: Bound<'_, PyString>,
    parser: Bound<'_, PyAny>,
) -> PyResult<Py<Program>> {
    guarded(|| {
        let text = source.clone().unbind();
        let source: Arc<str> = Arc::from(source.to_str().map_err(|_| surrogates(py))?);
        let origin = parser.getattr("origin")?.unbind();
        let off = parser.getattr("off")?.cast_into::<PyString>()?.unbind();
        let program = Py::new(py, Program::new(text, origin, off))?;
        let host = DjangoHost::new(
            parser.clone().unbind(),
            program.clone_ref(py),
            source.clone(),
        );
        let native = Arc::new(Parser::new(source.clone(), host));
        let cursor = Py::new(py, Cursor::new(native.clone()))?;
        parser.setattr("cursor", &cursor)?;
        let parsed = native.parse_template();
        cursor.get().close();
        let template = parsed.map_err(|error| raise(py, native.host(), &error))?;
        let made = native.host().take_made();
        let code = compiler::compile(&parser, program.bind(py), &source, &template, made)?;
        // A second `set` cannot happen: nobody else has the program yet.
        let _ = program.get().code.set(code);
        Ok(program)
    })
}

/// Name of a variable -> the paths that are read of it: sorted, without doubles.
///
/// Raises `ValueError` for a malformed template.
#[pyfunction]
pub fn extract_template_variables(source: &str) -> PyResult<BTreeMap<String, Vec<String>>> {
    guarded(|| {
        djust_syntax::extract_template_variables(source)
            .map_err(|error| PyValueError::new_err(error.to_string()))
    })
}

/// What is not native: kind, name, line, code, sentence.
type Explained = (&'static str, String, u32, &'static str, String);

/// Nothing for a function of Django's own that the engine calls.
fn explain_tag(py: Python<'_>, foreign: &Foreign) -> PyResult<Option<Explained>> {
    let node = foreign.node.bind(py);
    let class = node.get_type().into_any();
    // The nodes of `simple_tag()` and its like are Django's; their functions are whose tag it is.
    let definition = if name_of(&class, "__module__") == "django.template.library" {
        node.getattr_opt("func")?.unwrap_or(class)
    } else {
        class
    };
    let module = name_of(&definition, "__module__");
    let name = name_of(&definition, "__qualname__");
    let is_called = foreign.sees_names.is_some();
    let (code, why) = if module.starts_with("django.") {
        if is_called {
            return Ok(None);
        }
        ("django-tag", format!("Django's own {name} renders it"))
    } else if is_called {
        ("called-tag", format!("{module}.{name} is called"))
    } else {
        ("foreign-tag", format!("{module}.{name} renders it"))
    };
    let (name, line) = (foreign.tag.to_string(), foreign.line);
    Ok(Some(("tag", name, line, code, why)))
}

/// A name that a function or class has, "" for an object that has none.
fn name_of(definition: &Bound<'_, PyAny>, name: &str) -> String {
    let found = definition.getattr(name).and_then(|name| name.extract());
    found.unwrap_or_default()
}

fn explain_filter(filter: &ForeignFilter) -> Explained {
    let (code, why) = match (&filter.builtin, &filter.definition) {
        (Some(name), _) => (
            "django-filter",
            why_left(name)
                .unwrap_or("Django's own function is called")
                .to_string(),
        ),
        (None, Some(definition)) => ("foreign-filter", format!("{definition} is called")),
        (None, None) => (
            "foreign-filter",
            "a library's function is called".to_string(),
        ),
    };
    ("filter", filter.name.to_string(), filter.line, code, why)
}

#[pymethods]
impl Program {
    /// Renders the template, or one of its bodies, with Django's `Context`.
    ///
    /// Where it is observed it is called again, from a frame that tells at `place` which node renders.
    /// Raises what Django raises; `Panic` for a fault of the engine.
    #[pyo3(signature = (context, body=None, place=None))]
    fn render<'py>(
        slf: &Bound<'py, Self>,
        context: Bound<'py, PyAny>,
        body: Option<usize>,
        place: Option<Py<RunningPlace>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        guarded(|| {
            let mut renderer = Renderer::new(slf.clone(), context.clone())?;
            if renderer.engine.observed && place.is_none() {
                let table = django(py)?;
                return table.call(py, intern!(py, "render_observed"), (slf, context, body));
            }
            renderer.place = place.map(Rc::new);
            if let Err(error) = renderer.render(body) {
                return Err(renderer.noted(error));
            }
            if body.is_none() {
                slf.get().size.store(renderer.out.len(), Relaxed);
            }
            let text = renderer.out.to_py(py)?;
            django(py)?.safe_string.bind(py).call1((text,))
        })
    }

    /// Block nodes by name, as `ExtendsNode.blocks` has them.
    #[getter]
    fn offered_blocks(&self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        Ok(self.code()?.offered_blocks.clone_ref(py))
    }

    /// Every block node by name.
    #[getter]
    fn blocks(&self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        Ok(self.code()?.blocks.clone_ref(py))
    }

    /// True where the first node that is not text is `{% extends %}`.
    #[getter]
    fn extends(&self) -> PyResult<bool> {
        Ok(self.code()?.extends)
    }

    /// Each tag and filter that is not native, in the order of the template.
    fn explain(&self, py: Python<'_>) -> PyResult<Vec<Explained>> {
        let code = self.code()?;
        let tags = code.foreign.iter().map(|foreign| explain_tag(py, foreign));
        let filters = code
            .foreign_filters
            .iter()
            .map(|filter| Ok(Some(explain_filter(filter))));
        let told = tags.chain(filters).collect::<PyResult<Vec<_>>>()?;
        let mut told: Vec<_> = told.into_iter().flatten().collect();
        told.sort_by_key(|entry| entry.2);
        Ok(told)
    }

    /// What the template reads of each name, as `djust_engine.jit.usage.Usage` reads it.
    fn usage<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        roots_dict(py, &self.code()?.usage)
    }

    /// The same with what the templates read that it includes by a constant name; and whether a node
    /// may read any name. `context` belongs to the template.
    fn reads<'py>(
        slf: &Bound<'py, Self>,
        context: Bound<'py, PyAny>,
    ) -> PyResult<(bool, Bound<'py, PyDict>)> {
        guarded(|| {
            let tree = Renderer::new(slf.clone(), context.clone())?.tree(slf)?;
            Ok((tree.opaque, roots_dict(slf.py(), &tree)?))
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.visit(&visit)
    }
}
