//! Nodes: one arm a tag.

use djust_syntax::ast::{self, Position};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::{Block, Compiler};
use crate::program::*;

impl<'py> Compiler<'_, 'py> {
    pub(super) fn nodes(&mut self, nodes: &ast::NodeList) -> PyResult<NodeList> {
        let mut out: NodeList = Vec::with_capacity(nodes.len());
        for (place, node) in nodes.iter().enumerate() {
            self.line = node.at.line;
            if let Some(content) = self.content(&node.kind, node.at)? {
                let (at, place) = (node.at, place as u32);
                out.push(Node { at, place, content });
            }
        }
        Ok(out)
    }

    /// The node compiled; nothing where there is nothing to render.
    fn content(&mut self, kind: &ast::NodeKind, at: Position) -> PyResult<Option<Content>> {
        Ok(match kind {
            ast::NodeKind::Nothing => None,
            ast::NodeKind::PartialDef { inline: false, .. } => None,
            ast::NodeKind::Text(span) => Some(Content::Text(*span)),
            ast::NodeKind::Variable(expression) => {
                Some(match self.translated_literal(expression)? {
                    Some(literal) => Content::Tag(Box::new(literal)),
                    None => Content::Variable(Box::new(self.expression(expression)?)),
                })
            }
            tag => Some(Content::Tag(Box::new(self.tag(tag, at)?))),
        })
    }

    fn tag(&mut self, kind: &ast::NodeKind, at: Position) -> PyResult<NodeKind> {
        Ok(match kind {
            ast::NodeKind::If(node) => self.if_node(node)?,
            ast::NodeKind::For(inner) => NodeKind::For(Box::new(self.for_node(inner, at)?)),
            ast::NodeKind::With { bindings, body } => NodeKind::With {
                bindings: self.bindings(bindings)?,
                body: self.nodes(body)?,
            },
            ast::NodeKind::Include {
                template,
                bindings,
                only,
            } => NodeKind::Include {
                template: self.template_name(template, true)?,
                bindings: self.bindings(bindings)?,
                only: *only,
                key: self.key("loader_tags.IncludeNode")?,
            },
            ast::NodeKind::Extends { parent, body } => {
                self.nodes(body)?;
                NodeKind::Extends {
                    parent: self.template_name(parent, false)?,
                    written: self.parent_as_written(parent, at),
                }
            }
            ast::NodeKind::Block { name, body } => self.block(name, body, at)?,
            other => match self.locale(other)? {
                Some(kind) => kind,
                None => self.inline(other, at)?,
            },
        })
    }

    fn inline(&mut self, kind: &ast::NodeKind, at: Position) -> PyResult<NodeKind> {
        Ok(match kind {
            ast::NodeKind::Url(url) => NodeKind::Url {
                view: self.expression(&url.view)?,
                args: self.expressions(&url.args)?,
                kwargs: self.bindings(&url.kwargs)?,
                variable: self.optional_name(&url.variable),
            },
            ast::NodeKind::Static { path, variable } => NodeKind::Static {
                path: self.expression(path)?,
                variable: self.optional_name(variable),
            },
            ast::NodeKind::Now { format, variable } => NodeKind::Now {
                format: PyString::new(self.py, format).unbind(),
                variable: self.optional_name(variable),
            },
            ast::NodeKind::FirstOf { values, variable } => NodeKind::FirstOf {
                values: self.expressions(values)?,
                variable: self.optional_name(variable),
            },
            ast::NodeKind::Cycle(cycle) => self.cycle(cycle, at)?,
            ast::NodeKind::ResetCycle { cycle } => NodeKind::ResetCycle {
                key: self.cycle_key(*cycle)?,
            },
            ast::NodeKind::AutoEscape { on, body } => NodeKind::AutoEscape {
                on: *on,
                body: self.nodes(body)?,
            },
            ast::NodeKind::Spaceless { body } => NodeKind::Spaceless {
                body: self.nodes(body)?,
            },
            ast::NodeKind::IfChanged {
                values,
                body,
                otherwise,
            } => NodeKind::IfChanged {
                key: self.key("defaulttags.IfChangedNode")?,
                values: self.expressions(values)?,
                body: self.nodes(body)?,
                otherwise: self.optional_nodes(otherwise)?,
            },
            ast::NodeKind::Foreign(foreign) => self.foreign(foreign)?,
            ast::NodeKind::CsrfToken => NodeKind::CsrfToken,
            other => self.builtin(other)?,
        })
    }

    fn if_node(&mut self, node: &ast::If) -> PyResult<NodeKind> {
        let mut branches = Vec::with_capacity(node.branches.len());
        for (condition, body) in &node.branches {
            branches.push((self.condition(condition)?, self.nodes(body)?));
        }
        Ok(NodeKind::If {
            branches,
            otherwise: self.optional_nodes(&node.otherwise)?,
        })
    }

    fn for_node(&mut self, node: &ast::For, at: Position) -> PyResult<For> {
        Ok(For {
            targets: node.targets.iter().map(|name| self.name(name)).collect(),
            iterable: self.expression(&node.iterable)?,
            reversed: node.reversed,
            body: self.nodes(&node.body)?,
            empty: self.optional_nodes(&node.empty)?,
            usage: self.usage.iterated(at),
        })
    }

    fn block(&mut self, name: &str, body: &ast::NodeList, at: Position) -> PyResult<NodeKind> {
        let nodes = self.nodes(body)?;
        let body = self.bodies.len();
        self.bodies.push(nodes);
        self.blocks.push(Block {
            name: name.into(),
            body,
            at,
        });
        Ok(NodeKind::Block {
            name: self.name(name),
            body,
        })
    }

    fn cycle(&mut self, cycle: &ast::Cycle, at: Position) -> PyResult<NodeKind> {
        let last = self.cycle_places.entry(cycle.id).or_insert(at);
        if at.span.start > last.span.start {
            *last = at;
        }
        Ok(NodeKind::Cycle {
            id: cycle.id,
            key: self.cycle_key(cycle.id)?,
            values: self.expressions(&cycle.values)?,
            variable: self.optional_name(&cycle.variable),
            silent: cycle.silent,
        })
    }

    fn cycle_key(&mut self, id: u32) -> PyResult<Py<PyAny>> {
        if let Some(key) = self.cycles.get(&id) {
            return Ok(key.clone_ref(self.py));
        }
        let key = self.key("defaulttags.CycleNode")?;
        self.cycles.insert(id, key.clone_ref(self.py));
        Ok(key)
    }

    /// An object that stands for a node as a key in Django's `render_context`.
    fn key(&self, node: &str) -> PyResult<Py<PyAny>> {
        Ok(self.bridge.getattr("NodeKey")?.call1((node,))?.unbind())
    }

    fn optional_nodes(&mut self, nodes: &Option<ast::NodeList>) -> PyResult<Option<NodeList>> {
        nodes.as_ref().map(|nodes| self.nodes(nodes)).transpose()
    }
}
