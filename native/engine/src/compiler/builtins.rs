//! Nodes of the rarer builtins.

use djust_syntax::ast;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::Compiler;
use crate::program::*;

impl<'py> Compiler<'_, 'py> {
    pub(super) fn builtin(&mut self, kind: &ast::NodeKind) -> PyResult<NodeKind> {
        Ok(match kind {
            ast::NodeKind::WidthRatio(tag) => NodeKind::WidthRatio {
                operands: Box::new([
                    self.expression(&tag.value)?,
                    self.expression(&tag.maximum)?,
                    self.expression(&tag.width)?,
                ]),
                variable: self.optional_name(&tag.variable),
            },
            ast::NodeKind::Regroup(tag) => NodeKind::Regroup(Box::new(Regroup {
                target: self.expression(&tag.target)?,
                key: self.expression(&tag.key)?,
                variable: self.name(&tag.variable),
                usage: self.usage.value(&tag.target),
            })),
            ast::NodeKind::Filter { filtered, body } => NodeKind::Filter {
                filtered: self.expression(filtered)?,
                body: self.nodes(body)?,
            },
            ast::NodeKind::TemplateTag { text } => NodeKind::TemplateTag { text },
            ast::NodeKind::Lorem {
                count,
                method,
                common,
            } => NodeKind::Lorem {
                count: self.expression(count)?,
                method: self.name(method),
                common: *common,
            },
            ast::NodeKind::Prefix { setting, variable } => NodeKind::Prefix {
                setting: self.name(setting),
                variable: self.optional_name(variable),
            },
            ast::NodeKind::Cache(tag) => NodeKind::Cache(Box::new(self.cache(tag)?)),
            ast::NodeKind::PartialDef { body, .. } => NodeKind::InlinePartial {
                body: body.0 as usize,
            },
            ast::NodeKind::Partial { name } => NodeKind::Partial {
                name: self.name(name),
            },
            _ => NodeKind::Debug,
        })
    }

    fn cache(&mut self, tag: &ast::Cache) -> PyResult<Cache> {
        Ok(Cache {
            timeout: self.named(&tag.timeout)?,
            using: tag
                .using
                .as_ref()
                .map(|using| self.named(using))
                .transpose()?,
            name: PyString::new(self.py, &tag.name).unbind(),
            vary: self.expressions(&tag.vary)?,
            body: self.nodes(&tag.body)?,
        })
    }

    fn named(&mut self, written: &ast::FilterExpression) -> PyResult<Named> {
        let expression = self.expression(written)?;
        let text = match &written.head {
            ast::Operand::Text { .. } => None,
            ast::Operand::Int(digits) | ast::Operand::Float(digits) => Some(digits.to_string()),
            ast::Operand::Variable(variable) => Some(variable.path.join(".")),
        };
        let var = match (text, &expression.head) {
            (None, Operand::Constant(literal)) => literal.clone_ref(self.py),
            (text, _) => self.bridge.getattr("Variable")?.call1((text,))?.unbind(),
        };
        Ok(Named { expression, var })
    }
}
