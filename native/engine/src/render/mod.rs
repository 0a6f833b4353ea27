//! Program + Context -> text. Dispatch, and the errors' way out; what nodes do is in the files beside.

pub mod blocks;
pub mod builtins;
pub mod calls;
pub mod condition;
pub mod context;
pub mod data;
pub mod expression;
pub mod filter;
pub mod foreign;
pub mod fragments;
pub mod handed;
pub mod inheritance;
pub mod inline;
pub mod locale;
pub mod loops;
pub mod messages;
pub mod profile;
pub mod regroup;
pub mod running;
pub mod sites;
pub mod strict;
pub mod trail;
mod turns;
pub mod urls;

use std::collections::HashMap;

use pyo3::exceptions::{PyException, PyRecursionError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString};

use crate::django::django;
use crate::places::Places;
use crate::program::{Content, Node, NodeKind, NodeList, Program};
use crate::value::Value;
use crate::value::write::{Output, Style, write_value};
use context::Scopes;

/// The state of one render: everything that a `Program` must not hold.
pub struct Renderer<'py> {
    pub py: Python<'py>,
    /// `django.template.Context`
    pub context: Bound<'py, PyAny>,
    pub program: Bound<'py, Program>,
    pub scopes: Scopes<'py>,
    pub style: Style<'py>,
    /// Asked anew after foreign code ran.
    pub addresses: urls::Addresses<'py>,
    /// By address of a message (kept alive beside it): its translation. Asked anew like those.
    pub gettext_is_stock: Option<bool>,
    pub messages: HashMap<usize, (Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    pub out: Output,
    /// By address of the key of an include or of an inclusion tag: that key, and the template.
    pub included: HashMap<usize, (Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    /// The token that `{% csrf_token %}` met, and what it printed.
    pub csrf_input: Option<(Bound<'py, PyAny>, Bound<'py, PyString>)>,
    pub depth: usize,
    pub engine: EngineFacts<'py>,
    pub data: data::Touches<'py>,
    /// Where the node that is being rendered is told, if anybody wants to know.
    pub place: Option<std::rc::Rc<Py<running::RunningPlace>>>,
    /// What `"".join` says at the end of a nodelist in which a node gave something else than a text.
    pub not_text: Option<PyErr>,
    /// Of this render, among those of the thread.
    pub number: u64,
    /// Where the last lookup ended, in strict mode.
    pub missed: Option<expression::Miss<'py>>,
    /// The way of the last exception that left a node.
    pub trail: Option<trail::Trail<'py>>,
}

/// What `context.template.engine` says, read once a render.
pub struct EngineFacts<'py> {
    pub string_if_invalid: Bound<'py, PyString>,
    pub invalid_is_empty: bool,
    pub debug: bool,
    /// Somebody may ask which node is being rendered.
    pub observed: bool,
    /// Undefined variables are told.
    pub strict: bool,
    /// Templates may be rendered by the engine itself: nobody has replaced `Template._render`.
    pub direct: bool,
    /// The logger `django.template` wants to know of failed lookups; asked at the first.
    pub logs_lookups: Option<bool>,
    /// The templates that the engine's cached loader keeps, by name; nothing where others may answer.
    pub templates: Option<Bound<'py, PyDict>>,
    pub depth_limit: usize,
}

impl<'py> EngineFacts<'py> {
    fn of(context: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = context.py();
        let facts = django(py)?.call(py, intern!(py, "engine_facts"), (context,))?;
        let (string_if_invalid, debug, observed, strict, direct, templates) = facts.extract::<(
            Bound<'py, PyAny>,
            bool,
            bool,
            bool,
            bool,
            Option<Bound<'py, PyDict>>,
        )>()?;
        let string_if_invalid = string_if_invalid.cast_into::<PyString>()?;
        let invalid_is_empty = string_if_invalid.is_empty()?;
        Ok(EngineFacts {
            string_if_invalid,
            invalid_is_empty,
            debug,
            observed,
            strict,
            direct,
            logs_lookups: None,
            templates,
            depth_limit: recursion_limit() / 4,
        })
    }
}

/// Bytes of stack that a level of nodes, and the Python code that it calls, may need.
const STACK_MARGIN: usize = 96 * 1024;

/// `sys.getrecursionlimit()`
fn recursion_limit() -> usize {
    // SAFETY: it reads a number of the interpreter, while the GIL is held by whoever renders.
    let limit = unsafe { pyo3::ffi::Py_GetRecursionLimit() };
    usize::try_from(limit).unwrap_or_default()
}

#[cold]
fn too_deep() -> PyErr {
    PyRecursionError::new_err("maximum recursion depth exceeded")
}

/// `forloop.length` exists from Django 6.0 on.
pub fn has_loop_length(py: Python<'_>) -> PyResult<bool> {
    static KNOWN: PyOnceLock<bool> = PyOnceLock::new();
    let known = KNOWN.get_or_try_init(py, || -> PyResult<bool> {
        let version = py.import("django")?.getattr("VERSION")?;
        version
            .get_item(0)?
            .extract::<u32>()
            .map(|major| major >= 6)
    })?;
    Ok(*known)
}

impl<'py> Renderer<'py> {
    pub fn new(program: Bound<'py, Program>, context: Bound<'py, PyAny>) -> PyResult<Self> {
        let py = context.py();
        let autoescape = context.getattr(intern!(py, "autoescape"))?.is_truthy()?;
        let size = program
            .get()
            .size
            .load(std::sync::atomic::Ordering::Relaxed);
        Ok(Renderer {
            py,
            scopes: Scopes::new(context.clone())?,
            style: Style {
                autoescape,
                numbers: None,
                language: Default::default(),
                context: context.clone(),
            },
            addresses: urls::Addresses::default(),
            gettext_is_stock: None,
            messages: HashMap::new(),
            out: Output::with_capacity(size + size / 8),
            included: HashMap::new(),
            csrf_input: None,
            depth: 0,
            engine: EngineFacts::of(&context)?,
            data: data::Touches::default(),
            place: None,
            not_text: None,
            number: trail::begin(),
            missed: None,
            trail: None,
            program,
            context,
        })
    }

    /// Renders the whole template, or one of its bodies.
    pub fn render(&mut self, body: Option<usize>) -> PyResult<()> {
        let program = self.program.clone();
        let code = program.get().code()?;
        let nodes = match body {
            Some(index) => &code.bodies[index],
            None => &code.root,
        };
        let depth = self.scopes.depth();
        let result = self.render_nodes(nodes);
        if result.is_err() {
            self.not_text = None;
            self.scopes.unwind(depth)?;
        }
        result
    }

    pub fn render_nodes(&mut self, nodes: &NodeList) -> PyResult<()> {
        if stacker::remaining_stack().is_some_and(|bytes| bytes < STACK_MARGIN) {
            return Err(too_deep());
        }
        let outer = self.not_text.take();
        let result = nodes.iter().try_for_each(|node| self.render_node(node));
        let not_text = std::mem::replace(&mut self.not_text, outer);
        result?;
        not_text.map_or(Ok(()), Err)
    }

    #[inline]
    fn render_node(&mut self, node: &Node) -> PyResult<()> {
        if let Content::Text(span) = &node.content {
            self.out.push(span.text(self.program.get().source(self.py)));
            return Ok(());
        }
        let result = match self
            .place
            .as_ref()
            .map(|place| std::ptr::from_ref(place.get()))
        {
            None => self.render_content(node),
            Some(place) => self.render_observed(node, place),
        };
        result.map_err(|error| self.annotated(error, node))
    }

    #[inline]
    fn render_content(&mut self, node: &Node) -> PyResult<()> {
        match &node.content {
            Content::Text(_) => Ok(()),
            Content::Variable(expression) => self.render_variable(expression),
            Content::Tag(tag) => self.render_tag(tag, node.place),
        }
    }

    fn render_tag(&mut self, tag: &NodeKind, place: u32) -> PyResult<()> {
        match tag {
            NodeKind::If {
                branches,
                otherwise,
            } => self.render_if(branches, otherwise.as_ref()),
            NodeKind::For(node) => self.render_for(node),
            NodeKind::With { bindings, body } => self.render_with(bindings, body),
            NodeKind::Include {
                template,
                bindings,
                only,
                key,
            } => self.render_include(template, bindings, *only, key),
            NodeKind::Extends { parent, written } => self.render_extends(parent, written.as_ref()),
            NodeKind::Block { name, body } => self.render_block(name.bind(self.py), *body),
            NodeKind::AutoEscape { on, body } => self.render_autoescape(*on, body),
            NodeKind::Spaceless { body } => self.render_spaceless(body),
            NodeKind::IfChanged {
                key,
                values,
                body,
                otherwise,
            } => self.render_ifchanged(key, values, body, otherwise.as_ref()),
            NodeKind::Language { language, body } => self.render_language(language, body),
            NodeKind::TimeZone { zone, body } => self.render_timezone(zone, body),
            NodeKind::Localize { on, body } => self.render_localize(*on, body),
            NodeKind::LocalTime { on, body } => self.render_localtime(*on, body),
            NodeKind::Foreign { id } => self.render_foreign(*id, place),
            NodeKind::Filter { filtered, body } => self.render_filter(filtered, body, place),
            NodeKind::Cache(tag) => self.render_cache(tag, place),
            NodeKind::Call(call) => self.render_call(call, place),
            _ => self.render_inline(tag),
        }
    }

    fn render_inline(&mut self, kind: &NodeKind) -> PyResult<()> {
        match kind {
            NodeKind::CsrfToken => self.render_csrf_token(),
            NodeKind::Url {
                view,
                args,
                kwargs,
                variable,
            } => self.render_url(view, args, kwargs, variable.as_ref()),
            NodeKind::Static { path, variable } => self.render_static(path, variable.as_ref()),
            NodeKind::Now { format, variable } => self.render_now(format, variable.as_ref()),
            NodeKind::FirstOf { values, variable } => {
                self.render_firstof(values, variable.as_ref())
            }
            NodeKind::Cycle {
                key,
                values,
                variable,
                silent,
                ..
            } => self.render_cycle(key, values, variable.as_ref(), *silent),
            NodeKind::ResetCycle { key } => self.reset_cycle(key),
            NodeKind::TranslatedLiteral { message } => self.render_translated_literal(message),
            NodeKind::Translate(tag) => self.render_translate(tag),
            NodeKind::BlockTranslate(tag) => self.render_block_translate(tag),
            NodeKind::LocaleFact {
                question,
                argument,
                variable,
            } => self.render_locale_fact(question, argument.as_ref(), variable),
            other => self.render_builtin(other),
        }
    }

    fn render_builtin(&mut self, kind: &NodeKind) -> PyResult<()> {
        match kind {
            NodeKind::WidthRatio { operands, variable } => {
                self.render_widthratio(operands, variable.as_ref())
            }
            NodeKind::TemplateTag { text } => {
                self.out.push(text);
                Ok(())
            }
            NodeKind::Regroup(tag) => self.render_regroup(tag),
            NodeKind::Lorem {
                count,
                method,
                common,
            } => self.render_lorem(count, method, *common),
            NodeKind::Debug => self.render_debug(),
            NodeKind::Prefix { setting, variable } => {
                self.render_prefix(setting, variable.as_ref())
            }
            NodeKind::InlinePartial { body } => self.render_inline_partial(*body),
            NodeKind::Partial { name } => self.render_partial(name.bind(self.py)),
            _ => Ok(()),
        }
    }

    /// `VariableNode.render`: a `UnicodeDecodeError` prints nothing.
    fn render_variable(&mut self, expression: &crate::program::Expression) -> PyResult<()> {
        match self.resolve(expression, false) {
            Ok(value) => {
                if let Value::Py(object) = &value {
                    self.print_out(object)?;
                }
                write_value(&value, &mut self.style, &mut self.out)
            }
            Err(error)
                if error.is_instance_of::<pyo3::exceptions::PyUnicodeDecodeError>(self.py) =>
            {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// `Node.render_annotated`: in debug mode the innermost node is noted on the exception; in any
    /// mode the way that it takes is.
    #[cold]
    fn annotated(&mut self, error: PyErr, node: &Node) -> PyErr {
        if !error.is_instance_of::<PyException>(self.py) {
            return error;
        }
        self.pass(&error, node);
        if !self.engine.debug {
            return error;
        }
        let program = self.program.get();
        let places = Places::new(program.source(self.py).into());
        let at = program.code().map_or(node.at, |code| code.place_of(node));
        let place = (
            places.character(at.span.start),
            places.character(at.span.end),
            at.line,
        );
        let told = django(self.py).and_then(|table| {
            table.call(
                self.py,
                intern!(self.py, "annotate"),
                (
                    error.value(self.py),
                    &self.context,
                    &program.origin,
                    program.source(self.py),
                    place,
                ),
            )
        });
        match told {
            Ok(_) => error,
            Err(second) => second,
        }
    }

    /// Runs `step` one level deeper; raises `RecursionError` where Python would.
    pub fn deeper<T>(&mut self, step: impl FnOnce(&mut Self) -> PyResult<T>) -> PyResult<T> {
        if self.depth >= self.engine.depth_limit {
            return Err(too_deep());
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        result
    }

    /// What `step` writes, as a text of its own.
    pub fn captured(&mut self, step: impl FnOnce(&mut Self) -> PyResult<()>) -> PyResult<Output> {
        let outer = std::mem::take(&mut self.out);
        let result = step(self);
        let inner = std::mem::replace(&mut self.out, outer);
        result.map(|()| inner)
    }
}
