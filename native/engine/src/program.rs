//! AST -> Program: names interned, literals made, filters bound to functions, texts merged.
//!
//! Input of the renderer. A program is immutable; what a render changes lives in the `Renderer`
//! and in Django's `Context`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use djust_syntax::ast::{Operator, Position};
use djust_syntax::lexer::Span;
use djust_syntax::usage::{UsageId, UsageTree};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::filters::Native;

mod tags;

pub use tags::*;

pub type NodeList = Vec<Node>;

pub struct Node {
    pub at: Position,
    /// Index in Django's nodelist.
    pub place: u32,
    pub content: Content,
}

/// Most nodes are texts and variables: what a tag needs is kept apart, so that a node is small.
pub enum Content {
    Text(Span),
    Variable(Box<Expression>),
    Tag(Box<NodeKind>),
}

/// The native tags.
pub enum NodeKind {
    If {
        branches: Vec<(Condition, NodeList)>,
        otherwise: Option<NodeList>,
    },
    For(Box<For>),
    With {
        bindings: Bindings,
        body: NodeList,
    },
    Include {
        template: Expression,
        bindings: Bindings,
        only: bool,
        key: Py<PyAny>,
    },
    Extends {
        parent: Expression,
        written: Option<Py<PyString>>,
    },
    Block {
        name: Py<PyString>,
        body: usize,
    },
    CsrfToken,
    Url {
        view: Expression,
        args: Box<[Expression]>,
        kwargs: Bindings,
        variable: Option<Py<PyString>>,
    },
    Static {
        path: Expression,
        variable: Option<Py<PyString>>,
    },
    Now {
        format: Py<PyString>,
        variable: Option<Py<PyString>>,
    },
    FirstOf {
        values: Box<[Expression]>,
        variable: Option<Py<PyString>>,
    },
    Cycle {
        /// Shared by all places that name this cycle.
        id: u32,
        key: Py<PyAny>,
        values: Box<[Expression]>,
        variable: Option<Py<PyString>>,
        silent: bool,
    },
    ResetCycle {
        key: Py<PyAny>,
    },
    AutoEscape {
        on: bool,
        body: NodeList,
    },
    Spaceless {
        body: NodeList,
    },
    IfChanged {
        key: Py<PyAny>,
        values: Box<[Expression]>,
        body: NodeList,
        otherwise: Option<NodeList>,
    },
    /// `{{ _("text") }}`
    TranslatedLiteral {
        message: Py<PyAny>,
    },
    Translate(Box<Translate>),
    BlockTranslate(Box<BlockTranslate>),
    Language {
        language: Expression,
        body: NodeList,
    },
    TimeZone {
        zone: Expression,
        body: NodeList,
    },
    Localize {
        on: bool,
        body: NodeList,
    },
    LocalTime {
        on: bool,
        body: NodeList,
    },
    LocaleFact {
        /// A function of `djust_engine.bridge.locale`.
        question: Py<PyString>,
        argument: Option<Expression>,
        variable: Py<PyString>,
    },
    WidthRatio {
        /// Value, maximum, width.
        operands: Box<[Expression; 3]>,
        variable: Option<Py<PyString>>,
    },
    TemplateTag {
        text: &'static str,
    },
    Regroup(Box<Regroup>),
    Filter {
        filtered: Expression,
        body: NodeList,
    },
    Lorem {
        count: Expression,
        method: Py<PyString>,
        common: bool,
    },
    Debug,
    /// `setting` is the name of one: STATIC_URL or MEDIA_URL.
    Prefix {
        setting: Py<PyString>,
        variable: Option<Py<PyString>>,
    },
    Cache(Box<Cache>),
    /// `{% partialdef name inline %}`.
    InlinePartial {
        body: usize,
    },
    Partial {
        name: Py<PyString>,
    },
    Foreign {
        id: usize,
    },
    Call(Box<Call>),
}

/// A template holds thousands of them.
const _: () = assert!(size_of::<Node>() <= 32 && size_of::<NodeKind>() <= 80);

pub enum Condition {
    Value(Expression),
    Not(Box<Condition>),
    Binary(Operator, Box<Condition>, Box<Condition>),
}

pub struct Expression {
    pub head: Operand,
    pub filters: Box<[Filter]>,
}

impl Expression {
    /// True for a literal that no filter changes.
    pub fn is_constant(&self) -> bool {
        matches!(self.head, Operand::Constant(_)) && self.filters.is_empty()
    }
}

pub enum Operand {
    Constant(Py<PyAny>),
    Variable(Arc<Variable>),
}

/// One for all places that read the same path of the same thing.
pub struct Variable {
    pub path: Box<[Segment]>,
    pub start: UsageId,
    pub end: UsageId,
    /// What is read at `end` may be a QuerySet: it is iterated, tested or measured.
    pub may_be_query: bool,
    /// `start` is a context variable of which attributes are read: a model instance may stand there.
    pub may_be_instance: bool,
}

impl Variable {
    /// The dotted text, as `str(Variable)` gives it.
    pub fn text(&self, py: Python<'_>) -> PyResult<String> {
        let names = self
            .path
            .iter()
            .map(|segment| segment.name.bind(py).to_str());
        Ok(names.collect::<PyResult<Vec<_>>>()?.join("."))
    }
}

/// One bit of a dotted path.
pub struct Segment {
    pub name: Py<PyString>,
    /// `int(bit)`, where Python can make one of it.
    pub index: Option<Py<PyAny>>,
    /// It is named like the methods with which forms print themselves.
    pub renders: bool,
}

pub struct Filter {
    pub function: Arc<FilterFunction>,
    pub argument: Option<Argument>,
}

/// A filter of the template: one for all its calls.
pub struct FilterFunction {
    pub object: Py<PyAny>,
    pub native: Option<Native>,
    /// What it does to rows, which Python never sees.
    pub on_rows: Option<OnRows>,
    /// It evaluates the QuerySet that it is given, as every filter of Django's but `slice`.
    pub evaluates: bool,
    pub is_safe: bool,
    pub needs_autoescape: bool,
    pub expects_localtime: bool,
}

/// The filters that answer for fetched rows as for the QuerySet that Django would have.
#[derive(Clone, Copy)]
pub enum OnRows {
    Length,
    First,
    Slice,
    /// Asks for truth alone.
    Truth,
    /// Asks for truth, and gives the value or its argument on.
    Default,
    /// Goes through all elements, and asks nothing of the sequence itself.
    Elements,
}

pub enum Argument {
    Constant(Py<PyAny>),
    /// `_("...")`: translated, then marked safe, at each call.
    Translated(Py<PyAny>),
    Variable(Arc<Variable>),
}

/// A node that Django or a library compiled.
pub struct Foreign {
    pub node: Py<PyAny>,
    /// The names of the context that it is likely to read, once they were asked for.
    pub reads: pyo3::sync::PyOnceLock<Py<PyAny>>,
    /// Whether its function looks names up in the context, where the engine may call that itself.
    pub sees_names: Option<bool>,
    pub tag: Box<str>,
    pub line: u32,
}

/// A filter that is called as a Python function, for `explain`.
pub struct ForeignFilter {
    pub name: Box<str>,
    pub line: u32,
    /// Django's own name for it, where it is Django's.
    pub builtin: Option<Box<str>>,
    /// Where the function is defined, where it is a library's.
    pub definition: Option<Box<str>>,
}

/// What compilation leaves behind.
pub struct Code {
    pub root: NodeList,
    /// Bodies of foreign tags and of partials, then those of blocks.
    pub bodies: Vec<NodeList>,
    pub foreign: Vec<Foreign>,
    pub foreign_filters: Vec<ForeignFilter>,
    pub usage: Arc<UsageTree>,
    /// Block nodes by name.
    pub blocks: Py<PyDict>,
    /// Those of them that Django's `get_nodes_by_type(BlockNode)` finds.
    pub offered_blocks: Py<PyDict>,
    pub extends: bool,
    /// `Parser.extra_data`: partials, by name, are under the key "partials".
    pub extra_data: Py<PyAny>,
    /// By id of a cycle, its last place: Django's one node has the token of that.
    pub cycle_places: HashMap<u32, Position>,
}

impl Code {
    /// Where Django's node for this one stands.
    pub fn place_of(&self, node: &Node) -> Position {
        let Content::Tag(tag) = &node.content else {
            return node.at;
        };
        match &**tag {
            NodeKind::Cycle { id, .. } => self.cycle_places.get(id).copied().unwrap_or(node.at),
            _ => node.at,
        }
    }
}

/// A compiled template. Its code is set once, when the whole template has been parsed; until then
/// it can be handed out (foreign tags hold nodelists of it), but not rendered.
#[pyclass(frozen, weakref, module = "djust_engine._native")]
pub struct Program {
    source: Py<PyString>,
    /// `django.template.base.Origin` of the template.
    pub origin: Py<PyAny>,
    /// Why its QuerySets are left to Django; empty where they are not.
    pub off: Py<PyString>,
    pub code: OnceLock<Code>,
    /// `djust_engine.jit.fetch.Site` by usage node, for the plain and for the joined tree.
    pub sites: Mutex<Vec<(usize, UsageId, Py<PyAny>)>>,
    /// The usage tree joined with the templates that are included, once somebody asked;
    /// the second with blocks that other templates override.
    pub joined: [OnceLock<Arc<UsageTree>>; 2],
    /// Bytes of the last render, to size the next output.
    pub size: std::sync::atomic::AtomicUsize,
}

impl Program {
    pub fn new(source: Py<PyString>, origin: Py<PyAny>, off: Py<PyString>) -> Self {
        Program {
            source,
            origin,
            off,
            code: OnceLock::new(),
            sites: Mutex::default(),
            joined: [OnceLock::new(), OnceLock::new()],
            size: std::sync::atomic::AtomicUsize::new(256),
        }
    }

    /// The template's text; it was encoded once before it was parsed.
    pub fn source<'a>(&'a self, py: Python<'a>) -> &'a str {
        self.source.bind(py).to_str().unwrap_or_default()
    }

    pub fn code(&self) -> PyResult<&Code> {
        self.code.get().ok_or_else(|| {
            pyo3::exceptions::PyRuntimeError::new_err(
                "a template cannot render while it is being compiled",
            )
        })
    }

    /// The site kept for a usage node of `tree`, if there is one.
    pub fn site(&self, py: Python<'_>, tree: &Arc<UsageTree>, usage: UsageId) -> Option<Py<PyAny>> {
        let address = Arc::as_ptr(tree) as usize;
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites
            .iter()
            .find(|(of, node, _)| *of == address && *node == usage)
            .map(|(_, _, site)| site.clone_ref(py))
    }

    pub fn keep_site(&self, tree: &Arc<UsageTree>, usage: UsageId, site: Py<PyAny>) {
        let address = Arc::as_ptr(tree) as usize;
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites.push((address, usage, site));
    }

    /// Visits what may lead back to this program: foreign nodes and blocks hold its nodelists.
    pub fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.origin)?;
        let Some(code) = self.code.get() else {
            return Ok(());
        };
        visit.call(&code.blocks)?;
        visit.call(&code.offered_blocks)?;
        visit.call(&code.extra_data)?;
        code.foreign
            .iter()
            .try_for_each(|foreign| visit.call(&foreign.node))
    }
}
