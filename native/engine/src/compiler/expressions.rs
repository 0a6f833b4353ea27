//! Expressions, conditions and names.

use std::sync::Arc;

use djust_syntax::ast::{self, Position};
use djust_syntax::usage::{Marks, UsageId, UsageTree};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::{BoundFilter, Compiler, Identity};
use crate::django::django;
use crate::program::*;

impl<'py> Compiler<'_, 'py> {
    pub(super) fn name(&self, name: &str) -> Py<PyString> {
        PyString::intern(self.py, name).unbind()
    }

    pub(super) fn optional_name(&self, name: &Option<ast::Name>) -> Option<Py<PyString>> {
        name.as_ref().map(|name| self.name(name))
    }

    pub(super) fn bindings(
        &mut self,
        bindings: &[(ast::Name, ast::FilterExpression)],
    ) -> PyResult<Bindings> {
        self.telling(Identity::OfLiterals, |compiler| {
            bindings
                .iter()
                .map(|(name, value)| Ok((compiler.name(name), compiler.expression(value)?)))
                .collect()
        })
    }

    /// Makes what stands at a place that tells so much of its objects.
    fn telling<T>(&mut self, identity: Identity, make: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.identity, identity);
        let made = make(self);
        self.identity = outer;
        made
    }

    pub(super) fn condition(&mut self, condition: &ast::Condition) -> PyResult<Condition> {
        Ok(match condition {
            ast::Condition::Value(expression) => Condition::Value(self.expression(expression)?),
            ast::Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner)?)),
            ast::Condition::Binary(operator, left, right) => {
                let identity = match operator {
                    ast::Operator::Is | ast::Operator::IsNot => Identity::OfResults,
                    _ => Identity::Untold,
                };
                let (left, right) = self.telling(identity, |compiler| {
                    (compiler.condition(left), compiler.condition(right))
                });
                Condition::Binary(*operator, Box::new(left?), Box::new(right?))
            }
        })
    }

    pub(super) fn expressions(
        &mut self,
        expressions: &[ast::FilterExpression],
    ) -> PyResult<Box<[Expression]>> {
        expressions
            .iter()
            .map(|expression| self.expression(expression))
            .collect()
    }

    pub(super) fn expression(
        &mut self,
        expression: &ast::FilterExpression,
    ) -> PyResult<Expression> {
        let head = match &expression.head {
            ast::Operand::Variable(variable) => Operand::Variable(self.shared_variable(variable)?),
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
    pub(super) fn parent_as_written(
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
    pub(super) fn template_name(
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

    /// The safe text of a quoted literal, one object for all places where nobody can tell.
    fn text(&mut self, text: &str) -> PyResult<Py<PyAny>> {
        if self.identity != Identity::Untold {
            return Ok(django(self.py)?.mark_safe(self.py, text)?.unbind());
        }
        if let Some(known) = self.texts.get(text) {
            return Ok(known.clone_ref(self.py));
        }
        let made = django(self.py)?.mark_safe(self.py, text)?.unbind();
        self.texts.insert(text.into(), made.clone_ref(self.py));
        Ok(made)
    }

    fn literal(&mut self, operand: &ast::Operand) -> PyResult<Py<PyAny>> {
        let made = match operand {
            ast::Operand::Text {
                text,
                translated: false,
            } => return self.text(text),
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

    fn shared_variable(&mut self, variable: &ast::Variable) -> PyResult<Arc<Variable>> {
        let usage = self.usage;
        let place = variable.id.0 as usize;
        let key = (
            usage.starts[place],
            usage.ends[place],
            variable.path.clone(),
        );
        if let Some(known) = self.variables.get(&key) {
            return Ok(known.clone());
        }
        let made = Arc::new(self.variable(variable)?);
        self.variables.insert(key, made.clone());
        Ok(made)
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
            renders: bit == "render" || bit.starts_with("as_"),
        })
    }

    fn filter(&mut self, call: &ast::FilterCall) -> PyResult<Filter> {
        let function = self.filter_function(call.id)?;
        let bound = &self.filters[call.id.0 as usize];
        let name = bound.native_name.as_deref();
        if name.and_then(crate::filters::native).is_none() {
            self.foreign_filters.push(ForeignFilter {
                name: call.name.as_str().into(),
                line: self.line,
                builtin: bound.native_name.as_deref().map(Box::from),
                definition: bound
                    .native_name
                    .is_none()
                    .then(|| defined(function.object.bind(self.py))),
            });
        }
        let argument = call.argument.as_ref();
        Ok(Filter {
            function,
            argument: argument.map(|operand| self.argument(operand)).transpose()?,
        })
    }

    fn filter_function(&mut self, id: ast::FilterId) -> PyResult<Arc<FilterFunction>> {
        let bound = &self.filters[id.0 as usize];
        if self.identity == Identity::OfResults && makes_text(bound) {
            let native = None;
            let made = filter_function(self.py, bound)?;
            return Ok(Arc::new(FilterFunction { native, ..made }));
        }
        if let Some(known) = self.functions.get(&id.0) {
            return Ok(known.clone());
        }
        let bound = &self.filters[id.0 as usize];
        let made = Arc::new(filter_function(self.py, bound)?);
        self.functions.insert(id.0, made.clone());
        Ok(made)
    }

    fn argument(&mut self, operand: &ast::Operand) -> PyResult<Argument> {
        Ok(match operand {
            ast::Operand::Variable(variable) => Argument::Variable(self.shared_variable(variable)?),
            ast::Operand::Text {
                translated: true, ..
            } => Argument::Translated(self.literal(operand)?),
            literal => Argument::Constant(self.literal(literal)?),
        })
    }
}

/// Whether its native form makes a text anew where Django's function may return the one it was given.
fn makes_text(bound: &BoundFilter) -> bool {
    let name = bound.native_name.as_deref();
    name.is_some_and(crate::filters::takes_text)
}

fn filter_function(py: Python<'_>, bound: &BoundFilter) -> PyResult<FilterFunction> {
    let function = bound.function.bind(py);
    let name = bound.native_name.as_deref();
    let flag = |name: &str| -> PyResult<bool> {
        let flag = function.getattr_opt(name)?;
        flag.map_or(Ok(false), |flag| flag.is_truthy())
    };
    Ok(FilterFunction {
        native: name.and_then(crate::filters::native),
        on_rows: on_rows(name),
        evaluates: name.is_some_and(|name| name != "slice"),
        is_safe: flag("is_safe")?,
        needs_autoescape: flag("needs_autoescape")?,
        expects_localtime: flag("expects_localtime")?,
        object: bound.function.clone_ref(py),
    })
}

fn on_rows(native_name: Option<&str>) -> Option<OnRows> {
    match native_name? {
        "length" => Some(OnRows::Length),
        "first" => Some(OnRows::First),
        "slice" => Some(OnRows::Slice),
        "yesno" => Some(OnRows::Truth),
        "default" => Some(OnRows::Default),
        "dictsort" | "dictsortreversed" | "escapeseq" | "join" | "random" | "safeseq" => {
            Some(OnRows::Elements)
        }
        _ => None,
    }
}

/// Iterated, tested or measured: the moments at which a QuerySet is fetched.
fn is_read_as_query(tree: &UsageTree, usage: UsageId) -> bool {
    let node = tree.node(usage);
    let marks = [Marks::ITERATED, Marks::TESTED, Marks::LENGTH];
    node.item.is_some() || marks.iter().any(|mark| node.marks.contains(*mark))
}

/// The dotted name of a function, as far as it tells.
fn defined(function: &Bound<'_, PyAny>) -> Box<str> {
    let named = |name: &str| -> Option<String> { function.getattr(name).ok()?.extract().ok() };
    let module = named("__module__").unwrap_or_default();
    let name = named("__qualname__").unwrap_or_else(|| function.get_type().to_string());
    format!("{module}.{name}").into()
}
