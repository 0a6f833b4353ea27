//! AST -> Code: names interned, literals made, filters bound to functions.

use std::collections::HashMap;

use djust_syntax::ast::{self, Position};
use djust_syntax::usage::{Marks, UsageId, UsageTree};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::program::*;

/// Turns the AST of one template into `Code`, with the host's answers at hand.
pub struct Compiler<'a, 'py> {
    pub py: Python<'py>,
    pub source: &'a str,
    pub usage: &'a UsageTree,
    pub filters: &'a [BoundFilter],
    /// Bodies of blocks are appended here, after those of foreign tags.
    pub bodies: Vec<NodeList>,
    pub blocks: Vec<(Box<str>, usize, Position)>,
    pub foreign_filters: Vec<ForeignFilter>,
    /// Keys of cycle nodes by their id: the same node may stand in two places.
    pub cycles: HashMap<u32, Py<PyAny>>,
    pub cycle_places: HashMap<u32, Position>,
    pub bridge: Bound<'py, PyModule>,
    pub origin: Bound<'py, PyAny>,
    pub line: u32,
}

fn on_rows(native_name: Option<&str>) -> Option<OnRows> {
    match native_name? {
        "length" => Some(OnRows::Length),
        "first" => Some(OnRows::First),
        "slice" => Some(OnRows::Slice),
        _ => None,
    }
}

/// Iterated, tested or measured: the moments at which a QuerySet is fetched.
fn is_read_as_query(tree: &UsageTree, usage: UsageId) -> bool {
    let node = tree.node(usage);
    let marks = [Marks::ITERATED, Marks::TESTED, Marks::LENGTH];
    node.item.is_some() || marks.iter().any(|mark| node.marks.contains(*mark))
}

/// A filter as the host found it.
pub struct BoundFilter {
    pub function: Py<PyAny>,
    pub native_name: Option<String>,
}

impl<'py> Compiler<'_, 'py> {
    pub fn nodes(&mut self, nodes: &ast::NodeList) -> PyResult<NodeList> {
        let mut out: NodeList = Vec::with_capacity(nodes.len());
        for (place, node) in nodes.iter().enumerate() {
            self.line = node.at.line;
            if let Some(kind) = self.kind(node)? {
                let (at, place) = (node.at, place as u32);
                out.push(Node { at, place, kind });
            }
        }
        Ok(out)
    }

    /// The node compiled; nothing where there is nothing to render.
    fn kind(&mut self, node: &ast::Node) -> PyResult<Option<NodeKind>> {
        Ok(Some(match &node.kind {
            ast::NodeKind::Nothing => return Ok(None),
            ast::NodeKind::Text(span) => NodeKind::Text(Box::from(
                &self.source[span.start as usize..span.end as usize],
            )),
            ast::NodeKind::Variable(expression) => NodeKind::Variable(self.expression(expression)?),
            ast::NodeKind::If(node) => self.if_node(node)?,
            ast::NodeKind::For(inner) => NodeKind::For(self.for_node(inner, node.at)?),
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
                key: self.key()?,
            },
            ast::NodeKind::Extends { parent, body } => {
                self.nodes(body)?;
                NodeKind::Extends {
                    parent: self.template_name(parent, false)?,
                    written: self.parent_as_written(parent, node.at),
                }
            }
            ast::NodeKind::Block { name, body } => self.block(name, body, node.at)?,
            other => return self.inline(other, node.at).map(Some),
        }))
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
                key: self.key()?,
                values: self.expressions(values)?,
                body: self.nodes(body)?,
                otherwise: self.optional_nodes(otherwise)?,
            },
            ast::NodeKind::Foreign(foreign) => NodeKind::Foreign {
                id: foreign.id.0 as usize,
            },
            _ => NodeKind::CsrfToken,
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
        self.blocks.push((Box::from(name), body, at));
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
        let key = self.key()?;
        self.cycles.insert(id, key.clone_ref(self.py));
        Ok(key)
    }

    /// An object that stands for a node as a key in Django's `render_context`.
    fn key(&self) -> PyResult<Py<PyAny>> {
        Ok(self.bridge.getattr("NodeKey")?.call0()?.unbind())
    }

    fn optional_nodes(&mut self, nodes: &Option<ast::NodeList>) -> PyResult<Option<NodeList>> {
        nodes.as_ref().map(|nodes| self.nodes(nodes)).transpose()
    }

    fn name(&self, name: &str) -> Py<PyString> {
        PyString::intern(self.py, name).unbind()
    }

    fn optional_name(&self, name: &Option<ast::Name>) -> Option<Py<PyString>> {
        name.as_ref().map(|name| self.name(name))
    }

    fn bindings(&mut self, bindings: &[(ast::Name, ast::FilterExpression)]) -> PyResult<Bindings> {
        bindings
            .iter()
            .map(|(name, expression)| Ok((self.name(name), self.expression(expression)?)))
            .collect()
    }

    fn condition(&mut self, condition: &ast::Condition) -> PyResult<Condition> {
        Ok(match condition {
            ast::Condition::Value(expression) => Condition::Value(self.expression(expression)?),
            ast::Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner)?)),
            ast::Condition::Binary(operator, left, right) => Condition::Binary(
                *operator,
                Box::new(self.condition(left)?),
                Box::new(self.condition(right)?),
            ),
        })
    }

    fn expressions(&mut self, expressions: &[ast::FilterExpression]) -> PyResult<Vec<Expression>> {
        expressions
            .iter()
            .map(|expression| self.expression(expression))
            .collect()
    }

    fn expression(&mut self, expression: &ast::FilterExpression) -> PyResult<Expression> {
        let head = match &expression.head {
            ast::Operand::Variable(variable) => Operand::Variable(self.variable(variable)?),
            literal => Operand::Constant(self.literal(literal)?),
        };
        let filters = expression
            .filters
            .iter()
            .map(|call| self.filter(call))
            .collect::<PyResult<_>>()?;
        Ok(Expression { head, filters })
    }

    /// The parent's expression as written, where it is not a plain literal: for Django's error.
    fn parent_as_written(
        &self,
        parent: &ast::FilterExpression,
        at: Position,
    ) -> Option<Py<PyString>> {
        let is_literal = !matches!(parent.head, ast::Operand::Variable(_));
        if is_literal && parent.filters.is_empty() {
            return None;
        }
        let tag = &self.source[at.span.start as usize + 2..at.span.end as usize - 2];
        let written = tag.trim().split_once(char::is_whitespace)?.1.trim();
        Some(PyString::new(self.py, written).unbind())
    }

    /// The name in an include or extends: a relative literal is made absolute
    /// (`construct_relative_path`, which raises for a name outside or, in extends, of this template).
    fn template_name(
        &mut self,
        expression: &ast::FilterExpression,
        allow_recursion: bool,
    ) -> PyResult<Expression> {
        let mut made = self.expression(expression)?;
        if let ast::Operand::Text {
            text,
            translated: false,
        } = &expression.head
            && (text.starts_with("./") || text.starts_with("../"))
        {
            let absolute = self.bridge.getattr("absolute_name")?;
            let name = absolute.call1((&self.origin, &**text, allow_recursion))?;
            made.head = Operand::Constant(name.unbind());
        }
        Ok(made)
    }

    fn literal(&self, operand: &ast::Operand) -> PyResult<Py<PyAny>> {
        let made = match operand {
            ast::Operand::Text {
                text,
                translated: false,
            } => self.bridge.getattr("mark_safe")?.call1((&**text,))?,
            ast::Operand::Text {
                text,
                translated: true,
            } => self.bridge.getattr("translated")?.call1((&**text,))?,
            ast::Operand::Int(digits) => self.bridge.getattr("int")?.call1((&**digits,))?,
            ast::Operand::Float(digits) => self.bridge.getattr("float")?.call1((&**digits,))?,
            ast::Operand::Variable(_) => self.py.None().into_bound(self.py),
        };
        Ok(made.unbind())
    }

    fn variable(&self, variable: &ast::Variable) -> PyResult<Variable> {
        let path = variable
            .path
            .iter()
            .map(|bit| self.segment(bit))
            .collect::<PyResult<_>>()?;
        let start = self.usage.starts[variable.id.0 as usize];
        let end = self.usage.ends[variable.id.0 as usize];
        Ok(Variable {
            path,
            text: PyString::new(self.py, &variable.path.join(".")).unbind(),
            start,
            end,
            may_be_query: end != UsageId::NONE && is_read_as_query(self.usage, end),
            may_be_instance: self.usage.roots.iter().any(|(_, root)| *root == start)
                && !self.usage.node(start).children.is_empty(),
        })
    }

    fn segment(&self, bit: &str) -> PyResult<Segment> {
        let name = PyString::intern(self.py, bit);
        let is_number_like = bit.starts_with(|c: char| c.is_numeric() || c == '-' || c == '+');
        let index = if is_number_like {
            self.bridge
                .getattr("int")?
                .call1((&name,))
                .ok()
                .map(Bound::unbind)
        } else {
            None
        };
        Ok(Segment {
            name: name.unbind(),
            index,
        })
    }

    fn filter(&mut self, call: &ast::FilterCall) -> PyResult<Filter> {
        let bound = &self.filters[call.id.0 as usize];
        let function = bound.function.bind(self.py);
        let native = bound
            .native_name
            .as_deref()
            .and_then(crate::filters::native);
        if native.is_none() {
            self.foreign_filters.push(ForeignFilter {
                name: call.name.clone(),
                line: self.line,
                builtin: bound.native_name.as_deref().map(Box::from),
            });
        }
        let flag = |name: &str| -> PyResult<bool> {
            function
                .getattr_opt(name)?
                .map_or(Ok(false), |flag| flag.is_truthy())
        };
        Ok(Filter {
            native,
            on_rows: on_rows(bound.native_name.as_deref()),
            is_builtin: bound.native_name.is_some(),
            is_safe: flag("is_safe")?,
            needs_autoescape: flag("needs_autoescape")?,
            expects_localtime: flag("expects_localtime")?,
            argument: call
                .argument
                .as_ref()
                .map(|operand| self.argument(operand))
                .transpose()?,
            function: bound.function.clone_ref(self.py),
        })
    }

    fn argument(&self, operand: &ast::Operand) -> PyResult<Argument> {
        Ok(match operand {
            ast::Operand::Variable(variable) => Argument::Variable(self.variable(variable)?),
            ast::Operand::Text {
                translated: true, ..
            } => Argument::Translated(self.literal(operand)?),
            literal => Argument::Constant(self.literal(literal)?),
        })
    }
}
