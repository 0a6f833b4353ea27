//! Tags that libraries make of functions: `SimpleNode`, `SimpleBlockNode`, `InclusionNode`
//! (django/template/library.py).

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use super::Renderer;
use crate::django::django;
use crate::program::{Bindings, Call, CallAnswer, Expression};
use crate::value::Value;

impl<'py> Renderer<'py> {
    pub fn render_call(&mut self, call: &Call, place: u32) -> PyResult<()> {
        let mut arguments = self.positional(&call.args)?;
        let named = self.named(&call.kwargs)?;
        if let CallAnswer::Simple {
            body: Some(body), ..
        } = call.answer
        {
            let program = self.program.clone();
            let content = self.captured_text(&program.get().code()?.bodies[body])?;
            arguments.insert(0, content);
        }
        if call.sees_names {
            self.scopes.materialise()?;
        }
        for argument in &arguments {
            self.hand_out(argument)?;
        }
        for argument in named.iter().flat_map(|named| named.values()) {
            self.hand_out(&argument)?;
        }
        if call.sees_names {
            let names = self.names_in(&call.function)?;
            self.hand_out_named(&names)?;
        }
        if call.takes_context {
            arguments.insert(0, self.context.clone());
        }
        let arguments = PyTuple::new(self.py, arguments)?;
        let answer = call
            .function
            .bind(self.py)
            .call(arguments, named.as_ref())?;
        if call.takes_context {
            self.resume()?;
        } else {
            self.forget();
        }
        match &call.answer {
            CallAnswer::Simple { variable, .. } => self.give(&answer, variable.as_ref(), place),
            CallAnswer::Inclusion { node } => self.include_with(node, answer),
        }
    }

    /// The names of the context that a function names.
    fn names_in(&self, function: &Py<PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let handed = django(self.py)?.handed(self.py)?;
        handed.call_method1(intern!(self.py, "names_in"), (function,))
    }

    fn positional(&mut self, expressions: &[Expression]) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let resolve = |expression| self.resolve(expression, false)?.to_py(self.py);
        expressions.iter().map(resolve).collect()
    }

    fn named(&mut self, bindings: &Bindings) -> PyResult<Option<Bound<'py, PyDict>>> {
        if bindings.is_empty() {
            return Ok(None);
        }
        let named = PyDict::new(self.py);
        for (name, expression) in bindings {
            let value = self.resolve(expression, false)?;
            named.set_item(name, value.to_py(self.py)?)?;
        }
        Ok(Some(named))
    }

    /// The second half of `SimpleNode.render`.
    fn give(
        &mut self,
        answer: &Bound<'py, PyAny>,
        variable: Option<&Py<PyString>>,
        place: u32,
    ) -> PyResult<()> {
        match variable {
            Some(name) => self
                .scopes
                .set(name.bind(self.py), Value::Py(answer.clone())),
            None if self.style.autoescape => self.push_escaped_text(answer),
            None => self.push_answer(answer, place),
        }
    }

    /// The second half of `InclusionNode.render`.
    fn include_with(&mut self, node: &Py<PyAny>, values: Bound<'py, PyAny>) -> PyResult<()> {
        let py = self.py;
        let template = self.inclusion_template(node)?;
        let context = self.new_context(values)?;
        if let Some(token) = self.scopes.get(intern!(py, "csrf_token"))?
            && !token.is_none()
        {
            context.set_item(intern!(py, "csrf_token"), token.to_py(py)?)?;
        }
        self.render_alone(&template, context)
    }

    /// Found once a render.
    fn inclusion_template(&mut self, node: &Py<PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let address = node.as_ptr() as usize;
        if let Some(known) = self.included.get(&address) {
            return Ok(known.1.clone());
        }
        let name = intern!(self.py, "inclusion_template");
        let template = django(self.py)?.call(self.py, name, (node, &self.context))?;
        let kept = (node.bind(self.py).clone(), template.clone());
        self.included.insert(address, kept);
        Ok(template)
    }
}
