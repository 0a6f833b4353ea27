//! Tags that libraries make of functions (django/template/library.py).

use djust_syntax::ast;
use pyo3::prelude::*;

use super::Compiler;
use crate::django::django;
use crate::program::*;

impl<'py> Compiler<'_, 'py> {
    pub(super) fn foreign(&mut self, foreign: &ast::Foreign) -> PyResult<NodeKind> {
        let id = foreign.id.0 as usize;
        let made = &self.foreign[id];
        let (Some(call), Some(sees_names)) = (&foreign.call, made.sees_names) else {
            return Ok(NodeKind::Foreign { id });
        };
        let node = made.node.bind(self.py).clone();
        let Some(answer) = self.answer(&node)? else {
            return Ok(NodeKind::Foreign { id });
        };
        Ok(NodeKind::Call(Box::new(Call {
            function: node.getattr("func")?.unbind(),
            takes_context: node.getattr("takes_context")?.is_truthy()?,
            sees_names,
            args: self.expressions(&call.args)?,
            kwargs: self.bindings(&call.kwargs)?,
            answer,
        })))
    }

    /// Nothing where the body is not one of this program.
    fn answer(&self, node: &Bound<'py, PyAny>) -> PyResult<Option<CallAnswer>> {
        let Some(variable) = node.getattr_opt("target_var")? else {
            let node = node.clone().unbind();
            return Ok(Some(CallAnswer::Inclusion { node }));
        };
        let variable = variable.extract::<Option<String>>()?;
        let variable = variable.map(|name| self.name(&name));
        let Some(nodelist) = node.getattr_opt("nodelist")? else {
            return Ok(Some(CallAnswer::Simple {
                variable,
                body: None,
            }));
        };
        let class = django(self.py)?.native_node_list.as_ptr().cast();
        if nodelist.get_type_ptr() != class {
            return Ok(None);
        }
        let body = nodelist.getattr("body")?.extract::<Option<usize>>()?;
        Ok(body.map(|body| CallAnswer::Simple {
            variable,
            body: Some(body),
        }))
    }
}
