//! AST -> Code: names interned, literals made, filters bound to functions, block nodes made.

mod builtins;
mod calls;
mod expressions;
mod locale;
mod nodes;

use std::collections::HashMap;
use std::sync::Arc;

use djust_syntax::ast::{self, NodeKind, Position};
use djust_syntax::usage::{UsageId, UsageTree};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::django::django;
use crate::places::Places;
use crate::program::{Code, FilterFunction, Foreign, ForeignFilter, NodeList, Program, Variable};

/// A filter as the host found it.
pub struct BoundFilter {
    pub function: Py<PyAny>,
    pub native_name: Option<String>,
    /// It is called by that name.
    pub is_native: bool,
}

/// What the host made while it parsed.
#[derive(Default)]
pub struct Made {
    pub filters: Vec<BoundFilter>,
    pub foreign: Vec<Foreign>,
}

/// What a place can tell of the identity of an object (`{% if a is b %}`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Identity {
    /// Equal literals may be one object.
    Untold,
    /// It may be compared later, by its name.
    OfLiterals,
    /// It is compared: the objects are those that Django's own filters return.
    OfResults,
}

/// Turns the AST of one template into nodes, with the host's answers at hand.
struct Compiler<'a, 'py> {
    py: Python<'py>,
    source: &'a str,
    usage: &'a UsageTree,
    filters: &'a [BoundFilter],
    foreign: &'a [Foreign],
    /// Bodies of blocks are appended here, after those that were parsed as bodies.
    bodies: Vec<NodeList>,
    blocks: Vec<Block>,
    foreign_filters: Vec<ForeignFilter>,
    functions: HashMap<u32, Arc<FilterFunction>>,
    /// By where their path starts and ends in the usage tree.
    variables: HashMap<(UsageId, UsageId, ast::Path), Arc<Variable>>,
    /// Quoted literals.
    texts: HashMap<Box<str>, Py<PyAny>>,
    identity: Identity,
    /// Keys of cycle nodes by their id: the same node may stand in two places.
    cycles: HashMap<u32, Py<PyAny>>,
    cycle_places: HashMap<u32, Position>,
    bridge: Bound<'py, PyModule>,
    origin: Bound<'py, PyAny>,
    line: u32,
}

/// A `{% block %}`: its name, the index of its body, its tag.
struct Block {
    name: Box<str>,
    body: usize,
    at: Position,
}

/// Compiles a parsed template into `program`. `facade` makes the nodes of its blocks.
pub fn compile(
    facade: &Bound<'_, PyAny>,
    program: &Bound<'_, Program>,
    source: &Arc<str>,
    template: &ast::Template,
    made: Made,
) -> PyResult<Code> {
    let mut usage = UsageTree::analyse(template);
    // What Django fetches here must be objects that others have fetched already.
    usage.opaque |= program.get().off.bind(program.py()).is_truthy()?;
    let mut compiler = Compiler::new(program, source, &usage, &made)?;
    let root = compiler.template(template)?;
    let Compiler {
        bodies,
        blocks,
        foreign_filters,
        cycle_places,
        ..
    } = compiler;
    let blocks = block_nodes(facade, program, source, blocks)?;
    Ok(Code {
        root,
        bodies,
        foreign: made.foreign,
        foreign_filters,
        cycle_places,
        usage: Arc::new(usage),
        offered_blocks: offered(facade, &blocks)?.unbind(),
        blocks: blocks.unbind(),
        extra_data: facade.getattr("extra_data")?.unbind(),
        extends: extends(template),
    })
}

impl<'a, 'py> Compiler<'a, 'py> {
    fn new(
        program: &'a Bound<'py, Program>,
        source: &'a str,
        usage: &'a UsageTree,
        made: &'a Made,
    ) -> PyResult<Self> {
        let py = program.py();
        Ok(Compiler {
            py,
            source,
            usage,
            filters: &made.filters,
            foreign: &made.foreign,
            bodies: Vec::new(),
            blocks: Vec::new(),
            foreign_filters: Vec::new(),
            functions: HashMap::new(),
            variables: HashMap::new(),
            texts: HashMap::new(),
            identity: Identity::Untold,
            cycles: HashMap::new(),
            cycle_places: HashMap::new(),
            bridge: django(py)?.bridge.bind(py).clone(),
            origin: program.get().origin.bind(py).clone(),
            line: 0,
        })
    }

    /// The bodies of foreign tags and partials, which keep their numbers, then the template itself.
    fn template(&mut self, template: &ast::Template) -> PyResult<NodeList> {
        self.bodies.resize_with(template.bodies.len(), Vec::new);
        for (index, body) in template.bodies.iter().enumerate() {
            self.bodies[index] = self.nodes(body)?;
        }
        self.nodes(&template.root)
    }
}

/// Django's nodes of the blocks, by name.
fn block_nodes<'py>(
    facade: &Bound<'py, PyAny>,
    program: &Bound<'py, Program>,
    source: &Arc<str>,
    blocks: Vec<Block>,
) -> PyResult<Bound<'py, PyDict>> {
    let places = Places::new(source.clone());
    let nodes = PyDict::new(facade.py());
    for Block { name, body, at } in blocks {
        let (start, end) = (
            places.character(at.span.start),
            places.character(at.span.end),
        );
        let contents = source[at.span.start as usize + 2..at.span.end as usize - 2].trim();
        let fields = (&*name, program, body, contents, start, end, at.line);
        nodes.set_item(&*name, facade.call_method1("block", fields)?)?;
    }
    Ok(nodes)
}

/// The blocks that a walk over Django's nodes finds.
fn offered<'py>(
    facade: &Bound<'py, PyAny>,
    blocks: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyDict>> {
    let hidden = facade.getattr("hidden_blocks")?;
    let offered = PyDict::new(facade.py());
    for (name, node) in blocks.iter() {
        if !hidden.contains(&name)? {
            offered.set_item(name, node)?;
        }
    }
    Ok(offered)
}

/// Whether the first node that is not text is `{% extends %}`.
fn extends(template: &ast::Template) -> bool {
    let mut kinds = template.root.iter().map(|node| &node.kind);
    let first = kinds.find(|kind| !matches!(kind, NodeKind::Text(_)));
    matches!(first, Some(NodeKind::Extends { .. }))
}
